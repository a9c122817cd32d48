/**
 * What every service store must do (V1..V5 of `services/storage.ts`), as cases to run in any test framework.
 *
 *     for (const { title, run } of testServiceStorage(make)) test(title, run);
 *
 * Death at any moment (V5) needs a process to kill; what is here closes a store and opens it again.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type Digest, digestBytes } from "@canonic/contracts";
import type {
  ServiceStorage,
  ServicesCommit,
  StoredContract,
  StoredService,
  StoredServiceChange,
} from "./services/storage.ts";

/** A store under test: opens the same store again and again; two handles stand for two processes. */
export interface ServiceStorageFixture {
  /** Opens the store; the first time it is empty. Several handles may be open at a time. */
  open(): ServiceStorage | Promise<ServiceStorage>;
}

export interface ConformanceCase {
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** The cases; `make` gives a new, empty store for each. */
export function testServiceStorage(
  make: () => ServiceStorageFixture | Promise<ServiceStorageFixture>,
): ConformanceCase[] {
  return Object.entries(cases).map(([title, run]) => ({ title, run: async () => run(await make()) }));
}

const change = (revision: number, text = `change ${revision}`): StoredServiceChange => ({
  revision,
  digest: digestBytes(text),
  text,
});
const contract = (text: string): StoredContract => ({ digest: digestBytes(text), text });
const standing = (service: string, more: Partial<StoredService> = {}): StoredService => ({
  service,
  version: "1.0.0",
  contract: contract(service).digest,
  owner: null,
  signedBy: null,
  state: "active",
  resumes: "active",
  health: null,
  ...more,
});
const prevOf = (revision: number): Digest | null => (revision === 1 ? null : change(revision - 1).digest);
const commitOf = (revision: number, ...services: readonly StoredService[]): ServicesCommit => ({
  prev: prevOf(revision),
  change: change(revision),
  contracts: services.map(({ service }) => contract(service)),
  services,
});
const byService = (services: readonly StoredService[]) =>
  [...services].sort((a, b) => (`${a.service} ${a.version}` < `${b.service} ${b.version}` ? -1 : 1));

const cases: Readonly<Record<string, (fixture: ServiceStorageFixture) => Promise<void>>> = {
  "starts empty": async (fixture) => {
    const storage = await fixture.open();
    deepStrictEqual(await storage.head(), { revision: 0, digest: null });
    deepStrictEqual(await storage.load(), { head: { revision: 0, digest: null }, services: [], contracts: [] });
    deepStrictEqual(await storage.changes(1, 10), []);
    deepStrictEqual(await storage.contracts([digestBytes("none")]), []);
    await storage.close();
  },
  "keeps a change with what it brings and what then stands, for every handle (V1, V3)": async (fixture) => {
    const [storage, other] = [await fixture.open(), await fixture.open()];
    const health = '{"expiresAt":"2026-01-31T12:00:00.000Z","status":"healthy"}';
    const b = standing("b", {
      owner: "ana",
      signedBy: digestBytes("key"),
      state: "draining",
      resumes: "probation",
      health,
    });
    strictEqual(await storage.commit(commitOf(1, standing("a"), b)), true);
    deepStrictEqual(await other.head(), { revision: 1, digest: change(1).digest });
    const { head, services, contracts } = await other.load();
    deepStrictEqual(head, await other.head());
    deepStrictEqual(byService(services), [standing("a"), b]);
    deepStrictEqual(contracts.map(({ text }) => text).sort(), ["a", "b"]);
    for (const handle of [storage, other]) await handle.close();
  },
  "replaces what stood, and remembers the contracts of what is retired (V3)": async (fixture) => {
    const storage = await fixture.open();
    await storage.commit(commitOf(1, standing("a"), standing("b")));
    const retired = standing("a", { state: "retired" });
    strictEqual(await storage.commit({ ...commitOf(2, retired), contracts: [] }), true);
    const { services, contracts } = await storage.load();
    deepStrictEqual(byService(services), [retired, standing("b")]);
    deepStrictEqual(contracts, [contract("b")]);
    deepStrictEqual(await storage.contracts([contract("a").digest]), [contract("a")]);
    await storage.close();
  },
  "refuses a change that was made for another head, and writes nothing of it (V2)": async (fixture) => {
    const [storage, other] = [await fixture.open(), await fixture.open()];
    await storage.commit(commitOf(1, standing("a")));
    const stale: readonly ServicesCommit[] = [
      { ...commitOf(1, standing("x")), change: change(1, "another first") },
      { ...commitOf(2, standing("x")), prev: digestBytes("another first") },
      { ...commitOf(2, standing("x")), prev: null },
      { ...commitOf(3, standing("x")), prev: change(1).digest },
    ];
    for (const one of stale) strictEqual(await other.commit(one), false);
    deepStrictEqual((await storage.load()).services, [standing("a")]);
    deepStrictEqual(await storage.contracts([contract("x").digest]), []);
    deepStrictEqual(await storage.changes(1, 10), [change(1)]);
    for (const handle of [storage, other]) await handle.close();
  },
  "of many that commit at once for one head, one does (V1, V2)": async (fixture) => {
    const handles = [await fixture.open(), await fixture.open()];
    for (let revision = 1; revision <= 20; revision += 1) {
      const answers = await Promise.all(
        [0, 1, 2, 3].map((turn) => handles[turn % 2]?.commit(commitOf(revision, standing(`s${revision}`)))),
      );
      deepStrictEqual(answers.filter(Boolean), [true]);
    }
    strictEqual((await handles[0]?.load())?.services.length, 20);
    for (const handle of handles) await handle.close();
  },
  "gives changes in order from any revision, gap-free (V3)": async (fixture) => {
    const storage = await fixture.open();
    const all: StoredServiceChange[] = [];
    for (let revision = 1; revision <= 25; revision += 1) {
      await storage.commit(commitOf(revision, standing("a", { health: `${revision}` })));
      all.push(change(revision));
    }
    for (let from = 1; from <= 26; from += 1) {
      for (const limit of [1, 4, 1000]) {
        const page = await storage.changes(from, limit);
        deepStrictEqual(page, all.slice(from - 1, from - 1 + page.length));
        ok(page.length <= limit && (page.length > 0 || from === 26), `a page of ${page.length} from ${from}`);
      }
    }
    await storage.close();
  },
  "gives the contracts that it has, each once": async (fixture) => {
    const storage = await fixture.open();
    await storage.commit(commitOf(1, standing("a"), standing("b")));
    const [a, b, none] = ["a", "b", "none"].map((text) => contract(text).digest) as [Digest, Digest, Digest];
    const found = await storage.contracts([a, none, b, a]);
    deepStrictEqual(found.map(({ text }) => text).sort(), ["a", "b"]);
    deepStrictEqual(await storage.contracts([]), []);
    await storage.close();
  },
  "keeps everything over a close (V5)": async (fixture) => {
    const first = await fixture.open();
    await first.commit(commitOf(1, standing("a")));
    await first.commit(commitOf(2, standing("b")));
    const before = await first.load();
    await first.close();
    const second = await fixture.open();
    deepStrictEqual(await second.load(), before);
    deepStrictEqual(await second.changes(1, 10), [change(1), change(2)]);
    strictEqual(await second.commit(commitOf(3, standing("c"))), true);
    await second.close();
  },
};
