#!/usr/bin/env python3
"""A second verifier of evidence bundles, written from docs/evidence-format.md alone, with the standard library alone.

    canonic_verify.py BUNDLE --trust FILE [--json]
    canonic_verify.py --vectors bundles.jsonl --trust FILE

Exit code: 0 VALID, 1 INVALID, 2 bad usage or trust file, 3 INDETERMINATE; with --vectors always 0.
"""
import argparse
import base64
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from core.archive import is_archive, verify_archive  # noqa: E402
from core.bundle import verify  # noqa: E402
from core.files import TarInvalid, in_memory, open_files  # noqa: E402
from core.note import Refused  # noqa: E402
from core.report import INDETERMINATE, VALID, Report  # noqa: E402
from core.trust import parse_trust  # noqa: E402


def judge(files, trust):
    """The report on a bundle or an archive."""
    return verify_archive(files, trust) if is_archive(files) else verify(files, trust)


def judge_path(path, trust):
    report = Report()
    try:
        return judge(open_files(path), trust)
    except TarInvalid as error:
        report.false("tar-invalid", path, str(error))
    except OSError as error:
        report.open("bundle-unreadable", path, str(error))
    return report


def _bytes_of(value):
    """Text, `{"base64": …}` for what is none, or null for a file that is gone."""
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else None if value is None else value.encode()


def contents_of(vectors, name):
    """A vector's files: its base's, its own over them."""
    vector = vectors[name]
    contents = contents_of(vectors, vector["base"]) if "base" in vector else {}
    contents.update({path: _bytes_of(value) for path, value in vector["files"].items()})
    return {path: data for path, data in contents.items() if data is not None}


def line_of(name, report):
    codes = sorted({each.code for each in report.findings})
    return json.dumps({"name": name, "verdict": report.verdict, "codes": codes, "checked": "core"})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", nargs="?")
    parser.add_argument("--trust", required=True)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--vectors")
    options = parser.parse_args()
    if (options.bundle is None) == (options.vectors is None):
        parser.error("one of BUNDLE and --vectors")
    try:
        with open(options.trust, "rb") as file:
            trust = parse_trust(file.read())
    except (OSError, Refused) as error:
        print(f"trust file: {error}", file=sys.stderr)
        return 2
    if options.vectors:
        with open(options.vectors, encoding="utf-8") as file:
            vectors = {each["name"]: each for each in map(json.loads, file)}
        for name in vectors:
            print(line_of(name, judge(in_memory(contents_of(vectors, name)), trust)), flush=True)
        return 0
    report = judge_path(options.bundle, trust)
    if options.json:
        print(json.dumps(report.as_value(), indent=2))
    else:
        print(report.verdict)
        for each in report.findings:
            print(f"  {'open' if each.open else 'false'} {each.code} {each.place}: {each.text}")
        if report.unchecked:
            print(f"  not judged by the core check: {', '.join(sorted(report.unchecked))}")
    return 0 if report.verdict == VALID else 3 if report.verdict == INDETERMINATE else 1


if __name__ == "__main__":
    sys.exit(main())
