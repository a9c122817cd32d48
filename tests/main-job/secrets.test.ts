import { createPrivateKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { analyse } from "./analysis.ts";
import { canonic, type Ended, readBelow, temporaryFolder } from "./command-line.ts";
import { spanishDeclaration } from "./documents.ts";

test("keeps the private keys in their files: no log, error, journal, bundle or result holds them (K2)", async () => {
  const folder = temporaryFolder();
  const { file } = spanishDeclaration(folder);
  const said: Ended[] = [await canonic(["keys", "init", "--store", join(folder, "store")])];
  const { store, out, report } = await analyse(folder, [file]);
  const keyFile = join(store, "keys", "log.pem");
  const pem = readFileSync(keyFile, "utf8");
  const operatorPem = readFileSync(join(store, "keys", "operator.pem"), "utf8");
  const attestorPem = readFileSync(join(store, "keys", "attestor.pem"), "utf8");
  const saltHex = readFileSync(join(store, "keys", "salt.key"), "utf8").trim();
  for (const args of [
    ["show", report.run, "--store", store],
    ["events", report.run, "--store", store],
    ["export", report.run, "--store", store, "--out", join(folder, "exported")],
    ["verify", join(out, "bundle"), "--trust", keyFile],
    ["analyze", keyFile, "--store", store],
    ["fsck", "--store", store],
    ["doctor", "--store", store],
  ]) {
    said.push(await canonic(args));
  }
  writeFileSync(keyFile, pem.replace("-----END", "-----EMD"));
  said.push(await canonic(["keys", "init", "--store", store]), await canonic(["analyze", file, "--store", store]));

  const files = readBelow(folder);
  for (const key of ["log.pem", "operator.pem", "attestor.pem", "salt.key"])
    expect(files.delete(`store/keys/${key}`)).toBe(true);
  const places = new Map([...files].map(([path, bytes]) => [path, Buffer.from(bytes)]));
  for (const [at, { stdout, stderr }] of said.entries()) places.set(`output ${at}`, Buffer.from(stdout + stderr));
  const leaks = [...places].flatMap(([path, bytes]) =>
    [...[pem, operatorPem, attestorPem].flatMap(secretsOf), ...saltForms(saltHex)].flatMap(([form, secret]) =>
      bytes.includes(secret) ? [`${form} in ${path}`] : [],
    ),
  );

  expect(leaks).toEqual([]);
  expect(places.size).toBeGreaterThan(100);
  expect(said.map(({ code }) => code)).toEqual([0, 0, 0, 0, 2, 2, 0, 0, 2, 2]);
});

function saltForms(hex: string): readonly (readonly [form: string, secret: Buffer])[] {
  const key = Buffer.from(hex, "hex");
  const base64 = Buffer.from(key.toString("base64").slice(0, 40));
  return [
    ["the salt key", key],
    ["the salt key in hex", Buffer.from(hex)],
    ["the salt key in base64", base64],
  ];
}

/** The key in every form that a leak would take; each long enough not to occur by chance. */
function secretsOf(pem: string): readonly (readonly [form: string, secret: Buffer])[] {
  const der = createPrivateKey(pem).export({ type: "pkcs8", format: "der" });
  const seed = der.subarray(-32);
  const body = pem.split("\n").filter((line) => line !== "" && !line.startsWith("-----"));
  return [
    ["the seed", seed],
    ["the seed in hex", Buffer.from(seed.toString("hex"))],
    ["the seed in base64", Buffer.from(seed.toString("base64").slice(0, 40))],
    ["the seed in base64url", Buffer.from(seed.toString("base64url").slice(0, 40))],
    ...body.map((line) => ["the PEM", Buffer.from(line)] as const),
    ["a PEM header", Buffer.from("-----BEGIN PRIVATE KEY-----")],
  ];
}
