import { hostname } from "node:os";
import { createMemoryAuthorityStorage } from "@canonic/authority";
import { digestJson } from "@canonic/contracts";
import { expect, test } from "vitest";
import { withRunLock } from "../src/run-lock.ts";

const plan = digestJson("a plan");
const key = `plan:${plan}`;
const far = "9999-01-01T00:00:00.000Z";
const now = "2026-01-01T00:00:00.000Z";

test("one holds a plan at a time, each under a higher fence than the one before (L1)", async () => {
  const storage = createMemoryAuthorityStorage();
  const fences: number[] = [];

  await withRunLock(storage, plan, async ({ fence, isHeld }) => {
    fences.push(fence);
    expect(await isHeld()).toBe(true);
    await expect(withRunLock(storage, plan, async () => undefined)).rejects.toMatchObject({
      code: "orchestrator.run-held",
      details: { holder: `${hostname()}/${process.pid}` },
    });
  });
  await withRunLock(storage, plan, async ({ fence }) => {
    fences.push(fence);
  });

  expect(fences).toEqual([1, 2]);
});

test("a holder of this machine whose process is gone holds nothing; one of another machine is waited for (L2)", async () => {
  const storage = createMemoryAuthorityStorage();
  // No process has this number: the kernel's largest is smaller.
  await storage.acquireLock({ key, holder: `${hostname()}/99999999`, now, until: far });

  await withRunLock(storage, plan, async ({ fence }) => expect(fence).toBe(2));
  await storage.acquireLock({ key, holder: "elsewhere/99999999", now, until: far });

  await expect(withRunLock(storage, plan, async () => undefined)).rejects.toMatchObject({
    code: "orchestrator.run-held",
    details: { holder: "elsewhere/99999999", until: far },
  });
});

test("a holder that was overtaken knows it when it asks, and releases nothing of its successor's (L3)", async () => {
  const storage = createMemoryAuthorityStorage();

  await withRunLock(storage, plan, async ({ isHeld }) => {
    await storage.acquireLock({ key, holder: "elsewhere/1", now: far, until: far.replace("9999-01", "9999-02") });

    expect(await isHeld()).toBe(false);
  });

  await expect(withRunLock(storage, plan, async () => undefined)).rejects.toMatchObject({
    details: { holder: "elsewhere/1" },
  });
});
