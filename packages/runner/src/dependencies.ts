/**
 * The operations that another one may call: those that its contract declares, and under their own contracts.
 *
 * Invariants:
 *   D1. Exactly the declared names are there. A dependency sees those that its own contract declares, never its caller's.
 *   D2. A dependency is pure or reads. It has no idempotency key, no fence, and never more rights than its caller: each of
 *       its capabilities is one that its caller declares and a token allows, and a trusted operation runs no untrusted code.
 *   D3. An input or output that its own contract's schema does not take never passes.
 *   D4. Its tokens are its caller's; it draws from a stream of its own.
 *
 * @module
 */
import {
  byVersion,
  canonicalJson,
  compileSchema,
  digestJson,
  freezeDeep,
  type JsonObject,
  type JsonValue,
  type Operation,
  type OperationContext,
  type OperationContract,
  type SchemaCheck,
} from "@canonic/contracts";
import { contextOf } from "./context.ts";
import { RunnerError, type RunnerErrorDetails } from "./errors.ts";
import type { Entitlement } from "./ports.ts";
import type { TokenMeter } from "./token-meter.ts";

type Dependencies = NonNullable<OperationContext["dependencies"]>;

/** What is the same for an operation and all below it. */
export type CallTree = {
  readonly known: readonly Operation[];
  readonly entitlement: Entitlement;
  readonly signal: () => AbortSignal;
  readonly meter: TokenMeter;
};

/**
 * The context of an operation, with its dependencies in it.
 *
 * @throws {RunnerError} `runner.dependency-invalid` when a declared one is not there or may not be one.
 */
export function contextWithin(
  tree: CallTree,
  contract: OperationContract,
  callers: readonly string[],
): OperationContext {
  const declared = contract.crossDomainDeps;
  const dependencies = declared.length === 0 ? null : dependenciesOf(tree, contract, callers);
  const report = contract.tokensMax === undefined ? null : tree.meter.report;
  return contextOf(tree.entitlement, { signal: tree.signal, report, dependencies });
}

function dependenciesOf(tree: CallTree, caller: OperationContract, callers: readonly string[]): Dependencies {
  const path = [...callers, caller.operation];
  const dependencies: Record<string, Dependencies[keyof Dependencies]> = Object.create(null);
  for (const name of caller.crossDomainDeps) {
    const operation = find(tree.known, caller, name, path);
    const { contract } = operation;
    const below = { ...tree, entitlement: entitlementBelow(tree.entitlement, contract) };
    const context = contextWithin(below, contract, path);
    const checks = checksOf(contract);
    dependencies[name] = async (input) => {
      const value = checked(caller, contract, checks.input, "input", input);
      return checked(caller, contract, checks.output, "output", await operation.run(value as JsonObject, context));
    };
  }
  return Object.freeze(dependencies);
}

function find(
  known: readonly Operation[],
  caller: OperationContract,
  name: string,
  path: readonly string[],
): Operation {
  const refuse = (reason: string): never => {
    throw invalid(caller, name, reason);
  };
  const candidates = known.filter(({ contract }) => contract.operation === name && contract.mode === caller.mode);
  const found = candidates.sort((a, b) => byVersion(b.contract.version, a.contract.version))[0];
  if (path.includes(name)) return refuse("it would call itself");
  if (found === undefined) return refuse("no module brings it");
  if (found.contract.effect === "write") return refuse("it writes");
  const lacking = (found.contract.capabilities ?? []).find((name) => !caller.capabilities?.includes(name));
  if (lacking !== undefined) return refuse(`it has capability \`${lacking}\`, which its caller does not declare`);
  if (caller.isolation !== "untrusted" && found.contract.isolation === "untrusted") return refuse("it is untrusted");
  return found;
}

function entitlementBelow(entitlement: Entitlement, contract: OperationContract): Entitlement {
  const { task, seed, now } = entitlement;
  return {
    task,
    seed: contract.determinism === "seeded" && seed !== null ? digestJson({ seed, of: contract.operation }) : null,
    now: contract.determinism === "recorded" ? now : null,
    idempotencyKey: null,
    fence: null,
  };
}

const compiled = new WeakMap<OperationContract, { readonly input: SchemaCheck; readonly output: SchemaCheck }>();

function checksOf(contract: OperationContract): { readonly input: SchemaCheck; readonly output: SchemaCheck } {
  const known = compiled.get(contract);
  if (known !== undefined) return known;
  const checks = {
    input: compileSchema(contract.input as JsonObject),
    output: compileSchema(contract.output as JsonObject),
  };
  compiled.set(contract, checks);
  return checks;
}

/** A frozen copy of what passed the check. */
function checked(
  caller: OperationContract,
  contract: OperationContract,
  check: SchemaCheck,
  side: "input" | "output",
  value: JsonValue,
): JsonValue {
  const copy = freezeDeep(JSON.parse(canonicalJson(value)) as JsonValue);
  if (check(copy).length > 0) throw invalid(caller, contract.operation, `its ${side} is not what its contract says`);
  return copy;
}

function invalid(caller: OperationContract, dependency: string, reason: string): RunnerError {
  return dependencyInvalid({ operation: caller.operation, dependency, reason });
}

/** Also for where the fault comes out of a thread or a process as a value. */
export function dependencyInvalid(fault: RunnerErrorDetails["runner.dependency-invalid"]): RunnerError {
  const { operation, dependency, reason } = fault;
  return new RunnerError(
    "runner.dependency-invalid",
    `\`${operation}\` cannot call \`${dependency}\`: ${reason}`,
    fault,
  );
}
