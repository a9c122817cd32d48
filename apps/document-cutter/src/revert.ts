/**
 * `canonic revert RUN`: the compensation of a cut, as a run of its own behind the gate SG_R.
 *
 * @module
 */
import type { PackCommand, PackHost, PackInput } from "@canonic/orchestrator";
import { compensationOf, planRevert } from "./plan-revert.ts";
import { resourcesFor } from "./run-resources.ts";

export const revert: PackCommand = {
  name: "revert",
  arguments: "<run>",
  argumentHelp: "a live run of `canonic cut` that has written",
  summary: "take back what a live cut wrote: exactly the compensation that it pinned before it wrote anything",
  options: [],
  examples: [
    "canonic revert run_0123456789abcdef0123",
    "canonic revert run_0123456789abcdef0123 --database postgres://…",
  ],
  run: runRevert,
};

async function runRevert({ arguments: [run = ""], options }: PackInput, host: PackHost): Promise<void> {
  const compensation = compensationOf(run, await host.readRun(run));
  const frozen = planRevert(compensation, host.seed, host.registry("live").snapshot);
  await host.execute({
    ...frozen,
    payloads: [],
    about: `${compensation.document}, taking back ${run}`,
    resources: resourcesFor({}, { options, env: host.env, cwd: host.cwd, store: host.store }),
  });
}
