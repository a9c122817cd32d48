/**
 * `services drain`, `resume`, `retire`, `promote`, `health`: one step of one service.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Changed, ServiceReader, ServiceRegistry, ServiceStanding } from "@canonic/registry";
import { type Command, Option } from "commander";
import { OrchestratorError } from "../errors.ts";
import { type CommandContext, printable } from "../invocation.ts";
import { withServices } from "../routing/service-store.ts";
import { type Change, EXAMPLE, healthOf, withBy, withCatalogue } from "./service-options.ts";

type Invocation = CommandContext["invocation"];

type Step = "drain" | "resume" | "retire" | "promote";

export function addStep(services: Command, invocation: Invocation, step: Step, description: string): void {
  withBy(withCatalogue(services.command(step).description(description)))
    .argument("<service>", "an id, or id@version")
    .addHelpText("after", `\nExample:\n  canonic services ${step} azure/gpt-4o ${EXAMPLE}`)
    .action(async (name: string, { catalogue, by }: Change) => {
      await changed(invocation, catalogue, name, (registry, named) => registry[step](named, { by }));
    });
}

type HealthOptions = Change & { readonly status: "healthy" | "unhealthy"; readonly ttlMs: string };

export function addHealth(services: Command, invocation: Invocation): void {
  withBy(
    withCatalogue(
      services.command("health").description("say what was seen of a service, and for how long to believe it"),
    ),
  )
    .argument("<service>", "an id, or id@version")
    .addOption(new Option("--status <status>", "what was seen").choices(["healthy", "unhealthy"]).makeOptionMandatory())
    .addOption(new Option("--ttl-ms <n>", "believed for so many milliseconds, at most a week").default("60000"))
    .addHelpText(
      "after",
      `\nExample:\n  canonic services health azure/gpt-4o --status unhealthy --ttl-ms 300000 ${EXAMPLE}`,
    )
    .action(async (name: string, { catalogue, by, status, ttlMs }: HealthOptions) => {
      if (!/^[1-9]\d{0,9}$/.test(ttlMs)) {
        const expected = "a whole number of milliseconds from 1";
        throw new OrchestratorError("orchestrator.option-invalid", `\`--ttl-ms\` takes ${expected}`, {
          option: "--ttl-ms",
          expected,
        });
      }
      await changed(invocation, catalogue, name, (registry, named) =>
        registry.health(named, status, Number(ttlMs), { by }),
      );
    });
}

/** Changes one service, and says what stands now. */
async function changed(
  { terminal, cwd }: Invocation,
  catalogue: string,
  name: string,
  change: (
    registry: ServiceRegistry,
    named: { readonly service: string; readonly version: string },
  ) => Promise<Changed>,
): Promise<void> {
  const { result, standing } = await withServices(resolve(cwd, catalogue), false, async (registry) => {
    const { service, version } = await standingOf(registry, name, false);
    const done = await change(registry, { service, version });
    return { result: done, standing: await standingOf(registry, `${service}@${version}`, true) };
  });
  terminal.document({ changed: result.changed, revision: result.head.revision, service: standing });
  const how = result.changed ? "" : " (it was before)";
  terminal.line(
    printable(
      `${standing.state}  ${standing.service}@${standing.version}${healthOf(standing)}${how}, revision ${result.head.revision}`,
    ),
  );
}

/**
 * The version that a person means: `id@version`, or an id of which one version is there that is not retired.
 *
 * @throws {OrchestratorError} `orchestrator.service-unknown`.
 */
export async function standingOf(reader: ServiceReader, text: string, isRetiredToo: boolean): Promise<ServiceStanding> {
  const { services } = await reader.standings();
  const exact = services.find(({ service, version }) => `${service}@${version}` === text);
  if (exact !== undefined) return exact;
  const versions = services.filter(({ service }) => service === text);
  const alive = versions.filter(({ state }) => state !== "retired");
  const [only, second] = alive.length === 0 && isRetiredToo ? versions.slice(-1) : alive;
  if (only !== undefined && second === undefined) return only;
  const which = alive.map(({ version }) => version).join("`, `");
  const message =
    second === undefined
      ? `\`${text}\` is not registered`
      : `\`${text}\` has versions \`${which}\`: name one, id@version`;
  throw new OrchestratorError("orchestrator.service-unknown", message, { service: text });
}
