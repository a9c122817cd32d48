"""Salted payloads: the envelopes of personal values (docs/evidence-format.md section 1)."""
import re

from . import jcs

BLOCK = 256
SCHEMA = "canonic/salted-payload/v1"


def envelope(value, salt):
    """The one envelope of a value under a salt: padded to a multiple of 256 bytes, and no further."""
    bare = {"pad": "", "salt": salt, "schema": SCHEMA, "value": value}
    return {**bare, "pad": "0" * (-len(jcs.canonical(bare)) % BLOCK)}


def is_envelope(value):
    """Whether a value is a salted payload in its one spelling."""
    if not isinstance(value, dict) or set(value) != {"pad", "salt", "schema", "value"} or value["schema"] != SCHEMA:
        return False
    salt = value["salt"]
    if not isinstance(salt, str) or not re.fullmatch(r"[0-9a-f]{64}", salt):
        return False
    return value["pad"] == envelope(value["value"], salt)["pad"]
