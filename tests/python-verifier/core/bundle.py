"""One bundle: its files, held to the manifest, then everything that follows from them.

Source: docs/evidence-format.md section 2 for the order, sections 3 to 13 for the parts.
"""
import re

from . import approvals, authority, chain, documents, jcs, plan_rules, tokens, truths
from .evidence import MISSING, Evidence, milliseconds
from .files import PARSE_MAX
from .grammar import Grammar
from .keys import LogKeys, rotations_of
from .note import Refused, parse_checkpoint, parse_note, signed_by
from .place import check_seal, check_start, check_witnesses, proof_fault, read_checkpoint, read_proof
from .report import Report
from .schema import document_fault
from .tree import indexes, ranges_fault

MANIFEST_MAX, NOTE_MAX = 64 * 1024 * 1024, 64 * 1024
ALWAYS = {"checkpoint", "proof.json", "events.jsonl", "plan.json", "registry.json", "contracts.jsonl"}
LINE_MAX = {"events.jsonl": chain.LINE_MAX, "contracts.jsonl": 4 * 1024 * 1024, "outputs.jsonl": 64 * 1024 * 1024}
LOG_MAX = {"log-events.jsonl": 16 * 1024 * 1024, "log-proof.json": 4 * 1024 * 1024}
ARTIFACT = re.compile(r"artifacts/([0-9a-f]{64})\.json\Z")
OTHERS = re.compile(r"(certificates\.jsonl|prov\.json|index\.html|checkpoint\.tsr|document\.txt|statements/.*)\Z")


class Stop(Exception):
    """The manifest does not hold, and nothing else is looked at."""


def verify(files, trust):
    """The report on a bundle."""
    report = Report()
    try:
        _Bundle(files, trust, report).check()
    except Stop:
        pass
    return report


def plain(files, path, most, report):
    """A manifest's or note's bytes."""
    size = files.sizes.get(path)
    if size is None:
        report.false("manifest-missing", path, "missing, or no plain file")
        raise Stop
    if size > most:
        report.false("manifest-malformed", path, "too large")
        raise Stop
    try:
        return files.read(path)
    except OSError as error:
        report.open("file-unreadable", path, str(error))
        raise Stop from None


def keys_ahead(files, origin, trust):
    """The log's keys by the rotations that the bundle carries; what is wrong with them is found afterwards."""
    trusted = trust.logs[origin]
    try:
        if any((files.sizes.get(path) or 0) > most for path, most in LOG_MAX.items()):
            raise Refused("too large")
        leaves = chain.own_chain(files.read("log-events.jsonl"), "log")
        proof = read_proof(files.read("log-proof.json"), "inclusion-proof")
        if ranges_fault(proof, len(leaves)):
            raise Refused("ranges")
        return LogKeys(origin, trusted, rotations_of(leaves, indexes(proof), origin, trust.people)), None
    except (KeyError, OSError):
        return LogKeys(origin, trusted), None
    except Refused as error:
        return LogKeys(origin, trusted), str(error)


def signed_manifest(files, trust, kind, keys_of, report):
    """Manifest value, its bytes and the log's keys: section 2, steps 1 to 3."""
    data = plain(files, "manifest.json", MANIFEST_MAX, report)
    note_bytes = plain(files, "manifest.note", NOTE_MAX, report)
    try:
        value = jcs.loads(data)
    except jcs.Malformed as error:
        report.false("manifest-malformed", "manifest.json", str(error))
        raise Stop from None
    origin = value.get("origin") if isinstance(value, dict) else None
    if not isinstance(origin, str):
        report.false("manifest-malformed", "manifest.json", "no origin")
        raise Stop
    if origin not in trust.logs:
        report.false("origin-untrusted", "manifest.json", origin)
        raise Stop
    keys, size = keys_of(origin)
    try:
        note = parse_note(note_bytes)
        good = note.text == f"canonic/{kind}/v1\n{origin}\n{jcs.digest(data)}\n" and signed_by(note, keys.at(size))
    except Refused:
        good = False
    if not good:
        report.false("manifest-signature", "manifest.note", "not signed by a trusted key in force")
        raise Stop
    try:
        jcs.parse(data)
        found = document_fault(kind, value)
    except jcs.Malformed as error:
        found = str(error)
    if found:
        report.false("manifest-malformed", "manifest.json", found)
        raise Stop
    return value, keys


class _Bundle:
    def __init__(self, files, trust, report):
        self.files, self.trust, self.report, self.content = files, trust, report, {}
        self.rotation_fault = None

    def _keys_of(self, origin):
        keys, self.rotation_fault = keys_ahead(self.files, origin, self.trust)
        try:
            size = parse_checkpoint(self.files.read("checkpoint")).size
        except (KeyError, OSError, Refused):
            size = 2**53
        return keys, size

    def check(self):
        self.manifest, self.keys = signed_manifest(self.files, self.trust, "bundle-manifest", self._keys_of, self.report)
        self._files()
        self._log()
        self._events()
        plan = self._plan()
        if plan is not None:
            self._run(plan)

    # Files.

    def _files(self):
        report, listed = self.report, self.manifest["files"]
        paths = [each["path"] for each in listed]
        if any(a >= b for a, b in zip(paths, paths[1:])) or {"manifest.json", "manifest.note"} & set(paths):
            report.false("manifest-malformed", "manifest.json", "files out of order, twice, or the manifest's own")
            raise Stop
        for path in sorted(set(self.files.sizes) - set(paths) - {"manifest.json", "manifest.note"}):
            report.false("file-unlisted", path)
        for path in sorted(ALWAYS - set(paths)):
            report.false("file-missing", path)
        for each in listed:
            self._file(each)
            if OTHERS.match(each["path"]):
                report.skip(each["path"].split("/")[0])

    def _file(self, listed):
        path = listed["path"]
        if path not in self.files.sizes:
            return self.report.false("file-missing", path)
        if self.files.sizes[path] != listed["sizeBytes"]:
            return self.report.false("file-changed", path, "size or kind")
        try:
            data = self.files.read(path)
        except OSError as error:
            return self.report.open("file-unreadable", path, str(error))
        if jcs.digest(data) != listed["digest"]:
            return self.report.false("file-changed", path, "digest")
        if len(data) > PARSE_MAX and not path.endswith(".jsonl"):
            return self.report.open("file-too-large", path)
        self.content[path] = data
        return None

    def _lines(self, path):
        """The lines of a file, or None when it is not there."""
        if path not in self.content:
            return None
        lines, torn = chain.read_lines(self.content[path])
        if torn:
            self.report.false("line-torn", path)
        for index, line in enumerate(lines):
            if len(line) > LINE_MAX[path]:
                self.report.false("line-too-long", f"{path}:{index + 1}")
        return lines

    def _document(self, path, kind, code):
        """A document of a kind, or None."""
        if path not in self.content:
            return None
        try:
            value = jcs.parse(self.content[path])
        except jcs.Malformed as error:
            return self.report.false("file-malformed", path, str(error))
        found = document_fault(kind, value)
        return self.report.false(code, path, found) if found else value

    # The log.

    def _log(self):
        report, self.checkpoint = self.report, None
        data = self.content.get("checkpoint")
        if data is not None:
            try:
                checkpoint = read_checkpoint(data, self.keys)
                if checkpoint.origin != self.manifest["origin"]:
                    report.false("checkpoint-origin", "checkpoint", checkpoint.origin)
                check_witnesses(checkpoint, self.trust, report)
                self.checkpoint = checkpoint
            except Refused as error:
                report.false("checkpoint-signature", "checkpoint", str(error))
        self.redacted = set()
        leaves, _ = self._own_chain("log-events.jsonl", "log-proof.json", "log")
        for index, leaf in enumerate(leaves):
            if leaf.event["type"] == "PAYLOAD_REDACTED":
                self.redacted.add(leaf.event["data"]["digest"])
            elif leaf.event["type"] != "KEY_ROTATED":
                report.false("log-events-malformed", f"log-events.jsonl:{index + 1}", leaf.event["type"])

    def _own_chain(self, path, proof_path, name):
        """Leaves of one of the log's own chains with their log indexes, proved; none when they do not hold."""
        report, code = self.report, "log-events-malformed" if name == "log" else "authority-malformed"
        wrong = "log-proof-wrong" if name == "log" else "authority-proof-wrong"
        if path not in self.content and proof_path not in self.content:
            return [], []
        if any(len(self.content.get(each, b"")) > LOG_MAX.get(each, PARSE_MAX) for each in (path, proof_path)):
            report.false(code, path, "too large")
            return [], []
        if path not in self.content or proof_path not in self.content:
            report.false("file-missing", path, "one of two files")
            return [], []
        try:
            leaves = chain.own_chain(self.content[path], name)
        except Refused as error:
            report.false(code, path, str(error))
            return [], []
        found, text, proof = proof_fault(self.content[proof_path], leaves, self.checkpoint)
        if found:
            report.false(wrong, proof_path, text)
            return [], []
        if name == "log":
            try:
                rotations_of(leaves, indexes(proof), self.manifest["origin"], self.trust.people)
            except Refused as error:
                report.false("rotation-invalid", path, str(error))
        return leaves, indexes(proof)

    # The run's leaves.

    def _events(self):
        report, self.proof = self.report, None
        lines = self._lines("events.jsonl")
        if lines is None:
            lines = []
        self.leaves = [chain.read_leaf(line) for line in lines]
        for index, leaf in enumerate(self.leaves):
            if leaf.event and milliseconds(leaf.event["at"]) is None:
                report.false("event-untrue", f"events.jsonl:{index + 1}", "at names no moment")
        chain.check_run(self.leaves, self.manifest, report)
        if "proof.json" in self.content:
            found, text, self.proof = proof_fault(self.content["proof.json"], self.leaves, self.checkpoint)
            if found:
                report.false(f"proof-{found}", "proof.json", text)
        self._start_and_seal()

    def _start_and_seal(self):
        places = indexes(self.proof) if self.proof else []
        first = self.leaves[0].event if self.leaves else None
        named = first["data"].get("checkpoint") if first and first["type"] == "PLAN_FROZEN" else None
        check_start(self.content.get("start-checkpoint"), self.content.get("consistency.json"), named,
                    places[0] if places else None, self.checkpoint, self.keys, self.report)
        last = self.leaves[-1] if self.leaves else None
        sealed = last is not None and last.event is not None and last.event["type"] == "RUN_SEALED"
        if last is not None and last.event is not None and sealed != self.manifest["sealed"]:
            self.report.false("seal-mismatch", "manifest.json", "sealed")
        if "seal.tlog-proof" in self.content:
            check_seal(self.content["seal.tlog-proof"], last if sealed else None, places[-1] if places else None,
                       self.content.get("checkpoint"), self.checkpoint, self.report)

    # The run.

    def _plan(self):
        plan = self._document("plan.json", "plan", "plan-malformed")
        if plan is None:
            return None
        if jcs.digest(self.content["plan.json"]) != self.manifest["plan"]:
            self.report.false("plan-mismatch", "plan.json", "another digest than the manifest's")
        found = plan_rules.shape_fault(plan)
        return self.report.false("plan-malformed", "plan.json", found) if found else plan

    def _run(self, plan):
        report = self.report
        events = [(f"events.jsonl:{index + 1}", leaf.event) for index, leaf in enumerate(self.leaves) if leaf.event]
        evidence = Evidence(self.manifest, plan, events, report)
        evidence.redacted = self.redacted
        self._registry(evidence)
        self._contracts(evidence)
        self._artifacts(evidence)
        lines = self._lines("outputs.jsonl")
        if lines is not None:
            documents.read_outputs(evidence, self.content["outputs.jsonl"], lines)
        Grammar(self.manifest["run"], plan, [event for _, event in events], report).check()
        truths.check(evidence)
        plan_rules.check(evidence)
        documents.check(evidence)
        tokens.check(evidence)
        approvals.check(evidence, self.trust.approvers)
        leaves, places = self._own_chain("authority.jsonl", "authority-proof.json", "authority")
        if any(b.event["seq"] != a.event["seq"] + 1 for a, b in zip(leaves, leaves[1:])):
            report.false("authority-malformed", "authority.jsonl", "a gap")
        if leaves and self.proof:
            log_index = dict(zip([f"events.jsonl:{index + 1}" for index in range(len(self.leaves))], indexes(self.proof)))
            authority.check(evidence, leaves, places, log_index, report)
        if evidence.seal and evidence.seal["data"]["status"] in ("completed", "violated") and plan["expect"]["contracts"]:
            report.skip("core contracts")

    def _registry(self, evidence):
        evidence.registry = self._document("registry.json", "registry-snapshot", "registry-malformed")
        if evidence.registry and jcs.digest(self.content["registry.json"]) != evidence.plan["registry"]:
            self.report.false("registry-mismatch", "registry.json", "another digest than the plan's")

    def _contracts(self, evidence):
        for index, line in enumerate(self._lines("contracts.jsonl") or []):
            place, digest = f"contracts.jsonl:{index + 1}", jcs.digest(line)
            try:
                value = jcs.parse(line)
                found = document_fault("operation-contract", value)
            except jcs.Malformed as error:
                found = str(error)
            if found:
                self.report.false("contract-malformed", place, found)
            elif digest in evidence.contracts:
                self.report.false("contract-duplicate", place, digest)
            else:
                evidence.contracts[digest] = value

    def _artifacts(self, evidence):
        for path, data in self.content.items():
            named = ARTIFACT.match(path)
            if named is None:
                continue
            digest = f"sha256:{named[1]}"
            evidence.sizes[digest] = len(data)
            if jcs.digest(data) != digest:
                self.report.false("artifact-mismatch", path)
                continue
            try:
                evidence.artifacts[digest] = jcs.parse(data)
            except jcs.Malformed as error:
                self.report.false("file-malformed", path, str(error))
                evidence.artifacts[digest] = MISSING
