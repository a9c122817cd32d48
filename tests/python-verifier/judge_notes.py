#!/usr/bin/env python3
"""Judges the vectors of checkpoints and tlog-proofs: judge_notes.py FOLDER prints {name, said, wanted} a line."""
import base64
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from core import tree  # noqa: E402
from core.note import COSIGNATURE, ED25519, Key, Refused, cosigned_by, parse_checkpoint, signed_by  # noqa: E402


def verifier_key(text):
    """(kind, key) of `name+id+base64`."""
    name, _, rest = text.partition("+")
    data = base64.b64decode(rest[9:])
    return data[0], Key(name, data[1:])


def opened(vector):
    keys = [verifier_key(each) for each in vector["keys"]]
    checkpoint = parse_checkpoint(vector["note"].encode())
    if not signed_by(checkpoint.note, [key for kind, key in keys if kind == ED25519]):
        raise Refused("no known log signed it")
    times = cosigned_by(checkpoint.note, [key for kind, key in keys if kind == COSIGNATURE])
    return {"origin": checkpoint.origin, "size": checkpoint.size, "root": base64.b64encode(checkpoint.root).decode(),
            "times": [times[line.name] for line in checkpoint.note.signatures if line.name in times]}


def proved(vector):
    index, path, data = tree.parse_tlog_proof(vector["proof"].encode())
    checkpoint = parse_checkpoint(data)
    if not signed_by(checkpoint.note, [verifier_key(vector["key"])[1]]):
        raise Refused("the log is not known")
    if tree.audit_root(index, checkpoint.size, tree.leaf_hash(vector["leaf"].encode()), path) != checkpoint.root:
        raise Refused("another root")
    return {"index": index, "size": checkpoint.size}


def main():
    for file, judge, member in (("checkpoints.json", opened, "opens"), ("tlog-proofs.json", proved, "proves")):
        with open(os.path.join(sys.argv[1], file), encoding="utf-8") as vectors:
            for vector in json.load(vectors):
                try:
                    said = judge(vector)
                except Refused:
                    said = None
                print(json.dumps({"name": vector["name"], "said": said, "wanted": vector[member]}))


if __name__ == "__main__":
    main()
