import { expect, test } from "vitest";
import { Findings, REASONS_MAX } from "../src/findings.ts";

test("what makes a verdict INVALID is told, however much was open before it (F2)", () => {
  const findings = new Findings();
  for (let n = 0; n < REASONS_MAX + 5; n += 1) findings.open("redacted", `payload ${n}`, "it was removed");
  findings.invalid("event-untrue", "event 3", "it is not so");

  expect(findings.verdict).toBe("INVALID");
  expect(findings.count).toBe(REASONS_MAX + 6);
  expect(findings.reasons).toHaveLength(REASONS_MAX);
  expect(findings.reasons[0]).toEqual({ code: "event-untrue", place: "event 3", message: "it is not so" });
});

test("of runs that are taken together the gravest reason comes first (F1)", () => {
  const [whole, first, second] = [new Findings(), new Findings(), new Findings()];
  for (let n = 0; n < REASONS_MAX; n += 1) first.open("redacted", `payload ${n}`, "it was removed");
  second.invalid("chain-broken", "events.jsonl:1", "the chain has a gap");
  whole.take("runs/a/", first);
  whole.take("runs/b/", second);

  expect(whole.verdict).toBe("INVALID");
  expect(whole.count).toBe(REASONS_MAX + 1);
  expect(whole.reasons[0]).toMatchObject({ code: "chain-broken", place: "runs/b/events.jsonl:1" });
});

test("a cause stands before what follows from it, also among others' findings (F3)", () => {
  const [whole, run] = [new Findings(), new Findings()];
  run.open("contract-open", "contract provenance", "it cannot be decided again");
  run.cause("redacted", "payload 1", "it was removed");
  expect(run.verdict).toBe("INDETERMINATE");
  whole.open("witness-quorum", "checkpoint", "too few");
  whole.take("runs/a/", run);

  const codes = (findings: Findings) => findings.reasons.map(({ code }) => code);
  expect(codes(run)).toEqual(["redacted", "contract-open"]);
  expect(codes(whole)).toEqual(["redacted", "witness-quorum", "contract-open"]);
  whole.invalid("chain-broken", "events.jsonl:1", "the chain has a gap");
  expect(codes(whole)).toEqual(["chain-broken", "redacted", "witness-quorum", "contract-open"]);
});
