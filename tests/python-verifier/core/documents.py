"""Artifacts, inputs, outputs, STOP records (docs/evidence-format.md section 11)."""
import re

from . import jcs, salted
from .evidence import MISSING
from .schema import Unsupported, document_fault, fault

SECRETS = ("password", "passwd", "secret", "token", "dsn", "apikey", "privatekey")
NAMED = {"TOKEN_VALIDATION": ("claims",), "APPROVAL_RECORDED": ("approval",), "RUN_STOPPED": ("record",),
         "ROUTING_DECISION": ("route",), "CONTRACT_VERDICT": ("evidence",), "PLAN_FROZEN": ("environment",), "RUN_RESUMED": ("environment",)}


def check(evidence):
    _artifacts(evidence)
    _inputs(evidence)
    _outputs(evidence)
    _stops(evidence)
    _routers(evidence)
    for place, event in evidence.of("PLAN_FROZEN", "RUN_RESUMED"):
        digest = event["data"].get("environment")
        if digest is not None and digest not in evidence.artifacts:
            evidence.absent(digest, "environment-missing", place, True)


def _bound_without_outputs(evidence):
    return evidence.plan["kind"] == "bound" and not evidence.with_outputs


def _artifacts(evidence):
    plan, report = evidence.plan, evidence.report
    named = set(plan["artifacts"])
    for _, event in evidence.events:
        named |= {event["data"].get(name) for name in NAMED.get(event["type"], ())}
        if event["type"] == "EXECUTION_COMPLETED" and _bound_without_outputs(evidence):
            digest = event["data"]["output"]
            named.add(digest)
            if digest not in evidence.artifacts:
                evidence.absent(digest, "output-missing", "artifacts", True)
            elif evidence.sizes.get(digest) != event["data"]["sizeBytes"]:
                report.false("output-mismatch", "artifacts", f"{digest} has another size")
    for digest in plan["artifacts"]:
        if digest not in evidence.artifacts:
            evidence.absent(digest, "artifact-missing", "artifacts")
    for digest in evidence.artifacts:
        if digest not in named:
            report.false("artifact-orphan", "artifacts", digest)
    for task in plan["tasks"]:
        for name, digest in task["inputs"].items():
            if digest not in plan["artifacts"]:
                report.false("input-unknown", "plan.json", f"{task['id']} {name}")


def _schema_fault(schema, value, report, what):
    try:
        return fault(schema, value)
    except Unsupported as error:
        report.skip(f"{what} under a schema with {error}")
        return None


def _inputs(evidence):
    for task in evidence.plan["tasks"]:
        names = [*task["parameters"], *task["inputs"], *task["bindings"]]
        if len(set(names)) != len(names):
            evidence.report.false("input-collision", "plan.json", task["id"])
        inputs = {name: evidence.input(task, name) for name in task["inputs"]}
        _salted_inputs(evidence, task)
        given = {**task["parameters"], **inputs, **evidence.bound(task)}
        contract = evidence.contract(task)
        if contract is None or any(value is MISSING for value in given.values()):
            continue
        found = _schema_fault(contract["input"], given, evidence.report, "inputs")
        if found:
            evidence.report.false("input-invalid", "plan.json", f"{task['id']} {found}")


def _salted_inputs(evidence, task):
    if not evidence.personal(task, "input"):
        return
    if task["parameters"]:
        evidence.report.false("salt-missing", "plan.json", f"{task['id']} has parameters")
    for name, digest in task["inputs"].items():
        value = evidence.artifacts.get(digest, MISSING)
        if value is not MISSING and not salted.is_envelope(value):
            evidence.report.false("salt-missing", "plan.json", f"{task['id']} {name}")


def _outputs(evidence):
    report, lines, tasks = evidence.report, evidence.lines, evidence.plan["tasks"]
    if lines is None and evidence.with_outputs:
        report.false("file-missing", "outputs.jsonl", "the seal has outputs")
    if lines is not None and not evidence.with_outputs:
        report.false("output-orphan", "outputs.jsonl", "the seal has no outputs")
    if lines is not None and len(lines) != len(tasks):
        report.false("output-count", "outputs.jsonl", f"{len(lines)} for {len(tasks)}")
    for task in tasks:
        kept = evidence.kept_output(task)
        if kept is not MISSING and evidence.personal(task, "output") and not salted.is_envelope(kept):
            report.false("salt-missing", "outputs.jsonl", task["id"])
        value = evidence.output(task)
        if value is MISSING:
            continue
        contract = evidence.contract(task)
        found = contract and _schema_fault(contract["output"], value, report, "outputs")
        if found:
            report.false("output-invalid", "outputs.jsonl", f"{task['id']} {found}")
        if evidence.plan["kind"] == "bound" and _has_secret(value):
            report.false("pin-secret", "outputs.jsonl", task["id"])
    _routes(evidence)


def read_outputs(evidence, data, lines):
    """The lines of outputs.jsonl, each against what its task's event says."""
    report, values, gone = evidence.report, [], False
    tasks = evidence.plan["tasks"]
    for index, line in enumerate(lines):
        place, value = f"outputs.jsonl:{index + 1}", MISSING
        event = evidence.first_output.get(tasks[index]["id"]) if index < len(tasks) else None
        if event is None:
            if line:
                report.false("output-orphan", place, "of no completed task")
        elif not line and event["data"]["output"] in evidence.redacted:
            report.open("redacted", place, event["data"]["output"])
            gone = True
        elif (jcs.digest(line), len(line)) != (event["data"]["output"], event["data"]["sizeBytes"]):
            report.false("output-mismatch", place, "digest or size")
        if line:
            try:
                value = jcs.parse(line)
            except jcs.Malformed as error:
                report.false("output-malformed", place, str(error))
        values.append(value)
    evidence.lines = values
    if evidence.with_outputs and not gone and jcs.digest(data) != evidence.seal["data"]["outputs"]:
        report.false("outputs-mismatch", "outputs.jsonl", "the seal's digest is another")


def _has_secret(value):
    if isinstance(value, dict):
        names = [re.sub(r"[^a-z]", "", key.lower()) for key in value]
        return any(word in name for name in names for word in SECRETS) or any(_has_secret(item) for item in value.values())
    return isinstance(value, list) and any(_has_secret(item) for item in value)


def _routes(evidence):
    if evidence.plan["kind"] != "bound":
        return
    for place, event in evidence.of("ROUTING_DECISION"):
        task = evidence.task_of.get(event["subject"])
        if task is None or evidence.lost(task):
            continue
        gone = [name for name, value in evidence.bound(task).items() if value is MISSING]
        reasons = event["data"]["reasons"]
        named = sorted(each["place"] for each in reasons if each["code"] == "runner.pin-missing")
        if "route" in task and event["data"]["decision"] == "refuse" and not named:
            continue
        if (event["data"]["decision"] == "allow") == bool(gone) or (gone and named != sorted(gone)[:20]):
            evidence.untrue(place, "bindings without a value")


def _routers(evidence):
    """Decisions of a router are named and there; whether they follow from their world is for a verifier that has a router."""
    planned = {task["id"]: "route" in task for task in evidence.plan["tasks"]}
    for place, event in evidence.of("ROUTING_DECISION"):
        digest = event["data"].get("route")
        if digest is not None and not planned.get(event["subject"], True):
            evidence.report.false("route-unplanned", place, event["subject"])
        elif digest is not None and digest not in evidence.artifacts:
            evidence.absent(digest, "route-missing", place)
        elif digest is None and planned.get(event["subject"], False) and event["data"]["decision"] == "allow":
            evidence.report.false("route-missing", place, event["subject"])
    if any(planned.values()):
        evidence.report.open("route-not-derived", "plan.json", "routed tasks")


def _stops(evidence):
    completed = set()
    for place, event in evidence.events:
        data = event["data"]
        if event["type"] == "EXECUTION_COMPLETED":
            completed.add(event["subject"])
        if event["type"] != "RUN_STOPPED":
            continue
        record = evidence.artifacts.get(data["record"], MISSING)
        if record is MISSING:
            evidence.absent(data["record"], "stop-missing", place, True)
            continue
        found = document_fault("stop", record)
        if found:
            evidence.report.false("stop-malformed", place, found)
            continue
        said = {"run": evidence.manifest["run"], "plan": evidence.manifest["plan"], "completed": len(completed),
                **{name: data[name] for name in ("code", "task", "gate")}}
        if any(record[name] != value for name, value in said.items()):
            evidence.untrue(place, "the STOP record says something else")
        if data["gate"] is not None and (not record["reasons"] or record["reasons"][0]["code"] != data["code"]):
            evidence.untrue(place, "the code is not the record's first reason's")
