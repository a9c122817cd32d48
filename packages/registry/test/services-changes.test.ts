import { serviceSnapshotDigestOf } from "@canonic/contracts";
import { expect, test } from "vitest";
import { contractOf, KEEPER, refusalOf, registryOf } from "./services-support.ts";

const by = KEEPER;
const a1 = { service: "a", version: "1.0.0" };

test("a swap brings the new version in and drains the old one in one revision, which other handles see (K1, K4)", async () => {
  const { registry, open } = registryOf();
  const other = open();
  await registry.register(contractOf("a"), { by, state: "active" });
  const before = await other.snapshot();

  const { changed, head } = await registry.swap(contractOf("a", "1.1.0"), { by, state: "active" });

  const after = await other.snapshot();
  expect({ changed, revision: head.revision }).toEqual({ changed: true, revision: 2 });
  expect(before.snapshot.services.map(({ contract, state }) => [contract.version, state])).toEqual([
    ["1.0.0", "active"],
  ]);
  expect(after.snapshot.services.map(({ contract, state }) => [contract.version, state])).toEqual([
    ["1.0.0", "draining"],
    ["1.1.0", "active"],
  ]);
  expect(after.revision).toBe(2);
  expect(after.digest).toBe(serviceSnapshotDigestOf(after.snapshot));
  expect(await other.snapshot()).toBe(after);
});

test("refuses a change of a revision that is not there any more, and says which is (K2)", async () => {
  const { registry, open } = registryOf();
  const other = open();
  await registry.register(contractOf("a"), { by, expected: 0 });
  await other.register(contractOf("b"), { by, expected: 1 });

  const refused = await refusalOf(registry.drain(a1, { by, expected: 1 }));

  expect(refused).toEqual({ code: "registry.revision-conflict", details: { expected: 1, found: 2 } });
  expect((await registry.snapshot()).revision).toBe(2);
});

test("what would change nothing makes no revision (K3)", async () => {
  const { registry } = registryOf();
  await registry.register(contractOf("a"), { by, state: "active" });
  await registry.drain(a1, { by });

  for (const again of [
    () => registry.register(contractOf("a"), { by, state: "active" }),
    () => registry.drain(a1, { by }),
  ]) {
    expect(await again()).toMatchObject({ changed: false, head: { revision: 2 } });
  }
  await registry.retire(a1, { by });
  expect(await registry.retire(a1, { by })).toMatchObject({ changed: false, head: { revision: 3 } });
});

test("draining stays in the snapshot, retired leaves it for good and stays in the history (N2)", async () => {
  const { registry } = registryOf();
  await registry.register(contractOf("a"), { by, state: "active" });
  await registry.drain(a1, { by });
  expect((await registry.snapshot()).snapshot.services.map(({ state }) => state)).toEqual(["draining"]);
  await registry.retire(a1, { by });

  expect((await registry.snapshot()).snapshot.services).toEqual([]);
  for (const attempt of [
    registry.register(contractOf("a"), { by }),
    registry.resume(a1, { by }),
    registry.drain(a1, { by }),
    registry.promote(a1, { by }),
    registry.health(a1, "healthy", 1000, { by }),
  ]) {
    expect(await refusalOf(attempt)).toMatchObject({ code: "registry.service-state", details: { state: "retired" } });
  }
  const kinds: string[] = [];
  for await (const { change } of registry.history()) kinds.push(...change.actions.map(({ kind }) => kind));
  expect(kinds).toEqual(["register", "drain", "retire"]);
  const { services } = await registry.standings();
  expect(await registry.contract(services[0]?.contract as never)).toEqual(contractOf("a"));
});

test("draining and resuming is no way around probation (N3)", async () => {
  const { registry } = registryOf();
  await registry.register(contractOf("a"), { by: "somebody" });
  await registry.drain(a1, { by: "somebody" });
  await registry.resume(a1, { by: "somebody" });

  expect((await registry.snapshot()).snapshot.services[0]?.state).toBe("probation");
  expect(await refusalOf(registry.promote(a1, { by: "somebody" }))).toMatchObject({ code: "registry.not-vouched" });
  expect(await refusalOf(registry.register(contractOf("a"), { by, state: "active" }))).toMatchObject({
    code: "registry.service-state",
  });
  await registry.promote(a1, { by });
  await registry.drain(a1, { by });
  await registry.resume(a1, { by });
  expect((await registry.snapshot()).snapshot.services[0]?.state).toBe("active");
});

test("another contract under a registered version is refused (N1)", async () => {
  const { registry } = registryOf();
  await registry.register(contractOf("a"), { by });

  const refused = await refusalOf(registry.register(contractOf("a", "1.0.0", { name: "other" }), { by }));

  expect(refused).toMatchObject({ code: "registry.service-exists", details: { service: "a", version: "1.0.0" } });
});

test("a change of which one edit is refused changes nothing (K1)", async () => {
  const { registry } = registryOf();
  await registry.register(contractOf("a"), { by });

  const refused = await refusalOf(
    registry.apply(
      [
        { kind: "register", contract: contractOf("b") },
        { kind: "drain", service: "c", version: "1.0.0" },
      ],
      { by },
    ),
  );

  expect(refused).toEqual({ code: "registry.unknown-service", details: { service: "c", version: "1.0.0" } });
  expect((await registry.snapshot()).snapshot.services.map(({ contract }) => contract.service)).toEqual(["a"]);
});

test("health stands with the moment at which it ends, and a new report takes its place", async () => {
  const { registry } = registryOf();
  await registry.register(contractOf("a"), { by });
  await registry.health(a1, "unhealthy", 60_000, { by });
  expect((await registry.snapshot()).snapshot.services[0]?.health).toEqual({
    status: "unhealthy",
    expiresAt: "2026-01-31T12:01:01.000Z",
  });
  await registry.health(a1, "healthy", 1, { by });

  expect((await registry.snapshot()).snapshot.services[0]?.health?.status).toBe("healthy");
});

test("concurrent changes without an expected revision are all made, one after the other (K2)", async () => {
  const { registry, open } = registryOf();
  const other = open();
  const names = Array.from({ length: 20 }, (_, place) => `s${String(place).padStart(2, "0")}`);

  await Promise.all(names.map((name, place) => [registry, other][place % 2]?.register(contractOf(name), { by })));

  const { snapshot } = await registry.snapshot();
  expect(snapshot.revision).toBe(20);
  expect(snapshot.services.map(({ contract }) => contract.service)).toEqual(names);
  expect(await registry.check()).toEqual(await other.check());
});
