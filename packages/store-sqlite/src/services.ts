/**
 * Changes of services and what stands: every method is one transaction.
 *
 * Invariants:
 *   S1. A change, its contracts and its standings are written together, and only on the head that it was made for.
 *   S2. `load` reads in one transaction: what it gives is of the revision that it gives.
 *
 * @module
 */
import { failed } from "./errors.ts";
import type { ServicesStatements } from "./services-schema.ts";
import type {
  ServicesHead,
  SqliteServices,
  SqliteServicesReader,
  StoredContract,
  StoredService,
  StoredServiceChange,
} from "./services-types.ts";
import type { Transaction } from "./transaction.ts";

/** The reading half; `close` is the opener's. */
export function serviceReadsOf(statements: ServicesStatements): Omit<SqliteServicesReader, "close"> {
  const head = () => headOf(statements);
  return {
    head: () => reading(head),
    load: () =>
      reading(() => {
        statements.begin.run();
        try {
          const services = statements.services.all().map((row) => ({ ...row }) as unknown as StoredService);
          const contracts = statements.alive.all().map((row) => ({ ...row }) as unknown as StoredContract);
          return { head: head(), services, contracts };
        } finally {
          statements.end.run();
        }
      }),
    changes: (from, limit) =>
      reading(() => statements.changes.all(from, limit).map((row) => ({ ...row }) as unknown as StoredServiceChange)),
    contracts: (digests) =>
      reading(() =>
        [...new Set(digests)].flatMap((digest) => {
          const row = statements.contract.get(digest);
          return row === undefined ? [] : [{ ...row } as unknown as StoredContract];
        }),
      ),
  };
}

/** The writing half. */
export function serviceWritesOf(statements: ServicesStatements, durably: Transaction): Pick<SqliteServices, "commit"> {
  return {
    commit: ({ prev, change, contracts, services }) =>
      durably(() => {
        const head = headOf(statements);
        if (head.digest !== prev || head.revision + 1 !== change.revision) return false;
        statements.insertChange.run(change.revision, change.digest, change.text);
        for (const { digest, text } of contracts) statements.insertContract.run(digest, text);
        for (const one of services) {
          const { service, version, contract, owner, signedBy, state, resumes, health } = one;
          statements.putService.run(service, version, contract, owner, signedBy, state, resumes, health);
        }
        return true;
      }),
  };
}

function headOf(statements: ServicesStatements): ServicesHead {
  const row = statements.head.get() as unknown as ServicesHead | undefined;
  return { revision: row?.revision ?? 0, digest: row?.digest ?? null };
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw failed("store-sqlite.read-failed", "the service store cannot be read", cause);
  }
}
