/**
 * The names of the orchestrator's own commands, in the order of `--help`, and which of them need packs.
 *
 * @module
 */
export const OWN_COMMANDS = [
  "plan",
  "run",
  "resume",
  "approve",
  "void",
  "route",
  "services",
  "runs",
  "show",
  "events",
  "graph",
  "certificates",
  "export",
  "verify",
  "fsck",
  "log",
  "witness",
  "redact",
  "token",
  "halt",
  "arm",
  "mode",
  "keys",
  "doctor",
] as const;
export type OwnCommand = (typeof OWN_COMMANDS)[number];

/** What executes, or judges what packs bring; evidence and the kill switch must not wait for a configuration that does not load. */
const NEED_PACKS: readonly OwnCommand[] = ["plan", "run", "resume", "certificates", "doctor"];

/** True for a command of ours that works where no pack could be loaded. */
export function worksWithoutPacks(name: string | undefined): boolean {
  return OWN_COMMANDS.some((own) => own === name && !NEED_PACKS.includes(own));
}
