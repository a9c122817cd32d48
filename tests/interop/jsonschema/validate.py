"""Validates JSON documents against JSON Schemas with the `jsonschema` library.

Reads {"schemas": {name: schema}, "cases": [{"schema": name, "text": document}]} from standard input and prints, for each
case in order, null when the document is valid, else the first error.
"""
import json
import sys

from jsonschema import Draft202012Validator


def main():
    work = json.load(sys.stdin)
    validators = {}
    for name, schema in work["schemas"].items():
        Draft202012Validator.check_schema(schema)
        validators[name] = Draft202012Validator(schema)
    results = []
    for case in work["cases"]:
        errors = validators[case["schema"]].iter_errors(json.loads(case["text"]))
        first = next(errors, None)
        results.append(None if first is None else first.message[:200])
    json.dump(results, sys.stdout)


main()
