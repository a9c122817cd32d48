/** Four processes with one token: what they spend together is what one of them could. */
import { digestBytes } from "@canonic/contracts";
import { afterAll, describe, expect, test } from "vitest";
import { cleanUp, isAbsent, places, startProcess } from "./store-process.ts";

afterAll(cleanUp);

const token = digestBytes("a token that four processes share");
const at = (second: number) => `2026-01-31T12:00:${String(second).padStart(2, "0")}.000Z`;

describe.each(Object.entries(places))("one token in four processes on %s", (name, newPlace) => {
  test.skipIf(isAbsent(name))("passes its limit of 50 invocations exactly, and refuses the next (A1)", async () => {
    const place = newPlace();
    const processes = [1, 2, 3, 4].map(() => startProcess(place));
    const use = { token, at: at(0), since: at(0), limit: 50, counting: "invocations" };
    await Promise.all(processes.map((process) => process.tell("useUp", { ...use, prefix: "none", limit: 0 })));

    const said = await Promise.all(
      processes.map((process, index) => process.tell("useUp", { ...use, prefix: `run_${index}` })),
    );
    const passed = said.map((answer) => ("value" in answer ? Number(answer.value) : answer.code));

    expect(passed.reduce((sum, each) => Number(sum) + Number(each), 0)).toBe(50);
    expect(await processes[0]?.tell("useUp", { ...use, prefix: "later" })).toEqual({ value: 0 });
    expect(await processes[1]?.tell("useUp", { ...use, prefix: "larger", limit: 53 })).toEqual({ value: 3 });
  });

  test.skipIf(isAbsent(name))("passes 20 uses in each window, and the window is everybody's (A1)", async () => {
    const place = newPlace();
    const processes = [1, 2, 3, 4].map(() => startProcess(place));
    const total = async (round: string, moment: number, since: number): Promise<number> => {
      const use = { token, at: at(moment), since: at(since), limit: 20, counting: "recent" };
      const said = await Promise.all(
        processes.map((process, index) => process.tell("useUp", { ...use, prefix: `${round}_${index}` })),
      );
      return said.reduce((sum, answer) => sum + ("value" in answer ? Number(answer.value) : Number.NaN), 0);
    };

    expect(await total("first", 10, 0)).toBe(20);
    expect(await total("same window", 12, 2)).toBe(0);
    expect(await total("when the first are over", 21, 11)).toBe(20);
    expect(await total("both windows", 22, 10)).toBe(0);
  });
});
