import PDFDocument from "pdfkit";

/** A one-pixel PNG. */
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export type MadePdf = {
  readonly title?: string;
  readonly userPassword?: string;
  readonly ownerPassword?: string;
  /** Draws one page; `line` puts a text at a place, in points from the upper left. */
  readonly pages: readonly ((page: Pen) => void)[];
};

export type Pen = {
  readonly line: (text: string, x: number, y: number, size?: number) => void;
  readonly flow: (text: string, size?: number) => void;
  readonly picture: () => void;
};

export async function makePdf({ title, pages, ...security }: MadePdf): Promise<Uint8Array> {
  const document = new PDFDocument({
    autoFirstPage: false,
    ...security,
    ...(title === undefined ? {} : { info: { Title: title } }),
  });
  const parts: Uint8Array[] = [];
  const ended = new Promise<void>((resolve) => document.on("end", resolve));
  document.on("data", (part: Uint8Array) => parts.push(part));
  for (const draw of pages) {
    document.addPage({ size: "A4", margin: 72 });
    draw({
      line: (text, x, y, size = 10) => document.fontSize(size).text(text, x, y, { lineBreak: false }),
      flow: (text, size = 10) => document.fontSize(size).text(text, { align: "left" }),
      picture: () => document.image(Buffer.from(PIXEL, "base64"), 72, 72, { width: 300 }),
    });
  }
  document.end();
  await ended;
  return new Uint8Array(Buffer.concat(parts));
}
