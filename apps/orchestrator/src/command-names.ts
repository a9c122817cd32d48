/**
 * The names of the orchestrator's own commands, in the order of `--help`.
 *
 * @module
 */
export const OWN_COMMANDS = [
  "plan",
  "run",
  "resume",
  "approve",
  "void",
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
  "route",
  "services",
] as const;
export type OwnCommand = (typeof OWN_COMMANDS)[number];
