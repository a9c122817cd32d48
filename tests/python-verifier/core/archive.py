"""Archives: several runs in one bundle, gap-free by number (docs/evidence-format.md section 15)."""
from . import chain, jcs
from .bundle import Stop, keys_ahead, signed_manifest, verify
from .note import Refused, parse_checkpoint
from .report import Report


def is_archive(files):
    """Whether the manifest calls itself an archive's."""
    try:
        value = jcs.loads(files.read("manifest.json"))
    except (KeyError, OSError, jcs.Malformed):
        return False
    return isinstance(value, dict) and value.get("schema") == "canonic/archive-manifest/v1"


def verify_archive(files, trust):
    report = Report()
    folders = sorted({"/".join(path.split("/")[:2]) + "/" for path in files.sizes if path.startswith("runs/") and path.count("/") > 1})

    def keys_of(origin):
        first = files.under(folders[0]) if folders else files
        keys, _ = keys_ahead(first, origin, trust)
        try:
            return keys, parse_checkpoint(first.read("checkpoint")).size
        except (KeyError, OSError, Refused):
            return keys, 2**53

    try:
        manifest, _ = signed_manifest(files, trust, "archive-manifest", keys_of, report)
    except Stop:
        return report
    runs = manifest["runs"]
    if [each["number"] for each in runs] != list(range(manifest["from"], manifest["to"] + 1)):
        report.false("archive-gap", "manifest.json", "the numbers are not all of them, in order")
    wanted = {f"runs/{each['run']}/" for each in runs}
    for path in sorted(files.sizes):
        if path not in ("manifest.json", "manifest.note") and "/".join(path.split("/")[:2]) + "/" not in wanted:
            report.false("file-unlisted", path)
    for each in runs:
        _run(files.under(f"runs/{each['run']}/"), each, manifest, trust, report)
    return report


def _run(files, listed, manifest, trust, report):
    place = f"runs/{listed['run']}"
    report.within(place, verify(files, trust))
    try:
        data = files.read("manifest.json")
        value = jcs.parse(data)
        checkpoint = files.read("checkpoint")
    except (KeyError, OSError, jcs.Malformed):
        return
    plan = value.get("plan") if isinstance(value, dict) else None
    good = isinstance(plan, str) and value.get("run") == listed["run"] and value.get("origin") == manifest["origin"]
    if not good or chain.run_id(listed["number"], plan) != listed["run"] or jcs.digest(data) != listed["manifest"]:
        report.false("archive-run", place, "not the run of this number, or another manifest")
    if jcs.digest(checkpoint) != manifest["checkpoint"]:
        report.false("archive-checkpoint", place, "another checkpoint")
