#!/usr/bin/env python3
"""Makes mutants of the good vectors, told by somebody who holds the log's key: chain, tree, checkpoint, manifest signed again.

    mutate.py VECTORS COUNT SEED        one JSON line each: {name, files}

So only the lie itself can be found, and often there is none: a run cut off, resumed or voided in the right way is as truthful as
before. Keys are those of the vectors' README. Equal arguments, equal lines.
"""
import base64
import copy
import hashlib
import json
import os
import random
import sys
from collections import Counter

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from core import ed25519, jcs, tree  # noqa: E402
from core.note import key_id  # noqa: E402

BASES = ("three-tasks", "together", "gated", "denied", "refused-token", "failed", "stopped-and-resumed", "voided", "rejected",
         "waiting", "stopped")
# Whose leaves stand between others': their chain and tree stay, one other file changes.
KEPT = ("second-of-a-log", "after-another", "redacted")
ORIGIN = "canonic.test/office"


def _multiply(scalar, point):
    result = ed25519.NEUTRAL
    while scalar:
        if scalar & 1:
            result = ed25519._add(result, point)
        point, scalar = ed25519._double(point), scalar >> 1
    return result


class Signer:
    """RFC 8032 section 5.1.6."""

    def __init__(self, seed):
        digest = hashlib.sha512(seed).digest()
        number = int.from_bytes(digest[:32], "little")
        self.scalar = number & ((1 << 254) - 8) | (1 << 254)
        self.prefix = digest[32:]
        self.public = ed25519._encode(_multiply(self.scalar, ed25519.BASE))

    def sign(self, message):
        r = int.from_bytes(hashlib.sha512(self.prefix + message).digest(), "little") % ed25519.ORDER
        first = ed25519._encode(_multiply(r, ed25519.BASE))
        k = int.from_bytes(hashlib.sha512(first + self.public + message).digest(), "little") % ed25519.ORDER
        return first + ((r + k * self.scalar) % ed25519.ORDER).to_bytes(32, "little")


LOG = Signer(hashlib.sha256(b"canonic test key: log").digest())


def _note(text):
    line = base64.b64encode(key_id(ORIGIN, LOG.public) + LOG.sign(text.encode())).decode()
    return f"{text}\n\u2014 {ORIGIN} {line}\n"


def _path(index, hashes):
    """Root and audit path of a leaf (RFC 6962 section 2.1.1)."""
    if len(hashes) == 1:
        return hashes[0], []
    split = 1 << (len(hashes) - 1).bit_length() - 1
    left, path = _path(index, hashes[:split])
    right, other = _path(index - split, hashes[split:])
    return tree.node(left, right), path + [right] if index < split else other + [left]


def _chained(events, plan, keep_seal):
    """The leaves, linked again; a seal counts again unless it is what was changed."""
    prev, lines = plan, []
    for seq, event in enumerate(events):
        event = {**event, "seq": seq, "prev": prev}
        if event["type"] == "RUN_SEALED" and not keep_seal:
            counts = dict(Counter(each["type"] for each in events))
            event["data"] = {**event["data"], "head": prev, "events": len(events), "counts": counts}
        lines.append(jcs.canonical(event))
        prev = tree.text(tree.leaf_hash(lines[-1]))
    return lines


def resealed(files, events, keep_seal):
    """The files as the log's key holder would hand them over."""
    files = {path: text for path, text in files.items() if path not in ("manifest.json", "manifest.note", "prov.json")}
    manifest = json.loads(SOURCE_MANIFEST[0])
    lines = _chained(events, manifest["plan"], keep_seal)
    sealed = bool(events) and events[-1]["type"] == "RUN_SEALED"
    files["events.jsonl"] = "".join(line.decode() + "\n" for line in lines)
    hashes = [tree.leaf_hash(line) for line in lines]
    root, path = _path(len(hashes) - 1, hashes)
    encode = lambda data: base64.b64encode(data).decode()
    files["checkpoint"] = _note(f"{ORIGIN}\n{len(hashes)}\n{encode(root)}\n")
    files["proof.json"] = jcs.canonical({"hashes": [], "ranges": [[0, len(hashes)]], "schema": "canonic/inclusion-proof/v1",
                                         "treeSize": len(hashes)}).decode()
    files["consistency.json"] = jcs.canonical({"from": 0, "hashes": [], "schema": "canonic/consistency-proof/v1",
                                               "to": len(hashes)}).decode()
    files.pop("seal.tlog-proof", None)
    if sealed:
        hops = "".join(encode(each) + "\n" for each in path)
        files["seal.tlog-proof"] = f"c2sp.org/tlog-proof@v1\nindex {len(hashes) - 1}\n{hops}\n{files['checkpoint']}"
    return relisted(files, {**manifest, "sealed": sealed})


def relisted(files, manifest):
    """The files with a manifest that lists them, signed."""
    files = {path: text for path, text in files.items() if path not in ("manifest.json", "manifest.note")}
    listed = [{"path": name, "digest": jcs.digest(text.encode()), "sizeBytes": len(text.encode())}
              for name, text in sorted(files.items())]
    files["manifest.json"] = jcs.canonical({**manifest, "files": listed}).decode()
    files["manifest.note"] = _note(f"canonic/bundle-manifest/v1\n{ORIGIN}\n{jcs.digest(files['manifest.json'].encode())}\n")
    return files


SOURCE_MANIFEST = [""]


def _tidied(files, events):
    """Outputs and artifacts as the events ask for them: a run cut off has outputs as artifacts or not at all."""
    files, plan = dict(files), json.loads(files["plan.json"])
    sealed = [each for each in events if each["type"] == "RUN_SEALED"]
    lines = files.get("outputs.jsonl", "").split("\n")[:-1]
    named = {each for each in plan["artifacts"] if isinstance(each, str)} if isinstance(plan["artifacts"], list) else set()
    if not (sealed and sealed[0]["data"]["outputs"]):
        files.pop("outputs.jsonl", None)
        if plan["kind"] == "bound":
            files.update({f"artifacts/{jcs.digest(line.encode())[7:]}.json": line for line in lines})
            named |= {each["data"]["output"] for each in events if each["type"] == "EXECUTION_COMPLETED"}
    for event in events:
        named |= {event["data"].get(name) for name in ("claims", "approval", "record", "evidence")}
    return {path: text for path, text in files.items()
            if not path.startswith("artifacts/") or f"sha256:{path[10:74]}" in named}


# Changes of the events; each says what it did.

def drop(pick, events, _pool):
    del events[pick.randrange(1, len(events))]


def twice(pick, events, _pool):
    events.insert(pick.randrange(1, len(events) + 1), copy.deepcopy(events[pick.randrange(len(events))]))


def swap(pick, events, _pool):
    at = pick.randrange(1, len(events) - 1)
    events[at], events[at + 1] = events[at + 1], events[at]


def move(pick, events, _pool):
    events.insert(pick.randrange(1, len(events)), events.pop(pick.randrange(1, len(events))))


def cut(pick, events, _pool):
    del events[pick.randrange(1, len(events)) :]


def _of_run(events, kind, data):
    first = events[0]
    return {"at": events[-1]["at"], "data": data, "prev": first["prev"], "run": first["run"], "seq": 0, "subject": first["run"], "type": kind}


def void(pick, events, _pool):
    cut(pick, events, _pool)
    events.append(_of_run(events, "RUN_VOIDED", {"by": "ana", "reason": "no longer wanted"}))
    events.append(_of_run(events, "RUN_SEALED", {"status": "voided", "outputs": None, "outputsCount": 0, "events": 2, "counts": {},
                                                 "head": events[0]["prev"]}))


def resume(pick, events, _pool):
    """A session ends somewhere, and the next begins; what it says of the one before is right more often than not."""
    at = pick.randrange(1, len(events))
    before, after = events[:at], events[at:]
    sessions = 1 + sum(each["type"] == "RUN_RESUMED" for each in before)
    fence = max(each["data"].get("fence", 0) for each in before)
    done = {each["subject"] for each in before if each["type"] == "EXECUTION_COMPLETED"}
    ended = done | {each["subject"] for each in before if each["type"] in ("OPERATION_ABORTED", "EXECUTION_DENIED", "EXECUTION_SKIPPED")}
    hanging = [each["subject"] for each in before if each["type"] == "EXECUTION_STARTED" and each["subject"] not in ended]
    again = [copy.deepcopy(each) for each in before if each["subject"].startswith("task_") and each["subject"] not in ended]
    for each in again:
        if each["type"] == "EXECUTION_STARTED":
            each["data"]["attempt"] += 1
    data = {"attempt": sessions + 1, "completed": len(done), "fence": fence + pick.choice((1, 1, 1, 0)), "indeterminate": hanging}
    validation = [copy.deepcopy(each) for each in before if each["type"] == "TOKEN_VALIDATION"][-1:]
    shift = [each for each in after if each["type"] == "RUN_RESUMED"]
    for number, each in enumerate(shift):
        each["data"].update(attempt=sessions + 2 + number, fence=fence + 2 + number)
    events[:] = before + [_of_run(before, "RUN_RESUMED", data)] + validation + (again if pick.random() < 0.8 else []) + after


def borrow(pick, events, pool):
    """An event of another run."""
    events.insert(pick.randrange(1, len(events) + 1), {**copy.deepcopy(pick.choice(pool)), "run": events[0]["run"]})


def _leaves(value, path=()):
    if isinstance(value, dict) and value:
        return [each for key in sorted(value) for each in _leaves(value[key], path + (key,))]
    if isinstance(value, list) and value:
        return [each for key, item in enumerate(value) for each in _leaves(item, path + (key,))]
    return [path]


WORDS = {"decision": ("allow", "refuse", "approve", "reject"), "status": ("completed", "failed", "denied", "violated", "rejected", "voided"),
         "stage": ("routing", "scope", "drift", "limit", "token"), "effect": ("pure", "read", "write"), "verdict": ("satisfied", "violated"),
         "mode": ("dryrun", "live"), "trigger": ("direct_command", "scheduled"),
         "code": ("runner.drift", "runner.failure-mode", "runner.boundary-violation", "authority.token-expired", "authority.domain-refused",
                  "authority.halted", "authority.user-differs", "authority.limit-invocations"),
         "reasons": ([], [{"code": "authority.halted", "place": "", "message": "x"}])}


def tell(pick, events, pool):
    """One value in one event becomes another, if it can one that some event has under this name."""
    event = pick.choice(events)
    path = pick.choice(_leaves(event["data"]))
    holder = event["data"]
    for key in path[:-1]:
        holder = holder[key]
    key, old = path[-1], holder[path[-1]]
    if isinstance(old, bool):
        new = not old
    elif isinstance(old, int):
        new = max(0, old + pick.choice((-1, 1, 7)))
    else:
        others = [value["data"][key] for value in pool + events if key in value["data"]] if isinstance(key, str) else []
        new = pick.choice([each for each in [*others, *WORDS.get(key, ()), None] if each != old] or ["x"])
    holder[key] = copy.deepcopy(new)


def rename(pick, events, _pool):
    """The subject of one event becomes that of another."""
    pick.choice(events[1:])["subject"] = pick.choice(sorted({each["subject"] for each in events}))


def late(pick, events, _pool):
    """From some event on it is later."""
    at, moment = pick.randrange(len(events)), pick.choice(("2026-01-31T12:00:01.000Z", "2026-01-31T12:09:59.999Z",
                                                           "2026-01-31T12:10:00.000Z", "2026-01-31T13:00:00.001Z",
                                                           "2026-01-31T11:59:59.999Z"))
    for event in events[at:]:
        event["at"] = moment


CHANGES = (drop, twice, swap, move, cut, void, resume, borrow, tell, tell, tell, rename, late)


# Changes of other files, behind the events.

def file_gone(pick, files):
    del files[pick.choice(sorted(path for path in files if not path.startswith("manifest")))]


def lines_of_file(pick, files):
    path = pick.choice([path for path in ("contracts.jsonl", "outputs.jsonl", "log-events.jsonl") if path in files])
    lines = files[path].split("\n")[:-1]
    at, how = pick.randrange(len(lines)), pick.randrange(5)
    if how == 0:
        del lines[at]
    elif how == 1:
        lines.insert(at, lines[at])
    elif how == 2:
        lines.reverse()
    elif how == 3:
        lines[at] = pick.choice(("", "{}", "null", '{"a":1', '{"b":1,"a":2}', '{"token":1}'))
    else:
        lines.append(lines[at])
    files[path] = "".join(f"{line}\n" for line in lines)


def document_told(pick, files):
    """One value of one document becomes another."""
    path = pick.choice([path for path in sorted(files) if path.endswith(".json") and not path.startswith("manifest")])
    value = json.loads(files[path])
    place = pick.choice(_leaves(value))
    holder = value
    for key in place[:-1]:
        holder = holder[key]
    if place:
        old = holder[place[-1]]
        holder[place[-1]] = pick.choice((old + 1, old - 1, 2**53, 0.5)) if type(old) is int else pick.choice((None, [], {}, "x", 7))
    files[path] = jcs.canonical(value).decode()


def artifact_more(pick, files):
    text = pick.choice(('{"a":1}', "null", '{"schema":"canonic/chunk/v1"}', "[1,2]", "{ }"))
    files[f"artifacts/{jcs.digest(text.encode())[7:]}.json"] = text


def file_more(pick, files):
    files[pick.choice(("notes.txt", "outputs.jsonl", "document.txt", "log-events.jsonl", "authority.jsonl", "a/b/c"))] = \
        pick.choice(("", "x\n", "{}\n"))


FILES = (file_gone, lines_of_file, document_told, document_told, artifact_more, file_more)


def retold(pick, files):
    """Another plan, and everything told anew: run, tasks and digests follow; the events do not."""
    plan = json.loads(files["plan.json"])
    before = jcs.digest_of(plan), plan
    place = pick.choice([each for each in _leaves(plan) if each[0] != "schema"])
    holder = plan
    for key in place[:-1]:
        holder = holder[key]
    old = holder[place[-1]]
    words = {"onFailure": "stop", "kind": "bound", "mode": "live", "user": "bob", "coverage": {"denominator": 100, "numerator": 85}}
    lists = ([], [{"before": 1, "name": "SG_1", "reviewDecision": False}], [{"before": 1, "task": 0}], ["routing"], [[0, 1, 2]])
    holder[place[-1]] = old + pick.choice((1, -1)) if type(old) is int else pick.choice(lists) if isinstance(old, list) else \
        words.get(place[-1], {"a": 1})
    texts, whole = {}, isinstance(plan["tasks"], list) and all(isinstance(task["id"], str) for task in plan["tasks"])
    if whole and pick.random() < 0.8:
        for task in plan["tasks"]:
            rest = {name: value for name, value in task.items() if name != "id"}
            fresh = "task_" + jcs.digest_of({**rest, "seed": plan["seed"]})[7:27]
            texts[task["id"]], task["id"] = fresh, fresh
        names = ("payloadType", "parameters", "inputs", "bindings", "binding")
        reduced = [{name: task[name] for name in names} for task in plan["tasks"]]
        plan["request"] = jcs.digest_of({**{name: plan[name] for name in ("gates", "groups", "onFailure", "rechecks")}, "tasks": reduced})
    manifest = json.loads(SOURCE_MANIFEST[0])
    digest, run = jcs.digest_of(plan), json.loads(files["events.jsonl"].split("\n")[0])
    fresh = "run_" + jcs.digest_of({"number": run["data"]["number"], "plan": digest})[7:27]
    texts.update({before[0]: digest, manifest["run"]: fresh})
    files = {path: text for path, text in files.items() if path != "plan.json"}
    for path in sorted(files):
        for old_text, new_text in texts.items():
            files[path] = files[path].replace(old_text, new_text)
        if path.startswith("artifacts/"):
            moved = f"artifacts/{jcs.digest(files[path].encode())[7:]}.json"
            texts[path[10:74]] = moved[10:74]
            files[moved] = files.pop(path)
    files["plan.json"] = jcs.canonical(plan).decode()
    SOURCE_MANIFEST[0] = jcs.canonical({**manifest, "plan": digest, "run": fresh}).decode()
    return files


def one_of_kept(known, pick, number):
    base, change = pick.choice(KEPT), pick.choice(FILES)
    files = {path: text for path, text in known[base]["files"].items() if path != "prov.json"}
    manifest = json.loads(files["manifest.json"])
    change(pick, files)
    return f"{number} {base}: {change.__name__}", relisted(files, manifest)


def one_told(known, pick, number, pool):
    """One mutant of a base whose leaves are all of its log."""
    base = pick.choice(BASES)
    files = known[base]["files"]
    SOURCE_MANIFEST[0] = files["manifest.json"]
    again = pick.random() < 0.15
    if again:
        files = retold(pick, files)
    events = [json.loads(line) for line in files["events.jsonl"].split("\n")[:-1]]
    changes = [pick.choice(CHANGES) for _ in range(pick.choice((1, 1, 1, 2)))]
    others = [pick.choice(FILES)] if pick.random() < 0.3 else []
    if again or others:
        changes = changes[2:]
    for change in changes:
        if len(events) > 3:
            change(pick, events, pool)
    if pick.random() < 0.9:
        files = _tidied(files, events)
    files = resealed(files, events, tell in changes and pick.random() < 0.2)
    for other in others:
        other(pick, files)
        files = relisted(files, json.loads(files["manifest.json"]))
    names = [change.__name__ for change in [*([retold] if again else []), *changes, *others]]
    return f"{number} {base}: {' '.join(names)}", files


def main():
    vectors, count, pick = sys.argv[1], int(sys.argv[2]), random.Random(int(sys.argv[3]))
    with open(vectors, encoding="utf-8") as file:
        known = {each["name"]: each for each in map(json.loads, file)}
    pool = [json.loads(line) for base in BASES for line in known[base]["files"]["events.jsonl"].split("\n")[:-1]]
    for number in range(count):
        name, files = one_of_kept(known, pick, number) if pick.random() < 0.15 else one_told(known, pick, number, pool)
        print(json.dumps({"name": name, "verdict": "", "codes": [], "files": files}))


if __name__ == "__main__":
    main()
