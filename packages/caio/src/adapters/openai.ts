/**
 * Chat completions of OpenAI-compatible endpoints, through the official library.
 *
 * The input is `{ messages, tools?, response_format?, stop?, seed? }`, as the interface has them; the output is
 * `{ content, finishReason, toolCalls: [{ name, arguments }] }`. Temperature and the cap on output tokens are the decision's.
 *
 * @see OpenAI API reference, chat completions.
 * @module
 */
import type { JsonValue } from "@canonic/contracts";
import type { Credentials, ServiceAdapter, ServiceAnswer, ServiceCall } from "../execute/adapter.ts";
import { callFailed } from "../execute/call-failed.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import type { Fetch } from "./http.ts";
import { peer } from "./peer.ts";

const MILLION = 1_000_000;
const INPUT_KEYS = new Set(["messages", "tools", "response_format", "stop", "seed"]);

export interface OpenaiAdapterOptions {
  /** Asked for `apiKey`; an endpoint that needs none gets a word that means nothing. */
  readonly credentials?: Credentials;
  /** Where a contract names no base URL. */
  readonly baseUrl?: string;
  /** How the endpoint calls the cap on output tokens; `max_tokens` when not given. */
  readonly outputTokensName?: "max_tokens" | "max_completion_tokens";
  /** The runtime's own when not given. */
  readonly fetch?: Fetch;
}

export function openaiAdapter(options: OpenaiAdapterOptions = {}): ServiceAdapter {
  const { credentials, baseUrl, outputTokensName = "max_tokens", fetch: send = fetch } = options;
  return {
    kind: "openai",
    async open(contract) {
      const { OpenAI, APIError } = await peer("openai", "openai", () => import("openai"));
      const { api } = contract;
      if (api.kind !== "openai") throw callFailed("failed");
      const baseURL = api.baseUrl ?? baseUrl ?? "https://api.openai.com/v1";
      return {
        call,
        ping: (signal) => connect(Number.MAX_SAFE_INTEGER).then(({ client }) => ping(client, signal)),
        close: async () => {},
      };

      async function connect(bytesMax: number) {
        const guarded = guardedFetch(send, () => bytesMax);
        const apiKey = (await credentials?.(contract))?.["apiKey"] ?? "none";
        const client = new OpenAI({
          ...{
            apiKey,
            baseURL,
            maxRetries: 0,
            timeout: 2_147_483_647,
            logLevel: "off",
            fetch: guarded.fetch as typeof fetch,
          },
          ...{ organization: null, project: null, adminAPIKey: null, webhookSecret: null },
        });
        return { client, guarded };
      }

      async function ping(client: InstanceType<typeof OpenAI>, signal: AbortSignal): Promise<void> {
        await client.models.list({ signal });
      }

      async function call({ input, control, outputBytesMax, signal }: ServiceCall): Promise<ServiceAnswer> {
        const { client, guarded } = await connect(outputBytesMax);
        const body = {
          ...bodyOf(input),
          model: (api as { model: string }).model,
          ...(control === null ? {} : { temperature: control.temperaturePpm / MILLION }),
          ...(control?.outputTokensMax == null ? {} : { [outputTokensName]: control.outputTokensMax }),
        };
        try {
          return answerOf(await client.chat.completions.create(body as never, { signal }));
        } catch (error) {
          const fault = guarded.fault();
          if (fault !== undefined) throw callFailed(fault);
          if (error instanceof APIError && typeof error.status === "number") throw callFailed("status", error.status);
          throw callFailed(error instanceof SyntaxError || error instanceof Unreadable ? "malformed" : "failed");
        }
      }
    },
  };
}

/** An answer that is not what the interface says. */
class Unreadable extends Error {}

function bodyOf(input: JsonValue): object {
  const isObject = typeof input === "object" && input !== null && !Array.isArray(input);
  if (!isObject || Object.keys(input).some((key) => !INPUT_KEYS.has(key))) throw callFailed("failed");
  return input;
}

/** Read without trust: every field may be missing or of another kind. */
function answerOf(response: unknown): ServiceAnswer {
  const { choices, usage } = fieldsOf(response);
  const { message, finish_reason: finishReason } = fieldsOf(Array.isArray(choices) ? choices[0] : undefined);
  const { content = null, tool_calls: calls = [] } = fieldsOf(message);
  if (!(content === null || typeof content === "string") || !(calls === null || Array.isArray(calls)))
    throw new Unreadable();
  const toolCalls = (calls ?? []).map((call: unknown) => {
    const { name, arguments: given } = fieldsOf(fieldsOf(call)["function"]);
    if (typeof name !== "string" || typeof given !== "string") throw new Unreadable();
    return { name, arguments: given };
  });
  const output = { content, finishReason: typeof finishReason === "string" ? finishReason : null, toolCalls };
  return { output, ...usageOf(usage, (content ?? "") !== "" || toolCalls.length > 0) };
}

/** A total that is no sum is a lie, and so is an answer that took no token. */
function usageOf(usage: unknown, isAnswered: boolean): Pick<ServiceAnswer, "quantities" | "usage"> {
  if (usage === undefined || usage === null) return { quantities: {}, usage: "none" };
  const { prompt_tokens: input, completion_tokens: output, total_tokens: total } = usage as Record<string, unknown>;
  const quantities = { "input-token": input, "output-token": output };
  const isSum = total === undefined || total === Number(input) + Number(output);
  const isPlausible = !isAnswered || (typeof output === "number" && output > 0);
  return { quantities, usage: isSum && isPlausible ? "consistent" : "inconsistent" };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw new Unreadable();
  return value as Record<string, unknown>;
}
