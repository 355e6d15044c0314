# SPDX-License-Identifier: Apache-2.0
"""The shapes of docs/PROTOCOL.md, "Answers", held against what a hub answers.

    shapes = Shapes(ROOT)
    shapes.faults("take", answer)      what is wrong with it, as a list of sentences
    shapes.unseen()                    members that were in no answer so far, as "take.wait"
"""
import re

TOKEN = re.compile(r"\s*(\.\.|[\w*]+|\"[^\"]*\"|[{}\[\]:,|?])")
TEXTS = {"text": r"(?s).*", "date": r"\d{4}-\d\d-\d\d", "clock": r"\d{1,2}:\d\d", "sha256": r"[0-9a-f]{64}",
         "instant": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d"}
WHOLE = {"count": 0, "minutes": 0, "millis": 0, "ms": 0, "int": -1}
CONSTANTS = {"true": True, "false": False, "null": None}
KINDS = {"flag", "tenths", *TEXTS, *WHOLE, *CONSTANTS}


def plain(kind, value):
    """Whether it is a value of this kind that has no parts."""
    if kind in CONSTANTS:
        return value is CONSTANTS[kind]
    if kind.startswith('"'):
        return value == kind[1:-1]
    if kind in TEXTS:
        return isinstance(value, str) and re.fullmatch(TEXTS[kind], value) is not None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return kind == "flag" and isinstance(value, bool)
    if kind == "tenths":
        return round(value * 10) == value * 10 or abs(round(value * 10) - value * 10) < 1e-6
    return kind in WHOLE and isinstance(value, int) and value >= WHOLE[kind]


def kinds(shape):
    """The names that stand for its parts."""
    for one in shape:
        if isinstance(one, str):
            yield from () if one.startswith('"') else (one,)
        elif one[0] == "list":
            yield from kinds(one[1])
        else:
            for name, _, inner in one[2]:
                yield from (inner,) if name == ".." else kinds(inner)


class Parser:
    """One shape: a list of alternatives, each a name, ("list", shape) or ("object", name, members)."""

    def __init__(self, text, name):
        self.tokens, self.name = TOKEN.findall(text), name
        assert "".join(self.tokens) == re.sub(r"\s", "", text), f"docs/PROTOCOL.md: {name}: {text}"

    def take(self, token):
        assert self.tokens and self.tokens[0] == token, f"docs/PROTOCOL.md: {self.name}: no {token} before {self.tokens[:5]}"
        return self.tokens.pop(0)

    def may(self, token):
        return bool(self.tokens) and self.tokens[0] == token and bool(self.tokens.pop(0))

    def shape(self, name):
        every = [self.one(name)]
        while self.may("|"):
            every.append(self.one(name))
        return every

    def one(self, name):
        if self.may("["):
            inner = self.shape(name)
            self.take("]")
            return ("list", inner)
        if not self.may("{"):
            return self.tokens.pop(0)
        members = []
        while not self.may("}"):
            if members:
                self.take(",")
            members.append(self.member(name))
        return ("object", name, members)

    def member(self, name):
        if self.may(".."):
            return ("..", False, self.tokens.pop(0))
        member = self.tokens.pop(0)
        optional = self.may("?")
        self.take(":")
        return (member, optional, self.shape(f"{name}.{member}"))


class Shapes:
    def __init__(self, root):
        text = (root / "docs/PROTOCOL.md").read_text(encoding="utf-8")
        (block,) = re.findall(r"```answers\n(.*?)```", text, re.S)
        self.named, self.seen = {}, set()
        for line in re.sub(r"\n +", " ", block).splitlines():
            names, _, shape = line.partition(": ")
            for name in names.split(", ") if line else ():
                assert name not in self.named, f"docs/PROTOCOL.md tells of {name} twice"
                parser = Parser(shape, name)
                self.named[name] = parser.shape(name)
                assert not parser.tokens, f"docs/PROTOCOL.md: {name}: {parser.tokens}"
        unknown = {kind for shape in self.named.values() for kind in kinds(shape)} - set(self.named) - KINDS
        assert not unknown, f"docs/PROTOCOL.md: what are {unknown}?"

    def members(self, of):
        """Name -> (shape's name, optional, shape), with those of the shapes that it takes up."""
        every = {}
        for name, optional, shape in of[2]:
            if name == "..":
                every |= self.members(self.named[shape][0])
            else:
                every[name] = (f"{of[1]}.{name}", optional, shape)
        return every

    def commands(self):
        """Those that begin with a small letter: the answers; the others are parts of them."""
        return {name for name in self.named if name[0].islower()}

    def unseen(self):
        known = set()

        def walk(shape):
            for one in shape:
                if one[0] == "list":
                    walk(one[1])
                elif one[0] == "object":
                    for name, (path, _, inner) in self.members(one).items():
                        if name != "*" and path not in known:
                            known.add(path)
                            walk(inner)

        for shape in self.named.values():
            walk(shape)
        return known - self.seen

    def faults(self, name, value):
        return self.of_shape(self.named[name], value, name)

    def of_shape(self, shape, value, where):
        """Nothing when one of the alternatives has no faults; else those of the nearest."""
        tried = [self.of_one(each, value, where) for each in shape]
        nearest = min(tried, key=lambda each: len(each[0]))
        if not nearest[0]:
            self.seen |= nearest[1]
        return nearest[0]

    def of_one(self, one, value, where):
        """(faults, the members that were there)"""
        if one[0] == "list":
            if not isinstance(value, list):
                return [f"{where}: {value!r} is no list"], set()
            return [fault for at, each in enumerate(value) for fault in self.of_shape(one[1], each, f"{where}[{at}]")], set()
        if one[0] != "object":
            if one in self.named:
                return self.of_shape(self.named[one], value, where), set()
            return ([] if plain(one, value) else [f"{where}: {value!r} is no {one}"]), set()
        if not isinstance(value, dict):
            return [f"{where}: {value!r} has no members"], set()
        members = self.members(one)
        found = [f"{where}: {name} is missing" for name, (_, optional, _) in members.items()
                 if name not in value and not optional and name != "*"]
        for name, each in value.items():
            known = members.get(name) or members.get("*")
            found += self.of_shape(known[2], each, f"{where}.{name}") if known else [f"{where}: {name} is not in the document"]
        return found, {members[name][0] for name in value if name in members}
