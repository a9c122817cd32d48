/**
 * `services`: the registry of services that routing chooses from.
 *
 * @module
 */
import { resolve } from "node:path";
import { CATALOGUE_FORMATS, type CatalogueFormat } from "@canonic/caio";
import { type Command, Option } from "commander";
import { counted } from "../counted.ts";
import { EXIT } from "../exit.ts";
import { type CommandContext, printable } from "../invocation.ts";
import { readCatalogueFile } from "../routing/catalogue-folder.ts";
import { type Imported, importServices } from "../routing/import-services.ts";
import { withServices, withServicesReader } from "../routing/service-store.ts";
import { noteQuarantine } from "./route.ts";
import { type Change, type Common, EXAMPLE, healthOf, withBy, withCatalogue } from "./service-options.ts";
import { addHealth, addStep, standingOf } from "./service-steps.ts";

type Invocation = CommandContext["invocation"];

export function addServices(program: Command, { invocation }: CommandContext): void {
  const services = program
    .command("services")
    .description("the registry of services that `route` and `plan` choose from");
  addImport(services, invocation);
  addList(services, invocation);
  addShow(services, invocation);
  addStep(services, invocation, "drain", "take no new decision from now on; what runs may end");
  addStep(services, invocation, "resume", "let what drains be what it was");
  addStep(services, invocation, "retire", "leave the registry for good; history stays");
  addStep(services, invocation, "promote", "end the probation, by the keeper's word");
  addHealth(services, invocation);
  addHistory(services, invocation);
}

type ImportOptions = Change & {
  readonly format?: CatalogueFormat;
  readonly active?: boolean;
  readonly explain?: boolean;
};

function addImport(services: Command, { terminal, cwd, endWith }: Invocation): void {
  const command = services
    .command("import")
    .description("register what catalogue files hold, in one change; what contradicts itself is kept out")
    .argument("<file...>", "catalogue files; each format is recognised by its shape");
  withBy(withCatalogue(command))
    .addOption(new Option("--format <format>", "where a file fits two formats").choices(CATALOGUE_FORMATS))
    .addOption(new Option("--active", "admit them as active, not on probation"))
    .addOption(new Option("--explain", "name the fields of each entry, and why entries were kept out"))
    .addHelpText(
      "after",
      `\nExamples:\n  canonic services import prices.json ${EXAMPLE}\n  canonic services import server.json card.json ${EXAMPLE} --active --explain`,
    )
    .action(async (names: readonly string[], options: ImportOptions) => {
      const files = names.map((name) => readCatalogueFile(resolve(cwd, name), name));
      const settings = { format: options.format ?? null, isActive: options.active === true, by: options.by };
      const imported = await withServices(resolve(cwd, options.catalogue), true, (registry) =>
        importServices(registry, files, settings),
      );
      const { registered, unchanged, quarantined, revision, reports } = imported;
      const fields = fieldCounts(imported);
      const names_ = registered.map(({ service, version }) => `${service}@${version}`);
      const explained = options.explain === true ? { entries: reports.flatMap(({ entries }) => entries) } : {};
      terminal.document({ revision, registered: names_, unchanged, quarantined, fields, ...explained });
      noteQuarantine({ terminal } as Invocation, { quarantined }, options.explain === true);
      terminal.line(`imported  ${counted(registered.length, "service")}, ${unchanged} unchanged, revision ${revision}`);
      const { mapped, unmapped, assumed } = fields;
      terminal.line(`fields    ${mapped} mapped, ${unmapped} unmapped, ${assumed} assumed`);
      if (options.explain === true) for (const line of entryLines(imported)) terminal.line(printable(line));
      if (registered.length + unchanged === 0 && quarantined.length > 0) endWith(EXIT.refused);
    });
}

function fieldCounts({ reports }: Imported) {
  const counts = { mapped: 0, unmapped: 0, assumed: 0 };
  for (const { entries } of reports)
    for (const entry of entries) {
      counts.mapped += entry.mapped.length;
      counts.unmapped += entry.unmapped.length;
      counts.assumed += entry.assumed.length;
    }
  return counts;
}

function entryLines({ reports }: Imported): string[] {
  const shown = (fields: readonly string[]) => (fields.length === 0 ? "none" : fields.join(" "));
  return reports.flatMap(({ format, entries }) =>
    entries.flatMap(({ place, service, mapped, unmapped, assumed }) => [
      `  ${service}  (${format}, ${place})`,
      `    mapped    ${shown(mapped)}`,
      `    unmapped  ${shown(unmapped)}`,
      `    assumed   ${shown(assumed)}`,
    ]),
  );
}

function addList(services: Command, { terminal, cwd }: Invocation): void {
  withCatalogue(services.command("list").description("every version of every service, and its state"))
    .addHelpText("after", `\nExample:\n  canonic services list ${EXAMPLE}`)
    .action(async ({ catalogue }: Common) => {
      const { revision, services: standing } = await withServicesReader(resolve(cwd, catalogue), (reader) =>
        reader.standings(),
      );
      terminal.document({ revision, services: standing });
      for (const one of standing)
        terminal.line(printable(`${one.state.padEnd(9)}  ${one.service}@${one.version}${healthOf(one)}`));
      terminal.line(`${counted(standing.length, "version")}, revision ${revision}`);
    });
}

function addShow(services: Command, { terminal, cwd }: Invocation): void {
  withCatalogue(services.command("show").description("one service: its state, its contract, and what happened to it"))
    .argument("<service>", "an id, or id@version")
    .addHelpText("after", `\nExample:\n  canonic services show azure/gpt-4o ${EXAMPLE}`)
    .action(async (name: string, { catalogue }: Common) => {
      const found = await withServicesReader(resolve(cwd, catalogue), async (reader) => {
        const standing = await standingOf(reader, name, true);
        const changes: { revision: number; at: string; by: string; actions: readonly string[] }[] = [];
        for await (const { change } of reader.history()) {
          const { revision, at, by } = change;
          const own = change.actions.filter(
            ({ service, version }) => service === standing.service && version === standing.version,
          );
          if (own.length > 0) changes.push({ revision, at, by, actions: own.map(({ kind }) => kind) });
        }
        return { standing, contract: await reader.contract(standing.contract), changes };
      });
      const { standing, contract, changes } = found;
      terminal.document(found);
      terminal.line(printable(`${standing.service}@${standing.version}  ${standing.state}${healthOf(standing)}`));
      terminal.line(
        printable(
          `contract  ${standing.contract}, owner ${standing.owner ?? "not named"}, ${standing.signedBy === null ? "not signed" : `signed by ${standing.signedBy}`}`,
        ),
      );
      if (contract !== undefined) terminal.line(printable(`          ${contract.capabilities.join(", ")}`));
      for (const { revision, at, by, actions } of changes)
        terminal.line(printable(`  ${revision}  ${at}  ${by}  ${actions.join(", ")}`));
    });
}

function addHistory(services: Command, { terminal, cwd }: Invocation): void {
  withCatalogue(
    services
      .command("history")
      .description("every change, checked to follow on the one before it and to give what stands"),
  )
    .addHelpText("after", `\nExample:\n  canonic services history ${EXAMPLE}`)
    .action(async ({ catalogue }: Common) => {
      const changes = await withServicesReader(resolve(cwd, catalogue), async (reader) => {
        await reader.check();
        const all = [];
        for await (const { change, digest } of reader.history()) all.push({ digest, ...change });
        return all;
      });
      terminal.document({ changes });
      for (const { revision, at, by, actions, digest } of changes) {
        terminal.line(printable(`${revision}  ${at}  ${by}  ${digest}`));
        for (const { kind, service, version } of actions.slice(0, 10))
          terminal.line(printable(`   ${kind}  ${service}@${version}`));
        if (actions.length > 10) terminal.line(`   and ${actions.length - 10} more`);
      }
    });
}
