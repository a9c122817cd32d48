import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { openWitnessKey } from "../src/witness-key.ts";
import { openWitnessState } from "../src/witness-state.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-witness-state-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let counter = 0;
const fresh = () => join(scratch, `state-${counter++}`);
const origin = "canonic.test/log";
const bytes = (text: string) => Buffer.from(text);

describe("a witness's memory", () => {
  test.skipIf(!existsSync("/proc/self"))("in a place that takes no folder is an error, and not a wait for ever", () => {
    const code = "orchestrator.out-unwritable";
    expect(() => openWitnessState("/proc/x/y", [origin])).toThrow(expect.objectContaining({ code }));
  });

  test("is what was swapped in last, also for who opens it again", async () => {
    const directory = fresh();
    const state = openWitnessState(directory, [origin]);

    expect(await state.last(origin)).toBeUndefined();
    expect(await state.swap(origin, undefined, bytes("one"))).toBe(true);
    expect(await state.swap(origin, bytes("one"), bytes("two"))).toBe(true);
    expect(await openWitnessState(directory, [origin]).last(origin)).toEqual(bytes("two"));
  });

  test("takes nothing over what it does not expect (W2)", async () => {
    const state = openWitnessState(fresh(), [origin]);
    await state.swap(origin, undefined, bytes("one"));

    expect(await state.swap(origin, undefined, bytes("two"))).toBe(false);
    expect(await state.swap(origin, bytes("zero"), bytes("two"))).toBe(false);
    expect(await state.last(origin)).toEqual(bytes("one"));
  });

  test("keeps the logs apart", async () => {
    const state = openWitnessState(fresh(), [origin, "other"]);
    await state.swap(origin, undefined, bytes("one"));

    expect(await state.last("other")).toBeUndefined();
  });

  test("is the highest generation, and a crash between two leaves no trace that counts (W1)", async () => {
    const directory = fresh();
    const state = openWitnessState(directory, [origin]);
    await state.swap(origin, undefined, bytes("one"));
    const [folder] = readdirSync(directory);
    const inside = join(directory, folder as string);
    // Written and not linked: a process died here.
    writeFileSync(join(inside, "0000000000000002.note.999.part"), "torn");
    expect(await state.last(origin)).toEqual(bytes("one"));
    // Linked, and the lower one not removed.
    writeFileSync(join(inside, "0000000000000002.note"), "two");

    expect(await state.last(origin)).toEqual(bytes("two"));
    expect(await state.swap(origin, bytes("one"), bytes("fork"))).toBe(false);
    expect(await state.swap(origin, bytes("two"), bytes("three"))).toBe(true);
    expect(readdirSync(inside).filter((name) => name.endsWith(".note"))).toEqual(["0000000000000003.note"]);
  });

  test("lets one of four processes that write at once go on from each state (W2)", async () => {
    const directory = fresh();
    const state = openWitnessState(directory, [origin]);
    const url = new URL("../src/witness-state.ts", import.meta.url).href;
    const script = `
      import { openWitnessState } from ${JSON.stringify(url)};
      const state = openWitnessState(${JSON.stringify(directory)}, [${JSON.stringify(origin)}]);
      for (let won = 0; won < 20; ) {
        const last = state.last(${JSON.stringify(origin)});
        const next = Number(last ?? 0) + 1;
        if (!state.swap(${JSON.stringify(origin)}, last, Buffer.from(String(next)))) continue;
        console.log(next);
        won += 1;
      }`;
    const args = ["--conditions=@canonic/source", "--input-type=module", "-e", script];

    const ended = await Promise.all([1, 2, 3, 4].map(() => promisify(execFile)(process.execPath, args)));
    const won = ended.flatMap(({ stdout }) => stdout.trim().split("\n").map(Number));

    expect(won.length).toBe(80);
    expect(new Set(won).size).toBe(80);
    expect(Number(await state.last(origin))).toBeGreaterThanOrEqual(Math.max(...won));
  });
});

describe("a witness's key", () => {
  const coded = (code: string) => expect.objectContaining({ code });

  test("is made once with its memory, and read back", () => {
    const state = fresh();
    const file = join(scratch, `key-${counter}.pem`);
    const made = openWitnessKey(file, state, "witness.example/one");

    expect(openWitnessKey(file, state, undefined)).toMatchObject({ name: made.name, publicKey: made.publicKey });
  });

  test("does not sign without the memory that it was made with, nor with another's (K1)", () => {
    const [state, other] = [fresh(), fresh()];
    const [file, otherFile] = [join(scratch, "a.pem"), join(scratch, "b.pem")];
    openWitnessKey(file, state, "witness.example/a");
    openWitnessKey(otherFile, other, "witness.example/b");

    expect(() => openWitnessKey(file, fresh(), undefined)).toThrow(coded("orchestrator.keys-invalid"));
    expect(() => openWitnessKey(file, other, undefined)).toThrow(coded("orchestrator.keys-invalid"));
    expect(() => openWitnessKey(join(scratch, "none.pem"), state, "w")).toThrow(coded("orchestrator.keys-invalid"));
    rmSync(state, { recursive: true });
    expect(() => openWitnessKey(file, state, "witness.example/a")).toThrow(coded("orchestrator.keys-invalid"));
  });

  test.each([undefined, "", "two words", "a+b"])("is not made for the name %j", (name) => {
    expect(() => openWitnessKey(join(scratch, "new.pem"), fresh(), name)).toThrow(coded("orchestrator.option-invalid"));
  });

  test("is no file of another kind", () => {
    const [state, file] = [fresh(), join(scratch, "c.pem")];
    openWitnessKey(file, state, "witness.example/c");
    writeFileSync(file, "nothing");

    expect(() => openWitnessKey(file, state, undefined)).toThrow(coded("orchestrator.keys-invalid"));
  });
});
