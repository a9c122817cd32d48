"""The shape of a plan beyond its schema, its registry and contracts (docs/evidence-format.md section 11)."""
from . import jcs

FIVE = {"cardinality", "determinism", "provenance", "routing", "signal-coverage"}


def shape_fault(plan):
    """None, or what is wrong with the plan so that nothing can be read from it."""
    count = len(plan["tasks"])
    if [task["position"] for task in plan["tasks"]] != list(range(count)) or len({task["id"] for task in plan["tasks"]}) != count:
        return "positions or ids"
    if sorted(position for group in plan["groups"] for position in group) != list(range(count)):
        return "groups"
    return _expect_fault(plan, count) or _order_fault(plan) or _recheck_fault(plan)


def _expect_fault(plan, count):
    expect = plan["expect"]
    if any(a >= b for a, b in zip(plan["artifacts"], plan["artifacts"][1:])):
        return "artifacts do not ascend"
    if len(set(expect["contracts"])) != len(expect["contracts"]):
        return "a core contract twice"
    if (expect["coverage"] is None) == ("signal-coverage" in expect["contracts"]):
        return "coverage without signal-coverage, or the reverse"
    if expect["replay"] > count or (expect["replay"] == 0 and "determinism" in expect["contracts"]):
        return "replay"
    return None


def _order_fault(plan):
    group_of = {position: index for index, group in enumerate(plan["groups"]) for position in group}
    if plan["kind"] == "isolated" and (plan["gates"] or plan["rechecks"] or plan["onFailure"] == "stop" or
                                       any(task["bindings"] for task in plan["tasks"])):
        return "an isolated plan with what only bound ones have"
    for task in plan["tasks"]:
        for binding in task["bindings"].values():
            source = binding["task"]
            if source >= task["position"] or group_of[source] >= group_of[task["position"]]:
                return "a binding to no earlier task"
    gates = plan["gates"]
    if any(a["before"] >= b["before"] for a, b in zip(gates, gates[1:])) or len({gate["name"] for gate in gates}) != len(gates):
        return "gates"
    if any(gate["before"] >= len(plan["groups"]) for gate in gates):
        return "a gate before no group"
    return None


def _recheck_fault(plan):
    group_of = {position: index for index, group in enumerate(plan["groups"]) for position in group}
    pairs = [(each["before"], each["task"]) for each in plan["rechecks"]]
    if any(a >= b for a, b in zip(pairs, pairs[1:])):
        return "rechecks do not ascend"
    if any(before not in group_of or task >= before or group_of[task] >= group_of[before] for before, task in pairs):
        return "a recheck of no earlier task"
    return None


def task_id(plan, task):
    rest = {name: value for name, value in task.items() if name != "id"}
    return "task_" + jcs.digest_of({**rest, "seed": plan["seed"]})[7:27]


def check(evidence):
    """Ids, request, registry, contracts."""
    plan, report = evidence.plan, evidence.report
    for task in plan["tasks"]:
        if task["id"] != task_id(plan, task):
            report.false("task-id", "plan.json", task["id"])
    asked = ("payloadType", "parameters", "inputs", "bindings", "binding", "route")
    reduced = [{name: task[name] for name in asked if name in task} for task in plan["tasks"]]
    own = jcs.digest_of({**{name: plan[name] for name in ("gates", "groups", "onFailure", "rechecks")}, "tasks": reduced})
    policy = is_policy_run(evidence)
    if plan["request"] not in plan["artifacts"] and (policy or plan["request"] != own):
        report.false("request-unknown", "plan.json", plan["request"])
    _contracts(evidence)
    for each in plan["rechecks"]:
        contract = evidence.contract(plan["tasks"][each["task"]])
        if contract and (contract["effect"] == "write" or "tokensMax" in contract):
            report.false("plan-malformed", "plan.json", "a recheck of a task that writes or has tokens")
    if policy:
        _expectation(plan["expect"], report)
        for task in plan["tasks"]:
            if task["binding"] and task["binding"]["chunkDigest"] not in evidence.artifacts:
                evidence.absent(task["binding"]["chunkDigest"], "chunk-missing", "plan.json")


def is_policy_run(evidence):
    kinds = {"canonic/chunk/v1", "canonic/policy-package/v1", "canonic/question/v1"}
    values = evidence.artifacts.values()
    return any(task["binding"] for task in evidence.plan["tasks"]) or any(
        isinstance(value, dict) and isinstance(value.get("schema"), str) and value["schema"] in kinds for value in values)


def _expectation(expect, report):
    for name in sorted(FIVE - set(expect["contracts"])):
        report.open("contract-not-expected", "plan.json", name)
    coverage = expect["coverage"]
    if (expect["chunks"] or 0) < 60 or (expect["fibre"] or 0) < 5 or (
            coverage and coverage["numerator"] * 100 < coverage["denominator"] * 85):
        report.open("expectation-low", "plan.json", "chunks, fibre or coverage")


def _contracts(evidence):
    plan, report = evidence.plan, evidence.report
    used = {task["contract"] for task in plan["tasks"]}
    listed = {jcs.digest_of(each) for each in evidence.registry["operations"]} if evidence.registry else None
    for digest in evidence.contracts:
        if digest not in used:
            report.false("contract-unused", "contracts.jsonl", digest)
        if listed is not None and digest not in listed:
            report.false("contract-unregistered", "contracts.jsonl", digest)
    for task in plan["tasks"]:
        contract = evidence.contract(task)
        if contract is None:
            report.false("contract-missing", "contracts.jsonl", task["contract"])
        elif [contract[name] for name in ("operation", "version", "mode")] != [task["operation"], task["version"], plan["mode"]]:
            report.false("contract-mismatch", "contracts.jsonl", task["id"])
