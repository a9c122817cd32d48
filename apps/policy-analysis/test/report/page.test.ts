import { createHash } from "node:crypto";
import { parse } from "parse5";
import { describe, expect, test } from "vitest";
import { type ReportData, renderReport } from "../../src/report/index.ts";
import { sampleReport } from "./sample-report.ts";

type Element = {
  readonly nodeName: string;
  readonly value?: string;
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
  readonly childNodes?: readonly Element[];
};

describe("renderReport", () => {
  test.each(["en", "es"] as const)(
    "shows all 300 answers with question, status, score and every quote (%s)",
    (language) => {
      const data = sampleReport({ language });
      const tree = read(renderReport(data));
      const answers = new Map(
        all(tree)
          .filter(hasClass("answer"))
          .map((element) => [attribute(element, "id"), element]),
      );

      expect(answers.size).toBe(300);
      data.questions.forEach((question, index) => {
        const output = data.outputs[index];
        const element = answers.get(question.id);
        if (output === undefined || element === undefined) throw new Error(`no answer ${question.id}`);
        const quotes = all(element)
          .filter(({ nodeName }) => nodeName === "mark")
          .map(textOf);
        expect(attribute(element, "data-status")).toBe(output.status);
        expect(attribute(element, "data-score")).toBe(String(output.score));
        expect(textOf(element)).toContain(question.text);
        expect(
          all(element)
            .filter(({ nodeName }) => nodeName === "li")
            .map(textOf)
            .filter((text) => /: (met|not met|cumplido|no cumplido)$/.test(text)),
        ).toHaveLength(4);
        expect(quotes).toEqual(
          output.evidence.map(({ span }) => Buffer.from(data.text.subarray(span.start, span.end)).toString("utf8")),
        );
        if (output.status === "no_evidence") expect(textOf(element)).toContain(output.search.method);
      });
    },
  );

  test("prints the exact points of all 60 cells, and tells silence from zero (M1, M2)", () => {
    const data = sampleReport();
    const cells = all(read(renderReport(data))).filter(hasClass("cell"));
    const sums = new Map<string, number>();
    for (const { chunk, score } of data.outputs) sums.set(chunk, (sums.get(chunk) ?? 0) + score);

    expect(cells).toHaveLength(60);
    expect(cells.map((cell) => textOf(cell).match(/^\d+\/\d+/)?.[0])).toEqual(
      data.chunks.map(({ id }) => `${sums.get(id)}/15`),
    );
    expect(cells.map((cell) => textOf(cell).includes("no passage"))).toEqual(
      data.chunks.map(({ kind }) => kind === "empty"),
    );
  });

  test("gives equal bytes for equal data, in whatever order the outputs and chunks come (P1)", () => {
    const data = sampleReport();
    const turned = { ...data, outputs: data.outputs.toReversed(), chunks: data.chunks.toReversed() };

    expect(renderReport(sampleReport())).toBe(renderReport(data));
    expect(renderReport(turned)).toBe(renderReport(data));
  });

  test("says of the run only what the data say (P1)", () => {
    const { run: _, ...data } = sampleReport();
    const page = renderReport(data);

    expect(page).toContain("No run stated");
    expect(page).not.toContain("run_");
  });

  test("names its style and script by digest and asks nothing of anyone (P2)", () => {
    const tree = read(renderReport(sampleReport({ areas: 1, dimensions: 1 })));
    const policy = attribute(
      all(tree).find((element) => attribute(element, "http-equiv") !== undefined),
      "content",
    );
    const sourceOf = (name: string): string[] =>
      all(tree)
        .filter(({ nodeName }) => nodeName === name)
        .map((element) => `'sha256-${createHash("sha256").update(textOf(element)).digest("base64")}'`);

    expect(policy).toBe(
      `default-src 'none'; style-src ${sourceOf("style").join()}; script-src ${sourceOf("script").join()}; img-src data:; base-uri 'none'; form-action 'none'`,
    );
    const targets = all(tree).flatMap((element) =>
      ["src", "href", "action", "srcset", "style"]
        .map((name) => attribute(element, name))
        .filter((value) => value !== undefined),
    );
    expect(targets.filter((target) => !target.startsWith("#"))).toEqual(["data:,"]);
  });

  test("points every link at an id that is there once, and orders its headings without a gap", () => {
    const elements = all(read(renderReport(sampleReport())));
    const ids = elements.map((element) => attribute(element, "id")).filter((id) => id !== undefined);
    const links = elements.map((element) => attribute(element, "href")).filter((href) => href?.startsWith("#"));
    const levels = elements
      .map(({ nodeName }) => /^h([1-6])$/.exec(nodeName)?.[1])
      .filter(Boolean)
      .map(Number);

    expect(new Set(ids).size).toBe(ids.length);
    expect(links.length).toBeGreaterThan(60);
    expect(links.filter((href) => !ids.includes(href?.slice(1) ?? ""))).toEqual([]);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.reduce((before, level) => {
      expect(level).toBeLessThanOrEqual(before + 1);
      return level;
    }, 0);
  });

  test("takes hostile words for words, wherever they stand (P3)", () => {
    const evil = `</style></script><script>alert(1)</script><img src=x onerror=alert(1)>"'\u202e\u0000&lt;`;
    const texts = {
      title: evil,
      areas: [evil],
      dimensions: [evil],
      questions: Array.from({ length: 5 }, () => `${evil} {area}`),
      elements: [evil],
      sentences: [`${evil}, {area}`],
      filler: evil,
    };
    const data = sampleReport({ areas: 1, dimensions: 1, texts });
    const elements = all(read(renderReport(withHostileRecords(data, evil))));
    const names = new Set(elements.map(({ nodeName }) => nodeName));

    expect(elements.filter(({ nodeName }) => nodeName === "script")).toHaveLength(1);
    expect(elements.filter(({ nodeName }) => nodeName === "style")).toHaveLength(1);
    expect(names.has("img")).toBe(false);
    expect(elements.flatMap(({ attrs }) => attrs ?? []).filter(({ name }) => name.startsWith("on"))).toEqual([]);
    expect(renderReport(data)).not.toMatch(/[\p{Cs}\u202e]|(?![\t\n\r])\p{Cc}/u);
    expect(renderReport(data)).toContain("[U+202E]");
  });

  test("shows a violated contract with its reasons, and never as good", () => {
    const data = withHostileRecords(sampleReport({ areas: 1, dimensions: 1 }), "12 of 300");
    const verdict = all(read(renderReport(data))).find(hasClass("verdict"));

    expect(attribute(verdict, "class")).toBe("verdict bad");
    expect(textOf(verdict)).toContain("4 of 5 core contracts satisfied");
    expect(renderReport(data)).toContain("12 of 300");
    expect(renderReport({ ...data, verdicts: [] })).toContain('class="verdict bad"');
  });

  test("says that evidence does not match where the bytes are other bytes (Q2)", () => {
    const data = sampleReport({ areas: 1, dimensions: 2 });
    const text = Uint8Array.from(data.text, (byte) => (byte === 0x61 ? 0x62 : byte));

    expect(renderReport(data)).not.toContain("does not match its digest");
    expect(renderReport({ ...data, text })).toContain("does not match its digest");
  });

  test("is refused for outputs that are not one for each question (R1)", () => {
    const data = sampleReport({ areas: 1, dimensions: 1 });
    const [first] = data.outputs;
    if (first === undefined) throw new Error("the sample has no output");

    expect(() => renderReport({ ...data, outputs: data.outputs.slice(1) })).toThrow("not one output for each question");
    expect(() => renderReport({ ...data, outputs: [...data.outputs.slice(1), ...data.outputs.slice(1, 2)] })).toThrow(
      "answered twice",
    );
    expect(() => renderReport({ ...data, chunks: [] })).toThrow("no chunk PA01-DIM01");
    expect(() => renderReport({ ...data, areas: [] })).toThrow("outside the grid");
  });

  test("prints a small page as it always did", async () => {
    await expect(renderReport(sampleReport({ areas: 1, dimensions: 2 }))).toMatchFileSnapshot("golden/small-page.html");
  });
});

function withHostileRecords(data: ReportData, words: string): ReportData {
  const reason = { code: "cardinality.count", place: words, message: words };
  const [first, ...others] = data.verdicts;
  if (first === undefined) throw new Error("the sample has no verdict");
  return {
    ...data,
    verdicts: [{ ...first, verdict: "violated", violations: 1, reasons: [reason] }, ...others],
    coverage: { ...data.coverage, gaps: data.coverage.gaps.map((gap) => ({ ...gap, reason: words, owner: words })) },
    outputs: data.outputs.map((output) =>
      output.status === "answered"
        ? output
        : { ...output, search: { ...output.search, method: words, terms: [words, "term"] } },
    ),
  };
}

function read(page: string): Element {
  return parse(page) as unknown as Element;
}

function all(element: Element): Element[] {
  return [element, ...(element.childNodes ?? []).flatMap(all)];
}

function textOf(element: Element | undefined): string {
  return (element?.value ?? "") + (element?.childNodes ?? []).map(textOf).join("");
}

function attribute(element: Element | undefined, name: string): string | undefined {
  return element?.attrs?.find((one) => one.name === name)?.value;
}

function hasClass(name: string): (element: Element) => boolean {
  return (element) => attribute(element, "class")?.split(" ").includes(name) === true;
}
