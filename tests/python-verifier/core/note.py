"""Signed notes, checkpoints, cosignatures (C2SP signed-note, tlog-checkpoint, tlog-cosignature), read strictly.

A reader prints what it read again and compares. Sources: docs/evidence-format.md sections 4, 5, 8.
"""
import base64
import binascii
import hashlib
import re
from typing import NamedTuple

from . import ed25519

NOTE_MAX = 65536
SIGNATURES_MAX = 16
ED25519, COSIGNATURE = 1, 4


class Refused(ValueError):
    """A note, checkpoint or proof that is not what it should be."""


class Signature(NamedTuple):
    name: str
    key_id: bytes
    bytes: bytes


class Note(NamedTuple):
    text: str
    signatures: list


class Key(NamedTuple):
    name: str
    public: bytes


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes
    note: Note


def from_base64(text, length=None):
    """RFC 4648 section 4, with padding, in its one spelling."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Refused("no base64") from None
    if base64.b64encode(data).decode() != text or (length is not None and len(data) != length):
        raise Refused("base64 in another spelling or of another length")
    return data


def key_id(name, public, kind=ED25519):
    """The first four bytes of SHA-256 over name, line feed, kind, key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def name_is_good(name):
    return 1 <= len(name) <= 128 and "+" not in name and not any(char.isspace() or char < " " or "\x7f" <= char <= "\x9f" for char in name)


def _signature(line):
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "\u2014" or not name_is_good(parts[1]):
        raise Refused("no signature line")
    data = from_base64(parts[2])
    if len(data) < 5:
        raise Refused("a signature line without a signature")
    return Signature(parts[1], data[:4], data[4:])


def parse_note(data):
    if len(data) > NOTE_MAX:
        raise Refused("note too long")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("no UTF-8") from None
    if any(char < " " and char != "\n" for char in whole):
        raise Refused("a control character")
    cut = whole.rfind("\n\n")
    if cut < 0 or not whole.endswith("\n"):
        raise Refused("no empty line, or no line feed at the end")
    text, tail = whole[: cut + 1], whole[cut + 2 :]
    lines = tail.split("\n")[:-1]
    if not 1 <= len(lines) <= SIGNATURES_MAX or text in ("", "\n"):
        raise Refused("no text, or too few or too many signatures")
    return Note(text, [_signature(line) for line in lines])


def signed_by(note, keys):
    """The keys that signed; Refused when a line of one of them does not verify."""
    good = []
    for key in keys:
        for line in note.signatures:
            if line.name == key.name and line.key_id == key_id(key.name, key.public):
                if not ed25519.verify(key.public, note.text.encode(), line.bytes):
                    raise Refused(f"the signature of {key.name} is wrong")
                good.append(key)
    return good


def cosigned_by(note, witnesses):
    """Names of the witnesses that cosigned, with their times; Refused when a line of one of them does not verify."""
    good = {}
    for key in witnesses:
        for line in note.signatures:
            if line.name != key.name or line.key_id != key_id(key.name, key.public, COSIGNATURE):
                continue
            time = int.from_bytes(line.bytes[:8], "big")
            message = f"cosignature/v1\ntime {time}\n{note.text}".encode()
            if len(line.bytes) != 72 or not ed25519.verify(key.public, message, line.bytes[8:]):
                raise Refused(f"the cosignature of {key.name} is wrong")
            good[key.name] = time
    return good


def parse_checkpoint(data):
    """Exactly three lines of text: origin, size, root."""
    note = parse_note(data)
    lines = note.text.split("\n")
    if len(lines) != 4 or lines[0] == "" or not re.fullmatch(r"0|[1-9][0-9]{0,15}", lines[1], re.ASCII):
        raise Refused("not the three lines of a checkpoint")
    if int(lines[1]) >= 2**53:
        raise Refused("a size beyond 2^53 - 1")
    return Checkpoint(lines[0], int(lines[1]), from_base64(lines[2], 32), note)
