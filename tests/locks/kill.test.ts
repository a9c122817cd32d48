/** A process that decides is killed at moments of no meaning: what it was told is done stays done, and nothing is half done. */
import type { AuthorityStorage } from "@canonic/authority";
import { digestBytes } from "@canonic/contracts";
import { openPostgresAuthority } from "@canonic/store-postgres";
import { openSqliteAuthority } from "@canonic/store-sqlite";
import { afterAll, describe, expect, test } from "vitest";
import { cleanUp, isAbsent, places, startProcess } from "./store-process.ts";

afterAll(cleanUp);

const token = digestBytes("a token");
const at = "2026-01-31T12:00:00.000Z";

describe.each(Object.entries(places))("an authority store on %s", (name, newPlace) => {
  test.skipIf(isAbsent(name))("keeps all that it answered, whole, kill after kill (A1, A3, A6)", async () => {
    const place = newPlace();
    let done = 0;
    for (const [kill, lines] of [1, 30, 7, 90].entries()) {
      const said = await startProcess(place).killAfter(lines, "decideForever", { prefix: `life_${kill}`, token, at });
      const store: AuthorityStorage =
        "schema" in place ? await openPostgresAuthority(place) : openSqliteAuthority(place);
      const { counts } = await store.reserve({ id: "look", at, need: 0, tokens: [{ token, since: at }] }, () => false);
      const outbox = await store.outbox(0, 10_000);
      const taken = await store.acquireLock({ key: "run", holder: "look", now: at, until: at });
      const ids = Array.from({ length: lines }, (_, round) => digestBytes(`life_${kill}/${round}`));
      const revoked = await Promise.all(ids.map((id) => store.endOf(id)));
      await store.close();

      done += said.length;
      const [count] = counts;
      expect(said.length).toBeGreaterThanOrEqual(lines);
      expect(revoked).toEqual(ids.map(() => "revoked"));
      for (const found of [count?.invocationsUsed, outbox.length, taken.lock.fence - 1]) {
        expect(found).toBeGreaterThanOrEqual(done);
        expect(found).toBeLessThanOrEqual(done + (kill + 1) * 2);
      }
      expect(count?.tokensUsed).toBe(3 * Number(count?.invocationsUsed));
      expect(count?.tokensReserved).toBe(5 * Number(count?.invocationsReserved));
      expect(new Set(outbox.map(({ subject }) => subject)).size).toBe(outbox.length);
    }
  });
});
