/**
 * `halt`, `arm` and `mode`: the kill switch, and whether live writes may happen. They work while another process runs.
 *
 * @module
 */
import { ARMED_SECONDS, ARMED_SECONDS_MAX, arm, halt } from "@canonic/authority";
import { type ModeRecord, modeAt } from "@canonic/contracts";
import { LOCAL_USER } from "@canonic/planner";
import { type Command, Option } from "commander";
import { readAuthority } from "../authority-reader.ts";
import { systemClock } from "../clock.ts";
import { type CommandContext, printable } from "../invocation.ts";
import { journalAuthority, storeFolder, withAuthority } from "../store.ts";
import { secondsOf } from "../whole-numbers.ts";

type Order = { readonly store?: string; readonly reason: string; readonly by: string; readonly for?: string };

export function addHalt(program: Command, context: CommandContext): void {
  order(program, "halt", "the kill switch: refuse everything, in every process, until somebody arms")
    .addHelpText("after", '\nExample:\n  canonic halt --reason "the source is wrong"')
    .action((options: Order) =>
      change(context, options, (authority, by) => {
        return halt(authority, { by, reason: options.reason, now: systemClock.now() });
      }),
    );
}

export function addArm(program: Command, context: CommandContext): void {
  order(program, "arm", "allow live writes for a while; the store is safe again by itself")
    .addOption(new Option("--for <seconds>", `1 to ${ARMED_SECONDS_MAX} (default: ${ARMED_SECONDS})`))
    .addHelpText("after", '\nExample:\n  canonic arm --reason "cutting the law of 2024" --for 600')
    .action((options: Order) => {
      const seconds = secondsOf("--for", options.for, ARMED_SECONDS_MAX, ARMED_SECONDS);
      return change(context, options, (authority, by) => {
        return arm(authority, { by, reason: options.reason, now: systemClock.now(), seconds });
      });
    });
}

export function addMode(program: Command, { invocation, config }: CommandContext): void {
  program
    .command("mode")
    .description("show whether the store is safe, armed or halted, since when and by whom")
    .addHelpText("after", "\nExample:\n  canonic mode --json")
    .action(async (options: { readonly store?: string }) => {
      const folder = storeFolder(invocation.cwd, options.store, config.store);
      const record = readAuthority(folder, (authority) => authority.mode());
      say({ invocation }, record, true);
    });
}

function order(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .requiredOption("--reason <text>", "why, in your own words")
    .addOption(new Option("--by <name>", "whose order it is").default(LOCAL_USER));
}

async function change(
  { invocation, config }: CommandContext,
  options: Order,
  act: (authority: Parameters<typeof halt>[0], by: string) => ModeRecord | Promise<ModeRecord>,
): Promise<void> {
  const folder = storeFolder(invocation.cwd, options.store, config.store);
  await withAuthority(folder, async (authority) => {
    const record = await act(authority, options.by);
    const journaled = await journalAuthority(folder, authority);
    say({ invocation }, record, journaled);
  });
}

function say(
  { invocation }: Pick<CommandContext, "invocation">,
  record: ModeRecord | undefined,
  journaled: boolean,
): void {
  const { terminal } = invocation;
  const mode = modeAt(record, systemClock.now());
  terminal.document({ mode, record: record ?? null, journaled });
  const shown = mode === "halted" ? terminal.bad(mode) : mode === "armed" ? terminal.strong(mode) : terminal.good(mode);
  terminal.line(`mode    ${shown}${mode === "armed" ? ` until ${record?.until}` : ""}`);
  if (record !== undefined)
    terminal.line(printable(`        ${record.mode} since ${record.since} by ${record.by}: ${record.reason}`));
  if (!journaled) terminal.note("canonic: in force now; the process that holds the log will journal it");
}
