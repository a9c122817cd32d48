import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { DOCUMENT_BYTES_MAX, readDocument } from "../../src/document/index.ts";
import { isPolicyAnalysisError } from "../../src/errors.ts";
import { expectLaidOut } from "./laid-out.ts";
import { makePdf } from "./made-pdf.ts";
import { refusalOf } from "./refused.ts";

const refuse = (bytes: Uint8Array, name: string) => refusalOf(readDocument(bytes, { name }));
const text = "The policy of the country is to be read by all of us, and this is the text of it. ".repeat(20);
const page = (pen: { readonly flow: (text: string) => void }): void => pen.flow(text);

test("refuses a file without bytes and a file without words", async () => {
  expect(await refuse(new Uint8Array(), "a.txt")).toMatchObject({
    code: "policy-analysis.document-empty",
    details: { name: "a.txt", missing: "bytes" },
  });
  for (const [content, name] of [
    [" \r\n\t\u200b\ufeff - ", "a.txt"],
    ["![](x.png)", "a.md"],
    ["<!doctype html><script>x</script>", "a"],
  ] as const) {
    expect(await refuse(Buffer.from(content), name)).toMatchObject({
      code: "policy-analysis.document-empty",
      details: { missing: "text" },
    });
  }
});

test("refuses a file over the limit before it looks at it", async () => {
  const error = await refuse(new Uint8Array(DOCUMENT_BYTES_MAX + 1), "a.pdf");

  expect(error).toMatchObject({
    code: "policy-analysis.document-too-large",
    details: { measure: "bytes", found: DOCUMENT_BYTES_MAX + 1, limit: DOCUMENT_BYTES_MAX },
  });
});

test.each([
  ["docx", Buffer.from("PK\x03\x04 ... word/document.xml")],
  ["odt", Buffer.from("PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.text")],
  ["zip", Buffer.from("PK\x03\x04 anything")],
  ["png", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0])],
  ["jpeg", Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
  ["doc", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])],
  ["rtf", Buffer.from("{\\rtf1\\ansi Hello}")],
  ["xml", Buffer.from('<?xml version="1.0"?><office/>')],
  ["gzip", Buffer.from([0x1f, 0x8b, 8, 0])],
])("refuses %s by its name", async (format, bytes) => {
  expect(await refuse(bytes, "plan.pdf")).toMatchObject({
    code: "policy-analysis.document-unsupported",
    details: { name: "plan.pdf", format },
  });
});

test("refuses binary junk", async () => {
  const junk = new Uint8Array(randomBytes(4_096));
  junk.set([0x00, 0x01, 0x02, 0x03]);

  expect((await refuse(junk, "junk.txt")).code).toBe("policy-analysis.document-binary");
});

test("refuses a PDF that needs a password, and reads one that only restricts its use", async () => {
  const locked = await makePdf({ pages: [page], userPassword: "secret", ownerPassword: "owner" });
  const restricted = await makePdf({ pages: [page], ownerPassword: "owner" });

  const error = await refuse(locked, "locked.pdf");

  expect(error.code).toBe("policy-analysis.document-encrypted");
  expect(error.message).not.toMatch(/secret|No password given/u);
  expect((await readDocument(restricted, { name: "restricted.pdf" })).text).toContain("The policy of the country");
});

test("refuses a PDF of pictures", async () => {
  const bytes = await makePdf({ pages: [(pen) => pen.picture(), (pen) => pen.picture()] });

  expect(await refuse(bytes, "scan.pdf")).toMatchObject({
    code: "policy-analysis.document-image-only",
    details: { name: "scan.pdf", pages: 2 },
  });
});

test("refuses a PDF cut off anywhere (D1)", async () => {
  const bytes = await makePdf({ pages: [page, page, page] });

  for (const share of [1, 10, 50, 90, 99]) {
    const cut = bytes.subarray(0, Math.floor((bytes.length * share) / 100));
    expect(await refuse(cut, "cut.pdf")).toMatchObject({
      code: "policy-analysis.document-truncated",
      details: { sizeBytes: cut.length },
    });
  }
});

test("refuses a linearised PDF shorter than it says, though an end mark stands near its end (D1)", async () => {
  const bytes = Buffer.from(`%PDF-1.7\n1 0 obj\n<< /Linearized 1 /L 90000 /H [ 1 2 ] >>\nendobj\n%%EOF\n`);

  expect((await refuse(bytes, "web.pdf")).code).toBe("policy-analysis.document-truncated");
});

test("refuses a PDF whose inside is damaged, naming the page where it can (D2)", async () => {
  const bytes = Buffer.from(await makePdf({ pages: [page] }));
  const hollow = Buffer.from("%PDF-1.7\nnothing of the kind\n%%EOF\n");
  const stream = bytes.indexOf("stream\n") + 7;
  const broken = Buffer.from(bytes);
  broken.fill(0xff, stream + 2, stream + 60);

  expect(await refuse(hollow, "hollow.pdf")).toMatchObject({
    code: "policy-analysis.document-damaged",
    details: { page: null },
  });
  expect(await refuse(broken, "broken.pdf")).toMatchObject({
    code: "policy-analysis.document-damaged",
    details: { page: 1 },
    message: "document `broken.pdf` is damaged on page 1, expected a PDF whose every page can be read",
  });
});

test("answers any damage to a PDF with a coded error or with a text laid out as every other", async () => {
  const whole = await makePdf({ pages: [page, page] });
  const outcomes = { refused: 0, read: 0 };
  for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 120)) {
    const bytes = Uint8Array.from(whole);
    bytes[at] = (bytes[at] ?? 0) ^ 0x55;
    try {
      expectLaidOut(await readDocument(bytes, { name: "flipped.pdf", language: "en" }));
      outcomes.read += 1;
    } catch (error) {
      if (!isPolicyAnalysisError(error)) throw error;
      outcomes.refused += 1;
    }
  }

  expect(outcomes.refused).toBeGreaterThan(10);
  expect(outcomes.read).toBeGreaterThan(10);
});

test("refuses text that is mostly replacement and private characters", async () => {
  const error = await refuse(Buffer.from("The \ue000\ue001\ue002\ue003\ufffd\ufffd of"), "glyphs.txt");

  expect(error).toMatchObject({
    code: "policy-analysis.document-garbled",
    details: { unreadable: 6, characters: 11 },
  });
});

test("keeps a hostile file name to one line of the message", async () => {
  const error = await refuse(new Uint8Array(), `a\n\u2028\`${"x".repeat(500)}`);

  expect(error.message).toMatch(/^document `a\?\?\?x{50,}…` has no bytes/u);
  expect(error.message.length).toBeLessThan(200);
});
