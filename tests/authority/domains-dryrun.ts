/**
 * The simulations of the three domains: they reach nothing outside, and their receipts say so.
 *
 * @module
 */
import { digestJson, type JsonObject, type Operation } from "@canonic/contracts";
import { contractsOf } from "./domains-contracts.ts";

type Run = Operation["run"];

export const PURE: Readonly<Record<string, Run>> = {
  "source.pin": ({ name }) => ({ digest: digestJson(name ?? null), name: name ?? "" }),
  "rows.count": ({ digest, limit }) => ({ count: Math.min(String(digest).length, Number(limit ?? 100)) }),
  "rows.burst": () => {
    throw new Error("text of the operation, which nobody may see");
  },
  "rows.reach": async () => {
    const { spawnSync } = (await import("node:child_process")) as typeof import("node:child_process");
    return { status: spawnSync("true").status ?? 0 } as JsonObject;
  },
};

export const operations: readonly Operation[] = contractsOf("dryrun").map((contract) => ({
  contract,
  run: PURE[contract.operation] ?? (({ entry }) => ({ recorded: entry ?? "", simulated: true })),
}));
