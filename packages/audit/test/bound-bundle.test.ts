import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunStatus, TrustFile } from "@canonic/contracts";
import { afterAll, describe, expect, test } from "vitest";
import { createMemoryStorage, exportBundle, openJournal, trustFileOf, verifyBundle } from "../src/index.ts";
import { boundPlan } from "./bound-plan.ts";
import { approver, goodStory, momentOf, type Story } from "./bound-run.ts";
import { newIdentity, ORIGIN } from "./support.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-bound-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const identity = newIdentity();
const trust = trustFileOf(ORIGIN, [identity.signer], { approvers: [approver] });
let counter = 0;

async function verified(story: Story, status: RunStatus | null, by: TrustFile = trust) {
  counter += 1;
  const directory = join(scratch, `bundle-${counter}`);
  const storage = createMemoryStorage();
  const clock = { seconds: 0, now: () => momentOf(clock.seconds) };
  const journal = await openJournal({ storage, clock, identity });
  const run = story.write(journal, clock, status);
  await journal.durable();
  await exportBundle({ storage, identity, run, directory });
  const { verdict, reasons } = await verifyBundle(directory, { trust: by });
  return { verdict, reasons: reasons.map(({ code, message }) => `${code}: ${message}`) };
}

describe("a bound run", () => {
  test("is VALID through a wait, a refused approval, a violated boundary, a crash and two gates", async () => {
    expect(await verified(goodStory(boundPlan()), "completed")).toEqual({ verdict: "VALID", reasons: [] });
  });
});
