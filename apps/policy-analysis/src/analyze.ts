/**
 * `canonic analyze`: a document in, 300 contract-checked answers out.
 *
 * @module
 */
import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { Language } from "@canonic/contracts";
import type { PackCommand, PackHost, PackInput } from "@canonic/orchestrator";
import { DOCUMENT_BYTES_MAX, defaultDocument, readDocument } from "./document/index.ts";
import { inBackticks, PolicyAnalysisError } from "./errors.ts";
import { planAnalysis } from "./plan-analysis.ts";

export const analyze: PackCommand = {
  name: "analyze",
  arguments: "[document]",
  argumentHelp: "a PDF, Markdown, HTML or UTF-8 text file; without one, a public document that is named in the output",
  summary: "answer 300 questions about a policy document, each with quoted evidence, and prove the run",
  options: [
    {
      flags: "--lang <language>",
      description: "the document's language (default: detected)",
      choices: Language.options,
    },
  ],
  examples: [
    "canonic analyze",
    "canonic analyze plan.pdf --out results",
    "canonic analyze plan-nacional.pdf --lang es --jobs 2 --json",
  ],
  run: runAnalyze,
};

async function runAnalyze({ arguments: [file], options }: PackInput, host: PackHost): Promise<void> {
  const language = options["lang"] === undefined ? undefined : Language.parse(options["lang"]);
  const phases = 5;
  host.progress("reading the document", 0, phases);
  const given = file === undefined ? await defaultDocument() : await namedDocument(resolve(host.cwd, file));
  const document = await readDocument(given.bytes, {
    name: given.name,
    ...(language === undefined ? {} : { language }),
  });
  let phase = 0;
  const planned = planAnalysis({
    document,
    source: given.bytes,
    seed: host.seed,
    registry: host.registry("live").snapshot,
    onPhase: (name) => {
      phase += 1;
      host.progress(name, phase, phases);
    },
  });
  const about = file === undefined ? `${given.name}: ${given.source}` : given.name;
  await host.execute({ ...planned, about });
}

async function namedDocument(path: string): Promise<{ name: string; bytes: Uint8Array; source: string }> {
  const name = basename(path);
  const unreadable = (why: string) =>
    new PolicyAnalysisError("policy-analysis.document-unreadable", `${inBackticks(name)} ${why}`, { name });
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw unreadable("does not exist or may not be read");
  if (!found.isFile()) throw unreadable("is not a file");
  if (found.size > DOCUMENT_BYTES_MAX) {
    const details = { name, measure: "bytes", found: found.size, limit: DOCUMENT_BYTES_MAX } as const;
    const message = `${inBackticks(name)} has ${found.size} bytes, the most that is read is ${DOCUMENT_BYTES_MAX}`;
    throw new PolicyAnalysisError("policy-analysis.document-too-large", message, details);
  }
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) throw unreadable("may not be read");
  return { name, bytes, source: name };
}
