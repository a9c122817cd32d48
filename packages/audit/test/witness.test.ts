import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addCheckpoint,
  cosignaturesOf,
  createKeyPair,
  Frontier,
  leafHash,
  type NoteSigner,
  nodeHash,
  proveConsistency,
  signCheckpoint,
  signerFromPem,
  signNote,
  WITNESS_REQUEST_BYTES_MAX,
  type WitnessAnswer,
  type WitnessState,
  withCosignatures,
} from "../src/index.ts";

const signerOf = (name: string) => signerFromPem(name, createKeyPair().privateKeyPem);
const log = signerOf("canonic.test/log");
const witness = signerOf("witness.example/one");
const NOW = 1_700_000_000;

/** A history of leaves; two histories of one seed are the same. */
function history(seed: string) {
  const leaf = (index: number) => leafHash(Buffer.from(`${seed} ${index}`));
  const nodes = (level: number, index: number): Uint8Array =>
    level === 0 ? leaf(index) : nodeHash(nodes(level - 1, 2 * index), nodes(level - 1, 2 * index + 1));
  const rootAt = (size: number) => {
    const frontier = new Frontier();
    for (let index = 0; index < size; index += 1) frontier.append(leaf(index));
    return frontier.root();
  };
  const noteAt = (size: number, by: NoteSigner = log) =>
    signCheckpoint({ origin: log.name, size, root: rootAt(size) }, by);
  const proofOf = async (from: number, to: number) => (from === 0 ? [] : await proveConsistency(nodes, from, to));
  return { noteAt, proofOf, rootAt };
}
const [honest, forked] = [history("honest"), history("forked")];

function memoryState(): WitnessState & { readonly notes: Map<string, Uint8Array> } {
  const notes = new Map<string, Uint8Array>();
  return {
    notes,
    last: (origin) => notes.get(origin),
    swap: (origin, expected, next) => {
      if (notes.get(origin) !== expected) return false;
      notes.set(origin, next);
      return true;
    },
  };
}

function bodyOf(old: number | string, proof: readonly Uint8Array[], note: Uint8Array): Buffer {
  const lines = [`old ${old}`, ...proof.map((hash) => Buffer.from(hash).toString("base64")), "\n"];
  return Buffer.concat([Buffer.from(lines.join("\n")), note]);
}

function newWitness(state: WitnessState = memoryState()) {
  const ask = (body: Uint8Array): Promise<WitnessAnswer> =>
    addCheckpoint(body, { signer: witness, logs: [log], state, clock: { posixSeconds: () => NOW } });
  const grow = async (from: number, to: number, of = honest) =>
    ask(bodyOf(from, await of.proofOf(from, to), of.noteAt(to)));
  return { ask, grow, state };
}
const conflict = (size: number) => ({ status: 409, type: "text/x.tlog.size", body: `${size}\n` });

describe("a witness", () => {
  test("cosigns what continues the checkpoint that it knows", async () => {
    const { grow } = newWitness();

    for (const [from, to] of [
      [0, 3],
      [3, 8],
      [8, 8],
      [8, 21],
    ] as const) {
      const answer = await grow(from, to);

      expect(answer).toMatchObject({ status: 200 });
      const cosigned = withCosignatures(honest.noteAt(to), answer.body, [witness]);
      expect(cosignaturesOf(cosigned, [witness])).toEqual([{ witness: witness.name, key: witness, time: NOW }]);
    }
  });

  test("says what it knows to whoever believes something else", async () => {
    const { ask, grow } = newWitness();
    await grow(0, 8);

    expect(await grow(0, 21)).toEqual(conflict(8));
    expect(await grow(3, 21)).toEqual(conflict(8));
    expect(await ask(bodyOf(9, [], honest.noteAt(21)))).toEqual(conflict(8));
  });

  test("refuses a rollback, whatever old size is claimed (W1)", async () => {
    const { ask, grow, state } = newWitness();
    await grow(0, 8);
    const before = await state.last(log.name);

    for (const old of [0, 1, 3, 5])
      expect(await ask(bodyOf(old, await honest.proofOf(old, 5), honest.noteAt(5)))).toEqual(conflict(8));
    expect(await ask(bodyOf(8, [], honest.noteAt(5)))).toMatchObject({ status: 400 });
    expect(await state.last(log.name)).toBe(before);
  });

  test("refuses a fork, of the same size and of a larger one (W1)", async () => {
    const { ask, grow, state } = newWitness();
    await grow(0, 8);
    const before = await state.last(log.name);

    expect(await grow(8, 8, forked)).toEqual(conflict(8));
    expect(await grow(8, 21, forked)).toMatchObject({ status: 422 });
    expect(await ask(bodyOf(8, await honest.proofOf(8, 21), forked.noteAt(21)))).toMatchObject({ status: 422 });
    expect(await state.last(log.name)).toBe(before);
  });

  test("refuses a proof with a hash less, more or flipped", async () => {
    const { ask, grow } = newWitness();
    await grow(0, 8);
    const proof = await honest.proofOf(8, 21);
    const flippedHash = Buffer.from(proof[0] as Uint8Array);
    flippedHash[0] = (flippedHash[0] as number) ^ 1;

    for (const bent of [proof.slice(1), [...proof, proof[0] as Uint8Array], [flippedHash, ...proof.slice(1)], []])
      expect(await ask(bodyOf(8, bent, honest.noteAt(21)))).toMatchObject({ status: 422 });
    expect(await ask(bodyOf(8, proof, honest.noteAt(8)))).toMatchObject({ status: 422 });
    const fresh = newWitness();
    expect(await fresh.ask(bodyOf(0, proof, honest.noteAt(21)))).toMatchObject({ status: 422 });
  });

  test("refuses logs and keys that it does not know", async () => {
    const { ask } = newWitness();
    const other = signerOf("other.test/log");
    const elsewhere = signCheckpoint({ origin: other.name, size: 3, root: Buffer.alloc(32) }, log);
    const namesake = signerOf(log.name);

    expect(await ask(bodyOf(0, [], elsewhere))).toMatchObject({ status: 404 });
    expect(await ask(bodyOf(0, [], honest.noteAt(3, namesake)))).toMatchObject({ status: 403 });
    expect(await ask(bodyOf(0, [], honest.noteAt(3, witness)))).toMatchObject({ status: 403 });
    const bent = Buffer.from(honest.noteAt(3));
    bent[bent.length - 6] = (bent[bent.length - 6] as number) ^ 1;
    expect((await ask(bodyOf(0, [], bent))).status).not.toBe(200);
  });

  test("cosigns extension lines of other logs with the text, and no empty ones", async () => {
    const { ask } = newWitness();
    const text = `${log.name}\n1\n${Buffer.from(honest.rootAt(1)).toString("base64")}\nextension\n`;

    expect(await ask(bodyOf(0, [], signNote(text, log)))).toMatchObject({ status: 200 });
    expect(await ask(bodyOf(1, [], signNote(text.replace("extension", "\nextension"), log)))).toMatchObject({
      status: 400,
    });
  });

  test("cosigns one of two that continue the same checkpoint at once (W2)", async () => {
    const inner = memoryState();
    const state: WitnessState = {
      last: async (origin) => inner.last(origin),
      swap: async (origin, expected, next) => inner.swap(origin, expected, next),
    };
    const { grow } = newWitness(state);
    await grow(0, 3);

    const answers = await Promise.all([grow(3, 8), grow(3, 21), grow(3, 8)]);

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    expect(answers.filter(({ status }) => status === 409)).toEqual([conflict(8), conflict(8)]);
  });

  test("answers nothing over a state that its log did not sign (W3)", async () => {
    const { grow, state } = newWitness();
    (state as ReturnType<typeof memoryState>).notes.set(log.name, honest.noteAt(3, witness));

    await expect(grow(3, 8)).rejects.toMatchObject({ code: "audit.note-invalid" });
  });

  test("never cosigns two histories, in whatever order they are shown (W1)", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.boolean(), fc.nat(12), fc.nat(12)), { maxLength: 12 }),
        async (requests) => {
          const { grow } = newWitness();
          const cosigned: { readonly isHonest: boolean; readonly size: number }[] = [];
          for (const [isHonest, from, to] of requests) {
            const [small, large] = [Math.min(from, to), Math.max(from, to)];
            const { status } = await grow(small, large, isHonest ? honest : forked);
            if (status === 200) cosigned.push({ isHonest, size: large });
          }
          const beyond = cosigned.filter(({ size }) => size > 0);
          expect(new Set(beyond.map(({ isHonest }) => isHonest)).size).toBeLessThanOrEqual(1);
          expect(cosigned.map(({ size }) => size)).toEqual(cosigned.map(({ size }) => size).toSorted((a, b) => a - b));
        },
      ),
      { numRuns: 60 },
    );
  });

  const note = Buffer.from(honest.noteAt(3)).toString();
  const hash = Buffer.alloc(32).toString("base64");
  test.each([
    ["nothing", ""],
    ["no old size", `\n\n${note}`],
    ["an old size with a leading zero", `old 00\n\n${note}`],
    ["an old size with a sign", `old +0\n\n${note}`],
    ["an old size over 2^53", `old 9007199254740993\n\n${note}`],
    ["an old size that is none", `old\n\n${note}`],
    ["a hash without padding", `old 0\n${hash.slice(0, -1)}\n\n${note}`],
    ["a hash of 31 bytes", `old 0\n${Buffer.alloc(31).toString("base64")}\n\n${note}`],
    ["64 hashes", `old 0\n${`${hash}\n`.repeat(64)}\n${note}`],
    ["carriage returns", `old 0\r\n\r\n${note}`],
    ["no checkpoint", "old 0\n\n"],
    ["no empty line", `old 0\n${note.split("\n\n")[0]}`],
    ["a size that is none", `old 0\n\n${note.replace("\n3\n", "\n03\n")}`],
    ["a proof that is an old size of more", `old 4\n\n${note}`],
    ["more bytes than any", `old 0\n\n${note}${"x".repeat(WITNESS_REQUEST_BYTES_MAX)}`],
  ])("takes no request with %s", async (_title, body) => {
    const { ask, state } = newWitness();

    expect(await ask(Buffer.from(body))).toMatchObject({ status: 400 });
    expect(await state.last(log.name)).toBeUndefined();
  });
});
