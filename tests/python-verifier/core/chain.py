"""Leaves, and the chain that they make (docs/evidence-format.md section 6)."""
from typing import NamedTuple

from . import jcs
from .note import Refused
from .schema import event_fault
from .tree import EMPTY, leaf_hash, text

LINE_MAX = 65535
IN_LOG = {"JOURNAL_REPAIRED", "KEY_ROTATED", "PAYLOAD_REDACTED"}
IN_AUTHORITY = {"TOKEN_ISSUED", "TOKEN_FIRST_USED", "TOKEN_REVOKED", "TOKEN_EXPIRED", "MODE_CHANGED"}
NOTHING = text(EMPTY)


class Leaf(NamedTuple):
    bytes: bytes
    hash: bytes
    event: object
    fault: object


def read_lines(data):
    """The lines, and whether the last one is torn."""
    lines = data.split(b"\n")
    last = lines.pop()
    return (lines + [last], True) if last else (lines, False)


def read_leaf(line):
    try:
        event = jcs.parse(line)
    except jcs.Malformed as error:
        return Leaf(line, leaf_hash(line), None, str(error))
    found = event_fault(event)
    return Leaf(line, leaf_hash(line), None if found else event, found)


def chain_of(kind):
    """The chain that events of a type stand in."""
    return "log" if kind in IN_LOG else "authority" if kind in IN_AUTHORITY else "run"


def run_id(number, plan):
    return "run_" + jcs.digest_of({"number": number, "plan": plan})[7:27]


def check_run(leaves, manifest, report):
    """The chain of a run: links, places, ids."""
    seq, prev, sealed = 0, manifest["plan"], False
    for index, leaf in enumerate(leaves):
        place = f"events.jsonl:{index + 1}"
        if leaf.event is None:
            report.false("event-malformed", place, leaf.fault)
            seq, prev = seq + 1, text(leaf.hash)
            continue
        event = leaf.event
        if event["seq"] != seq or event["prev"] != prev:
            report.false("chain-broken", place, "seq or prev")
        if event["run"] != manifest["run"]:
            report.false("event-foreign", place, event["run"])
        if chain_of(event["type"]) != "run" or (event["type"] == "PLAN_FROZEN") != (index == 0) or sealed:
            report.false("chain-broken", place, f"{event['type']} does not stand here")
        if index == 0 and event["type"] == "PLAN_FROZEN":
            if event["data"]["plan"] != manifest["plan"]:
                report.false("plan-mismatch", place, "the plan of the manifest is another")
            if event["prev"] != event["data"]["plan"] or run_id(event["data"]["number"], event["data"]["plan"]) != event["run"]:
                report.false("chain-broken", place, "the run's id or first link")
        sealed = sealed or event["type"] == "RUN_SEALED"
        seq, prev = event["seq"] + 1, text(leaf.hash)
    if not leaves:
        report.false("event-missing", "events.jsonl", "no event")


def own_chain(data, name):
    """Leaves of one of the log's own chains; Refused when one is none."""
    lines, torn = read_lines(data)
    leaves = [read_leaf(line) for line in lines]
    if torn or any(len(line) > LINE_MAX for line in lines):
        raise Refused("a torn line, or one that is too long")
    for leaf in leaves:
        if leaf.event is None or leaf.event["run"] != name or chain_of(leaf.event["type"]) != name:
            raise Refused(leaf.fault or "an event of another chain")
    for before, after in zip(leaves, leaves[1:]):
        if after.event["seq"] <= before.event["seq"]:
            raise Refused("seq does not grow")
        if after.event["seq"] == before.event["seq"] + 1 and after.event["prev"] != text(before.hash):
            raise Refused("prev is not the event before")
    if leaves and leaves[0].event["seq"] == 0 and leaves[0].event["prev"] != NOTHING:
        raise Refused("the first prev")
    return leaves
