import type { RuleSet, ServiceContract } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import { isCaioError, openRouter, type RouterOptions, requestOf, snapshotOf } from "../src/index.ts";
import { CONTRACT, ruleOf, ruleSetOf } from "./rules-support.ts";

const PURE = ruleSetOf(ruleOf("pure-alone", "true", "require", 'service.effect == "pure"'));
const asked = requestOf({ capabilities: ["chat"] });

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return isCaioError(error) ? error.code : `not coded: ${String(error)}`;
  }
  return "nothing thrown";
}

describe("openRouter", () => {
  test("decides in the world that it was opened with, whatever becomes of the values since", () => {
    const changes: ((contract: ServiceContract, options: RouterOptions & { rules: RuleSet }) => void)[] = [
      (contract) => Object.assign(contract, { effect: "pure" }),
      (_, { rules }) => Object.assign(rules.rules[0] ?? {}, { effect: { kind: "require", expression: "true" } }),
      (_, { rules }) => rules.rules.pop(),
      (_, { services }) => Object.assign(services, { services: [] }),
    ];
    for (const change of changes) {
      const options = structuredClone({ services: snapshotOf([CONTRACT]), rules: PURE });
      const untouched = openRouter(structuredClone(options)).route(asked, { at: 0 }).record();
      const router = openRouter(options);

      change((options.services.services[0] as { contract: ServiceContract }).contract, options);

      expect(router.route(asked, { at: 0 }).record()).toEqual(untouched);
      expect(untouched.outcome).toEqual({ kind: "refused", code: "caio.no-rule-satisfying" });
    }
  });

  test("takes contracts in any order, and a snapshot of them, for the same world", () => {
    const other = { ...CONTRACT, service: "acme/other" as ServiceContract["service"] };
    const records = [[CONTRACT, other], [other, CONTRACT], snapshotOf([other, CONTRACT])].map((services) =>
      openRouter({ services }).route(asked, { at: 0 }).record(),
    );

    expect(records[1]).toEqual(records[0]);
    expect(records[2]).toEqual(records[0]);
  });

  test("says by code what cannot be opened", () => {
    const open = (options: unknown) => codeOf(() => openRouter(options as RouterOptions));

    for (const services of [null, undefined, "x", {}, [null], [CONTRACT, CONTRACT], { ...snapshotOf([]), services: 1 }])
      expect(open({ services }), JSON.stringify(services)).toBe("caio.world-invalid");
    for (const rules of [null, {}, { rules: null }, { ...PURE, rules: [{}] }])
      expect(open({ services: [], rules }), JSON.stringify(rules)).toBe("caio.world-invalid");
    expect(open({ services: [], rules: ruleSetOf(ruleOf("a", "true", "require", "1 +")) })).toBe("caio.rule-invalid");
  });
});
