"""What a bundle says, read: the plan, contracts, events, values; with what redactions took away."""
import calendar
import datetime
import functools

from . import jcs, salted

MISSING = object()


@functools.lru_cache(maxsize=4096)
def milliseconds(at):
    """A timestamp as milliseconds since 1970; None when it names no moment (30 February, 24:00)."""
    year, month, day = int(at[:4]), int(at[5:7]), int(at[8:10])
    hour, minute, second = int(at[11:13]), int(at[14:16]), int(at[17:19])
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year + 2000, month)[1] or hour > 23 or max(minute, second) > 59:
        return None
    # 2,000 years are five whole cycles of the calendar: 730,485 days. So the year 0000 has its days as well.
    days = datetime.date(year + 2000, month, day).toordinal() - 730485 - 719163
    return (days * 86400 + hour * 3600 + minute * 60 + second) * 1000 + int(at[20:23])


def moment_of(at):
    """As milliseconds; what names no moment is a finding of its own, and counts as the beginning of time."""
    found = milliseconds(at)
    return 0 if found is None else found


def timestamp(seconds):
    """Seconds as a timestamp; None beyond the calendar."""
    try:
        return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    except (ValueError, OverflowError, OSError):
        return None


def at_pointer(value, pointer):
    """The value at a JSON Pointer (RFC 6901), or MISSING."""
    for part in pointer.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isascii() and part.isdigit() and str(int(part)) == part and int(part) < len(value):
            value = value[int(part)]
        else:
            return MISSING
    return value


class Evidence:
    """Everything the rules of sections 10 and 11 look at."""

    def __init__(self, manifest, plan, events, report):
        self.manifest, self.plan, self.events, self.report = manifest, plan, events, report
        self.registry, self.contracts, self.artifacts, self.sizes = None, {}, {}, {}
        self.lines, self.redacted, self.origin = None, set(), manifest["origin"]
        self.tasks = plan["tasks"]
        self.task_of = {task["id"]: task for task in self.tasks}
        self.first_output = {}
        for _, event in events:
            if event["type"] == "EXECUTION_COMPLETED" and event["subject"] in self.task_of:
                self.first_output.setdefault(event["subject"], event)
        sealed = [event for _, event in events if event["type"] == "RUN_SEALED"]
        self.seal = sealed[0] if sealed else None
        self.with_outputs = self.seal is not None and self.seal["data"]["outputs"] is not None

    def of(self, *kinds):
        return [(place, event) for place, event in self.events if event["type"] in kinds]

    def contract(self, task):
        """The task's contract, or None when it is not there."""
        return self.contracts.get(task["contract"])

    def personal(self, task, side):
        """Whether the task's contract calls what goes in, or what comes out, personal."""
        contract = self.contract(task)
        return contract is not None and side in contract.get("personal", ())

    def output(self, task):
        """The value that a task gave, or MISSING; of a personal one, what is in its envelope."""
        value = self.kept_output(task)
        if value is MISSING or not self.personal(task, "output"):
            return value
        return value["value"] if salted.is_envelope(value) else MISSING

    def input(self, task, name):
        """The value of an input that the plan names, or MISSING."""
        value = self.artifacts.get(task["inputs"][name], MISSING)
        if value is MISSING or not self.personal(task, "input"):
            return value
        return value["value"] if salted.is_envelope(value) else MISSING

    def digest_bound(self, task, name, value):
        """The digest that an input digest takes for a bound value: under the salt of its source, where that is personal."""
        source = self.tasks[task["bindings"][name]["task"]]
        if not self.personal(source, "output"):
            return jcs.digest_of(value)
        return jcs.digest_of(salted.envelope(value, self.kept_output(source)["salt"]))

    def kept_output(self, task):
        """What is kept of what a task gave, or MISSING."""
        event = self.first_output.get(task["id"])
        if event is None:
            return MISSING
        wanted = event["data"]["output"]
        if self.lines is not None and task["position"] < len(self.lines):
            value = self.lines[task["position"]]
            if value is not MISSING and jcs.digest_of(value) == wanted:
                return value
        return self.artifacts.get(wanted, MISSING)

    def bound(self, task):
        """The values that the task's bindings took, MISSING where none is."""
        values = {}
        for name, binding in task["bindings"].items():
            source = self.tasks[binding["task"]] if binding["task"] < len(self.tasks) else None
            value = MISSING if source is None else self.output(source)
            values[name] = MISSING if value is MISSING else at_pointer(value, binding["pointer"])
        return values

    def lost(self, task):
        """Whether an output that the task is bound to completed and cannot be read."""
        sources = [self.tasks[each["task"]] for each in task["bindings"].values() if each["task"] < len(self.tasks)]
        return any(source["id"] in self.first_output and self.output(source) is MISSING for source in sources)

    def absent(self, digest, code, place, is_open=False):
        """A payload that is not there: redacted if the log says so, else what the rule says."""
        if digest in self.redacted:
            self.report.open("redacted", place, digest)
        elif is_open:
            self.report.open(code, place, digest)
        else:
            self.report.false(code, place, digest)

    def untrue(self, place, text):
        self.report.false("event-untrue", place, text)
