/**
 * Runs with personal values: whether somebody agrees, asked by name and address, and a letter that repeats the answer; and
 * what somebody tries who has the bundle and wants to know what was erased from it.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  canonicalJson,
  type Digest,
  digestBytes,
  digestJson,
  inputDigestOf,
  type JsonValue,
  type Plan,
  type Salts,
  saltedText,
  type Task,
} from "@canonic/contracts";
import type { PlannedTask } from "@canonic/planner";
import type { People } from "./office-operations.ts";

export const NAMES = ["ada", "ben", "cy", "dot", "eve"] as const;
const ANSWERS = ["yes", "no"] as const;

/** Ask somebody, then thank them for what they said. */
export function askingOf(name: string, people: People, salts: Salts): readonly PlannedTask[] {
  const values = { name, email: `${name}@people.test` };
  const request = digestJson(values);
  const given = Object.entries(values).map(([place, value]): [string, JsonValue] => {
    if (people === "plain") return [place, value];
    const salt = salts.saltOf({ purpose: "input", request, place }, digestJson(value));
    return [place, JSON.parse(saltedText(value, salt)) as JsonValue];
  });
  return [
    { name: "ask", payloadType: "people/ask", inputs: Object.fromEntries(given) },
    { name: "greet", payloadType: "people/greet", bindings: { answer: { task: "ask", pointer: "/agrees" } } },
    { name: "count", payloadType: "rows/count" },
  ];
}

/** The files of a bundle, as text by path. */
export function textsOf(bundle: string): ReadonlyMap<string, string> {
  const entries = readdirSync(bundle, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      return [file.slice(bundle.length + 1), readFileSync(file, "utf8")];
    }),
  );
}

/**
 * What can be found by trying: every candidate is hashed in every way in which this project hashes a value, and compared
 * with every digest that the bundle spells. Gives what was found, in words.
 */
export function guessedFrom(files: ReadonlyMap<string, string>): readonly string[] {
  const spelled = new Set<string>();
  for (const text of files.values()) for (const [found] of text.matchAll(/sha256:[0-9a-f]{64}/g)) spelled.add(found);
  for (const path of files.keys()) {
    const hex = /^artifacts\/([0-9a-f]{64})\.json$/.exec(path)?.[1];
    if (hex !== undefined) spelled.add(`sha256:${hex}`);
  }
  const plan = JSON.parse(files.get("plan.json") ?? "") as Plan;
  const greet = plan.tasks[1] as Task;
  const found = new Set<string>();
  const attempt = (what: string, digest: Digest): void => {
    if (spelled.has(digest)) found.add(what);
  };
  for (const name of NAMES) {
    for (const value of [name, `${name}@people.test`]) {
      attempt(`name ${name}`, digestJson(value));
      attempt(`name ${name}`, digestBytes(value));
      attempt(`name ${name}`, digestBytes(`Error: no such person: ${value}`));
    }
    attempt(`name ${name}`, digestJson({ name, email: `${name}@people.test` }));
  }
  for (const answer of ANSWERS) {
    const outputs = [{ agrees: answer }, { greeting: `thank you for saying ${answer}` }, { count: 3 }];
    for (const value of [answer, ...outputs.slice(0, 2)]) attempt(`answer ${answer}`, digestJson(value));
    attempt(`answer ${answer}, as input`, inputDigestOf(greet, { answer: digestJson(answer) }));
    const together = outputs.map((output) => `${canonicalJson(output)}\n`).join("");
    attempt(`answer ${answer}, in all outputs`, digestBytes(together));
  }
  return [...found].sort();
}
