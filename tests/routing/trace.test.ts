/**
 * Every request of a real trace over real catalogues (docs/routing-trace.md): the router against the oracle, and both against a router that
 * believes whatever a public list of prices says.
 *
 * `CANONIC_TRACE=all` takes every row; the default every 193rd.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { admitServices, decide, importPriceCatalogue } from "@canonic/caio";
import { CHEAPEST_SCORE_PROFILE, type JsonObject } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import { activeEntry, PRICES, readCatalogues, TRACE } from "./catalogues.ts";
import { decideSlowly } from "./oracle/oracle.ts";
import { plainWorld } from "./plain.ts";
import { bytesOf, chosenOf, open } from "./router.ts";
import { cheapestEntry, type PriceEntry, readTrace, requestOfRow } from "./trace.ts";

const STEP = process.env["CANONIC_TRACE"] === "all" ? 1 : 193;
const rows = readTrace();
const asked = rows.filter(({ place }) => place % STEP === 0);
const there = existsSync(TRACE) && existsSync(PRICES);

test.skipIf(!there)(
  `decides ${asked.length} of ${rows.length} requests of a real trace as the specification says`,
  () => {
    const { snapshot, imported } = readCatalogues();
    const byScore = plainWorld(snapshot.services);
    const byPrice = { ...byScore, scoreProfile: CHEAPEST_SCORE_PROFILE };
    const [openByScore, openByPrice] = [open(byScore), open(byPrice)];
    let chosen = 0;

    for (const row of asked) {
      const question = { request: requestOfRow(row), identity: null, authorization: null, at: row.at };
      const isByPrice = row.place % 2 === 1;
      const expected = decideSlowly(isByPrice ? byPrice : byScore, question);
      const decided = decide(isByPrice ? openByPrice : openByScore, question);

      expect(bytesOf(decided.record()), `row ${row.place}`).toBe(bytesOf(expected.record));
      if (expected.record.outcome.kind === "chosen") chosen += 1;
    }

    expect(rows.length).toBe(8_819);
    expect(imported).toEqual({ modelsDev: 687, prices: 62, servers: 325 });
    expect(chosen).toBe(asked.length);
  },
);

describe.skipIf(!there)("an image model with the price of a token", () => {
  const IMAGE_MODEL = "fireworks_ai/accounts/fireworks/models/flux-1-dev-fp8";
  const published = () => JSON.parse(readFileSync(PRICES, "utf8")) as Record<string, PriceEntry>;
  /** As such a model stood in public lists: said to chat. */
  const mislabelled = () => {
    const prices = published();
    return { ...prices, [IMAGE_MODEL]: { ...prices[IMAGE_MODEL], mode: "chat" } };
  };
  const naivelyRouted = (prices: Record<string, PriceEntry>, mode: string | null) =>
    rows.filter((row) => cheapestEntry(prices, row, mode) === IMAGE_MODEL).length;
  const routed = (prices: Record<string, PriceEntry>) => {
    const { contracts } = importPriceCatalogue(prices as JsonObject);
    const { admitted, quarantined } = admitServices(contracts);
    const world = open({ ...plainWorld(admitted.map(activeEntry)), scoreProfile: CHEAPEST_SCORE_PROFILE });
    const chosen = rows.map((row) =>
      chosenOf(decide(world, { request: requestOfRow(row), identity: null, authorization: null, at: row.at })),
    );
    return { chosen, kept: quarantined.map(({ service }) => service as string) };
  };

  test("gets 7,578 of 8,819 real requests from a router that looks at prices alone, and none from this one", () => {
    expect(naivelyRouted(published(), null)).toBe(7_578);

    const { chosen } = routed(published());

    expect(chosen.length).toBe(8_819);
    expect(chosen.filter((service) => service === null || service.startsWith(IMAGE_MODEL))).toEqual([]);
  });

  test("gets them too from one that looks at the mode, once its entry says chat; admission keeps that entry out", () => {
    expect(naivelyRouted(mislabelled(), "chat")).toBe(7_578);

    const { chosen, kept } = routed(mislabelled());

    expect(kept).toContain(IMAGE_MODEL);
    expect(chosen.filter((service) => service === null || service.startsWith(IMAGE_MODEL))).toEqual([]);
  });
});
