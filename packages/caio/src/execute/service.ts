/**
 * One service that stays connected: for callers that ask it often, and for a registry that wants to know how it is.
 *
 * @module
 */
import { type RouteRequest, type ServiceContract, type ServiceEntry, timestampOf } from "@canonic/contracts";
import type { ExecutionClock, ServiceAdapter, ServiceConnection } from "./adapter.ts";
import { faultOf, within } from "./call.ts";
import { adapterMissing, callFailed } from "./call-failed.ts";
import { type Executed, type Execution, executeDecision } from "./execute-decision.ts";
import { type CompiledInvariants, compileInvariants } from "./invariants.ts";
import { type Measured, type Measurement, measure } from "./measure.ts";

export interface Service {
  readonly contract: ServiceContract;
  /** Connects; a second time does nothing while the first connection holds. @throws {CaioError} `caio.adapter-missing`, `caio.call-failed` */
  initialize(deadlineUs: number): Promise<void>;
  /** As {@link executeDecision}, over the connection of this service. */
  execute(execution: Omit<Execution, "adapters" | "clock" | "services">): Promise<Executed>;
  /** What one answer is held to, without calling anybody. */
  verifyGuarantees(request: RouteRequest, measurement: Measurement): readonly Measured[];
  /** What a registry records, believed for `ttlMs`. Never throws: who cannot be reached is unhealthy. */
  health(deadlineUs: number, ttlMs: number): Promise<NonNullable<ServiceEntry["health"]>>;
  close(): Promise<void>;
}

/**
 * @throws {CaioError} `caio.adapter-missing` when no adapter is of the contract's kind, `caio.invariant-invalid` when an
 *   invariant is not sound.
 */
export function openService(
  contract: ServiceContract,
  { adapters, clock }: { readonly adapters: readonly ServiceAdapter[]; readonly clock: ExecutionClock },
): Service {
  const found = adapters.find(({ kind }) => kind === contract.api.kind);
  if (found === undefined) throw adapterMissing(contract.api.kind, null);
  const adapter = found;
  const invariants: CompiledInvariants = compileInvariants(contract);
  let connected: Promise<ServiceConnection> | undefined;
  const kept: ServiceAdapter = {
    kind: adapter.kind,
    async open(_, signal) {
      const connection = await connect(signal);
      return {
        call: (call) => connection.call(call).catch((error: unknown) => forget(connection, error)),
        ping: (until) => connection.ping(until),
        close: async () => {},
      };
    },
  };
  return {
    contract,
    async initialize(deadlineUs) {
      try {
        await within({ clock, deadlineUs, signal: undefined }, connect);
      } catch (error) {
        throw isOurs(error) ? error : callFailed(faultOf(error).fault);
      }
    },
    execute: (execution) => executeDecision({ ...execution, adapters: [kept], clock, services: contract }),
    verifyGuarantees: (request, measurement) => measure(contract, request, invariants, measurement),
    async health(deadlineUs, ttlMs) {
      const isReached = await within({ clock, deadlineUs, signal: undefined }, async (signal) =>
        (await connect(signal)).ping(signal),
      ).then(
        () => true,
        () => false,
      );
      const expiresAt = timestampOf(Math.floor(clock.now()) + ttlMs);
      return { status: isReached ? "healthy" : "unhealthy", expiresAt };
    },
    async close() {
      const open = await connected?.catch(() => undefined);
      connected = undefined;
      await open?.close();
    },
  };

  /** What failed may be broken: whoever asks next connects anew. A service that says no is well. */
  function forget(connection: ServiceConnection, error: unknown): never {
    if (faultOf(error).fault !== "status") {
      connected = undefined;
      connection.close().catch(() => {});
    }
    throw error;
  }

  /** A connection that could not be made is tried again by whoever asks next. */
  function connect(signal: AbortSignal): Promise<ServiceConnection> {
    connected ??= adapter.open(contract, signal).catch((error: unknown) => {
      connected = undefined;
      throw error;
    });
    return connected;
  }
}

function isOurs(error: unknown): boolean {
  return error instanceof Error && error.name === "CaioError";
}
