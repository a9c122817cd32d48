/**
 * What exists: operations by id and version, and where each payload type goes.
 *
 * A registry is filled by explicit calls, then frozen once into a snapshot that has a digest. Nothing is discovered:
 * no module is searched and no property of an operation's code is read.
 *
 * Invariants:
 *   G1. A duplicate and any change after the freeze are refused.
 *   G2. Equal sets of registrations give equal digests, in whatever order they were made.
 *   G3. The snapshot is a private frozen copy: no later change to what was registered reaches it.
 *   G4. Every operation that a contract depends on exists when the registry is frozen.
 *
 * @module
 */
import {
  byCodeUnit,
  compileSchema,
  contractDigestOf,
  type Digest,
  freezeDeep,
  frozenJson,
  isContractsError,
  type JsonObject,
  type JsonValue,
  type Operation,
  OperationContract,
  OperationId,
  PayloadType,
  pointerTo,
  type RegistrySnapshot,
  type SchemaCheck,
  SemanticVersion,
  snapshotDigestOf,
  sortSnapshot,
} from "@canonic/contracts";
import { type ArgumentCheck, argumentCheckOf } from "./arguments.ts";
import { RegistryError, type RegistryErrorDetails } from "./errors.ts";
import { assertRouting, keyOf, type RoutingVerdict, routerOf } from "./routing.ts";

/**
 * An operation as registered: its frozen contract, the contract's digest, and both its schemas compiled. `run` is null
 * where only the contract was registered, and the code is somewhere else.
 */
export type RegisteredOperation = Pick<Operation, "contract"> & {
  readonly run: Operation["run"] | null;
  readonly contractDigest: Digest;
  readonly source: Digest | null;
  readonly checkArguments: ArgumentCheck;
  readonly checkOutput: SchemaCheck;
};

export interface FrozenRegistry {
  readonly snapshot: RegistrySnapshot;
  readonly digest: Digest;
  /** Sorted as in the snapshot. */
  readonly operations: readonly RegisteredOperation[];
  /** The registered source digests, by `operation@version`. */
  readonly sources: ReadonlyMap<string, Digest>;
  /** Throws `registry.unknown-operation`. */
  resolve(operation: string, version: string): RegisteredOperation;
  /** Where a payload type goes, or why it goes nowhere. */
  route(payloadType: unknown): RoutingVerdict;
}

export interface Registry {
  /**
   * Adds one operation.
   *
   * @param source - Digest of the file that the caller loaded the operation from; kept beside the snapshot, compared by
   *   {@link checkCompleteness}.
   * @throws {RegistryError} `registry.contract-invalid`, `registry.duplicate-operation`, `registry.frozen`.
   */
  register(operation: Operation, source?: Digest): void;
  /**
   * Adds one operation by its contract alone: the code is an adapter that only whoever runs it loads.
   *
   * @throws {RegistryError} as `register`.
   */
  describe(contract: OperationContract, source?: Digest): void;
  /**
   * Sends a payload type to an operation. A second, other target is kept and refused as ambiguous by `freeze`.
   *
   * @throws {RegistryError} `registry.duplicate-route`, `registry.route-invalid`, `registry.frozen`.
   */
  route(payloadType: string, operation: string, version: string): void;
  /**
   * Ends registration.
   *
   * @param payloadTypes - The closed list of payload types; routing must be total and unambiguous over exactly these.
   * @throws {CoreContractViolation} named RoutingViolation, with every fault.
   * @throws {RegistryError} `registry.empty`, `registry.missing-dependency`, `registry.frozen`.
   */
  freeze(payloadTypes: readonly string[]): FrozenRegistry;
}

/** An empty registry. */
export function createRegistry(): Registry {
  const operations = new Map<string, RegisteredOperation>();
  const routes = new Map<string, RegistrySnapshot["routes"][number]>();
  let frozen = false;

  function assertOpen(attempted: RegistryErrorDetails["registry.frozen"]["attempted"]): void {
    if (!frozen) return;
    throw new RegistryError("registry.frozen", `the registry is frozen: \`${attempted}\` is refused`, { attempted });
  }

  function add(registered: RegisteredOperation): void {
    const { operation, version } = registered.contract;
    const key = keyOf(registered.contract);
    if (operations.has(key)) {
      const message = `operation \`${key}\` is registered twice`;
      throw new RegistryError("registry.duplicate-operation", message, { operation, version });
    }
    operations.set(key, registered);
  }

  return {
    register(operation, source) {
      assertOpen("register");
      const issues = typeof operation.run === "function" ? [] : [{ pointer: "/run", expected: "must be function" }];
      add(toRegistered(operation.contract, operation.run, issues, source));
    },
    describe(contract, source) {
      assertOpen("register");
      add(toRegistered(contract, null, [], source));
    },
    route(payloadType, operation, version) {
      assertOpen("route");
      const route = toRoute(payloadType, operation, version);
      const key = `${payloadType} ${keyOf(route)}`;
      if (routes.has(key)) {
        const message = `the route from \`${payloadType}\` to \`${keyOf(route)}\` is declared twice`;
        throw new RegistryError("registry.duplicate-route", message, { payloadType, operation, version });
      }
      routes.set(key, route);
    },
    freeze(payloadTypes) {
      assertOpen("freeze");
      if (operations.size === 0) throw new RegistryError("registry.empty", "no operation is registered", {});
      const snapshot = sortSnapshot({
        schema: "canonic/registry-snapshot/v1",
        operations: [...operations.values()].map(({ contract }) => contract),
        routes: [...routes.values()],
      });
      assertDependencies(snapshot);
      assertRouting(snapshot, payloadTypes);
      frozen = true;
      return toFrozen(freezeDeep(snapshot), new Map(operations));
    },
  };
}

function toFrozen(snapshot: RegistrySnapshot, operations: ReadonlyMap<string, RegisteredOperation>): FrozenRegistry {
  const sorted = snapshot.operations.flatMap((contract) => operations.get(keyOf(contract)) ?? []);
  const sources = sorted.flatMap(({ contract, source }) =>
    source === null ? [] : [[keyOf(contract), source] as const],
  );
  return Object.freeze({
    snapshot,
    digest: snapshotDigestOf(snapshot),
    operations: Object.freeze(sorted),
    sources: new Map(sources),
    route: routerOf(snapshot),
    resolve(operation: string, version: string) {
      const found = operations.get(keyOf({ operation, version }));
      if (found !== undefined) return found;
      const message = `operation \`${keyOf({ operation, version })}\` is not registered`;
      throw new RegistryError("registry.unknown-operation", message, { operation, version });
    },
  });
}

function toRegistered(
  given: OperationContract,
  run: RegisteredOperation["run"],
  found: readonly Issue[],
  source: Digest | undefined,
): RegisteredOperation {
  const parsed = OperationContract.safeParse(given);
  const issues: Issue[] = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => ({ pointer: pointerTo(path), expected: message }));
  issues.push(...found);
  if (parsed.success) {
    const contract = frozenJson(parsed.data as JsonValue) as OperationContract;
    const checkInput = compiled(() => argumentCheckOf(contract), "/input", issues);
    const checkOutput = compiled(() => compileSchema(contract.output as JsonObject), "/output", issues);
    if (checkInput !== undefined && checkOutput !== undefined && issues.length === 0) {
      const contractDigest = contractDigestOf(contract);
      return Object.freeze({
        contract,
        contractDigest,
        run,
        source: source ?? null,
        checkArguments: checkInput,
        checkOutput,
      });
    }
  }
  const id = String(given?.operation).slice(0, 128);
  const message = `the contract of \`${id}\` is not valid: ${issues.length} faults, first at \`${issues[0]?.pointer}\``;
  throw new RegistryError("registry.contract-invalid", message, { operation: id, issues });
}

type Issue = RegistryErrorDetails["registry.contract-invalid"]["issues"][number];

/** A schema that does not compile is a fault of the contract, found when it is registered and not when it runs. */
function compiled<T>(compile: () => T, pointer: string, issues: Issue[]): T | undefined {
  try {
    return compile();
  } catch (error) {
    if (!isContractsError(error) || error.code !== "contracts.bad-schema") throw error;
    issues.push({ pointer, expected: error.details.reason });
    return undefined;
  }
}

function toRoute(payloadType: string, operation: string, version: string): RegistrySnapshot["routes"][number] {
  const type = PayloadType.safeParse(payloadType);
  const id = OperationId.safeParse(operation);
  if (type.success && id.success && SemanticVersion.safeParse(version).success) {
    return { payloadType: type.data, operation: id.data, version };
  }
  const message = `\`${payloadType}\` to \`${keyOf({ operation, version })}\` is no route: a name is not well-formed`;
  throw new RegistryError("registry.route-invalid", message, { payloadType, operation, version });
}

function assertDependencies(snapshot: RegistrySnapshot): void {
  const present = new Set<string>(snapshot.operations.map(({ operation }) => operation));
  const missing = snapshot.operations.flatMap(({ operation, crossDomainDeps }) =>
    crossDomainDeps.filter((wants) => !present.has(wants)).map((wants) => ({ operation, wants })),
  );
  const [first] = missing.sort((a, b) => byCodeUnit(a.operation, b.operation) || byCodeUnit(a.wants, b.wants));
  if (first === undefined) return;
  const message = `operation \`${first.operation}\` depends on \`${first.wants}\`, which is not registered`;
  throw new RegistryError("registry.missing-dependency", message, { missing });
}
