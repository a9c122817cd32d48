/**
 * Certificates of configuration, of the signals that tasks were given, and of how well annotators find them.
 *
 * @module
 */
import { z } from "zod";
import type { JsonValue } from "../canonical-json.ts";
import { givenSignals } from "../checks/consumption.ts";
import { Digest, digestJson } from "../digest.ts";
import { Language } from "../document.ts";
import { CONFIG_ORIGINS, EXECUTOR_CONFIG_DEFAULTS, ExecutorConfig } from "../executor-config.ts";
import { SignalKind } from "../signal.ts";
import type { CertifiedReading } from "./certified-run.ts";
import { type CertificateDefinition, isPolicyRun } from "./definition.ts";
import type { CertificateLedger } from "./ledger.ts";
import { artifactsOfSchema } from "./planning-proof.ts";
import { countPrecision, LabelledCases, PrecisionRecord } from "./precision.ts";
import { lackRecord } from "./redacted-evidence.ts";

export const CONFIG_SCHEMA: CertificateDefinition = {
  id: "CERT-06",
  name: "config schema",
  description:
    "The executor's configuration in every session is of its closed schema, and every value of it knows where it came from.",
  successCriteria: [
    "Every session of the run names the configuration that it ran under.",
    "It is of the closed schema: no key unknown, none missing, each in its range.",
    "Each value has an origin; what comes from the defaults is the default.",
  ],
  failureModes: ["A session has no configuration on record.", "A value is out of range or of no known origin."],
  verificationMethod: "The configurations that the journal names are read again under the schema.",
  check: (run, ledger) => {
    const { artifacts } = run;
    run.environments.forEach((digest, at) => {
      const place = `session ${at + 1}`;
      const session = run.sessions[at];
      if (digest === null || session === undefined || !artifacts.has(digest)) {
        ledger.lack("environment-missing", place, `${place} of the run has no environment on record`);
        return;
      }
      ledger.saw(`environment/${at + 1}`, digest);
      const { environment } = session;
      ledger.check(environment !== undefined, "config-invalid", place, "the configuration is not of its schema");
      if (environment === undefined) return;
      const { values, origins } = environment.executor;
      ledger.saw(`executor-config/${at + 1}`, digestJson(values));
      for (const key of Object.keys(ExecutorConfig.shape) as (keyof ExecutorConfig)[]) {
        const isKnown = CONFIG_ORIGINS.includes(origins[key]);
        const isDefault = origins[key] !== "default" || values[key] === EXECUTOR_CONFIG_DEFAULTS[key];
        ledger.check(
          isKnown && isDefault,
          "origin-false",
          `${place}/${key}`,
          `\`${key}\` does not come from ${origins[key]}`,
        );
      }
    });
    if (run.environments.length === 0) ledger.lack("environment-missing", "run", "the run has no session on record");
  },
};

/** What is read of the synchronisation manifest, which its own package describes in full. */
const Synchronisation = z.object({
  vocabulary: Digest,
  bindings: z.array(
    z.object({
      question: z.string(),
      chunk: z.string(),
      chunkDigest: Digest,
      signals: z.array(z.object({ kind: SignalKind, signal: Digest })),
    }),
  ),
});

export const SIGNAL_SYNCHRONISATION: CertificateDefinition = {
  id: "CERT-10",
  name: "signal synchronisation",
  description:
    "Every task was given exactly the signals that the synchronisation manifest binds to its question, all of one vocabulary, and enough of them were consumed.",
  successCriteria: [
    "The manifest has one binding for each task, of its question and its chunk.",
    "The signals of a binding, by digest, are those that its task is given.",
    "Every signal names the vocabulary of the manifest.",
    "The signal coverage contract is satisfied.",
  ],
  failureModes: [
    "There is no manifest, or it binds something else than tasks were given.",
    "A signal was measured with another vocabulary.",
    "Coverage is under 85/100.",
  ],
  verificationMethod: "The manifest is compared with every task's inputs, each signal with the vocabulary.",
  check: (run, ledger) => {
    if (!isPolicyRun(run, ledger)) return;
    ledger.satisfied(run.verdicts, "signal-coverage");
    const found = synchronisationOf(run, ledger);
    if (found === undefined) return;
    ledger.saw("vocabulary", found.vocabulary);
    const bindings = new Map(found.bindings.map((binding) => [binding.question, binding]));
    const { length } = found.bindings;
    ledger.check(
      length === run.plan.tasks.length && bindings.size === length,
      "binding-count",
      "synchronisation",
      `${length} bindings of ${bindings.size} questions for ${run.plan.tasks.length} tasks`,
    );
    for (const { task } of run.tasks) {
      const place = task.binding?.question ?? task.id;
      const bound = bindings.get(place);
      const given = givenSignals(task, run.artifacts);
      const wanted = new Set<string>(bound?.signals.map(({ signal }) => signal));
      ledger.check(
        bound !== undefined && bound.chunk === task.binding?.chunk && bound.chunkDigest === task.binding.chunkDigest,
        "binding-mismatch",
        place,
        "the manifest binds the question to another chunk, or not at all",
      );
      ledger.check(
        given.size === wanted.size && [...given.keys()].every((digest) => wanted.has(digest)),
        "signals-differ",
        place,
        "the task is given other signals than the manifest binds",
      );
      for (const signal of given.values())
        ledger.check(
          signal.vocabulary === found.vocabulary,
          "vocabulary-differs",
          `${place}/${signal.kind}`,
          `the ${signal.kind} signal is of another vocabulary`,
        );
    }
  },
};

export const PRECISION_INTEGRITY: CertificateDefinition = {
  id: "CERT-12",
  name: "precision-tracking integrity",
  description:
    "Precision and recall of the annotators that measured this run's signals are counted from labelled cases that travel with it, and no number of them is a constant.",
  successCriteria: [
    "The plan carries the labelled cases, and what the annotators found in each.",
    "The cases cover all ten kinds of signal in both languages, with texts that must be found and texts that must not.",
    "The counts follow from cases and findings.",
    "The vocabulary is that of the run's signals.",
  ],
  failureModes: [
    "There is no record of precision, or it is of other cases.",
    "A count does not follow; a kind was not measured.",
    "It was measured with another vocabulary than the run's.",
  ],
  verificationMethod:
    "All counts are made again from cases and findings; what was found is the word of whoever ran the annotators.",
  check: (run, ledger) => {
    if (!isPolicyRun(run, ledger)) return;
    const [digest, second] = artifactsOfSchema(run.plan, run.artifacts, "canonic/precision/v1");
    const record = PrecisionRecord.safeParse(digest === undefined ? undefined : run.artifacts.get(digest)).data;
    if (digest === undefined || record === undefined) {
      lackRecord(run, ledger, "precision", "the plan carries no record of precision");
      return;
    }
    ledger.saw("precision", digest);
    ledger.saw("labelled-cases", record.cases);
    ledger.check(second === undefined, "evidence-ambiguous", "precision", "the plan carries two records of precision");
    const cases = LabelledCases.safeParse(run.artifacts.get(record.cases)).data;
    if (cases === undefined) {
      ledger.lack("evidence-missing", "labelled-cases", "the labelled cases are not among the artifacts");
      return;
    }
    ledger.check(
      record.found.length === cases.cases.length,
      "case-count",
      "precision",
      `${record.found.length} cases were measured of ${cases.cases.length}`,
    );
    const counted = countPrecision(cases, record.found);
    ledger.check(
      digestJson(counted as unknown as JsonValue) === digestJson(record.counts as unknown as JsonValue),
      "miscounted",
      "precision",
      "the counts do not follow from cases and findings",
    );
    checkBreadth(cases, ledger);
    checkVocabulary(run, record, ledger);
  },
};

function checkBreadth({ cases }: LabelledCases, ledger: CertificateLedger): void {
  for (const kind of SignalKind.options)
    for (const language of Language.options) {
      const own = cases.filter((one) => one.kind === kind && one.language === language);
      const positive = own.filter(({ expected }) => expected.length > 0).length;
      const message = `${positive} of ${own.length} cases of ${kind} in ${language} must be found: neither none nor all`;
      ledger.check(positive > 0 && positive < own.length, "cases-missing", `${kind}/${language}`, message);
    }
}

function checkVocabulary(run: CertifiedReading, { vocabulary }: PrecisionRecord, ledger: CertificateLedger): void {
  ledger.saw("vocabulary", vocabulary);
  const used = new Set(
    run.tasks.flatMap(({ task }) => [...givenSignals(task, run.artifacts).values()].map((signal) => signal.vocabulary)),
  );
  ledger.check(used.size > 0, "no-signal", "signals", "no task was given a signal");
  for (const digest of used)
    ledger.check(digest === vocabulary, "vocabulary-differs", digest, "precision was measured with another vocabulary");
}

function synchronisationOf(run: CertifiedReading, ledger: CertificateLedger) {
  const [digest, second] = artifactsOfSchema(run.plan, run.artifacts, "canonic/synchronisation-manifest/v1");
  const found = Synchronisation.safeParse(digest === undefined ? undefined : run.artifacts.get(digest)).data;
  if (digest === undefined || found === undefined) {
    lackRecord(run, ledger, "synchronisation", "the plan carries no synchronisation manifest");
    return undefined;
  }
  ledger.saw("synchronisation", digest);
  ledger.check(second === undefined, "evidence-ambiguous", "synchronisation", "the plan carries two manifests");
  return found;
}
