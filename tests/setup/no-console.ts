/**
 * Code under test does not write to the console, and neither does a test: what it
 * has to say is a title or an assertion. A test that prints fails.
 *
 * @module
 */
import { afterEach, beforeEach, expect } from "vitest";

const methods = ["log", "info", "warn", "error", "debug", "trace"] as const;
const original = Object.fromEntries(methods.map((method) => [method, console[method]]));
let printed: string[] = [];

beforeEach(() => {
  printed = [];
  for (const method of methods) {
    console[method] = (...args: unknown[]) => {
      printed.push(`console.${method}: ${args.map(String).join(" ")}`);
    };
  }
});

afterEach(() => {
  Object.assign(console, original);
  expect(printed).toEqual([]);
});
