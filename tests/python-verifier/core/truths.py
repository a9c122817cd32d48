"""What events say of the run, from events, plan and contracts alone (docs/evidence-format.md section 10)."""
from collections import Counter

from . import jcs
from .evidence import MISSING


def check(evidence):
    """Every event against its rule."""
    said = Said(evidence)
    for place, event in evidence.events:
        task = evidence.task_of.get(event["subject"])
        data = event["data"]
        if data.get("decision") in ("allow", "refuse") and (data["decision"] == "allow") == bool(data["reasons"]):
            evidence.untrue(place, "a decision without its reasons")
        rule = RULES.get(event["type"])
        if rule and (task or event["type"] not in OF_TASK):
            rule(said, place, event, task)
        if event["type"] == "EXECUTION_COMPLETED" and task:
            said.outputs[task["id"]] = data["output"]


class Said:
    """What the events so far said."""

    def __init__(self, evidence):
        self.evidence, self.plan, self.untrue = evidence, evidence.plan, evidence.untrue
        self.outputs, self.asked = {}, {}


def _frozen(said, place, event, _task):
    data, plan = event["data"], said.plan
    if (data["registry"], data["tasks"], data["mode"]) != (plan["registry"], len(plan["tasks"]), plan["mode"]):
        said.untrue(place, "registry, number of tasks or mode")


def _routing(said, place, event, task):
    data = event["data"]
    if data["payloadType"] != task["payloadType"]:
        said.untrue(place, "payloadType")
    names = ("operation", "version", "contract")
    if data["decision"] == "allow" and ([data[name] for name in names] != [task[name] for name in names] or
                                        data["snapshot"] != said.plan["registry"]):
        said.untrue(place, "operation, version, contract or snapshot")


def _scope(said, place, event, task):
    if [event["data"]["domain"], event["data"]["method"]] != task["operation"].split("."):
        said.untrue(place, "domain or method")


def _drift(said, place, event, _task):
    data = event["data"]
    first = said.evidence.first_output.get(data["of"])
    expected = said.outputs.get(data["of"]) and first["data"]["output"]
    if data["expected"] != expected or (data["decision"] == "allow") != (data["found"] == data["expected"]):
        said.untrue(place, "expected, or the decision")
    code = "runner.drift-unknown" if data["found"] is None else "runner.drift"
    if data["decision"] == "refuse" and data["reasons"] and data["reasons"][0]["code"] != code:
        said.untrue(place, "the reason's code")


def input_digest(evidence, task):
    """The digest of what a task is given; None when a value is gone."""
    bound = evidence.bound(task)
    if any(value is MISSING for value in bound.values()):
        return None
    names = ("contract", "inputs", "operation", "parameters", "version")
    return jcs.digest_of({"bound": {name: evidence.digest_bound(task, name, value) for name, value in bound.items()},
                          **{name: task[name] for name in names}})


def _started(said, place, event, task):
    data, contract = event["data"], said.evidence.contract(task)
    if contract:
        write = contract["effect"] == "write"
        key = f"{said.evidence.manifest['run']}/{task['id']}" if write else None
        if data["effect"] != contract["effect"] or data["idempotencyKey"] != key:
            said.untrue(place, "effect or idempotencyKey")
    wanted = input_digest(said.evidence, task)
    if wanted is None and not said.evidence.lost(task):
        said.untrue(place, "started without a value for a binding")
    elif wanted is not None and data["input"] != wanted:
        said.untrue(place, "input")


def _completed(said, place, event, task):
    contract = said.evidence.contract(task)
    if contract and event["data"]["tokens"] > contract.get("tokensMax", 0):
        said.untrue(place, "more tokens than the contract allows")


def _aborted(said, place, event, task):
    contract, reasons = said.evidence.contract(task), event["data"]["reasons"]
    if contract and reasons and reasons[0]["code"] == "runner.failure-mode":
        if reasons[0]["place"] not in [mode["code"] for mode in contract["failureModes"]]:
            said.untrue(place, "a failure mode that the contract does not name")


def _requested(said, place, event, _task):
    data = event["data"]
    gate = [each for each in said.plan["gates"] if each["name"] == data["gate"]]
    if data["plan"] != said.evidence.manifest["plan"] or data["pins"] != jcs.digest_of(said.outputs):
        said.untrue(place, "plan or pins")
    if gate and data["reviewDecision"] != gate[0]["reviewDecision"]:
        said.untrue(place, "reviewDecision")
    said.asked[data["gate"]] = data


def _recorded(said, place, event, _task):
    data, asked = event["data"], said.asked.get(event["data"]["gate"])
    if data["plan"] != said.evidence.manifest["plan"] or data["pins"] != jcs.digest_of(said.outputs) or (
            asked and data["pins"] != asked["pins"]):
        said.untrue(place, "plan or pins")


def _sealed(said, place, event, _task):
    data, events = event["data"], [each for _, each in said.evidence.events]
    if data["events"] != len(events) or data["counts"] != dict(Counter(each["type"] for each in events)):
        said.untrue(place, "number of events")
    with_outputs = data["status"] in ("completed", "violated")
    if data["head"] != event["prev"]:
        said.untrue(place, "head")
    if with_outputs == (data["outputs"] is None) or data["outputsCount"] != (len(said.plan["tasks"]) if with_outputs else 0):
        said.untrue(place, "outputs")


RULES = {"PLAN_FROZEN": _frozen, "ROUTING_DECISION": _routing, "AUTHORIZATION_SCOPE_CHECK": _scope, "DRIFT_CHECK": _drift,
         "EXECUTION_STARTED": _started, "EXECUTION_COMPLETED": _completed, "OPERATION_ABORTED": _aborted,
         "APPROVAL_REQUESTED": _requested, "APPROVAL_RECORDED": _recorded, "RUN_SEALED": _sealed}
OF_TASK = {"ROUTING_DECISION", "AUTHORIZATION_SCOPE_CHECK", "DRIFT_CHECK", "EXECUTION_STARTED", "EXECUTION_COMPLETED",
           "OPERATION_ABORTED"}
