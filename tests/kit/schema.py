# SPDX-License-Identifier: Apache-2.0
"""The part of JSON Schema that the documents in docs/ use; anything else is an error, so that nothing goes unseen."""
import re

KNOWN = {"type", "required", "properties", "additionalProperties", "items", "enum", "pattern", "minLength", "maxLength",
         "minItems", "maxItems", "minimum", "maximum", "format", "description", "oneOf", "$ref", "example",
         "const", "allOf", "not", "if", "then", "title", "$schema", "$defs"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
DATE = re.compile(r"\d{4}-\d\d-\d\d")


def resolve(document, node):
    while isinstance(node, dict) and "$ref" in node:
        target = document
        for part in node["$ref"][2:].split("/"):
            target = target[part]
        node = target
    return node


def is_type(value, name):
    if name == "integer":
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        return whole and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def faults(document, schema, value, where="$"):
    """What is wrong with the value, as a list of sentences."""
    schema = resolve(document, schema)
    unknown = set(schema) - KNOWN
    assert not unknown, f"the checker does not know {unknown}"
    found = []
    names = schema.get("type")
    names = [names] if isinstance(names, str) else names
    if names and not any(is_type(value, name) for name in names):
        return [f"{where}: {value!r} is not {names}"]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: {value!r} is none of {schema['enum']}")
    if "const" in schema and value != schema["const"]:
        found.append(f"{where}: {value!r} is not {schema['const']!r}")
    for each in schema.get("allOf", []):
        found += faults(document, each, value, where)
    if "not" in schema and not faults(document, schema["not"], value, where):
        found.append(f"{where}: {value!r} is {schema['not']}")
    if "if" in schema and not faults(document, schema["if"], value, where):
        found += faults(document, schema["then"], value, where)
    if "oneOf" in schema:
        fitting = sum(not faults(document, each, value, where) for each in schema["oneOf"])
        if fitting != 1:
            found.append(f"{where}: fits {fitting} of the alternatives")
    if isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            found.append(f"{where}: {value!r} does not match {schema['pattern']}")
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 1 << 30):
            found.append(f"{where}: length {len(value)}")
        form = {"date-time": DATE_TIME, "date": DATE}.get(schema.get("format"))
        if form and not form.fullmatch(value):
            found.append(f"{where}: {value!r} is no {schema['format']}")
    if is_type(value, "integer") and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        found.append(f"{where}: {value} out of range")
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 1 << 30):
            found.append(f"{where}: {len(value)} items")
        for at, each in enumerate(value):
            found += faults(document, schema.get("items", {}), each, f"{where}[{at}]")
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        found += [f"{where}: {name} is missing" for name in schema.get("required", []) if name not in value]
        for name, each in value.items():
            if name in properties:
                found += faults(document, properties[name], each, f"{where}.{name}")
            elif schema.get("additionalProperties") is False:
                found.append(f"{where}: {name} is not in the document")
    return found
