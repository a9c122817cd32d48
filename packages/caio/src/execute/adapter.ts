/**
 * What an adapter is: the way to one kind of service. Adapters call and report; they judge nothing.
 *
 * @module
 */
import type { ControlSignal, JsonValue, ServiceApi, ServiceContract } from "@canonic/contracts";

/**
 * Why there is no answer: nobody listens (`unreachable`), the time is over (`deadline`), the caller gave up (`aborted`), the service said
 * no (`status`, with its number where it has one), it sent the caller elsewhere (`redirect`), it answered more than is taken
 * (`too-big`) or what is not JSON (`malformed`); anything else is `failed`.
 */
export type CallFault =
  | "unreachable"
  | "deadline"
  | "aborted"
  | "status"
  | "redirect"
  | "too-big"
  | "malformed"
  | "failed";

/** `input` is frozen and has passed the contract's schema; when `signal` is aborted nobody waits for the answer any more. */
export interface ServiceCall {
  readonly input: JsonValue;
  readonly control: ControlSignal | null;
  readonly outputBytesMax: number;
  readonly signal: AbortSignal;
}

/**
 * `quantities` are what the service says it used, by unit. `usage` says whether that is consistent in itself; `none` where it says
 * nothing.
 */
export interface ServiceAnswer {
  readonly output: unknown;
  readonly quantities: Readonly<Record<string, unknown>>;
  readonly usage: "consistent" | "inconsistent" | "none";
}

/** One service, ready to be called any number of times. */
export interface ServiceConnection {
  /** @throws {CaioError} `caio.call-failed`; anything else that it throws counts as `failed`, and its words go nowhere. */
  call(call: ServiceCall): Promise<ServiceAnswer>;
  /** Resolves when the service can be reached. */
  ping(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface ServiceAdapter {
  readonly kind: ServiceApi["kind"];
  /**
   * @throws {CaioError} `caio.adapter-missing` when a library that it needs is not installed, or the contract names something that it
   *   has not; `caio.call-failed` when the service cannot be reached.
   */
  open(contract: ServiceContract, signal: AbortSignal): Promise<ServiceConnection>;
}

/** Time, from outside. */
export interface ExecutionClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Microseconds since any moment; never backwards. */
  monotonicUs(): number;
  /** Calls `then` in about `ms` milliseconds unless the function that it returns is called before. */
  after(ms: number, then: () => void): () => void;
}

/**
 * Gives a service its secret, by the name of a header (HTTP, MCP over HTTP), of an environment variable (MCP over stdio) or
 * `apiKey` (OpenAI-compatible). It is asked at each call or connection; what it gives is never kept, reported or thrown.
 */
export type Credentials = (
  contract: ServiceContract,
) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
