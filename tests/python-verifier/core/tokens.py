"""Tokens, scopes and limits, decided again (docs/evidence-format.md section 11).

The moment of a decision lies between the event before it, of the same task or of the run's own, and its own.
"""
from .evidence import MISSING, moment_of
from .schema import document_fault

LIFETIME_MAX = 1800
FREE = {"token-revoked", "token-unknown", "recursion", "halted", "not-armed"}
FREE_AT_SCOPE = {"authority.token-revoked", "authority.mode-refused", "authority.halted", "authority.not-armed",
                 "authority.recursion", "orchestrator.run-held"}
ROWS = ["invocations", "tokens-per-response", "tokens-total", "frequency"]


class Session:
    """The token of a session, and what the run spent and holds under it."""

    def __init__(self, token, claims):
        self.token, self.claims = token, claims


def check(evidence):
    before, session, spent, held, started = {}, None, {}, {}, set()
    for place, event in evidence.events:
        task = evidence.task_of.get(event["subject"])
        own = event["subject"] if task else None
        now = moment_of(event["at"])
        earlier = before.get(own, now)
        before[own] = now
        moment = (min(earlier, now), max(earlier, now))
        kind, data = event["type"], event["data"]
        if kind == "TOKEN_VALIDATION":
            session = _session(evidence, place, data, moment)
        elif kind == "AUTHORIZATION_SCOPE_CHECK" and task:
            _scope(evidence, place, data, task, session, moment)
        elif kind == "RESOURCE_LIMIT_CHECK" and task:
            _limits(evidence, place, data, task, session, spent, held, moment)
        elif kind == "RUN_RESUMED":
            held = {name: hold for name, hold in held.items() if name in started}
        elif kind == "EXECUTION_STARTED" and task:
            started.add(task["id"])
        elif kind == "EXECUTION_COMPLETED" and task and session:
            _spend(held, spent, task["id"], data["tokens"])
        elif kind == "OPERATION_ABORTED" and task and session:
            _spend(held, spent, task["id"], 0)


def _spend(held, spent, task, tokens):
    if task in held:
        token, _ = held.pop(task)
        used = spent.setdefault(token, [0, 0])
        used[0], used[1] = used[0] + 1, used[1] + tokens


def _may_be_over(claims, moment):
    return moment[1] >= claims["exp"] * 1000


def _must_be_over(claims, moment):
    return moment[0] >= claims["exp"] * 1000


def _session(evidence, place, data, moment):
    claims = None
    if data["claims"] is not None:
        claims = evidence.artifacts.get(data["claims"], MISSING)
        if claims is MISSING:
            evidence.absent(data["claims"], "claims-missing", place, True)
            return Session(data["token"], None)
        found = document_fault("token", claims)
        if found:
            evidence.report.false("claims-malformed", place, found)
            return Session(data["token"], None)
    code = data["reasons"][0]["code"] if data["reasons"] else None
    if claims is None:
        if data["decision"] == "allow" or code not in {f"authority.{each}" for each in FREE}:
            evidence.untrue(place, "without claims it is refused, and not for what they say")
        return Session(data["token"], None)
    plan = evidence.plan
    fails = {"authority.token-unknown": not 1 <= claims["exp"] - claims["iat"] <= LIFETIME_MAX,
             "authority.user-differs": not data["user"] == claims["sub"] == plan["user"],
             "authority.token-expired": None,
             "authority.trigger-refused": data["trigger"] not in claims["triggers"],
             "authority.mode-refused": plan["mode"] not in claims["modes"]}
    if data["decision"] == "allow":
        if any(fails.values()) or _must_be_over(claims, moment) or moment[1] < claims["iat"] * 1000:
            evidence.untrue(place, "the claims do not allow it")
    elif code not in {f"authority.{each}" for each in FREE}:
        first = [each for each in fails if fails[each] or (each == "authority.token-expired" and _must_be_over(claims, moment))]
        possible = set(first[:1])
        if _may_be_over(claims, moment) and not any(fails[each] for each in list(fails)[:2]):
            possible.add("authority.token-expired")
        if code not in possible:
            evidence.untrue(place, "refused for what does not fail first")
    return Session(data["token"], claims)


def _scope(evidence, place, data, task, session, moment):
    if session is None:
        return
    if data["token"] != session.token:
        evidence.untrue(place, "another token than the session's")
    claims, contract = session.claims, evidence.contract(task)
    if claims is None or contract is None:
        return
    domains = [each for each in claims["authorization_details"] if each["identifier"] == data["domain"]]
    fails = {"authority.domain-refused": not domains,
             "authority.method-refused": bool(domains) and not any(data["method"] in each["actions"] for each in domains),
             "authority.capability-refused": not set(contract.get("capabilities", [])) <= set(claims["capabilities"]),
             "authority.token-expired": _may_be_over(claims, moment),
             "authority.policy-refused": data["policySet"] is not None}
    if data["policySet"] is None and data["policies"]:
        evidence.untrue(place, "policies of no set")
    code = data["reasons"][0]["code"] if data["reasons"] else None
    if data["decision"] == "allow":
        listed = not any(fails[f"authority.{each}-refused"] for each in ("domain", "method", "capability"))
        if not listed or moment[0] >= claims["exp"] * 1000:
            evidence.untrue(place, "the claims do not allow it")
    elif code not in FREE_AT_SCOPE and not fails.get(code, False):
        evidence.untrue(place, "refused for what does not fail")


def _limits(evidence, place, data, task, session, spent, held, moment):
    rows = data["limits"]
    if [row["limit"] for row in rows] != ROWS:
        return evidence.untrue(place, "the four rows")
    if session is not None and data["token"] != session.token:
        evidence.untrue(place, "another token than the session's")
    contract = evidence.contract(task)
    if contract is not None:
        tokens = contract.get("tokensMax", 0)
        if [row["need"] for row in rows] != [1, tokens, tokens, 1]:
            evidence.untrue(place, "what the task needs")
    if session is not None and session.claims is not None:
        limits = session.claims["limits"]
        wanted = [limits["invocations"], limits["tokensPerResponse"], limits["tokensTotal"], limits["frequency"]["count"]]
        if [row["max"] for row in rows] != wanted:
            evidence.untrue(place, "the claims' limits")
        if data["decision"] == "allow" and moment[0] >= session.claims["exp"] * 1000:
            evidence.untrue(place, "allowed after the token had expired")
    over = [row["limit"] for row in rows if not _fits(row)]
    code = data["reasons"][0]["code"] if data["reasons"] else ""
    if data["decision"] == "allow" and over:
        evidence.untrue(place, f"allowed over {over[0]}")
    if data["decision"] == "refuse" and over and code != f"authority.limit-{over[0]}":
        evidence.untrue(place, "another limit than the first that does not fit")
    used = spent.get(data["token"], [0, 0])
    holds = [need for token, need in held.values() if token == data["token"]]
    if rows[0]["used"] + rows[0]["reserved"] < used[0] + len(holds) or rows[2]["used"] + rows[2]["reserved"] < used[1] + sum(holds):
        evidence.untrue(place, "less than this run has spent and holds")
    if data["decision"] == "allow":
        held[task["id"]] = (data["token"], rows[2]["need"])
    return None


def _fits(row):
    if row["limit"] == "tokens-per-response":
        return row["need"] <= row["max"]
    if row["limit"] == "frequency":
        return row["used"] == 0 or row["used"] + 1 <= row["max"]
    return row["used"] + row["reserved"] + row["need"] <= row["max"]
