/**
 * A request becomes a plan, or all its faults at once, each where it stands in the file.
 *
 * Invariants:
 *   Q1. The plan is a function of the request's value, the packs' contracts and the mode: layout, comments, key order and
 *       the spelling (YAML or JSON) do not reach it.
 *   Q2. A request that is refused makes nothing.
 *   Q3. Personal values stand beside the plan, salted; with them, the plan is a function of the store's salt key as well.
 *
 * @module
 */

import { toRouteRequest } from "@canonic/caio/request";
import {
  CapabilityName,
  type Digest,
  digestJson,
  isCoreContractViolation,
  type JsonObject,
  type JsonValue,
  type Mode,
  type OperationContract,
  type PlannedRoute,
  type Salts,
} from "@canonic/contracts";
import { checkArguments, type FrozenPlan, isPlannerError, type PlannedTask, planTasks } from "@canonic/planner";
import type { FrozenRegistry } from "@canonic/registry";
import type { FileFault } from "../errors.ts";
import { directRoute } from "../registry.ts";
import type { RoutePlanner } from "../routing/plan-routes.ts";
import { type RequestDocument, readRequestDocument } from "./document.ts";
import { saltRequest } from "./personal-inputs.ts";
import { PlanRequest, REQUEST_SCHEMA, TaskRoute } from "./schema.ts";
import { requestInvalid, shapeFaults } from "./shape-faults.ts";

/**
 * Plans a request.
 *
 * @param name - How faults call the file.
 * @param salts - Asked only for a request that gives something personal.
 * @throws {OrchestratorError} `orchestrator.request-invalid` with every fault.
 */
export function planRequest(input: {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly mode: Mode;
  readonly registry: FrozenRegistry;
  readonly salts: () => Salts;
  /** Chooses for tasks that name a capability; without a catalogue nothing does. */
  readonly planner?: RoutePlanner | undefined;
}): FrozenPlan {
  const document = readRequestDocument(input.bytes);
  const parsed = document.value === undefined ? undefined : PlanRequest.safeParse(document.value);
  const faults = [...document.faults];
  if (parsed !== undefined && !parsed.success) {
    // What could not be read there has its fault already.
    const isKnown = (at: FileFault) =>
      document.faults.some(({ line, column }) => line === at.line && column === at.column);
    faults.push(...shapeFaults(parsed.error, document).filter((fault) => !isKnown(fault)));
  }
  const targets = (document.value === undefined ? [] : tasksIn(document.value)).map((task, index) =>
    taskFaults(task, index, input, document, faults),
  );
  const contracts = targets.map((target) => target?.contract);
  if (faults.length > 0 || parsed?.success !== true) throw requestInvalid(input.name, "a plan", faults);
  const request = parsed.data;
  const whole = { ...request, mode: input.mode, schema: REQUEST_SCHEMA } as unknown as Parameters<
    typeof saltRequest
  >[0];
  const { kept, byTask } = saltRequest(whole, contracts, input.salts);
  try {
    return planTasks({
      registry: input.registry.snapshot,
      mode: input.mode,
      tasks: request.tasks.map((task, index) => toTask(task, targets[index], byTask[index])),
      order: request.order ?? "sequential",
      seed: request.seed ?? 0,
      ...(request.user === undefined ? {} : { user: request.user }),
      ...(request.onFailure === undefined ? {} : { onFailure: request.onFailure }),
      ...(request.gates === undefined ? {} : { gates: request.gates }),
      ...(request.rechecks === undefined ? {} : { rechecks: request.rechecks }),
      request: digestJson(kept),
      context: new Map<Digest, JsonValue>([[digestJson(kept), kept], ...(input.planner?.artifacts ?? [])]),
    });
  } catch (error) {
    const found = plannerFaults(error, request, document);
    if (found.length === 0) throw error;
    throw requestInvalid(input.name, "a plan", found);
  }
}

function toTask(
  task: PlanRequest["tasks"][number],
  target: Target | undefined,
  personal: Readonly<Record<string, JsonValue>> | undefined,
): PlannedTask {
  if (target === undefined) throw new Error("assertion: a task without an operation is a fault");
  const { contract, route } = target;
  return {
    payloadType: directRoute(contract.operation, route === undefined ? task.version : contract.version),
    ...(route === undefined ? {} : { route }),
    ...(personal === undefined ? { parameters: (task.parameters ?? {}) as JsonObject } : { inputs: personal }),
    ...(task.name === undefined ? {} : { name: task.name }),
    ...(task.after === undefined ? {} : { after: task.after }),
    ...(task.bind === undefined ? {} : { bindings: task.bind }),
  };
}

/** What looks like a task, whatever else is wrong: its operation and arguments can be judged already. */
function tasksIn(value: JsonValue): readonly JsonValue[] {
  const tasks = isObject(value) ? value["tasks"] : undefined;
  return Array.isArray(tasks) ? tasks : [];
}

/** What could have been named instead. */
function loadedText(operations: readonly OperationContract[]): string {
  const names = [...new Set(operations.map(({ operation, version }) => `${operation}@${version}`))].sort();
  return names.length === 0 ? "none is loaded" : `loaded are \`${names.join("`, `")}\``;
}

type Target = { readonly contract: OperationContract; readonly route?: PlannedRoute };
type Place = { readonly at: string; readonly document: RequestDocument; readonly faults: FileFault[] };
type Loaded = { readonly registry: FrozenRegistry; readonly mode: Mode; readonly planner?: RoutePlanner | undefined };

/** Adds the faults of one task's operation and arguments; gives the contract that it is for. */
function taskFaults(
  task: JsonValue,
  index: number,
  loaded: Loaded,
  document: RequestDocument,
  faults: FileFault[],
): Target | undefined {
  if (!isObject(task)) return undefined;
  const place = { at: `/tasks/${index}`, document, faults };
  const target = typeof task["capability"] === "string" ? chosenFor(task, loaded, place) : namedBy(task, loaded, place);
  const { parameters = {}, bind = {} } = task;
  if (target === undefined || !isObject(parameters) || !isObject(bind)) return target;
  for (const { pointer, expected } of checkArguments(target.contract, parameters, Object.keys(bind))) {
    const named = /^must have required property|^must NOT have additional/.test(expected) ? " of this task" : "";
    faults.push(document.faultAt(`${place.at}/parameters${pointer}`, `the parameters${named}: ${pointer} ${expected}`));
  }
  return target;
}

/** The operation that is chosen for a capability; nothing is asked for a task whose shape is already at fault. */
function chosenFor(task: JsonObject, { planner, mode }: Loaded, { at, document, faults }: Place): Target | undefined {
  const { operation, version, capability, route = {} } = task;
  const written = TaskRoute.safeParse(route).data;
  const name = CapabilityName.safeParse(capability).data;
  if (operation !== undefined || version !== undefined || name === undefined || written === undefined) return undefined;
  if (written.health === "required") return undefined;
  if (planner === undefined) {
    faults.push(
      document.faultAt(`${at}/capability`, "a capability is chosen from a catalogue: name one by --catalogue"),
    );
    return undefined;
  }
  const capabilities = [name, ...written.capabilities];
  const choice = planner.choose(toRouteRequest({ schema: "canonic/route-request/v1", ...written, capabilities }));
  if (choice.kind === "chosen") return { contract: choice.contract, route: choice.route };
  const why = choice.clauses.length === 0 ? "" : `, at \`${choice.clauses.join("`, `")}\``;
  const message = `no service that is a loaded operation for ${mode} answers \`${name}\`: ${choice.code} of ${choice.services}${why}`;
  faults.push(document.faultAt(`${at}/capability`, message));
  return undefined;
}

function namedBy(task: JsonObject, { registry, mode }: Loaded, { at, document, faults }: Place): Target | undefined {
  const { operation, version } = task;
  if (typeof operation !== "string") return undefined;
  const named = registry.snapshot.operations.filter((contract) => contract.operation === operation);
  const contract = version === undefined ? named.at(-1) : named.find((one) => one.version === version);
  if (contract === undefined) {
    const [where, what] = named.length === 0 ? ["operation", `${operation}`] : ["version", `${operation}@${version}`];
    const message = `\`${what}\` is no operation of a loaded pack for ${mode}; ${loadedText(named.length === 0 ? registry.snapshot.operations : named)}`;
    faults.push(document.faultAt(`${at}/${where}`, message));
    return undefined;
  }
  return { contract };
}

/** The planner speaks of tasks by their index, of names, and of operations. */
function plannerFaults(error: unknown, request: PlanRequest, { faultAt }: RequestDocument): FileFault[] {
  if (isCoreContractViolation(error)) return error.reasons.map(({ message }) => faultAt("/tasks", message));
  if (!isPlannerError(error)) return [];
  const placeOf = (place: string): string => {
    if (place.startsWith("/")) return place.replace(/^(\/tasks\/\d+)\/bindings\//, "$1/bind/");
    const named = request.tasks.findLastIndex(({ name }, index) => (name ?? `#${index}`) === place);
    const operated = request.tasks.findIndex(
      ({ operation }) => operation !== undefined && place.startsWith(`${operation}@`),
    );
    return named !== -1 ? `/tasks/${named}` : operated === -1 ? "/tasks" : `/tasks/${operated}/operation`;
  };
  if (error.code === "planner.cycle") {
    return error.details.blocked.map((name) => faultAt(`${placeOf(name)}/after`, `task \`${name}\` waits for itself`));
  }
  return "faults" in error.details
    ? error.details.faults.map(({ place, message }) => faultAt(placeOf(place), message))
    : [faultAt("", error.message)];
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
