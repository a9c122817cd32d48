import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { guardFormula } from "../../src/report/csv.ts";
import { renderCsv } from "../../src/report/index.ts";
import { sampleReport } from "./sample-report.ts";

type Row = Readonly<Record<string, string>>;

function read(csv: string): Row[] {
  return parse(csv, { columns: true, record_delimiter: "\r\n", relax_column_count: false });
}

describe("renderCsv", () => {
  test("gives one row for each answer, read back by a parser as what was put in (S1)", () => {
    const data = sampleReport({ language: "es" });
    const text = Buffer.from(data.text);

    const rows = read(renderCsv(data));

    expect(rows).toHaveLength(300);
    expect(
      rows.map((row) => [
        row["question_id"],
        row["area_id"],
        row["dimension"],
        row["slot"],
        row["question"],
        row["status"],
      ]),
    ).toEqual(
      data.questions.map((question, index) => [
        question.id,
        question.area,
        question.dimension,
        question.slot,
        question.text,
        data.outputs[index]?.status,
      ]),
    );
    rows.forEach((row, index) => {
      const output = data.outputs[index];
      const first = output?.evidence[0];
      const area = data.areas.find(({ id }) => id === output?.area);
      expect(row["area_name"]).toBe(area?.name);
      expect(Number(row["score"])).toBe(output?.score);
      expect(Number(row["confidence"])).toBe(output?.confidence);
      expect(Number(row["evidence_count"])).toBe(output?.evidence.length);
      expect(row["elements_met"]?.split("; ").filter(Boolean)).toEqual(
        output?.elements.filter(({ met }) => met).map(({ id }) => id),
      );
      expect(row["digest"]).toBe(first?.digest ?? "");
      expect(row["span_start"]).toBe(first === undefined ? "" : String(first.span.start));
      expect(row["span_end"]).toBe(first === undefined ? "" : String(first.span.end));
      expect(row["quote"]).toBe(first === undefined ? "" : text.subarray(first.span.start, first.span.end).toString());
      expect(row["page"] === "").toBe(first === undefined);
    });
  });

  test("ends every row with CR LF and starts without a byte order mark (S1)", () => {
    const csv = renderCsv(sampleReport());

    expect(csv.startsWith('"question_id","area_id"')).toBe(true);
    expect(csv.split("\r\n")).toHaveLength(302);
    expect(csv.endsWith("\r\n")).toBe(true);
  });

  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", " =1", "\u00a0-1", '=HYPERLINK("x")'])(
    "puts an apostrophe before %j wherever it stands (S2)",
    (name) => {
      const [row] = read(renderCsv(sampleReport({ areas: 1, dimensions: 1, texts: { areas: [name] } })));

      expect(row?.["area_name"]).toBe(`'${name}`);
    },
  );

  test("changes no text that a spreadsheet reads as text, and takes nothing away from the others (S2)", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 20 }), (text) => {
        const guarded = guardFormula(text);

        expect(guarded).not.toMatch(/^[=+\-@\t\r\n]/);
        expect([text, `'${text}`]).toContain(guarded);
        if (/^[\p{L}\p{N}¿]/u.test(text)) expect(guarded).toBe(text);
      }),
    );
  });

  test("keeps separators, quotes, line ends and markup of a hostile text inside their cell", () => {
    const name = 'a,"b"\r\n;<script>alert(1)</script>';

    const rows = read(renderCsv(sampleReport({ areas: 1, dimensions: 1, texts: { areas: [name] } })));

    expect(rows.map((row) => row["area_name"])).toEqual(Array.from({ length: 5 }, () => name));
  });
});
