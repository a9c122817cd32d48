/** One holder of a run at a time, in real processes: who wins, and what one can still do who was paused and overtaken. */
import { afterAll, describe, expect, test } from "vitest";
import { onServer } from "../conformance/postgres.ts";
import { cleanUp, isAbsent, places, startProcess } from "./store-process.ts";

afterAll(cleanUp);

const at = (minute: number) => `2026-01-31T12:${String(minute).padStart(2, "0")}:00.000Z`;
const key = "run/run_00000000000000000001";
const ask = (holder: string, minute: number) => ({ key, holder, now: at(minute), until: at(minute + 5) });
type Answer = { readonly value: { readonly kind: string; readonly lock: { readonly fence: number; holder: string } } };

describe.each(Object.entries(places))("the lock of a run on %s", (name, newPlace) => {
  test.skipIf(isAbsent(name))(
    "has exactly one winner in each of 100 races, and its fence grows by one (A1, A5)",
    async () => {
      const place = newPlace();
      const runners = ["left", "right"].map((holder) => ({ holder, process: startProcess(place) }));
      await Promise.all(runners.map(({ process }) => process.tell("renew", { key, fence: 1, until: at(5) })));

      const races: { readonly kinds: string[]; readonly fences: number[]; readonly holder: string }[] = [];
      for (let race = 0; race < 100; race += 1) {
        const turned = race % 2 === 0 ? runners : [...runners].reverse();
        const said = await Promise.all(turned.map(({ holder, process }) => process.tell("acquire", ask(holder, 0))));
        const answers = (said as Answer[]).map(({ value }) => value);
        const held = answers.find(({ kind }) => kind === "held")?.lock;
        races.push({
          kinds: answers.map(({ kind }) => kind).sort(),
          fences: answers.map(({ lock }) => lock.fence),
          holder: held?.holder ?? "",
        });
        const winner = runners.find(({ holder }) => holder === held?.holder)?.process;
        expect(await winner?.tell("release", { key, fence: held?.fence })).toEqual({ value: true });
      }

      expect(races.filter(({ kinds }) => kinds.join() === "held,refused").length).toBe(100);
      expect(races.map(({ fences }) => fences)).toEqual(Array.from({ length: 100 }, (_, race) => [race + 1, race + 1]));
      expect(races.every(({ holder }) => holder === "left" || holder === "right")).toBe(true);
    },
  );

  test.skipIf(isAbsent(name))(
    "cannot be renewed or released by a holder who was paused and overtaken, and its target refuses him",
    async () => {
      const place = newPlace();
      const [paused, next] = [startProcess(place), startProcess(place)];
      expect(await paused.tell("acquire", ask("paused", 0))).toMatchObject({
        value: { kind: "held", lock: { fence: 1 } },
      });
      expect(await paused.tell("write", { fence: 1, value: "first" })).toEqual({ value: true });
      expect(await next.tell("acquire", ask("next", 4))).toMatchObject({
        value: { kind: "refused", lock: { fence: 1 } },
      });

      paused.pause();
      const late = [
        paused.tell("renew", { key, fence: 1, until: at(30) }),
        paused.tell("write", { fence: 1, value: "late" }),
        paused.tell("release", { key, fence: 1 }),
      ];
      const taken = await next.tell("acquire", ask("next", 5));
      const written = await next.tell("write", { fence: 2, value: "second" });
      paused.wake();

      expect(taken).toMatchObject({ value: { kind: "held", lock: { fence: 2, holder: "next" } } });
      expect(written).toEqual({ value: true });
      expect(await Promise.all(late)).toEqual([{ value: false }, { value: false }, { value: false }]);
      expect(await next.tell("renew", { key, fence: 2, until: at(30) })).toEqual({ value: true });
      expect(await next.tell("write", { fence: 2, value: "third" })).toEqual({ value: true });
    },
  );
});

describe.skipIf(isAbsent("postgres"))("a paused writer of the log on PostgreSQL", () => {
  const session = (schema: string) =>
    onServer(
      `SELECT pid FROM pg_locks JOIN (SELECT hashtextextended($1, 0) AS key) k
         ON classid::bigint = (k.key >> 32) & 4294967295 AND objid::bigint = k.key & 4294967295
       WHERE locktype = 'advisory' AND granted`,
      [`canonic.log.${schema}`],
    );

  test("whose session was ended, and whose place another took, writes nothing when it wakes", async () => {
    const place = places.postgres();
    const [paused, next] = [startProcess(place), startProcess(place)];
    await paused.tell("openLog");
    expect(await paused.tell("append")).toEqual({ value: 1 });
    expect(await next.tell("openLog")).toEqual({ code: "store-postgres.locked" });

    paused.pause();
    const late = [paused.tell("append"), paused.tell("append")];
    const holders = await session(place.schema);
    await onServer("SELECT pg_terminate_backend($1, 5000)", [holders[0]?.["pid"]]);
    const opened = await next.tell("openLog");
    const appended = await next.tell("append");
    paused.wake();

    expect(holders.length).toBe(1);
    expect([opened, appended]).toEqual([{ value: 1 }, { value: 2 }]);
    expect(await Promise.all(late)).toEqual(Array(2).fill({ code: "store-postgres.lock-lost" }));
    expect(await next.tell("append")).toEqual({ value: 3 });
    expect(await onServer(`SELECT position, run FROM ${place.schema}.log_leaves ORDER BY position`)).toEqual([
      { position: "0", run: "run_0" },
      { position: "1", run: "run_1" },
      { position: "2", run: "run_2" },
    ]);
  });

  test("whose fence was overtaken while its session lived on is refused, and writes nothing", async () => {
    const place = places.postgres();
    const [paused, next] = [startProcess(place), startProcess(place)];
    await paused.tell("openLog");
    await paused.tell("append");

    paused.pause();
    const late = paused.tell("append");
    await onServer(`UPDATE ${place.schema}.log_state SET fence = fence + 1`);
    paused.wake();

    expect(await late).toEqual({ code: "store-postgres.fenced" });
    expect(await onServer(`SELECT count(*)::int AS count FROM ${place.schema}.log_leaves`)).toEqual([{ count: 1 }]);
    expect(await next.tell("openLog")).toEqual({ code: "store-postgres.locked" });
  });
});
