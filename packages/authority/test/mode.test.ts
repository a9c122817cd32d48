import { expect, test } from "vitest";
import { arm, createMemoryAuthorityStorage, currentMode, halt } from "../src/index.ts";
import { NOW } from "./support.ts";

const order = { by: "Ana", reason: "release 7", now: NOW };

test("a store is safe until a person arms it, and again when the time is over (X1)", () => {
  const storage = createMemoryAuthorityStorage();

  expect(currentMode(storage, NOW)).toBe("safe");
  expect(arm(storage, order)).toEqual({
    mode: "armed",
    by: "Ana",
    reason: "release 7",
    since: NOW,
    until: "2026-01-31T12:15:00.000Z",
  });
  expect(currentMode(storage, NOW)).toBe("armed");
  expect(currentMode(storage, "2026-01-31T12:14:59.999Z")).toBe("armed");
  expect(currentMode(storage, "2026-01-31T12:15:00.000Z")).toBe("safe");
});

test("a halted store stays halted until a person arms it, and each change is told with what was before (X2, X3)", () => {
  const storage = createMemoryAuthorityStorage();
  const later = (now: string) => ({ ...order, now });
  arm(storage, { ...order, seconds: 60 });
  halt(storage, later("2026-01-31T12:00:30.000Z"));

  expect(currentMode(storage, "2027-01-31T12:00:00.000Z")).toBe("halted");
  arm(storage, { ...later("2026-01-31T13:00:00.000Z"), seconds: 3600 });
  halt(storage, later("2026-01-31T14:00:00.000Z"));

  expect(storage.outbox(0, 10).map(({ data }) => data)).toMatchObject([
    { from: "safe", to: "armed", until: "2026-01-31T12:01:00.000Z", occurredAt: NOW },
    { from: "armed", to: "halted", until: null, occurredAt: "2026-01-31T12:00:30.000Z" },
    { from: "halted", to: "armed", until: "2026-01-31T14:00:00.000Z" },
    { from: "safe", to: "halted", until: null },
  ]);
});

test("an order to arm that overlaps a halt does not undo it, and what was left before is told as it was (X2, X3)", () => {
  const storage = createMemoryAuthorityStorage();
  const overlapped = {
    mode: () => {
      const seen = storage.mode();
      halt(storage, { ...order, by: "Berta", reason: "the source is wrong" });
      return seen;
    },
    setMode: storage.setMode,
  };

  expect(() => arm(overlapped, order)).toThrow(
    expect.objectContaining({ code: "authority.halted-meanwhile", details: { since: NOW } }),
  );
  expect(storage.mode()).toMatchObject({ mode: "halted", by: "Berta" });
  expect(storage.outbox(0, 10).map(({ data }) => data)).toMatchObject([{ from: "safe", to: "halted" }]);

  arm(storage, order);
  expect(storage.outbox(1, 10).map(({ data }) => data)).toMatchObject([{ from: "halted", to: "armed" }]);
});

test("a halt tells of the mode that it really ended, whatever was armed while it was given (X3)", () => {
  const storage = createMemoryAuthorityStorage();
  const overlapped = {
    mode: storage.mode,
    setMode: (change: Parameters<typeof storage.setMode>[0]) => {
      arm(storage, order);
      return storage.setMode(change);
    },
  };

  halt(overlapped, order);

  expect(storage.outbox(0, 10).map(({ data }) => data)).toMatchObject([
    { from: "safe", to: "armed" },
    { from: "armed", to: "halted" },
  ]);
});

test("an order that is none says at which place, and what belongs there", () => {
  const storage = createMemoryAuthorityStorage();

  expect(() => halt(storage, { ...order, by: "deploy-agent" })).toThrow(/: \/by: a person$/);
  expect(() => halt(storage, { ...order, reason: "" })).toThrow(/: \/reason: .*>=1 characters$/);
});

test.each([
  ["no reason", { reason: "" }],
  ["nobody", { by: "" }],
  ["an agent", { by: "deploy-agent" }],
  ["a moment that is none", { now: "today" }],
  ["0 seconds", { seconds: 0 }],
  ["3601 seconds", { seconds: 3601 }],
  ["half a second", { seconds: 0.5 }],
])("is not armed by an order with %s", (_, rest) => {
  const storage = createMemoryAuthorityStorage();

  expect(() => arm(storage, { ...order, ...rest })).toThrow(
    expect.objectContaining({ code: "authority.input-invalid" }),
  );
  expect(storage.mode()).toBeUndefined();
  expect(storage.outbox(0, 10)).toEqual([]);
});
