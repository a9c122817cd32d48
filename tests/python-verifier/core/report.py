"""Findings, and the verdict that follows from them (docs/evidence-format.md, head and section 18)."""
from typing import NamedTuple

VALID, INVALID, INDETERMINATE = "VALID", "INVALID", "INDETERMINATE"


class Finding(NamedTuple):
    code: str
    place: str
    text: str
    open: bool


class Report:
    """Collects; one false thing makes INVALID, else one open thing INDETERMINATE."""

    def __init__(self):
        self.findings = []
        self.unchecked = set()

    def false(self, code, place, text=""):
        self.findings.append(Finding(code, place, text, False))

    def open(self, code, place, text=""):
        self.findings.append(Finding(code, place, text, True))

    def skip(self, what):
        """Something that is there and that the core check does not judge."""
        self.unchecked.add(what)

    def within(self, place, other):
        """The findings of a part, under its place."""
        self.findings += [each._replace(place=f"{place}/{each.place}") for each in other.findings]
        self.unchecked |= other.unchecked

    @property
    def verdict(self):
        if any(not each.open for each in self.findings):
            return INVALID
        return INDETERMINATE if self.findings else VALID

    def as_value(self):
        return {"checked": "core", "reasons": [each._asdict() for each in self.findings], "unchecked": sorted(self.unchecked),
                "verdict": self.verdict}
