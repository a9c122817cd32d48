/** Time stamps of OpenSSL's, judged by ours and by OpenSSL; and what was altered, refused. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStamp, stampRequest } from "@canonic/audit";
import { afterAll, describe, expect, test } from "vitest";
import { hasTool } from "../tools.ts";
import { newAuthority } from "./stamping-authority.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-stamps-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const isThere = await hasTool("openssl", ["version"], "openssl");
const text = "canonic.test/log\n7\nWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlo=\n";
const nonce = Buffer.from("00c0ffee00000001", "hex");
const coded = expect.objectContaining({ name: "AuditError", code: "audit.stamp-invalid" });
const KINDS = {
  "P-256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
  "RSA 2048": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
};

async function authority(name: string, kind: keyof typeof KINDS, options: Parameters<typeof newAuthority>[2] = {}) {
  const folder = join(scratch, name);
  mkdirSync(folder);
  const made = await newAuthority(folder, KINDS[kind], options);
  return { ...made, folder, anchors: readFileSync(made.ca, "utf8") };
}

describe.skipIf(!isThere)("time stamps", () => {
  test.each([
    ["P-256", "sha256"],
    ["RSA 2048", "sha256"],
    ["RSA 2048", "sha1"],
    ["P-256", "sha512"],
  ] as const)("of %s keys, with the certificate named by %s, are accepted by us and by OpenSSL", async (kind, ess) => {
    const { answer, accepts, anchors, folder } = await authority(`good ${kind} ${ess}`, kind, { ess });

    const response = await answer(stampRequest(text, nonce));

    const stamp = openStamp(response, text, { anchors, nonce });
    expect(stamp).toMatchObject({ authority: "CN=stamping authority", isTrusted: true });
    expect(stamp.at).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(openStamp(response, text)).toEqual({ ...stamp, isTrusted: false });
    const [file, data] = [join(folder, "stamp.tsr"), join(folder, "text")];
    writeFileSync(file, response);
    writeFileSync(data, text);
    expect(await accepts(file, data)).toBe(true);
  });

  test("of another text, or for another request, are refused", async () => {
    const { answer, anchors } = await authority("other", "P-256");
    const response = await answer(stampRequest(text, nonce));

    expect(() => openStamp(response, `${text}more\n`, { anchors })).toThrow(coded);
    expect(() => openStamp(response, text, { anchors, nonce: Buffer.of(1) })).toThrow(coded);
  });

  test("under another root are not trusted", async () => {
    const [one, two] = [await authority("one", "P-256"), await authority("two", "P-256")];
    const response = await one.answer(stampRequest(text, nonce));

    expect(openStamp(response, text, { anchors: two.anchors }).isTrusted).toBe(false);
    expect(openStamp(response, text, { anchors: two.anchors + one.anchors }).isTrusted).toBe(true);
    expect(() => openStamp(response, text, { anchors: "nothing" })).toThrow(coded);
  });

  test("of who may not stamp time, or may do more, or of before or after the certificate, are not trusted", async () => {
    const { answer, anchors, contentOf, signed } = await authority("usage", "P-256");
    const content = await contentOf(await answer(stampRequest(text, nonce)));
    const year = content.indexOf(Buffer.from("Z")) - 14;
    const inYear = (digits: string) => {
      const moved = Buffer.from(content);
      moved.write(digits, year, "latin1");
      return moved;
    };

    expect(openStamp(await signed(content, "stamper"), text, { anchors, nonce }).isTrusted).toBe(true);
    for (const extension of ["server", "ca"] as const)
      expect(openStamp(await signed(content, extension), text, { anchors, nonce }).isTrusted).toBe(false);
    for (const digits of ["1999", "2099"])
      expect(openStamp(await signed(inYear(digits), "stamper"), text, { anchors, nonce })).toMatchObject({
        at: expect.stringContaining(digits),
        isTrusted: false,
      });
  });

  test("with any flipped byte are refused or not trusted", async () => {
    const { answer, anchors } = await authority("flipped", "P-256");
    const response = await answer(stampRequest(text, nonce));
    let refused = 0;
    for (let at = 0; at < response.length; at += 1) {
      const changed = Buffer.from(response);
      changed[at] = (changed[at] as number) ^ 1;
      const stamp = openedOrUndefined(changed, anchors);
      if (stamp === undefined) refused += 1;
      else expect([at, stamp]).toEqual([at, openStamp(response, text, { anchors, nonce })]);
    }
    // A few bytes belong to nobody: the order in which signers and algorithms are announced is not signed.
    expect(refused).toBeGreaterThan(response.length * 0.9);
  });

  test("cut anywhere, or with bytes behind them, are refused", async () => {
    const { answer, anchors } = await authority("cut", "P-256");
    const response = await answer(stampRequest(text, nonce));

    for (let length = 0; length < response.length; length += 7)
      expect(() => openStamp(response.subarray(0, length), text, { anchors })).toThrow(coded);
    expect(() => openStamp(Buffer.concat([response, Buffer.of(0)]), text, { anchors })).toThrow(coded);
  });

  test("that an authority did not grant are refused", async () => {
    const { answer, anchors } = await authority("refusing", "P-256");
    const sha1 = Buffer.from(stampRequest(text, nonce));
    // The last byte of the digest's OID: an algorithm that nobody has.
    sha1[sha1.indexOf(Buffer.from("608648016503040201", "hex")) + 8] = 0x7f;

    const response = await answer(sha1);

    expect(() => openStamp(response, text, { anchors })).toThrow(coded);
  });
});

function openedOrUndefined(response: Uint8Array, anchors: string) {
  try {
    const stamp = openStamp(response, text, { anchors, nonce });
    return stamp.isTrusted ? stamp : undefined;
  } catch (error) {
    expect(error).toEqual(coded);
    return undefined;
  }
}
