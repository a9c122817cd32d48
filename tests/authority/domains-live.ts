/**
 * The live adapters of the three domains: the ledger is a folder. A folder with a file `paced` is written one entry at a time,
 * each when the test says so, so that a test can act between two writes without a clock.
 *
 * @module
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { JsonObject, Operation } from "@canonic/contracts";
import { contractsOf } from "./domains-contracts.ts";
import { PURE } from "./domains-dryrun.ts";

export function connect(resources: JsonObject): readonly Operation[] {
  const ledger = String(resources["ledger"]);
  const record: Operation["run"] = async ({ entry }, { fence }) => {
    const name = String(entry);
    writeFileSync(join(ledger, name), String(fence));
    while (existsSync(join(ledger, "paced")) && !existsSync(join(ledger, `${name}.go`))) await wait(10);
    return { recorded: name, simulated: false };
  };
  return contractsOf("live").map((contract) => ({ contract, run: PURE[contract.operation] ?? record }));
}
