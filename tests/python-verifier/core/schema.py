"""A validator for JSON Schema 2020-12, for the keywords that this project's schemas and its contracts use.

A keyword that is not known here raises Unsupported: what cannot be checked is said, never passed over. `format` and
`contentEncoding` are annotations. An open map never has the key `__proto__` (docs/evidence-format.md section 1).
"""
import functools
import json
import os
import re

from .jcs import canonical

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "schemas")
ANNOTATIONS = {"$schema", "$id", "$defs", "$comment", "title", "description", "format", "contentEncoding", "contentMediaType",
               "readOnly", "writeOnly", "default", "examples", "deprecated", "then", "else"}


class Unsupported(ValueError):
    """A keyword that this validator does not know."""


@functools.lru_cache(maxsize=None)
def expression(pattern):
    """An ECMAScript pattern as Python's: ASCII classes, and `$` at the very end only."""
    out, in_class, index = [], False, 0
    while index < len(pattern):
        char = pattern[index]
        if char == "\\":
            if pattern[index + 1 : index + 2] in "pPkuxc":
                raise Unsupported(f"pattern {pattern}")
            out.append(pattern[index : index + 2])
            index += 2
            continue
        if char == "[":
            in_class = True
        elif char == "]":
            in_class = False
        out.append(r"\Z" if char == "$" and not in_class else char)
        index += 1
    try:
        return re.compile("".join(out), re.ASCII)
    except re.error:
        raise Unsupported(f"pattern {pattern}") from None


def _number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


TYPES = {
    "object": lambda v: isinstance(v, dict), "array": lambda v: isinstance(v, list), "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool), "null": lambda v: v is None, "number": _number,
    "integer": lambda v: _number(v) and float(v).is_integer(),
}


def _same(a, b):
    return canonical(a) == canonical(b)


def _object_fault(schema, value, root, place):
    known = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    for key in schema.get("required", []):
        if key not in value:
            return f"{place}: {key} is missing"
    more = schema.get("additionalProperties", True)
    if isinstance(more, dict) and "__proto__" in value:
        return f"{place}: __proto__ is no key"
    for key, item in value.items():
        schemas = [known[key]] if key in known else []
        schemas += [each for pattern, each in patterns.items() if expression(pattern).search(key)]
        for each in schemas or [more]:
            found = fault(each, item, root, f"{place}/{key}")
            if found:
                return found
        names = schema.get("propertyNames")
        found = names is not None and fault(names, key, root, f"{place}/{key}")
        if found:
            return found
    for key, needs in schema.get("dependentRequired", {}).items():
        if key in value and any(need not in value for need in needs):
            return f"{place}: {key} needs others"
    if not schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", len(value)):
        return f"{place}: number of properties"
    return None


def _array_fault(schema, value, root, place):
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        return f"{place}: number of items"
    first = schema.get("prefixItems", [])
    for index, item in enumerate(value):
        found = fault(first[index] if index < len(first) else schema.get("items", True), item, root, f"{place}/{index}")
        if found:
            return found
    if schema.get("uniqueItems") and len({canonical(item) for item in value}) != len(value):
        return f"{place}: items repeat"
    if "contains" in schema:
        count = sum(fault(schema["contains"], item, root, place) is None for item in value)
        if not schema.get("minContains", 1) <= count <= schema.get("maxContains", count):
            return f"{place}: contains"
    return None


def _plain_fault(schema, value, place):
    if isinstance(value, str):
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            return f"{place}: length"
        if "pattern" in schema and not expression(schema["pattern"]).search(value):
            return f"{place}: pattern"
    if _number(value):
        if value < schema.get("minimum", value) or value > schema.get("maximum", value):
            return f"{place}: bounds"
        if value <= schema.get("exclusiveMinimum", float("-inf")) or value >= schema.get("exclusiveMaximum", float("inf")):
            return f"{place}: bounds"
        if "multipleOf" in schema and not float(value / schema["multipleOf"]).is_integer():
            return f"{place}: multiple"
    return None


def _combined_fault(schema, value, root, place):
    for each in schema.get("allOf", []):
        found = fault(each, value, root, place)
        if found:
            return found
    if "anyOf" in schema and all(fault(each, value, root, place) for each in schema["anyOf"]):
        return f"{place}: none of anyOf"
    if "oneOf" in schema and sum(fault(each, value, root, place) is None for each in schema["oneOf"]) != 1:
        return f"{place}: not one of oneOf"
    if "not" in schema and fault(schema["not"], value, root, place) is None:
        return f"{place}: not"
    if "if" in schema:
        branch = "then" if fault(schema["if"], value, root, place) is None else "else"
        return fault(schema.get(branch, True), value, root, place)
    return None


KNOWN = ANNOTATIONS | set("""type const enum properties patternProperties required additionalProperties propertyNames
    dependentRequired minProperties maxProperties prefixItems items minItems maxItems uniqueItems contains minContains maxContains
    minLength maxLength pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf allOf anyOf oneOf not if $ref""".split())


def fault(schema, value, root=None, place=""):
    """None, or what is wrong with the value."""
    if schema is True or schema is False:
        return None if schema else f"{place}: nothing may stand here"
    root = schema if root is None else root
    if not KNOWN.issuperset(schema):
        raise Unsupported(", ".join(sorted(set(schema) - KNOWN)))
    if "$ref" in schema:
        found = fault(_resolve(schema["$ref"], root), value, root, place)
        if found:
            return found
    types = schema.get("type")
    if types is not None and not any(TYPES[each](value) for each in ([types] if isinstance(types, str) else types)):
        return f"{place}: type {types}"
    if "const" in schema and not _same(schema["const"], value):
        return f"{place}: const"
    if "enum" in schema and not any(_same(each, value) for each in schema["enum"]):
        return f"{place}: enum"
    own = _plain_fault(schema, value, place)
    if own is None and isinstance(value, dict):
        own = _object_fault(schema, value, root, place)
    if own is None and isinstance(value, list):
        own = _array_fault(schema, value, root, place)
    return own or _combined_fault(schema, value, root, place)


def _resolve(reference, root):
    if not reference.startswith("#"):
        raise Unsupported(f"$ref {reference}")
    found = root
    for part in reference[1:].split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(found, dict) or part not in found:
            raise Unsupported(f"$ref {reference}")
        found = found[part]
    return found


@functools.lru_cache(maxsize=None)
def published(name):
    """A schema of this project, from schemas/."""
    with open(os.path.join(FOLDER, name, "v1.json"), "rb") as file:
        return json.load(file)


def document_fault(name, value):
    """What is wrong with a document of this project's kind `name`."""
    return fault(published(name), value)


@functools.lru_cache(maxsize=None)
def _event_schemas():
    return {each["properties"]["type"]["const"]: each for each in published("run-event")["oneOf"]}


def event_fault(value):
    """What is wrong with an event; its type picks the shape."""
    kind = value.get("type") if isinstance(value, dict) else None
    shape = _event_schemas().get(kind) if isinstance(kind, str) else None
    return "no event of a known type" if shape is None else fault(shape, value)
