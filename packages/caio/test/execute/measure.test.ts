import fc from "fast-check";
import { expect, test } from "vitest";
import { peer } from "../../src/adapters/peer.ts";
import { localAdapter } from "../../src/adapters.ts";
import { executeDecision, isCaioError, openService } from "../../src/index.ts";
import { guarantee } from "../kernel/worlds.ts";
import { clock, execution } from "./loopback.ts";

const API = { kind: "operation", operation: "text.count", version: "1.0.0", contract: null };
const constraints = { inputTokensMax: null, outputTokensMax: null, totalTokensMax: null };

function verdictsOf(guarantees: readonly object[], quantities: Record<string, number>, latencyUs = 1) {
  const given = execution({ api: API, constraints, guarantees });
  const [first] = given.services.services;
  if (first === undefined) throw new Error("no service");
  const service = openService(first.contract, { adapters: [localAdapter(new Map())], clock });
  const measured = service.verifyGuarantees(given.request, {
    ...{ input: null, output: null, latencyUs, quantities },
    ...{ usage: "none" as const, outputTokensMax: null, isRepeated: null },
  });
  return measured.map(({ property, verdict }) => [property, verdict]);
}

test("a promise about a quantity holds exactly where the fraction of what was really used says so (M1)", () => {
  const bound = fc.constantFrom("max", "min", "equality", "relative_max", "min_multiple");
  const count = fc.integer({ min: 0, max: 1_000_000_000 });
  fc.assert(
    fc.property(bound, fc.integer({ min: 0, max: 3_000_000 }), count, count, (kind, value, used, of) => {
      const isRelative = kind === "relative_max" || kind === "min_multiple";
      const said = guarantee({
        ...{ property: "output-token", unit: "token", bound: kind as "max", value },
        ...{ of: (isRelative ? "input-token" : null) as never },
      });
      const part = BigInt(value) * BigInt(of);
      const holds = {
        max: used <= value,
        min: used >= value,
        equality: used === value,
        relative_max: BigInt(used) * 1_000_000n <= part,
        min_multiple: BigInt(used) * 1_000_000n >= part,
      }[kind as "max"];

      expect(verdictsOf([said], { "output-token": used, "input-token": of })).toEqual([
        ["output-token", holds ? "satisfied" : "violated"],
      ]);
    }),
    { numRuns: 300 },
  );
});

test("one result says nothing of a percentile, an assumed promise or a quantity that was not reported (M1)", () => {
  const us = { bound: "max", value: 5, unit: "us" } as const;

  expect(verdictsOf([guarantee({ property: "latency-p95", ...us })], {}, 9)).toEqual([["latency-p95", "unknown"]]);
  expect(verdictsOf([guarantee({ property: "latency-max", ...us, basis: "assumed" })], {}, 9)).toEqual([]);
  expect(verdictsOf([guarantee({ property: "latency-max", ...us })], {}, 9)).toEqual([["latency-max", "violated"]]);
  expect(verdictsOf([guarantee({ property: "latency-max", ...us })], {}, 5)).toEqual([["latency-max", "satisfied"]]);
  expect(verdictsOf([guarantee({ property: "accuracy" })], {})).toEqual([]);
  const relative = guarantee({ property: "output-token", bound: "relative_max", unit: "token", of: "page" as never });
  expect(verdictsOf([relative], { "output-token": 7 })).toEqual([["output-token", "unknown"]]);
});

test("no answer within a hard bound is a violation of that bound, and without one only a failure", async () => {
  const hard = guarantee({ property: "latency-max", bound: "max", value: 1_000, unit: "us" });
  const adapters = [localAdapter(new Map([["text.count@1.0.0", () => new Promise(() => {})]]))];
  const codeOf = async (guarantees: readonly object[]) => {
    const given = execution({ api: API, guarantees });
    const error = await executeDecision({ ...given, input: null, adapters, deadlineUs: 20_000 }).catch(
      (thrown: unknown) => thrown,
    );
    return [isCaioError(error) && error.code, given.receipts[0]?.outcome];
  };

  expect(await codeOf([hard])).toEqual(["caio.guarantee-violated", "violated"]);
  expect(await codeOf([])).toEqual(["caio.execution-failed", "failed"]);
});

test("a library that is not installed is named, and another fault of it is not mistaken for that", async () => {
  const absent = "@canonic/not-there";

  await expect(peer("mcp", absent, () => import(/* @vite-ignore */ absent))).rejects.toMatchObject({
    code: "caio.adapter-missing",
    details: { kind: "mcp", package: absent },
  });
  await expect(peer("mcp", absent, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});
