/**
 * `certificates`: the fifteen certificates of a run, computed from the store, and held against what is installed now.
 *
 * @module
 */
import { type LogReader, listRuns, readCertifiable } from "@canonic/audit";
import { type Certificate, type CertifiedRun, certify, type RunId, statusAgainst } from "@canonic/contracts";
import type { Command } from "commander";
import { OrchestratorError } from "../errors.ts";
import { EXIT } from "../exit.ts";
import { installedSources } from "../installed-sources.ts";
import { type CommandContext, printable } from "../invocation.ts";
import { storeFolder, withReader } from "../store.ts";
import { runIdOf } from "./inspect.ts";

type Options = { readonly store?: string; readonly run?: string };

export function addCertificates(program: Command, { invocation, config }: CommandContext): void {
  program
    .command("certificates")
    .description(
      "compute a run's fifteen certificates: ACTIVE, PENDING with what is missing, or REVOKED by a change since",
    )
    .option("--run <run>", "the run's id (default: the latest that is sealed)")
    .addHelpText(
      "after",
      "\nExamples:\n  canonic certificates\n  canonic certificates --run run_0123456789abcdef0123 --json",
    )
    .action(async (options: Options) => {
      const { terminal, cwd } = invocation;
      const run = await withReader(storeFolder(cwd, options.store, config.store), async (reader) =>
        sealedRun(reader, options.run === undefined ? await latestSealed(reader) : runIdOf(options.run)),
      );
      const installed = installedSources(run.plan, run.artifacts, config.packs);
      const certificates = certify(run).map((certificate) => statusAgainst(certificate, installed));
      const counts = countsOf(certificates);
      terminal.document({ run: run.run, plan: run.planDigest, sealedAt: run.sealedAt, counts, certificates });
      terminal.line(terminal.strong(run.run));
      for (const { id, name, status, missing } of certificates) {
        const shown = status === "ACTIVE" ? terminal.good(status) : terminal.bad(status);
        terminal.line(`  ${id}  ${name.padEnd(30)} ${shown}`);
        for (const { code, message } of missing.slice(0, 3)) terminal.line(printable(`           ${code}: ${message}`));
      }
      terminal.line(`  ${counts.ACTIVE} active, ${counts.PENDING} pending, ${counts.REVOKED} revoked`);
      if (counts.REVOKED > 0) invocation.endWith(EXIT.refused);
    });
}

async function sealedRun(reader: LogReader, run: RunId): Promise<CertifiedRun> {
  const found = await readCertifiable(reader, run);
  if (found !== undefined) return found;
  throw new OrchestratorError("orchestrator.run-unsealed", `\`${run}\` is not sealed: nothing certifies it yet`, {
    run,
  });
}

async function latestSealed(reader: LogReader): Promise<RunId> {
  const sealed = (await listRuns(reader)).findLast(({ status }) => status !== null);
  if (sealed !== undefined) return sealed.run;
  throw new OrchestratorError("orchestrator.run-unknown", "the store has no sealed run, see `canonic runs`", {
    run: "",
  });
}

function countsOf(certificates: readonly Certificate[]): Record<Certificate["status"], number> {
  const counts = { ACTIVE: 0, PENDING: 0, REVOKED: 0 };
  for (const { status } of certificates) counts[status] += 1;
  return counts;
}
