/**
 * What every authority store must do (A1..A6 of `storage.ts`), as cases to run in any test framework.
 *
 *     for (const { title, run } of testAuthorityStorage(make)) test(title, run);
 *
 * Death at any moment (A6) needs a process to kill; what is here closes a store and opens it again.
 *
 * @module
 */
import { factCases } from "./conformance-facts.ts";
import type { AuthorityStorageFixture, Cases } from "./conformance-fixture.ts";
import { ledgerCases } from "./conformance-ledger.ts";
import { lockCases } from "./conformance-locks.ts";

export type { AuthorityStorageFixture } from "./conformance-fixture.ts";

export interface ConformanceCase {
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** The cases; `make` gives a new, empty store for each. */
export function testAuthorityStorage(
  make: () => AuthorityStorageFixture | Promise<AuthorityStorageFixture>,
): ConformanceCase[] {
  const all: Cases = { ...factCases, ...ledgerCases, ...lockCases };
  return Object.entries(all).map(([title, run]) => ({ title, run: async () => run(await make()) }));
}
