/**
 * `route`: one routing question, decided over a catalogue, with every service's verdict under one root.
 *
 * @module
 */
import { basename, resolve } from "node:path";
import {
  authorizationTableOf,
  compileRules,
  decide,
  openRoutePolicies,
  openWorld,
  type PolicySource,
} from "@canonic/caio";
import { millisecondsOf, routeDecisionDigestOf, type Timestamp } from "@canonic/contracts";
import { type Command, Option } from "commander";
import { systemClock } from "../clock.ts";
import { OrchestratorError } from "../errors.ts";
import { EXIT } from "../exit.ts";
import { readNamedFile } from "../files.ts";
import { type CommandContext, printable } from "../invocation.ts";
import { type Catalogue, openCatalogue } from "../routing/catalogue.ts";
import { verifiedIdentity } from "../routing/route-identity.ts";
import { answerLines, answersOf, assertNotKeptOut, doubleMeanings } from "../routing/route-questions.ts";
import { deadliest, decisionLines, tallyLines, tallyOf } from "../routing/route-report.ts";
import { readRouteRequest } from "../routing/route-request-file.ts";
import { readDecision, writeRouted } from "../routing/routed-file.ts";
import { readPolicies, readWorld } from "../routing/world-files.ts";
import { addWorldOptions, type WorldOptions } from "../routing/world-options.ts";
import { readTokenFile } from "../run-token.ts";
import { storeFolder } from "../store.ts";

type Options = WorldOptions & {
  readonly catalogue: string;
  readonly store?: string;
  readonly policies?: readonly string[];
  readonly token?: string;
  readonly at?: string;
  readonly explain?: boolean;
  readonly whyNot?: string;
  readonly whatIf?: string;
  readonly diff?: string;
  readonly out?: string;
};

export function addRoute(program: Command, { invocation, config }: CommandContext): void {
  const command = program
    .command("route")
    .description("decide which service answers a request: a verdict for each, one choice or a refusal with its code")
    .argument("<request>", "a routing request (YAML or JSON); only `capabilities` is needed");
  addWorldOptions(command)
    .addOption(new Option("--policies <file...>", "Cedar policies that a service must be permitted by"))
    .addOption(new Option("--token <file>", "who asks: a token that the store trusts; without it nobody does"))
    .addOption(new Option("--at <moment>", "decide as of this moment, like 2026-01-31T12:00:00.000Z (default: now)"))
    .addOption(new Option("--explain", "say at which clause services fell, and which entries were kept out"))
    .addOption(
      new Option("--why-not <service>", "every clause that a service failed, with what was asked and what it has"),
    )
    .addOption(new Option("--what-if <service>", "the smallest change of the request that would admit a service"))
    .addOption(new Option("--diff <decision>", "what differs from another decision: a routed file or a record"))
    .addOption(new Option("--out <file>", "write decision and world for `canonic verify`; must not exist"))
    .addHelpText(
      "after",
      "\nExamples:\n  canonic route request.yaml --catalogue catalogue\n  canonic route request.yaml --catalogue catalogue --rules rules.yaml --profile cheapest --explain\n  canonic route request.yaml --catalogue catalogue --why-not azure/gpt-4o --what-if azure/gpt-4o\n  canonic route request.yaml --catalogue catalogue --token token.txt --policies access.cedar --out routed.json",
    )
    .action(async (file: string, options: Options) => {
      const { terminal, cwd } = invocation;
      if (options.catalogue === undefined) command.error("error: required option '--catalogue <folder>' not specified");
      const request = readRouteRequest(readNamedFile(resolve(cwd, file)), file);
      const catalogue = await openCatalogue(resolve(cwd, options.catalogue));
      const world = readWorld(catalogue.snapshot, options, cwd);
      const policies = readPolicies(options.policies ?? [], cwd);
      const { text: at, ms } = momentOf(options.at);
      const identity =
        options.token === undefined
          ? null
          : await verifiedIdentity(
              readTokenFile(resolve(cwd, options.token)),
              storeFolder(cwd, options.store, config.store),
              at,
            );
      const opened = openWorld(world, compileRules(world.rules, world.snapshot));
      const authorization =
        policies.length === 0
          ? null
          : authorizationTableOf(await openRoutePolicies(policies), identity, request.dataClass, world.snapshot);
      const decided = decide(opened, { request, identity, authorization, at: ms });
      const decision = decided.record();
      const digest = routeDecisionDigestOf(decision);
      const asked = {
        explain: options.explain === true,
        whyNot: options.whyNot,
        whatIf: options.whatIf,
        diff: options.diff === undefined ? undefined : readDecision(resolve(cwd, options.diff), options.diff),
      };
      assertNotKeptOut(catalogue, asked);
      const answers = answersOf(decided, asked);
      const tallies = tallyOf(decided);
      const killers = decision.outcome.kind === "refused" ? deadliest(tallies, decision) : [];
      if (options.out !== undefined) {
        const parts = {
          decision,
          request,
          identity,
          authorization,
          policies: policies.map(nameOnly),
          world: opened.world,
        };
        writeRouted(resolve(cwd, options.out), { schema: "canonic/routed/v1", ...parts });
      }
      for (const line of doubleMeanings(catalogue.snapshot, asked)) terminal.note(printable(`canonic: ${line}`));
      noteQuarantine(invocation, catalogue, options.explain === true);
      terminal.document({
        decision,
        digest,
        catalogue: countsOf(catalogue),
        ...(decision.outcome.kind === "refused" ? { killers } : {}),
        ...(options.explain === true ? { clauses: tallies, quarantined: catalogue.quarantined } : {}),
        ...answers,
        ...(options.out === undefined ? {} : { file: resolve(cwd, options.out) }),
      });
      const [first = "", ...rest] = decisionLines(decision, digest, killers);
      const isChosen = decision.outcome.kind === "chosen";
      terminal.line(isChosen ? terminal.good(printable(first)) : terminal.bad(printable(first)));
      for (const line of rest) terminal.line(printable(line));
      if (options.explain === true) {
        terminal.line("clauses");
        for (const line of tallyLines(tallies)) terminal.line(printable(line));
        terminal.line("why");
      }
      for (const line of answerLines(answers)) terminal.line(printable(line));
      if (options.out !== undefined) terminal.line(printable(`file      ${resolve(cwd, options.out)}`));
      if (!isChosen) invocation.endWith(EXIT.refused);
    });
}

/** @throws {OrchestratorError} `orchestrator.option-invalid`. */
function momentOf(option: string | undefined): { readonly text: Timestamp; readonly ms: number } {
  const text = option ?? systemClock.now();
  const ms = millisecondsOf(text);
  if (ms !== undefined) return { text, ms };
  const expected = "a moment in UTC with milliseconds, like 2026-01-31T12:00:00.000Z";
  throw new OrchestratorError("orchestrator.option-invalid", `\`--at\` takes ${expected}`, {
    option: "--at",
    expected,
  });
}

/** A policy by the name of its file alone: where it lay is no part of the decision, and stays on this machine. */
function nameOnly({ name, text }: PolicySource): PolicySource {
  return { name: basename(name), text };
}

function countsOf({ files, snapshot, quarantined }: Catalogue) {
  return { files, services: snapshot.services.length, quarantined: quarantined.length };
}

/** What was kept out is said beside the result; each with its reasons under `--explain`. */
export function noteQuarantine(
  { terminal }: CommandContext["invocation"],
  { quarantined }: Pick<Catalogue, "quarantined">,
  isExplained: boolean,
): void {
  if (quarantined.length === 0) return;
  const hint = isExplained ? "" : "; --explain lists them";
  terminal.note(
    `canonic: ${quarantined.length} ${quarantined.length === 1 ? "entry was" : "entries were"} kept out of the catalogue${hint}`,
  );
  if (!isExplained) return;
  for (const { place, reasons } of quarantined)
    for (const { code, place: where, message } of reasons)
      terminal.note(printable(`  ${place}  ${code}  ${where}  ${message}`));
}
