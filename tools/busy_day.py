# SPDX-License-Identifier: Apache-2.0
"""A busy clinic morning, sixty times as fast, through the commands that people use: arrivals of both kinds at two
counters, two doctors, some who do not answer, some who are held for a test. The same every time (fixed seed)."""
import heapq
import json
import random

SPEED = 60.0
MORNING_MINUTES = 150
# Minutes of a consultation by kind: mean and spread.
VISIT = {"return": (4.0, 1.5), "first": (9.0, 3.0)}
ROOMS = {"1": "naika", "2": "shouni"}


def steps(seed=20261124):
    """Yields (seconds to wait, sentence, arguments of machiai), in order of time."""
    chance = random.Random(seed)
    agenda = []
    count = 0

    def plan(minute, sentence, arguments):
        nonlocal count
        count += 1
        heapq.heappush(agenda, (minute, count, sentence, arguments))

    minute = 0.0
    while minute < MORNING_MINUTES:
        # A crowd at the opening, then a steady stream.
        minute += chance.expovariate(1 / 0.8 if minute < 15 else 1 / 3.2)
        service = "naika" if chance.random() < 0.6 else "shouni"
        kind = "first" if chance.random() < 0.2 else "return"
        plan(minute, f"a patient takes a number at {service}", ("take", service, "--kind", kind))
    for room, service in ROOMS.items():
        at = 3.0 + chance.random()
        while at < MORNING_MINUTES + 40:
            plan(at, f"room {room} calls the next", ("call", service, "--room", room))
            fate = chance.random()
            if fate < 0.08:
                plan(at + 1.0, f"nobody comes to room {room}", ("absent", room))
                plan(at + 9.0, "who was missed is back", ("back", room))
                at += 1.2
                continue
            if fate < 0.14:
                plan(at + 3.0, f"room {room} sends the patient to a test", ("hold", room))
                plan(at + 15.0, "back from the test", ("resume", room))
            mean, spread = VISIT["first" if chance.random() < 0.2 else "return"]
            at += max(1.5, chance.gauss(mean, spread))
    before = 0.0
    while agenda:
        minute, _, sentence, arguments = heapq.heappop(agenda)
        yield (minute - before) * 60 / SPEED, sentence, arguments
        before = minute


_in_room = {}
_aside = {}


def play(machiai, say, sentence, arguments):
    """Carries one step out. `absent 1` means who is in room 1, `back 1` who was missed there."""
    verb, *rest = arguments
    if verb in ("absent", "hold"):
        ticket = _in_room.pop(rest[0], None)
        _aside[(verb, rest[0])] = ticket
        rest = [ticket]
    elif verb in ("back", "resume"):
        rest = [_aside.pop(("absent" if verb == "back" else "hold", rest[0]), None)]
    if rest[0] is None:
        return
    done = machiai(verb, *rest)
    answer = json.loads(done.stdout or "{}")
    if done.returncode == 0:
        if verb == "call":
            _in_room[answer["room"]] = answer["ticket"]
        say(f"{sentence}: {answer.get('number', '')}")
    else:
        say(f"{sentence}: not done ({answer.get('error', {}).get('reason', 'no answer')})")
