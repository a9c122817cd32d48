/**
 * Executes what was decided, and nothing else.
 *
 * Invariants:
 *   E1. Only a decision that chose somebody is executed, for the request that it names and with the contract that it names.
 *   E2. A promise that is not kept is an error with its receipt, and the output is dropped; there is no silent success.
 *
 * @module
 */
import {
  digestJson,
  type ExecutionReceipt,
  type JsonObject,
  type JsonValue,
  RouteDecision,
  RouteRequest,
  routeDecisionDigestOf,
  type ServiceContract,
  type ServiceSnapshot,
  serviceContractDigestOf,
  serviceSnapshotDigestOf,
} from "@canonic/contracts";
import { CaioError } from "../errors.ts";
import { type Attempted, attempt, type ExecutionOptions, refused } from "./attempt.ts";

/** A decision with the request and either the snapshot or the contract that it was made with. */
export interface Execution extends ExecutionOptions {
  readonly decision: RouteDecision;
  readonly request: RouteRequest;
  readonly services: ServiceSnapshot | ServiceContract;
  readonly input: JsonValue;
  /** Microseconds; the decision's control signal says how many when not given. */
  readonly deadlineUs?: number | undefined;
}

/** An output that kept all promises, and the receipt that says so. */
export interface Executed {
  readonly output: JsonValue;
  readonly receipt: ExecutionReceipt;
}

/**
 * Calls the chosen service and measures what comes back.
 *
 * @throws {CaioError} Before anything is called: `caio.decision-refused`, `caio.execution-refused` with the reason,
 *   `caio.input-invalid`, `caio.invariant-invalid`, `caio.adapter-missing`. After: `caio.execution-failed` when there is no
 *   answer, `caio.guarantee-violated` when the answer breaks a promise; both with the receipt.
 */
export async function executeDecision(execution: Execution): Promise<Executed> {
  const { request, input, deadlineUs } = execution;
  const decision = readDecision(execution.decision, request);
  const contract = contractOf(decision, execution.services);
  const { control } = decision;
  const done = await attempt(
    {
      contract,
      request,
      control,
      input,
      decision: routeDecisionDigestOf(decision),
      deadlineUs: deadlineOf(deadlineUs ?? control?.deadlineUs ?? 1),
    },
    execution,
  );
  return settled(done);
}

/** @throws {CaioError} `caio.execution-failed`, `caio.guarantee-violated` */
export function settled(done: Attempted): Executed {
  if (done.kind === "fulfilled") return { output: done.output, receipt: done.receipt };
  const { receipt } = done;
  const { service, version } = receipt;
  if (done.kind === "failed") {
    const { fault, status } = done;
    throw new CaioError("caio.execution-failed", `\`${service}\` gave no answer: ${fault}`, {
      ...{ service, version, fault, status, receipt },
    });
  }
  const { property, required, actual } = done.violations[0] as Attempted["receipt"]["guarantees"][number];
  throw new CaioError(
    "caio.guarantee-violated",
    `\`${service}\` broke \`${property}\`: required \`${required}\`, was \`${actual}\``,
    { service, version, property, required, actual, receipt },
  );
}

function deadlineOf(us: number): number {
  if (!Number.isSafeInteger(us) || us < 1) throw refused("options-invalid");
  return us;
}

function readDecision(given: RouteDecision, request: RouteRequest): RouteDecision {
  const decision = RouteDecision.safeParse(given).data;
  if (decision === undefined) throw refused("decision-invalid");
  if (decision.outcome.kind === "refused") {
    const { code } = decision.outcome;
    throw new CaioError("caio.decision-refused", `the decision chose nobody: ${code}`, { code });
  }
  if (!RouteRequest.safeParse(request).success) throw refused("other-request");
  if (digestJson(request as unknown as JsonObject) !== decision.request) throw refused("other-request");
  return decision;
}

function contractOf({ outcome, world }: RouteDecision, services: ServiceSnapshot | ServiceContract): ServiceContract {
  if (outcome.kind !== "chosen") throw refused("decision-invalid");
  const isSnapshot = services.schema === "canonic/service-snapshot/v1";
  if (isSnapshot && serviceSnapshotDigestOf(services) !== world.snapshot) throw refused("other-snapshot");
  const contracts = isSnapshot ? services.services.map(({ contract }) => contract) : [services];
  const contract = contracts.find(({ service, version }) => service === outcome.service && version === outcome.version);
  if (contract === undefined || serviceContractDigestOf(contract) !== outcome.contract) throw refused("other-contract");
  return contract;
}
