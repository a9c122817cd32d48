import { createKeyPair, signerFromPem } from "@canonic/audit";
import { expect, test } from "vitest";
import { listenAsWitness } from "../src/witness-server.ts";
import { openWitnessState } from "../src/witness-state.ts";
import { testFolder } from "./folder.ts";

const witness = () => ({
  signer: signerFromPem("witness.example/one", createKeyPair().privateKeyPem),
  logs: [],
  state: openWitnessState(testFolder(), []),
  clock: { posixSeconds: () => 1_767_225_600 },
});
const refusal = (why: string) =>
  expect.objectContaining({ code: "orchestrator.option-invalid", message: expect.stringContaining(why) });

test("an address where another process listens is refused with the reason", async () => {
  const { server, url } = await listenAsWitness({ host: "127.0.0.1", port: 0 }, witness(), () => {});
  const port = Number(new URL(url).port);
  try {
    await expect(listenAsWitness({ host: "127.0.0.1", port }, witness(), () => {})).rejects.toThrow(
      refusal("another process listens there"),
    );
  } finally {
    server.close();
  }
});

test("an address of another machine is refused with the reason", async () => {
  await expect(listenAsWitness({ host: "192.0.2.1", port: 0 }, witness(), () => {})).rejects.toThrow(
    refusal("this machine has no such address"),
  );
});
