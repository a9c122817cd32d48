/**
 * The few words that generated services and requests share, so that they often meet, tie and miss each other narrowly. Names that objects
 * have by birth (`constructor`) are among them, and letters that lower-case into ASCII elsewhere.
 *
 * @module
 */

export const CAPABILITIES = ["chat", "constructor", "embed", "input.image", "tool.search"] as const;
export const QUANTITIES = ["constructor", "image", "input-token", "output-token", "request"] as const;
export const TRAITS = ["constructor", "size", "tier", "tone"] as const;
export const REGIONS = ["asia", "eu", "us"] as const;
export const PERMISSIONS = ["admin", "billing:read", "model.use"] as const;

/** Of each property its unit; the last two are asked in relation to a quantity too. */
export const PROPERTIES = [
  ["latency-p50", "us"],
  ["latency-p95", "us"],
  ["latency-p99", "us"],
  ["latency-max", "us"],
  ["accuracy", "ppm"],
  ["reliability", "ppm"],
  ["throughput", "per-second"],
  ["answer-length", "token"],
] as const;

export const WORDS = [
  "summarise",
  "Translate",
  "code",
  "LEGAL",
  "x",
  "gpt4",
  "\u212Aelvin",
  "\u0130stanbul",
  "caf\u00e9s",
  "constructor",
  "a1",
  "fast,cheap",
] as const;

export const MAX_NUMBER = Number.MAX_SAFE_INTEGER;
/** 2023-11-16T18:00:00.000Z, the hour of the trace. */
export const NOW = 1_700_157_600_000;
