/**
 * Certificates of the registry that the run saw: routes, completeness, signatures, and the sources behind them.
 *
 * @module
 */
import type { JsonObject, JsonValue } from "../canonical-json.ts";
import { checkRouting } from "../checks/routing.ts";
import { digestJson } from "../digest.ts";
import { contractDigestOf } from "../registry-snapshot.ts";
import { compileSchema, type SchemaCheck } from "../schema-check.ts";
import type { CertifiedTask } from "./certified-run.ts";
import type { CertificateDefinition } from "./definition.ts";
import type { CertificateLedger } from "./ledger.ts";

export const ROUTING: CertificateDefinition = {
  id: "CERT-01",
  name: "routing",
  description: "Every payload type of the plan goes to exactly one operation, and every task went there.",
  successCriteria: [
    "The routing contract is satisfied.",
    "Decided again from plan and registry snapshot, it gives the same verdict over the same evidence.",
  ],
  failureModes: ["A payload type has no route, or two.", "A task names another operation than its route."],
  verificationMethod: "The routing contract is decided again from plan and registry snapshot.",
  check: (run, ledger) => {
    const { plan, snapshot, verdicts } = run;
    ledger.saw("plan", run.planDigest);
    ledger.saw("registry", plan.registry);
    ledger.satisfied(verdicts, "routing", checkRouting({ plan, snapshot }));
  },
};

export const REGISTRY_COMPLETENESS: CertificateDefinition = {
  id: "CERT-13",
  name: "method-registry completeness",
  description: "What the plan requires, minus what the registry has, is empty; and the other way round.",
  successCriteria: [
    "Every operation that a task names is in the snapshot, under the contract that the task names.",
    "Every route leads to an operation of the snapshot, and every operation has a route.",
    "No operation and no route stands twice.",
  ],
  failureModes: [
    "An operation is missing, or there under another contract.",
    "A route leads nowhere; an operation has no route.",
  ],
  verificationMethod: "Both set differences are computed again from plan and registry snapshot.",
  check: (run, ledger) => {
    const { plan, snapshot } = run;
    ledger.saw("registry", plan.registry);
    const same = digestJson(snapshot) === plan.registry;
    ledger.check(same, "registry-differs", "registry", "the snapshot is not the one that the plan names");
    const registered = new Map<string, string>();
    for (const contract of snapshot.operations) {
      const key = keyOf(contract);
      const digest = contractDigestOf(contract);
      ledger.check(!registered.has(key), "operation-twice", key, `\`${key}\` is registered twice`);
      registered.set(key, digest);
      ledger.saw(`contract/${key}`, digest);
    }
    const routed = new Set(snapshot.routes.map(keyOf));
    for (const key of routed)
      ledger.check(
        registered.has(key),
        "route-to-nowhere",
        key,
        `a route leads to \`${key}\`, which is not registered`,
      );
    for (const key of registered.keys())
      ledger.check(routed.has(key), "operation-unrouted", key, `no route leads to \`${key}\``);
    const types = snapshot.routes.map(({ payloadType }) => payloadType);
    ledger.check(new Set(types).size === types.length, "route-twice", "routes", "a payload type has two routes");
    for (const task of plan.tasks) {
      const key = keyOf(task);
      const message = `\`${key}\` is not registered under the contract that task \`${task.id}\` names`;
      ledger.check(registered.get(key) === task.contract, "operation-missing", task.id, message);
    }
  },
};

export const SIGNATURE_STRICTNESS: CertificateDefinition = {
  id: "CERT-14",
  name: "signature strictness",
  description:
    "An operation takes exactly the arguments of its contract: what the run gave it fits, and the same with one argument missing, one too many or one of another type does not.",
  successCriteria: [
    "The arguments of a task of each operation fit the contract's input schema.",
    "Without any one of the required arguments they do not.",
    "With an argument that the contract does not have they do not.",
    "With any one argument of another type they do not; with all three faults, each is reported.",
  ],
  failureModes: [
    "A contract accepts an argument that it does not name.",
    "A contract requires nothing.",
    "A contract accepts an argument of any type.",
  ],
  verificationMethod:
    "The input schema of each operation of the plan is compiled again and asked about real arguments and about altered ones.",
  check: (run, ledger) => {
    const first = new Map<string, CertifiedTask>();
    for (const one of run.tasks) if (!first.has(one.task.contract)) first.set(one.task.contract, one);
    for (const { task, contract, input } of first.values()) {
      const key = keyOf(task);
      const check = contract === undefined ? undefined : compiled(contract.input);
      if (check === undefined || input === undefined) {
        const what = check === undefined ? "contract" : "arguments";
        ledger.lack("evidence-missing", key, `there are no ${what} of \`${key}\` to try`);
        continue;
      }
      ledger.saw(`contract/${key}`, task.contract);
      trySignature(key, input, requiredOf(contract?.input), check, ledger);
    }
  },
};

export const SOURCE_STRICTNESS: CertificateDefinition = {
  id: "CERT-15",
  name: "source strictness",
  description:
    "Every operation of the plan was executed from a source whose digest is on record, the same in every session of the run.",
  successCriteria: [
    "Every session of the run names its environment.",
    "The environment has a source for each operation of the plan, under the contract that the plan names.",
    "All sessions name the same sources.",
  ],
  failureModes: [
    "A session has no environment on record, or one without the source of an operation.",
    "Two sessions executed an operation from different sources.",
  ],
  verificationMethod:
    "The environments that the journal names are read and compared with the plan; whoever has the sources can digest them again.",
  check: (run, ledger) => {
    const sources = new Map<string, string>();
    for (const [at, session] of run.sessions.entries()) {
      const environment = session?.environment;
      if (session === undefined || environment === undefined) {
        ledger.lack(
          "environment-missing",
          `session ${at + 1}`,
          `session ${at + 1} of the run has no environment on record`,
        );
        continue;
      }
      ledger.saw(`environment/${at + 1}`, session.digest);
      const known = new Map(environment.sources.map((row) => [keyOf(row), row]));
      for (const task of run.plan.tasks) {
        const key = keyOf(task);
        const row = known.get(key);
        const message = `session ${at + 1} names no source of \`${key}\` under the contract of the plan`;
        ledger.check(row !== undefined && row.contract === task.contract, "source-missing", key, message);
        if (row === undefined) continue;
        const before = sources.get(key) ?? row.source;
        ledger.check(before === row.source, "source-changed", key, `the sessions executed \`${key}\` from two sources`);
        sources.set(key, before);
        ledger.saw(`source/${key}`, row.source);
      }
    }
    if (run.sessions.length === 0) ledger.lack("environment-missing", "run", "the run has no session on record");
  },
};

function trySignature(
  key: string,
  input: JsonObject,
  required: readonly string[],
  check: SchemaCheck,
  ledger: CertificateLedger,
): void {
  const accepts = (altered: JsonObject) => check(altered).length === 0;
  ledger.check(accepts(input), "arguments-refused", key, `the contract of \`${key}\` refuses what the run gave it`);
  ledger.check(required.length > 0, "nothing-required", key, `the contract of \`${key}\` requires no argument`);
  const surplus = surplusOf(input);
  const unexpected = { ...input, [surplus]: null };
  ledger.check(
    !accepts(unexpected),
    "unexpected-accepted",
    key,
    `\`${key}\` accepts an argument that it does not have`,
  );
  for (const name of required) {
    const { [name]: _, ...rest } = input;
    ledger.check(!accepts(rest), "missing-accepted", `${key}/${name}`, `\`${key}\` accepts a call without \`${name}\``);
  }
  for (const [name, value] of Object.entries(input)) {
    const altered = { ...input, [name]: otherType(value) };
    ledger.check(!accepts(altered), "type-accepted", `${key}/${name}`, `\`${key}\` accepts \`${name}\` of any type`);
  }
  const [kept, dropped] = [Object.keys(input).find((name) => name !== required[0]), required[0]];
  if (kept === undefined || dropped === undefined) return;
  const { [dropped]: _, ...rest } = { ...unexpected, [kept]: otherType(input[kept]) };
  const message = `\`${key}\` does not report a missing, a surplus and a wrong argument at once`;
  ledger.check(check(rest).length >= 3, "faults-hidden", key, message);
}

function requiredOf(schema: JsonValue | undefined): readonly string[] {
  const required = (schema as JsonObject | undefined)?.["required"];
  return Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
}

/** A name that no argument has. */
function surplusOf(input: JsonObject): string {
  let name = "surplus";
  while (Object.hasOwn(input, name)) name += "-";
  return name;
}

/** A value of another JSON type than any that a contract can want in its place. */
function otherType(value: JsonValue | undefined): JsonValue {
  return typeof value === "boolean" ? "true" : true;
}

function compiled(schema: JsonObject): SchemaCheck | undefined {
  try {
    return compileSchema(schema);
  } catch {
    return undefined;
  }
}

function keyOf({ operation, version }: { readonly operation: string; readonly version: string }): string {
  return `${operation}@${version}`;
}
