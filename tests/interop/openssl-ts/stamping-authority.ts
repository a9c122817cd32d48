/**
 * A time stamping authority of OpenSSL's: its certificates, its answers, and its judgement. Made anew for each test file.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { runCommand } from "../../run-command.ts";

const CONFIGURATION = `
[req]
distinguished_name = name
[name]
[tsa]
default_tsa = one
[one]
serial = SERIAL
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = ESS
crypto_device = builtin
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[stamper]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = critical, timeStamping
[server]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = critical, serverAuth, timeStamping
`;

export type StampingAuthority = {
  /** The root's certificate: a file of PEM. */
  readonly ca: string;
  answer(request: Uint8Array): Promise<Uint8Array>;
  /** What a stamp's signature is over. */
  contentOf(response: Uint8Array): Promise<Buffer>;
  /** Any content, signed as a stamp is, by a certificate of this root with these extensions. */
  signed(content: Uint8Array, extension: "stamper" | "server" | "ca"): Promise<Buffer>;
  /** True when OpenSSL itself accepts the answer as a stamp of this file under the root. */
  accepts(response: string, data: string): Promise<boolean>;
};

async function openssl(folder: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await runCommand("openssl", args, { cwd: folder });
  if (code !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
}

/** Makes an authority in a folder, with keys of this kind. */
export async function newAuthority(
  folder: string,
  key: readonly string[],
  { ess = "sha256" }: { readonly ess?: string } = {},
): Promise<StampingAuthority> {
  const settings = CONFIGURATION.replace("SERIAL", join(folder, "serial")).replace("ESS", ess);
  writeFileSync(join(folder, "tsa.cnf"), settings);
  writeFileSync(join(folder, "serial"), "01\n");
  const config = ["-config", "tsa.cnf"];
  await openssl(folder, "genpkey", ...key, "-out", "ca.key");
  await openssl(folder, "genpkey", ...key, "-out", "tsa.key");
  const root = ["-x509", "-new", "-key", "ca.key", "-subj", "/CN=root", "-days", "30", "-extensions", "ca"];
  await openssl(folder, "req", ...config, ...root, "-out", "ca.pem");
  const request = ["-new", "-key", "tsa.key", "-subj", "/CN=stamping authority"];
  await openssl(folder, "req", ...config, ...request, "-out", "tsa.csr");
  const issue = (extension: string, out: string) => {
    const issued = ["-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "20"];
    return openssl(folder, "x509", "-req", ...issued, "-extfile", "tsa.cnf", "-extensions", extension, "-out", out);
  };
  await issue("stamper", "tsa.pem");
  // Now and not when they are used: a certificate is not valid before the second in which it was made.
  for (const extension of ["stamper", "server", "ca"]) await issue(extension, `as-${extension}.pem`);
  let counter = 0;
  return {
    ca: join(folder, "ca.pem"),
    async answer(bytes) {
      counter += 1;
      const [asked, answered] = [`request-${counter}.tsq`, `response-${counter}.tsr`];
      writeFileSync(join(folder, asked), bytes);
      const signer = ["-inkey", "tsa.key", "-signer", "tsa.pem"];
      await openssl(folder, "ts", "-reply", ...config, "-queryfile", asked, ...signer, "-out", answered);
      return readFileSync(join(folder, answered));
    },
    async contentOf(response) {
      writeFileSync(join(folder, "any.tsr"), response);
      await openssl(folder, "ts", "-reply", "-in", "any.tsr", "-token_out", "-out", "any.token");
      const read = ["-verify", "-noverify", "-inform", "DER", "-in", "any.token", "-binary", "-out", "any.content"];
      await openssl(folder, "cms", ...read);
      return readFileSync(join(folder, "any.content"));
    },
    async signed(content, extension) {
      writeFileSync(join(folder, "other.content"), content);
      const type = ["-econtent_type", "1.2.840.113549.1.9.16.1.4", "-nodetach", "-cades", "-md", "sha256"];
      const signer = ["-signer", `as-${extension}.pem`, "-inkey", "tsa.key", "-outform", "DER", "-out", "other.token"];
      await openssl(folder, "cms", "-sign", "-binary", "-in", "other.content", ...type, ...signer);
      const token = readFileSync(join(folder, "other.token"));
      const body = Buffer.concat([Buffer.from("3003020100", "hex"), token]);
      const header = Buffer.alloc(4);
      header.writeUInt32BE(0x30820000 + body.length);
      return Buffer.concat([header, body]);
    },
    async accepts(response, data) {
      const args = ["ts", "-verify", "-in", response, "-data", data, "-CAfile", join(folder, "ca.pem")];
      const { code, stdout, stderr } = await runCommand("openssl", args, { cwd: folder });
      return code === 0 && `${stdout}${stderr}`.includes("Verification: OK");
    },
  };
}

/** Answers over HTTP on loopback. */
export async function serve({ answer }: StampingAuthority): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer(async (request, response) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of request as AsyncIterable<Uint8Array>) pieces.push(piece);
    response.writeHead(200, { "content-type": "application/timestamp-reply" });
    response.end(await answer(Buffer.concat(pieces)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
