import { describe, expect, test } from "vitest";
import {
  ABSENCE_PATTERN,
  type Consumption,
  consumptionFaults,
  type Digest,
  digestBytes,
  digestJson,
  type JsonValue,
  type Signal,
} from "../src/index.ts";
import { onlyViolation, satisfied, sound, verdictsOf, withPolicy, withValue } from "./mutations.ts";
import { soundRun } from "./run-fixture.ts";

const seven = { numerator: 7, denominator: 7 };

describe("signal coverage", () => {
  test("255 of 300 passes, 254 of 300 fails", () => {
    expect(verdictsOf(soundRun(255))).toEqual(satisfied);
    expect(onlyViolation(soundRun(254))).toEqual(["signal-coverage", ["consumed-coverage"]]);
  });

  test("a report that says more than was counted fails, whatever it says (G1)", () => {
    const { coverage } = sound.policy;
    const short = soundRun(200);
    const lying = { ...short, policy: { ...short.policy, coverage } };

    expect(onlyViolation(lying)).toEqual([
      "signal-coverage",
      [
        "consumed-coverage",
        "consumed-miscounted",
        "funnel-miscounted",
        "gaps-miscounted",
        "minimum-by-area-miscounted",
        "minimum-by-dimension-miscounted",
      ],
    ]);
    expect(onlyViolation(withPolicy({ coverage: { ...coverage, denominator: digestBytes("other") } }))[1]).toEqual([
      "denominator-changed",
    ]);
  });

  test("a link that names no annotation, or follows another link, proves nothing (K1, K2)", () => {
    for (const change of [{ pattern: "other" }, { previous: digestBytes("other") }, { span: null }]) {
      const values = sound.policy.values.map((value) => ({
        ...value,
        signals: value.signals.map((item) => ({ ...item, links: item.links.map((link) => ({ ...link, ...change })) })),
      }));

      expect(onlyViolation(withPolicy({ values }))[1]).toContain("consumed-coverage");
    }
  });

  test("a signal that is missing, weaker than asked, or of another chunk is not planned", () => {
    const artifacts = new Map<Digest, JsonValue>(
      [...sound.policy.artifacts].filter(([, value]) => (value as { schema?: string }).schema !== "canonic/signal/v1"),
    );

    expect(onlyViolation(withPolicy({ artifacts }))[1]).toContain("planned-coverage");
  });

  test.each([
    ["least by area", { minimumByArea: { planned: seven, consumed: seven } }, "minimum-by-area-miscounted"],
    [
      "least by dimension",
      { minimumByDimension: { planned: seven, consumed: seven } },
      "minimum-by-dimension-miscounted",
    ],
    ["declared", { funnel: { ...sound.policy.coverage.funnel, declared: 301 } }, "funnel-miscounted"],
    ["wired", { funnel: { ...sound.policy.coverage.funnel, wired: 299 } }, "funnel-miscounted"],
    ["emitted", { funnel: { ...sound.policy.coverage.funnel, emitted: 9e9 } }, "funnel-miscounted"],
    ["fresh", { funnel: { ...sound.policy.coverage.funnel, fresh: 299 } }, "funnel-miscounted"],
    ["consumed", { funnel: { ...sound.policy.coverage.funnel, consumed: 299 } }, "funnel-miscounted"],
    ["decisive", { funnel: { ...sound.policy.coverage.funnel, decisive: 301 } }, "funnel-miscounted"],
  ])("a report with another count of %s fails (G1)", (_name, change, code) => {
    const coverage = { ...sound.policy.coverage, ...change };

    expect(onlyViolation(withPolicy({ coverage }))).toEqual(["signal-coverage", [code]]);
  });

  test("a report that hides its gaps fails (G1)", () => {
    const { policy, ...rest } = soundRun(260);
    const coverage = { ...policy.coverage, gaps: policy.coverage.gaps.slice(1) };

    expect(onlyViolation({ ...rest, policy: { ...policy, coverage } })[1]).toEqual(["gaps-miscounted"]);
  });

  test("a consumption of what was not given, shown twice, or unproven fails although coverage is met (G2)", () => {
    const [one] = sound.policy.values[0]?.signals ?? [];
    const [foreign] = sound.policy.values[8]?.signals ?? [];
    const absence = { ...one, links: one?.links.map((link) => ({ ...link, pattern: ABSENCE_PATTERN, span: null })) };

    expect(onlyViolation(withValue(0, { signals: [one, foreign] }))[1]).toEqual(["signal-not-given"]);
    expect(onlyViolation(withValue(0, { signals: [one, one] }))[1]).toEqual(["consumption-repeated"]);
    expect(onlyViolation(withValue(0, { signals: [absence] }))[1]).toContain("consumption-unproven");
  });
});

describe("a proof of consumption", () => {
  const digest = sound.plan.tasks[0]?.inputs["signal-financial-chain"] as Digest;
  const given = sound.policy.artifacts.get(digest) as Signal;
  const [consumption] = (sound.policy.values[0]?.signals ?? []) as [Consumption];
  const codesOf = (links: Consumption["links"], signal = given) =>
    consumptionFaults({ ...consumption, links }, signal, digest).map(({ code }) => code);
  const [link] = consumption.links as [Consumption["links"][number]];
  const absence = { ...link, pattern: ABSENCE_PATTERN, span: null };

  test("is refused when a link is repeated, and when an absence is repeated or renamed (K2)", () => {
    const absent = { ...given, annotations: [] };
    const next = { previous: digestJson(link) };

    expect(codesOf([link])).toEqual([]);
    expect(codesOf([link, { ...link, ...next }])).toEqual(["out-of-order"]);
    expect(codesOf([absence], absent)).toEqual([]);
    expect(codesOf([absence, { ...absence, previous: digestJson(absence) }], absent)).toContain("false-absence");
    expect(codesOf([{ ...absence, pattern: "any" }], absent)).toEqual(["false-absence"]);
    expect(codesOf([absence])).toEqual(["false-absence"]);
  });
});
