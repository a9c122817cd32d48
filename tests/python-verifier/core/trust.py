"""The trust file: whom the reader of a bundle trusts (docs/evidence-format.md section 3)."""
from typing import NamedTuple

from . import jcs
from .note import Key, Refused, from_base64
from .schema import document_fault

ROLES = ("issuers", "approvers", "attestors", "witnesses")


class Trust(NamedTuple):
    logs: dict
    approvers: list
    witnesses: list
    quorum: int
    people: set


def _key(value):
    return Key(value["name"], from_base64(value["publicKey"], 32))


def parse_trust(data):
    """The trust file, in any layout; Refused when it is none."""
    try:
        value = jcs.loads(data)
    except jcs.Malformed as error:
        raise Refused(str(error)) from None
    found = document_fault("trust", value)
    if found:
        raise Refused(found)
    logs, owners = {}, {}
    for log in value["logs"]:
        logs.setdefault(log["origin"], []).extend(_key(each) for each in log["keys"])
    for keys in logs.values():
        owners.update({key.public: ("logs", None) for key in keys})
    people = {role: [_key(each) for each in value.get(role, [])] for role in ROLES}
    for role, keys in people.items():
        for key in keys:
            if owners.setdefault(key.public, (role, key.name)) != (role, key.name):
                raise Refused(f"the key of {key.name} stands under two names or roles")
    return Trust(logs, people["approvers"], people["witnesses"], value.get("witnessQuorum", 0),
                 {key.public for keys in people.values() for key in keys})
