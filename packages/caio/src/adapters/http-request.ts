/**
 * The request of one operation of OpenAPI: `path`, `query`, `header` and `body` of the input, in their places.
 *
 * Invariants:
 *   R1. No value of an input reaches another path or host than the template's: path values are encoded, and none is `.` or `..`.
 *   R2. Every placeholder is filled, and every path value has a placeholder.
 *
 * @module
 */
import type { JsonObject, JsonValue, ServiceApi } from "@canonic/contracts";
import { callFailed } from "../execute/call-failed.ts";

type HttpApi = Extract<ServiceApi, { kind: "http" }>;

export interface HttpRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

const PARTS = new Set(["path", "query", "header", "body"]);

/** Of a header, `input` may not give what speaks of the message itself or of who sends it. */
const OWN_HEADERS = /^(authorization|cookie|host|content-.*|transfer-.*|connection|proxy-.*|accept)$/i;

/** @throws {CaioError} `caio.call-failed` when the input does not fit the operation. */
export function requestOf({ url: template, method }: HttpApi, input: JsonValue): HttpRequest {
  if (!isObject(input) || Object.keys(input).some((part) => !PARTS.has(part))) throw callFailed("failed");
  const [path, query, header] = ["path", "query", "header"].map((part) => partOf(input, part)) as [
    JsonObject,
    JsonObject,
    JsonObject,
  ];
  const left = new Set(Object.keys(path));
  const filled = template.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => {
    left.delete(name);
    return pathValue(Object.hasOwn(path, name) ? path[name] : undefined);
  });
  if (left.size > 0 || !URL.canParse(filled)) throw callFailed("failed");
  const url = new URL(filled);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw callFailed("failed");
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, scalar(one));
  }
  const body = Object.hasOwn(input, "body") ? JSON.stringify(input["body"]) : null;
  if (body !== null && method === "GET") throw callFailed("failed");
  return { url, method, body, headers: headersOf(header, body !== null) };
}

function headersOf(header: JsonObject, hasBody: boolean): Record<string, string> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (hasBody) headers["content-type"] = "application/json";
  for (const [name, value] of Object.entries(header)) {
    if (OWN_HEADERS.test(name)) throw callFailed("failed");
    headers[name] = scalar(value);
  }
  return headers;
}

function pathValue(value: JsonValue | undefined): string {
  const text = scalar(value);
  if (text === "" || text === "." || text === "..") throw callFailed("failed");
  return encodeURIComponent(text);
}

function partOf(input: JsonObject, part: string): JsonObject {
  const value = Object.hasOwn(input, part) ? input[part] : {};
  if (!isObject(value)) throw callFailed("failed");
  return value;
}

function scalar(value: JsonValue | undefined): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw callFailed("failed");
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
