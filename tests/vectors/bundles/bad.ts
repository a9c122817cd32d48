/**
 * Named mutations of the good bundles: what each changes, and the code that a verifier must find at least.
 *
 * `raw` ones alter files as anybody can who holds the bundle; `forged` ones are made by whoever holds the log's key, who
 * signs everything again.
 *
 * @module
 */
import type { NoteSigner } from "@canonic/audit";
import { canonicalJson, digestBytes, digestJson } from "@canonic/contracts";
import { type Files, forgedAgain, type Loose, listedAgain, type Opened, opened } from "./reseal.ts";

export interface BadBundle {
  readonly name: string;
  readonly base: string;
  readonly how: string;
  /** Absent is INVALID. */
  readonly verdict?: "INDETERMINATE";
  readonly codes: readonly string[];
  readonly make: (files: Files, log: NoteSigner, stranger: NoteSigner) => Files;
}

const edited = (files: Files, path: string, edit: (text: string) => string): Files => {
  const before = files.get(path);
  if (before === undefined) throw new Error(`the bundle has no ${path}`);
  const after = edit(before);
  if (after === before) throw new Error(`nothing of ${path} changed`);
  return new Map([...files, [path, after]]);
};
const without = (files: Files, path: string): Files => new Map([...files].filter(([name]) => name !== path));
const linesOf = (text: string) => text.trimEnd().split("\n");
const joined = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");

const raw = (name: string, base: string, how: string, codes: string[], make: (files: Files) => Files): BadBundle => {
  return { name, base, how, codes, make };
};
/** Altered and listed again by the holder of the log's key, who leaves chain and tree as they are. */
const listed = (name: string, base: string, how: string, codes: string[], make: (files: Files) => Files): BadBundle => {
  return { name, base, how, codes, make: (files, log) => listedAgain(make(files), log) };
};
const forged = (
  name: string,
  base: string,
  how: string,
  codes: string[],
  alter: (run: Opened) => void,
  tellsSeal = true,
): BadBundle => {
  const make = (files: Files, log: NoteSigner) => {
    const run = opened(files);
    alter(run);
    return forgedAgain(run, log, tellsSeal);
  };
  return { name, base, how, codes, make };
};

const at = (run: Opened, type: string, nth = 0): Loose => {
  const event = run.events.filter((one) => one.type === type)[nth];
  if (event === undefined) throw new Error(`the run has no ${type} number ${nth}`);
  return event;
};
const indexOf = (run: Opened, type: string, nth = 0): number => run.events.indexOf(at(run, type, nth));
const dropped =
  (type: string, nth = 0) =>
  (run: Opened) =>
    void run.events.splice(indexOf(run, type, nth), 1);
const twice =
  (type: string, nth = 0) =>
  (run: Opened) => {
    const index = indexOf(run, type, nth);
    run.events.splice(index, 0, structuredClone(run.events[index]));
  };
const swapped =
  (type: string, nth = 0) =>
  (run: Opened) => {
    const index = indexOf(run, type, nth);
    const [one, other] = run.events.slice(index, index + 2);
    run.events.splice(index, 2, other, one);
  };
const setting =
  (type: string, data: Loose, nth = 0) =>
  (run: Opened) =>
    void Object.assign(at(run, type, nth).data, data);
const OTHER = digestJson("another value");

/** The first line of the outputs told anew, and everything that names it. */
const firstOutput = (edit: (envelope: Loose) => Loose) => (run: Opened) => {
  const lines = linesOf(run.others.get("outputs.jsonl") ?? "");
  const line = canonicalJson(edit(JSON.parse(lines[0] ?? "")));
  const outputs = joined([line, ...lines.slice(1)]);
  run.others.set("outputs.jsonl", outputs);
  const output = digestBytes(line);
  Object.assign(at(run, "EXECUTION_COMPLETED").data, { output, sizeBytes: Buffer.byteLength(line) });
  Object.assign(at(run, "DRIFT_CHECK").data, { expected: output, found: output });
  at(run, "RUN_SEALED").data.outputs = digestBytes(outputs);
};
const turned = (salt: string): string => `${salt.startsWith("0") ? "1" : "0"}${salt.slice(1)}`;

export const BAD: readonly BadBundle[] = [
  listed("salt-changed", "personal", "one digit of a salt", ["output-mismatch"], (files) =>
    edited(files, "outputs.jsonl", (text) =>
      text.replace(/"salt":"([0-9a-f]{64})"/, (_, salt) => `"salt":"${turned(salt)}"`),
    ),
  ),
  forged(
    "salt-another",
    "personal",
    "another salt for an output, that what is bound to it was not given under",
    ["event-untrue"],
    firstOutput((envelope) => ({ ...envelope, salt: turned(envelope.salt) })),
  ),
  forged(
    "salt-gone",
    "personal",
    "a personal output without its envelope",
    ["salt-missing"],
    firstOutput(({ value }) => value),
  ),
  forged(
    "salt-padded",
    "personal",
    "an envelope with a zero too many",
    ["salt-missing"],
    firstOutput((envelope) => ({ ...envelope, pad: `${envelope.pad}0` })),
  ),
  forged(
    "salt-short",
    "personal",
    "an envelope with a salt that is short",
    ["salt-missing"],
    firstOutput((envelope) => ({ ...envelope, pad: `${envelope.pad}0`, salt: envelope.salt.slice(1) })),
  ),
  forged(
    "salt-unplanned",
    "personal",
    "an input of a personal operation among the parameters",
    ["salt-missing"],
    (run) => {
      run.plan.tasks[0].parameters = { nickname: "a" };
    },
  ),
  raw("event-byte", "three-tasks", "one character of an event", ["file-changed"], (files) =>
    edited(files, "events.jsonl", (text) => text.replace('"attempt":1', '"attempt":2')),
  ),
  raw("manifest-byte", "three-tasks", "one character of the manifest", ["manifest-signature"], (files) =>
    edited(files, "manifest.json", (text) => text.replace('"sealed":true', '"sealed":false')),
  ),
  raw("manifest-missing", "three-tasks", "no manifest", ["manifest-missing"], (files) =>
    without(files, "manifest.json"),
  ),
  raw("note-missing", "three-tasks", "no note", ["manifest-missing"], (files) => without(files, "manifest.note")),
  raw("file-missing", "three-tasks", "no registry", ["file-missing"], (files) => without(files, "registry.json")),
  raw(
    "file-more",
    "three-tasks",
    "a file that is not listed",
    ["file-unlisted"],
    (files) => new Map([...files, ["more.txt", "more"]]),
  ),
  raw("note-spaced", "three-tasks", "a space behind the note's dash", ["manifest-signature"], (files) =>
    edited(files, "manifest.note", (text) => text.replace("\u2014 ", "\u2014  ")),
  ),
  raw("note-crlf", "three-tasks", "carriage returns in the note", ["manifest-signature"], (files) =>
    edited(files, "manifest.note", (text) => text.replaceAll("\n", "\r\n")),
  ),
  {
    name: "stranger",
    base: "three-tasks",
    how: "listed again under another key with the log's name",
    codes: ["manifest-signature"],
    make: (files, _log, stranger) => listedAgain(files, stranger),
  },
  listed(
    "checkpoint-size-zeros",
    "three-tasks",
    "a leading zero in the checkpoint's size",
    ["checkpoint-signature"],
    (files) => edited(files, "checkpoint", (text) => text.replace(/\n(\d+)\n/, "\n0$1\n")),
  ),
  listed("checkpoint-extension", "three-tasks", "a further line in the checkpoint", ["checkpoint-signature"], (files) =>
    edited(files, "checkpoint", (text) => text.replace("\n\n", "\nmore\n\n")),
  ),
  listed(
    "event-dropped-unchained",
    "three-tasks",
    "an event dropped, chain and tree as they were",
    ["chain-broken", "proof-wrong"],
    (files) => edited(files, "events.jsonl", (text) => joined(linesOf(text).toSpliced(4, 1))),
  ),
  listed(
    "event-swapped-unchained",
    "three-tasks",
    "two events swapped, chain and tree as they were",
    ["chain-broken", "proof-wrong"],
    (files) =>
      edited(files, "events.jsonl", (text) => {
        const lines = linesOf(text);
        return joined([...lines.slice(0, 4), ...lines.slice(4, 6).reverse(), ...lines.slice(6)]);
      }),
  ),
  listed("event-spelled-otherwise", "three-tasks", "a space in an event", ["event-malformed", "proof-wrong"], (files) =>
    edited(files, "events.jsonl", (text) => text.replace('{"at"', '{ "at"')),
  ),
  listed("event-key-twice", "three-tasks", "a key that stands twice in an event", ["event-malformed"], (files) =>
    edited(files, "events.jsonl", (text) => text.replace('"attempt":1', '"attempt":1,"attempt":1')),
  ),
  listed("event-number-otherwise", "three-tasks", "1e0 for 1", ["event-malformed"], (files) =>
    edited(files, "events.jsonl", (text) => text.replace('"attempt":1', '"attempt":1e0')),
  ),
  listed("event-escaped-otherwise", "three-tasks", "\\u0072 for r", ["event-malformed"], (files) =>
    edited(files, "events.jsonl", (text) => text.replace('"run":', '"\\u0072un":')),
  ),
  listed("events-torn", "three-tasks", "no line feed behind the last event", ["line-torn"], (files) =>
    edited(files, "events.jsonl", (text) => text.trimEnd()),
  ),
  listed("proof-range", "second-of-a-log", "a range moved by one", ["proof-wrong"], (files) =>
    edited(files, "proof.json", (text) => {
      const proof = JSON.parse(text);
      const [last] = proof.ranges.slice(-1);
      last[1] -= 1;
      proof.ranges.push([last[1] + 1, last[1] + 2]);
      return JSON.stringify(proof);
    }),
  ),
  listed("proof-hash-more", "second-of-a-log", "a hash too many", ["proof-wrong"], (files) =>
    edited(files, "proof.json", (text) => {
      const proof = JSON.parse(text);
      proof.hashes.push(OTHER);
      return JSON.stringify(proof);
    }),
  ),
  listed("proof-hash-swapped", "second-of-a-log", "two hashes of the proof swapped", ["proof-wrong"], (files) =>
    edited(files, "proof.json", (text) => {
      const proof = JSON.parse(text);
      if (proof.hashes.length < 2) throw new Error("the proof has too few hashes");
      [proof.hashes[0], proof.hashes[1]] = [proof.hashes[1], proof.hashes[0]];
      return JSON.stringify(proof);
    }),
  ),
  forged(
    "completed-dropped",
    "three-tasks",
    "an EXECUTION_COMPLETED dropped",
    ["event-missing"],
    dropped("EXECUTION_COMPLETED", 1),
  ),
  forged(
    "routing-dropped",
    "three-tasks",
    "a ROUTING_DECISION dropped",
    ["event-missing"],
    dropped("ROUTING_DECISION", 2),
  ),
  forged("token-dropped", "three-tasks", "no TOKEN_VALIDATION", ["event-missing"], dropped("TOKEN_VALIDATION")),
  forged(
    "limit-dropped",
    "three-tasks",
    "a RESOURCE_LIMIT_CHECK dropped",
    ["event-missing"],
    dropped("RESOURCE_LIMIT_CHECK"),
  ),
  forged(
    "started-twice",
    "three-tasks",
    "an EXECUTION_STARTED twice",
    ["event-duplicated"],
    twice("EXECUTION_STARTED"),
  ),
  forged(
    "completed-twice",
    "three-tasks",
    "an EXECUTION_COMPLETED twice",
    ["event-duplicated"],
    twice("EXECUTION_COMPLETED", 2),
  ),
  forged(
    "scope-and-limit-swapped",
    "three-tasks",
    "the limit checked before the scope",
    ["event-reordered"],
    swapped("AUTHORIZATION_SCOPE_CHECK", 1),
  ),
  forged(
    "task-before-its-turn",
    "three-tasks",
    "a task begins before the group before it is completed",
    ["event-reordered"],
    swapped("EXECUTION_COMPLETED", 0),
  ),
  forged("task-not-in-plan", "three-tasks", "events of a task that the plan does not have", ["event-extra"], (run) => {
    at(run, "EXECUTION_STARTED", 1).subject = "task_00000000000000000000";
  }),
  forged("sealed-early", "three-tasks", "the last task cut off, and sealed as completed", ["event-missing"], (run) => {
    const from = run.events.indexOf(run.events.filter(({ type }) => type === "ROUTING_DECISION")[2]);
    run.events.splice(from, run.events.length - 1 - from);
  }),
  forged("event-after-seal", "three-tasks", "an event behind the seal", ["event-extra"], (run) => {
    run.events.push({ ...structuredClone(at(run, "TOKEN_VALIDATION")) });
  }),
  {
    ...forged(
      "unsealed",
      "three-tasks",
      "the seal cut off: nothing is false, and nothing says that this is all",
      ["run-unsealed"],
      (run) => {
        dropped("RUN_SEALED")(run);
        run.others.delete("outputs.jsonl");
      },
    ),
    verdict: "INDETERMINATE",
  },
  forged("second-plan-frozen", "three-tasks", "PLAN_FROZEN twice", ["event-duplicated"], twice("PLAN_FROZEN")),
  forged(
    "attempt-two",
    "three-tasks",
    "a first attempt that calls itself the second",
    ["attempt-wrong"],
    setting("EXECUTION_STARTED", { attempt: 2 }, 1),
  ),
  forged(
    "seal-counts",
    "three-tasks",
    "a seal with a wrong count",
    ["event-untrue"],
    (run) => {
      at(run, "RUN_SEALED").data.counts.EXECUTION_STARTED += 1;
    },
    false,
  ),
  forged(
    "seal-status",
    "three-tasks",
    "sealed as failed, although all completed",
    ["seal-status"],
    setting("RUN_SEALED", { status: "failed" }),
  ),
  forged(
    "failed-as-completed",
    "failed",
    "sealed as completed, although a task was aborted",
    ["seal-status"],
    setting("RUN_SEALED", { status: "completed" }),
  ),
  forged(
    "input-untrue",
    "three-tasks",
    "another input digest",
    ["event-untrue"],
    setting("EXECUTION_STARTED", { input: OTHER }),
  ),
  forged(
    "effect-untrue",
    "three-tasks",
    "a write that is called pure",
    ["event-untrue"],
    setting("EXECUTION_STARTED", { effect: "pure", idempotencyKey: null }, 2),
  ),
  forged(
    "operation-untrue",
    "three-tasks",
    "routed to an operation that the plan does not name",
    ["event-untrue"],
    setting("ROUTING_DECISION", { operation: "rows.drop" }, 1),
  ),
  forged(
    "plan-parameters",
    "three-tasks",
    "a parameter more in the plan, everything else told anew",
    ["task-id"],
    (run) => {
      run.plan.tasks[1].parameters.more = true;
    },
  ),
  forged("plan-mode", "three-tasks", "a plan of the other mode", ["event-untrue"], (run) => {
    run.plan.mode = "live";
  }),
  forged(
    "skipped-dropped",
    "denied",
    "no word of the task that was not begun",
    ["event-missing"],
    dropped("EXECUTION_SKIPPED"),
  ),
  forged("skip-cause", "denied", "skipped because of itself", ["skip-cause"], (run) => {
    const skipped = at(run, "EXECUTION_SKIPPED");
    skipped.data.because = skipped.subject;
  }),
  forged(
    "denied-goes-on",
    "denied",
    "a refused check is said to have allowed",
    ["event-extra"],
    setting("AUTHORIZATION_SCOPE_CHECK", { decision: "allow", reasons: [] }, 1),
  ),
  forged(
    "denial-stage",
    "denied",
    "denied at a stage that did not refuse",
    ["event-extra"],
    setting("EXECUTION_DENIED", { stage: "limit" }),
  ),
  forged(
    "refused-token-skips-too-few",
    "refused-token",
    "one of the skipped tasks dropped",
    ["event-missing"],
    dropped("EXECUTION_SKIPPED", 1),
  ),
  forged(
    "gate-passed-unasked",
    "gated",
    "an approval without its request",
    ["event-missing"],
    dropped("APPROVAL_REQUESTED", 1),
  ),
  forged("gate-unanswered", "gated", "no approval, and on it goes", ["event-reordered"], dropped("APPROVAL_RECORDED")),
  forged(
    "gate-pins",
    "gated",
    "an approval of other pins than were asked",
    ["event-untrue"],
    setting("APPROVAL_RECORDED", { pins: OTHER }),
  ),
  forged("recheck-dropped", "gated", "the recheck before the write dropped", ["event-missing"], dropped("DRIFT_CHECK")),
  forged(
    "recheck-untrue",
    "gated",
    "a recheck that found other bytes, and allowed",
    ["event-untrue"],
    setting("DRIFT_CHECK", { found: OTHER }),
  ),
  forged(
    "resume-dropped",
    "gated",
    "a second TOKEN_VALIDATION without RUN_RESUMED",
    ["event-duplicated"],
    dropped("RUN_RESUMED"),
  ),
  forged("resume-count", "gated", "resumed with one task less than was completed", ["resume-wrong"], (run) => {
    at(run, "RUN_RESUMED").data.completed -= 1;
  }),
  forged("fence-again", "gated", "two holders with one fence", ["fence-wrong"], setting("RUN_RESUMED", { fence: 1 })),
  forged(
    "stop-code",
    "stopped",
    "stopped with another code than the failure's",
    ["stop-wrong"],
    setting("RUN_STOPPED", { code: "office.other" }),
  ),
  forged(
    "stop-dropped",
    "stopped-and-resumed",
    "RUN_STOPPED dropped, its STOP record left behind",
    ["artifact-orphan"],
    dropped("RUN_STOPPED"),
  ),
  forged(
    "goes-on-after-stop",
    "stopped-and-resumed",
    "no RUN_RESUMED after the stop",
    ["event-extra"],
    dropped("RUN_RESUMED"),
  ),
  forged("void-dropped", "voided", "sealed as voided, and nobody voided it", ["event-extra"], dropped("RUN_VOIDED")),
  forged(
    "rejected-goes-on",
    "rejected",
    "a rejection recorded as an approval",
    ["event-extra"],
    setting("APPROVAL_RECORDED", { decision: "approve" }),
  ),
  listed(
    "start-of-another",
    "after-another",
    "the checkpoint of the bundle in the place of the start",
    ["start-unnamed"],
    (files) => new Map([...files, ["start-checkpoint", files.get("checkpoint") ?? ""]]),
  ),
  listed(
    "start-missing-with-proof",
    "after-another",
    "the start taken away, its proof left",
    ["start-unnamed"],
    (files) => without(files, "start-checkpoint"),
  ),
  listed(
    "consistency-swapped",
    "after-another",
    "two hashes of the consistency proof swapped",
    ["consistency-wrong"],
    (files) =>
      edited(files, "consistency.json", (text) => {
        const proof = JSON.parse(text);
        if (proof.hashes.length < 2) throw new Error("the proof has too few hashes");
        [proof.hashes[0], proof.hashes[1]] = [proof.hashes[1], proof.hashes[0]];
        return JSON.stringify(proof);
      }),
  ),
  listed("consistency-from", "after-another", "a proof from another size", ["consistency-wrong"], (files) =>
    edited(files, "consistency.json", (text) => {
      const proof = JSON.parse(text);
      return JSON.stringify({ ...proof, from: proof.from - 1 });
    }),
  ),
  listed("seal-proof-index", "after-another", "the seal's proof under another index", ["seal-proof-wrong"], (files) =>
    edited(files, "seal.tlog-proof", (text) => text.replace(/index (\d+)/, (_, index) => `index ${Number(index) - 1}`)),
  ),
  listed("seal-proof-hash", "after-another", "the seal's proof without its last hash", ["seal-proof-wrong"], (files) =>
    edited(files, "seal.tlog-proof", (text) => {
      const [path = "", note = ""] = text.split("\n\n", 1).concat(text.slice(text.indexOf("\n\n")));
      return path.slice(0, path.lastIndexOf("\n")) + note;
    }),
  ),
  {
    name: "rotated-away",
    base: "rotated",
    how: "listed again by the first key, which was handed over",
    codes: ["manifest-signature"],
    make: (files, log) => listedAgain(files, log),
  },
  raw("rotations-missing", "rotated", "no word of the rotations", ["manifest-signature"], (files) =>
    without(files, "log-events.jsonl"),
  ),
  raw("rotation-unsigned", "rotated", "a rotation to a key of somebody else's", ["manifest-signature"], (files) =>
    edited(files, "log-events.jsonl", (text) =>
      text.replace(/"next":"./, (found) => `${found.slice(0, -1)}${found.endsWith("A") ? "B" : "A"}`),
    ),
  ),
  {
    ...listed("redaction-unsaid", "redacted", "no word of the redaction", ["output-mismatch"], (files) =>
      without(without(files, "log-events.jsonl"), "log-proof.json"),
    ),
  },
  forged("token-of-a-task", "three-tasks", "a TOKEN_VALIDATION whose subject is a task", ["event-untrue"], (run) => {
    at(run, "TOKEN_VALIDATION").subject = at(run, "EXECUTION_STARTED").subject;
  }),
  forged("moment-that-is-none", "three-tasks", "an event of 30 February", ["event-untrue"], (run) => {
    at(run, "EXECUTION_COMPLETED", 1).at = "2026-02-30T12:00:00.000Z";
  }),
];
