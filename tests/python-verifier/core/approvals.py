"""Approvals: a person's signature over what was asked (docs/evidence-format.md section 11)."""
import base64
import binascii

from . import ed25519, jcs
from .evidence import MISSING, moment_of, timestamp
from .schema import document_fault

LIFETIME_MAX = 43200


def _base64url(text):
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    return data if base64.urlsafe_b64encode(data).decode().rstrip("=") == text else None


def _open_jws(value):
    """(header, payload, signed bytes, signature), or None when it is no flattened JWS of an approval."""
    if not isinstance(value, dict) or set(value) != {"payload", "protected", "signature"}:
        return None
    if not all(isinstance(each, str) and each.isascii() for each in value.values()):
        return None
    parts = {name: _base64url(text) for name, text in value.items()}
    if None in parts.values() or len(parts["signature"]) != 64:
        return None
    try:
        header, payload = jcs.parse(parts["protected"]), jcs.parse(parts["payload"])
    except jcs.Malformed:
        return None
    if not isinstance(header, dict) or not isinstance(header.get("kid"), str):
        return None
    if header != {"alg": "EdDSA", "kid": header["kid"], "typ": "canonic-approval+jws"} or document_fault("approval", payload):
        return None
    return header, payload, f"{value['protected']}.{value['payload']}".encode(), parts["signature"]


def check(evidence, approvers):
    used, before = set(), None
    for place, event in evidence.events:
        now = moment_of(event["at"])
        if event["type"] == "APPROVAL_RECORDED":
            _one(evidence, approvers, place, event, now if before is None else before)
            if event["data"]["approval"] in used:
                evidence.untrue(place, "an approval that was used before")
            used.add(event["data"]["approval"])
        if event["subject"] not in evidence.task_of:
            before = now


def _one(evidence, approvers, place, event, before):
    data, now = event["data"], moment_of(event["at"])
    value = evidence.artifacts.get(data["approval"], MISSING)
    if value is MISSING:
        return evidence.absent(data["approval"], "approval-missing", place, True)
    opened = _open_jws(value)
    if opened is None:
        return evidence.report.false("approval-malformed", place, "no approval")
    header, payload, message, signature = opened
    if not approvers:
        evidence.report.open("approver-unknown", place, header["kid"])
    elif not any(key.name == header["kid"] and ed25519.verify(key.public, message, signature) for key in approvers):
        evidence.report.false("approval-signature", place, header["kid"])
    said = {"origin": evidence.origin, "run": evidence.manifest["run"],
            **{name: data[name] for name in ("gate", "plan", "pins", "decision", "reviewDecision")}}
    if any(payload[name] != each for name, each in said.items()):
        evidence.untrue(place, "the approval says something else")
    if data["signer"] != header["kid"] or data["expiresAt"] != timestamp(payload["exp"]):
        evidence.untrue(place, "signer or expiresAt")
    if not 1 <= payload["exp"] - payload["iat"] <= LIFETIME_MAX:
        evidence.untrue(place, "the approval's lifetime")
    if now < payload["iat"] * 1000 or (before > payload["exp"] * 1000 and now > payload["exp"] * 1000):
        evidence.untrue(place, "used before or after its time")
    gates = [gate for gate in evidence.plan["gates"] if gate["name"] == data["gate"]]
    if gates and gates[0]["reviewDecision"] and data["decision"] == "approve" and data["reviewDecision"] is None:
        evidence.untrue(place, "the gate wants a review decision")
    return None
