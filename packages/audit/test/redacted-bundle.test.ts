import { type Digest, digestBytes } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import { artifactPath } from "../src/bundle-layout.ts";
import { createMemoryStorage, memorySource, trustFileOf, verifyBundle } from "../src/index.ts";
import { exported, type Files, judged, without } from "./bundle-files.ts";
import { resigned } from "./resigned.ts";
import { newIdentity, ORIGIN, open } from "./support.ts";
import { journalRun, payloadOfJson, verdicts, type WholeRun, wholeRun } from "./whole-run.ts";

const identity = newIdentity();
const trust = trustFileOf(ORIGIN, [identity.signer]);

/** A run of which some payloads were removed after it was sealed, as it is exported then. */
async function bundleWithout(pick: (whole: WholeRun) => readonly Digest[]): Promise<{ files: Files; whole: WholeRun }> {
  const storage = createMemoryStorage();
  const journal = await open(storage, identity);
  const whole = wholeRun();
  const run = journalRun(journal, whole);
  await journal.durable();
  for (const digest of pick(whole)) await journal.redact(digest, { by: "ada", reason: "asked to forget" });
  const files = await exported(storage, identity, run);
  await journal.close();
  return { files, whole };
}

const output = (whole: WholeRun) => digestBytes(whole.outputs[1] as string);
const text = payloadOfJson("some text").digest;
const evidenceOf = (whole: WholeRun, contract: string) =>
  verdicts(whole).find(({ verdict }) => verdict.contract === contract)?.verdict.evidence as Digest;

describe("a bundle of a run with a redacted payload is INDETERMINATE and says what is not computed again", () => {
  const cases: [string, (whole: WholeRun) => Digest, RegExp, string[]][] = [
    ["an input", () => text, /the input of task_.*the artifacts of the plan/, ["redacted"]],
    ["an output", output, /the output of task_/, ["redacted"]],
    ["the claims of the token", ({ claims }) => claims, /the decisions that name it/, ["claims-missing", "redacted"]],
    [
      "the evidence of the replay",
      (whole) => evidenceOf(whole, "determinism"),
      /the determinism contract/,
      ["contract-open", "redacted"],
    ],
  ];
  test.each(cases)("%s", async (_title, pick, message, codes) => {
    const { files, whole } = await bundleWithout((run) => [pick(run)]);

    const { verdict, reasons } = await verifyBundle(memorySource(files), { trust });

    expect([verdict, [...new Set(reasons.map(({ code }) => code))].sort()]).toEqual(["INDETERMINATE", codes]);
    expect(reasons[0]?.code).toBe("redacted");
    const [redacted, ...more] = reasons.filter(({ code }) => code === "redacted");
    expect(more).toEqual([]);
    expect(redacted?.place).toBe(pick(whole));
    expect(redacted?.message).toMatch(message);
  });

  test("what a contract cannot be decided without is named, and nothing that is there", async () => {
    const { files, whole } = await bundleWithout((run) => [evidenceOf(run, "determinism")]);
    const { reasons } = await verifyBundle(memorySource(files), { trust });

    const path = artifactPath(evidenceOf(whole, "determinism"));
    expect(reasons.find(({ code }) => code === "contract-open")?.message).toBe(
      `the determinism contract cannot be decided again without ${path}`,
    );
  });

  test("each of several is named", async () => {
    const { files, whole } = await bundleWithout((run) => [text, output(run), run.claims]);
    const { verdict, reasons } = await verifyBundle(memorySource(files), { trust });

    expect(verdict).toBe("INDETERMINATE");
    expect(
      reasons
        .filter(({ code }) => code === "redacted")
        .map(({ place }) => place)
        .sort(),
    ).toEqual([text, output(whole), whole.claims].sort());
  });
});

describe("what is missing is INVALID", () => {
  test("without the leaf that says that it was redacted (R1)", async () => {
    const { files } = await bundleWithout(() => [text]);
    const bare = resigned(without(files, "log-events.jsonl", "log-proof.json"), identity);

    expect(await judged(bare, trust)).toEqual(["INVALID", "artifact-missing"]);
  });

  test("with the leaf of another payload (R1)", async () => {
    const { files } = await bundleWithout(({ claims }) => [claims]);
    const bare = resigned(without(files, artifactPath(text)), identity);

    expect((await judged(bare, trust)).slice(0, 2)).toEqual(["INVALID", "artifact-missing"]);
  });

  test("with an empty line for an output that nobody removed", async () => {
    const { files } = await bundleWithout(({ claims }) => [claims]);
    const lines = Buffer.from(files.get("outputs.jsonl") as Uint8Array)
      .toString()
      .split("\n");
    lines[1] = "";
    const emptied = resigned(new Map([...files, ["outputs.jsonl", Buffer.from(lines.join("\n"))]]), identity);

    expect((await judged(emptied, trust)).slice(0, 2)).toEqual(["INVALID", "output-mismatch"]);
  });
});

test("an output in the place of one that was removed is not taken", async () => {
  const { files } = await bundleWithout((run) => [output(run)]);
  const lines = Buffer.from(files.get("outputs.jsonl") as Uint8Array)
    .toString()
    .split("\n");
  expect(lines[1]).toBe("");
  lines[1] = '{"length":1,"task":1}';
  const filled = resigned(new Map([...files, ["outputs.jsonl", Buffer.from(lines.join("\n"))]]), identity);

  expect((await judged(filled, trust)).slice(0, 2)).toEqual(["INVALID", "output-mismatch"]);
});
