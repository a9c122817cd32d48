import {
  byCodeUnit,
  byVersion,
  canonicalJson,
  digestBytes,
  type ServiceChange,
  serviceSnapshotDigestOf,
} from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openServiceReader, type ServiceEdit, type ServiceRegistry, type ServiceStorage } from "../src/index.ts";
import { contractOf, KEEPER, refusalOf, registryOf } from "./services-support.ts";

const by = KEEPER;
const kind = fc.constantFrom("register", "register", "drain", "resume", "retire", "promote", "health", "swap", "swap");
const step = fc.record({
  kind,
  service: fc.constantFrom("a", "b", "c"),
  version: fc.constantFrom("1.0.0", "1.10.0", "1.9.0"),
  state: fc.constantFrom("active", "probation"),
  status: fc.constantFrom("healthy", "unhealthy"),
  ttlMs: fc.integer({ min: 1, max: 1000 }),
  handle: fc.nat(1),
});
type Drawn = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function taken(registry: ServiceRegistry, drawn: Drawn): Promise<string> {
  const { service, version } = drawn;
  const contract = contractOf(service, version);
  const state = drawn.state as "active";
  try {
    if (drawn.kind === "swap") await registry.swap(contract, { by, state });
    else if (drawn.kind === "register") await registry.register(contract, { by, state });
    else await registry.apply([{ ...drawn } as unknown as ServiceEdit], { by });
    return "done";
  } catch (error) {
    return (error as { code: string }).code;
  }
}

/** What the registry has to give, by the words of the specification alone: state by `service version`. */
function expected(
  stood: Map<string, { state: string; was: string }>,
  { kind, service, version, state }: Drawn,
): string {
  const key = `${service} ${version}`;
  const one = stood.get(key);
  if (kind === "register" || kind === "swap") {
    if (one !== undefined && (one.state === "retired" || (state === "active" && one.was === "probation")))
      return "registry.service-state";
    if (one === undefined) stood.set(key, { state, was: state });
    if (kind === "swap") {
      if (one?.state === "draining") one.state = one.was;
      for (const [other, standing] of stood) {
        const isBeside = other.startsWith(`${service} `) && other !== key;
        if (isBeside && (standing.state === "active" || standing.state === "probation")) standing.state = "draining";
      }
    }
    return "done";
  }
  if (one === undefined) return "registry.unknown-service";
  if (one.state === "retired") return kind === "retire" ? "done" : "registry.service-state";
  if (kind === "promote" && one.state === "draining") return "registry.service-state";
  if (kind === "drain") one.state = "draining";
  if (kind === "resume") one.state = one.was;
  if (kind === "retire") one.state = "retired";
  if (kind === "promote") [one.state, one.was] = ["active", "active"];
  return "done";
}

test("whatever is asked, in turns on two handles: what stands is what the words say, and replay gives it (K1, K4, N1 to N4)", async () => {
  let done = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 30 }), async (steps) => {
      const { registry, open, storage } = registryOf();
      const handles = [registry, open()] as const;
      const stood = new Map<string, { state: string; was: string }>();
      for (const drawn of steps) {
        const answer = await taken(handles[drawn.handle] as ServiceRegistry, drawn);
        expect(answer).toBe(expected(stood, drawn));
        if (answer === "done") done += 1;
      }

      const fresh = openServiceReader({ storage });
      const frozen = await Promise.all([...handles, fresh].map((one) => one.snapshot()));
      for (const one of frozen) {
        expect(one.digest).toBe(frozen[0]?.digest);
        expect(one.digest).toBe(serviceSnapshotDigestOf(one.snapshot));
        expect(one.snapshot).toEqual(frozen[0]?.snapshot);
      }
      const alive = [...stood]
        .filter(([, { state }]) => state !== "retired")
        .map(([key, { state }]) => [...key.split(" "), state])
        .sort(([a = "", x = ""], [b = "", y = ""]) => byCodeUnit(a, b) || byVersion(x, y));
      const found = frozen[0]?.snapshot.services;
      expect(found?.map(({ contract, state }) => [contract.service, contract.version, state])).toEqual(alive);
      expect((await fresh.check()).revision).toBe(frozen[0]?.revision);
    }),
    { numRuns: 60 },
  );
  expect(done).toBeGreaterThan(300);
});

test("a snapshot never changes, whatever is done to it or after it (P1)", async () => {
  const { registry } = registryOf();
  const contract = contractOf("a");
  await registry.register(contract, { by });
  const frozen = await registry.snapshot();
  const text = canonicalJson(frozen.snapshot as never);
  Object.assign(contract, { name: "changed" });
  await registry.swap(contractOf("a", "2.0.0"), { by });

  expect(canonicalJson(frozen.snapshot as never)).toBe(text);
  expect(frozen.digest).toBe(digestBytes(text));
  expect(() => frozen.snapshot.services.push({} as never)).toThrow(TypeError);
  expect(() => Object.assign(frozen.snapshot.services[0]?.contract.security ?? {}, { trust: 3 })).toThrow(TypeError);
});

test("a store that forges, forgets, goes back or tells another tale is refused (F2, L1)", async () => {
  const { registry, storage } = registryOf();
  for (const name of ["a", "b", "c"]) await registry.register(contractOf(name), { by });
  await registry.retire({ service: "b", version: "1.0.0" }, { by });
  const texts = storage.changes(1, 10).map(({ text }) => JSON.parse(text) as ServiceChange);
  const turned = (place: number, turn: (change: ServiceChange) => unknown) =>
    storage.changes(1, 10).map((stored, at) => {
      if (at !== place) return stored;
      const text = canonicalJson(turn(texts[at] as ServiceChange) as never);
      return { ...stored, text, digest: digestBytes(text) };
    });
  const lies: Record<string, Partial<ServiceStorage>> = {
    "another author": { changes: () => turned(1, (change) => ({ ...change, by: "mallory" })) },
    "a text of another digest": {
      changes: () =>
        storage.changes(1, 10).map((stored) => ({ ...stored, text: stored.text.replace("keeper", "mallory") })),
    },
    "a change left out": { changes: () => storage.changes(1, 10).filter(({ revision }) => revision !== 2) },
    "a step that is none": {
      changes: () => turned(3, (change) => ({ ...change, actions: [{ ...change.actions[0], service: "z" }] })),
    },
    "a service that came back": {
      load: () => {
        const found = storage.load();
        return { ...found, services: found.services.map((one) => ({ ...one, state: "active" })) };
      },
    },
    "a service too few": { load: () => ({ ...storage.load(), services: storage.load().services.slice(1) }) },
    "an owner": {
      load: () => {
        const found = storage.load();
        return { ...found, services: found.services.map((one) => ({ ...one, owner: "mallory" })) };
      },
    },
  };
  for (const [lie, told] of Object.entries(lies)) {
    const reader = openServiceReader({ storage: { ...storage, ...told } });
    expect(await refusalOf(reader.check()), lie).toMatchObject({ code: "registry.history-broken" });
  }
  let head = storage.head();
  const following = openServiceReader({ storage: { ...storage, head: () => head } });
  await following.snapshot();
  head = { revision: 3, digest: head.digest };
  expect(await refusalOf(following.snapshot())).toMatchObject({ code: "registry.history-broken" });
  head = { revision: 4, digest: digestBytes("another") };
  await following.snapshot();
  expect(await refusalOf(following.snapshot())).toMatchObject({ code: "registry.history-broken" });
  expect((await registry.check()).revision).toBe(4);
});
