/**
 * A service as an operation: a pack lists it, and plans, tokens, journals and verifiers treat it as any other.
 *
 * Invariants:
 *   B1. What is called is the service that the operation's contract names by digest. A task that was routed is executed by its decision,
 *       which must have chosen exactly this contract.
 *   B2. An output leaves only when it was measured and nothing is violated; anything else is an error, with the code of a failure mode
 *       unless something may have been written.
 *   B3. Tokens that nobody reports count as the most that the contract allows.
 *   B4. One call is one attempt: it connects, calls and closes, and nothing is retried.
 *
 * @module
 */
import {
  contractDigestOf,
  type Digest,
  type ExecutionReceipt,
  frozenJson,
  type JsonObject,
  type JsonValue,
  type Operation,
  type OperationContract,
  type ServiceContract,
} from "@canonic/contracts";
import { controlOf } from "../kernel/control.ts";
import { requestOf } from "../router/request-input.ts";
import type { ExecutionClock, ServiceAdapter } from "./adapter.ts";
import { attempt } from "./attempt.ts";
import { adapterMissing } from "./call-failed.ts";
import { quantityOf } from "./cost.ts";
import { type Executed, executeDecision, settled } from "./execute-decision.ts";
import { deadlineUsOf, operationContractOf, type ServiceOperationTerms } from "./operation-contract.ts";

export interface ServiceOperationOptions extends ServiceOperationTerms {
  /** Of the kind of the service's `api`; credentials are its own, and pass through nothing else. */
  readonly adapter: ServiceAdapter;
  readonly clock: ExecutionClock;
  /** Called with the receipt of every call, before its task goes on. Where it throws, the task fails. */
  readonly onReceipt?: ((receipt: ExecutionReceipt) => void) | undefined;
}

/**
 * The operation that executes a service.
 *
 * A receipt names by `decision` the decision that routed the task, and by the digest of the operation's contract a call that no decision led
 * to: of a task that names the operation itself.
 *
 * @throws {CaioError} As {@link operationContractOf}; `caio.adapter-missing` when the adapter is not of the service's kind.
 */
export function operationOfService(service: ServiceContract, options: ServiceOperationOptions): Operation {
  const contract = operationContractOf(service, options);
  const own = frozenJson(service as JsonValue) as ServiceContract;
  const { adapter } = options;
  if (adapter.kind !== own.api.kind) throw adapterMissing(own.api.kind, null);
  const bound = { service: own, contract, digest: contractDigestOf(contract), options };
  return {
    contract,
    async run(input, { route, signal, reportTokens }) {
      const limits = limitsOf(bound, signal);
      const executed =
        route === undefined
          ? await executeUnrouted(bound, input, limits)
          : await executeDecision({
              ...{ ...limits, ...route, services: own, input },
              deadlineUs: Math.min(
                deadlineUsOf(contract),
                route.decision.control?.deadlineUs ?? Number.MAX_SAFE_INTEGER,
              ),
            });
      reportTokens?.(tokensOf(executed.receipt, contract.tokensMax ?? 0));
      return executed.output;
    },
  };
}

type Bound = {
  readonly service: ServiceContract;
  readonly contract: OperationContract;
  readonly digest: Digest;
  readonly options: ServiceOperationOptions;
};

function limitsOf({ contract, options: { adapter, clock, onReceipt } }: Bound, signal: AbortSignal) {
  return { adapters: [adapter], clock, onReceipt, signal, outputBytesMax: contract.termination.outputBytesMax };
}

/** Held to the contract alone, as by a request that demands nothing. */
async function executeUnrouted(
  { service, contract, digest }: Bound,
  input: JsonObject,
  limits: ReturnType<typeof limitsOf>,
): Promise<Executed> {
  const request = requestOf({ capabilities: service.capabilities.slice(0, 1) });
  const deadlineUs = deadlineUsOf(contract);
  const entry = { contract: service, state: "active", health: null } as const;
  const control = controlOf(request, { entry, learned: 0, latencyUs: Number.NaN, latencyReferenceUs: deadlineUs });
  return settled(await attempt({ contract: service, decision: digest, request, control, deadlineUs, input }, limits));
}

/** What was used, as far as both sides are reported. */
function tokensOf({ quantities }: ExecutionReceipt, tokensMax: number): number {
  const [input, output] = [quantityOf(quantities, "input-token"), quantityOf(quantities, "output-token")];
  return input === undefined || output === undefined ? tokensMax : input + output;
}
