/**
 * What the command line of `canonic-verify` says.
 *
 * @module
 */
import { parseArgs } from "node:util";

export type Asked =
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly message: string; readonly json: boolean }
  | {
      readonly kind: "verify";
      readonly bundle: string;
      readonly trust: string;
      readonly policy: string | undefined;
      readonly tsaCa: string | undefined;
      readonly at: string | undefined;
      readonly json: boolean;
    };

export const HELP = `canonic-verify <bundle> --trust <file> [--policy <file>] [--tsa-ca <file>] [--at <moment>] [--json]

Judges a bundle of evidence, or an archive of several, offline: VALID, INVALID or INDETERMINATE, with every reason.

  <bundle>           the bundle's folder or tar file
  --trust <file>     the trust file; trust never comes from the bundle
  --policy <file>    a C2SP tlog-policy that the checkpoint must satisfy as well
  --tsa-ca <file>    certificates in PEM under which a time stamp of the checkpoint counts
  --at <moment>      judge as of this moment, like 2026-01-31T12:00:00.000Z, or the end of this day (UTC)
  --json             print one JSON document on standard output and nothing else
  --help             this text

It uses no network and no clock but that moment, and writes no file. Operations are not executed again: \`canonic verify --replay\`
of @canonic/orchestrator does that, with the packs that have them.

Exit codes: 0 VALID, 1 INVALID or INDETERMINATE, 2 bad usage or input.
`;

export function readArguments(argv: readonly string[]): Asked {
  const options = {
    trust: { type: "string" },
    policy: { type: "string" },
    "tsa-ca": { type: "string" },
    at: { type: "string" },
    json: { type: "boolean" },
    replay: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  } as const;
  const json = argv.includes("--json");
  const wrong = (message: string): Asked => ({ kind: "wrong", message, json });
  let parsed: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true; args: string[] }>>;
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch {
    return wrong("unknown or incomplete option; see `canonic-verify --help`");
  }
  const { values, positionals } = parsed;
  if (values.help === true) return { kind: "help" };
  if (values.replay === true)
    return wrong("operations are executed again by `canonic verify --replay`, which loads the packs that have them");
  const [bundle, ...more] = positionals;
  if (bundle === undefined || more.length > 0)
    return wrong("one bundle is expected: canonic-verify <bundle> --trust <file>");
  if (values.trust === undefined) return wrong("--trust <file> is missing: trust never comes from the bundle");
  return {
    kind: "verify",
    bundle,
    trust: values.trust,
    policy: values.policy,
    tsaCa: values["tsa-ca"],
    at: values.at,
    json,
  };
}
