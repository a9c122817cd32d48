/**
 * The same decisions, records, roots and proofs from every order of the registry, in every process, time zone and language.
 *
 * `CANONIC_SERVICES=10000` generates that many services, and has three names for each real one; the default is 1,000 and one.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { plainEnvironment } from "../main-job/command-line.ts";
import { decideEverything, type Outcome } from "./elsewhere.ts";

const SERVICES = Number(process.env["CANONIC_SERVICES"] ?? 1_000);
const script = fileURLToPath(new URL("elsewhere.ts", import.meta.url));

function inAnotherProcess(seed: number, variables: Readonly<Record<string, string>>): Outcome[] {
  const options = ["--conditions=@canonic/source", script, String(seed), String(SERVICES)];
  const env = Object.fromEntries(Object.entries({ ...plainEnvironment(), ...variables }).reverse());
  return JSON.parse(execFileSync(process.execPath, options, { env, encoding: "utf8", maxBuffer: 2 ** 28 }));
}

test(`gives the same bytes under permuted registries, keys and questions, for real services and ${SERVICES} generated ones`, () => {
  const here = decideEverything(1, SERVICES);

  const chatham = inAnotherProcess(2, { TZ: "Pacific/Chatham", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" });

  expect(chatham).toEqual(here);
  expect(here.map(({ decisions }) => decisions.length)).toEqual([12, 24]);
  expect(here[0]?.services).toBeGreaterThan(600);
  expect(here[1]?.services).toBe(SERVICES);
  expect(new Set(here.flatMap(({ decisions }) => decisions)).size).toBe(36);
  expect(here.flatMap(({ decisions }) => decisions).filter((text) => text.includes('"chosen"')).length).toBeGreaterThan(
    12,
  );
});
