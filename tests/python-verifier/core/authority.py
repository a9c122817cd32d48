"""What happened to the run's tokens: a piece of the log's chain `authority` (docs/evidence-format.md section 13)."""
from .evidence import MISSING, timestamp


def check(evidence, leaves, places, log_index, report):
    """`places` are the log indexes of the leaves, `log_index` gives those of the run's events by their place."""
    events = [leaf.event for leaf in leaves]
    issued, ended = {}, {}
    for index, (event, at) in enumerate(zip(events, places)):
        token, place = event["data"].get("token"), f"authority.jsonl:{index + 1}"
        if event["type"] == "TOKEN_ISSUED":
            if token in issued:
                report.false("event-untrue", place, "a token is issued twice")
            issued.setdefault(token, event["data"])
            _issue(evidence, place, event["data"], report)
        elif event["type"] in ("TOKEN_REVOKED", "TOKEN_EXPIRED"):
            ended.setdefault(token, []).append((at, event["type"]))
    for place, event in evidence.of("TOKEN_VALIDATION"):
        if event["data"]["decision"] == "allow":
            _validation(evidence, place, event["data"], log_index.get(place), issued, ended, report)


def _issue(evidence, place, data, report):
    claims = evidence.artifacts.get(data["claims"], MISSING)
    if not isinstance(claims, dict) or claims.get("schema") != "canonic/token/v1":
        return
    said = (data["issuer"], data["user"], data["parent"], data["expiresAt"])
    exp = claims.get("exp")
    if said != (claims.get("iss"), claims.get("sub"), claims.get("parent"), timestamp(exp) if isinstance(exp, int) else None):
        report.false("event-untrue", place, "the issue says something else than the claims")


def _validation(evidence, place, data, at, issued, ended, report):
    if data["token"] in issued and issued[data["token"]]["claims"] != data["claims"]:
        report.false("event-untrue", place, "other claims than were issued")
    line, token = [], data["token"]
    claims = evidence.artifacts.get(data["claims"])
    while token is not None and token not in line:
        line.append(token)
        own = claims.get("parent") if token == data["token"] and isinstance(claims, dict) else None
        token = issued[token]["parent"] if token in issued else own
    for each in line:
        for when, kind in ended.get(each, []):
            if at is not None and when < at:
                report.false("token-revoked" if kind == "TOKEN_REVOKED" else "token-expired", place, each)
