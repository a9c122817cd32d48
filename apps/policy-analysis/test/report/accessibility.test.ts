import { HtmlValidate, StaticConfigLoader } from "html-validate";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderReport } from "../../src/report/index.ts";
import { accessibilityIssues } from "./accessibility.ts";
import { chromiumFlags, chromiumPath } from "./chromium.ts";
import { contrast, paint, parseColour } from "./contrast.ts";
import { sampleReport } from "./sample-report.ts";

const why = chromiumPath === undefined ? " (skipped: no chromium on PATH)" : "";

/** A page without a fault, from which each bad example is made by one change. */
const sound = `<!doctype html><html lang="en"><head><title>Sound</title><style>
body{background:#fff;color:#222} .pale{color:#777;background:#fff} .s3{background:#cde} a,button,input{display:inline-block;min-height:24px}
:focus-visible{outline:3px solid #005}</style></head><body>
<header><h1>Sound</h1></header><nav aria-label="Contents"><a href="#one">One</a></nav>
<main><h2 id="one">One</h2><p>Words to read.</p>
<table><caption>Points</caption><thead><tr><th scope="col">Area</th><th scope="col">Points</th></tr></thead>
<tbody><tr><th scope="row">Health</th><td class="cell s3">7/15</td></tr></tbody></table>
<label>Text <input></label><button type="button">Clear</button></main></body></html>`;

const bad: readonly (readonly [string, string, string, string])[] = [
  ["a page without a language", '<html lang="en">', "<html>", "language: ``"],
  ["grey text too near to white", "<p>", '<p style="color:#777">', "contrast: p `Words to read.` 4.48"],
  ["dark text made pale by opacity", "<p>", '<p style="opacity:.5">', "contrast: p `Words to read.` 3.17"],
  ["large text too near to white", "<h2", '<h2 style="color:#999"', "contrast: h2#one `One` 2.85"],
  ["a pale value in a field", "<input>", '<input style="color:#aaa" value="old">', "contrast: input `old` 2.32"],
  [
    "text on a picture",
    "<p>",
    '<p style="background-image:linear-gradient(#000,#fff)">',
    "contrast: p `Words to read.` stands on a ground that cannot be told",
  ],
  ["a table without a name", "<caption>Points</caption>", "", "table-name: table"],
  ["a header cell without a scope", '<th scope="row">', "<th>", "table-scope: table"],
  ["a row that no header begins", '<th scope="row">Health</th>', "<td>Health</td>", "table-head: table"],
  ["a heading that skips a level", '<h2 id="one">One</h2>', '<h3 id="one">One</h3>', "heading-skip: h3 after h1"],
  [
    "a second heading of the first level",
    '<h2 id="one">One</h2>',
    '<h1 id="one">One</h1>',
    "heading-first: 2 of level 1",
  ],
  ["a page without navigation", '<nav aria-label="Contents">', "<div>", "landmark-missing: navigation"],
  [
    "two navigations of one name",
    "<main>",
    '<nav aria-label="Contents"></nav><main>',
    "landmark-repeated: navigation `Contents`",
  ],
  [
    "a button of nothing but a drawing",
    ">Clear<",
    '><svg width="24" height="24" aria-hidden="true"></svg><',
    "name: button <button>",
  ],
  ["a field without a label", "<label>Text <input></label>", "<input>", "name: textbox <input>"],
  ["a link of nothing", ">One</a>", "></a>", "name: link <a>"],
  ["one id for two elements", "<p>", '<p id="one">', "repeated-id: one"],
  ["a cell of colour alone", ">7/15<", ">&nbsp;<", "colour-alone: `` has no score"],
  [
    "a place of its own in the order of the keyboard",
    '<button type="button">',
    '<button type="button" tabindex="2">',
    "tab-order: button",
  ],
  [
    "focus that nobody sees",
    '<button type="button">',
    '<button type="button" style="outline:none">',
    "focus-visible: button",
  ],
  [
    "focus as pale as its ground",
    '<button type="button">',
    '<button type="button" style="outline-color:#ddd">',
    "focus-visible: button",
  ],
  [
    "a target too small to hit",
    '<button type="button">',
    '<button type="button" style="position:absolute;height:12px;min-height:0;width:60px">',
    "target-size: button 60 x 12",
  ],
];

describe("contrast", () => {
  test("is that of the recommendation's own pairs", () => {
    const white = parseColour("#ffffff");

    expect(contrast(white, parseColour("rgb(0, 0, 0)"))).toBe(21);
    expect(contrast(white, parseColour("#767676")).toFixed(2)).toBe("4.54");
    expect(contrast(white, parseColour("#777777")).toFixed(2)).toBe("4.48");
  });

  test("sees a colour through those before it, and through the opacity of their group", () => {
    const page = { background: "rgb(255, 255, 255)", opacity: 1 };

    expect(paint([page, { background: "rgba(0, 0, 0, 0.2)", opacity: 1 }], null)).toEqual([204, 204, 204, 1]);
    expect(paint([page, { background: "rgb(0, 0, 0)", opacity: 0.2 }], "rgb(0, 0, 0)")).toEqual([204, 204, 204, 1]);
    expect(paint([{ background: "rgba(0, 0, 0, 0)", opacity: 1 }], null)[3]).toBe(0);
  });
});

describe("the markup", () => {
  // A form without a submit button stays: the filter answers while the reader types, and Enter sends nothing.
  const checker = new HtmlValidate(
    new StaticConfigLoader({
      root: true,
      extends: ["html-validate:standard", "html-validate:a11y", "html-validate:document"],
      rules: { "wcag/h32": "off" },
    }),
  );
  const rulesBroken = async (markup: string): Promise<string[]> => {
    const { results } = await checker.validateString(markup);
    return results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId));
  };

  test.each([
    ["a label of nothing", "<label>", '<label for="absent">', "no-missing-references"],
    ["a picture without words", "<p>", '<p><img src="data:,">', "wcag/h37"],
    [
      "a control within a control",
      '<button type="button">',
      '<button type="button"><a href="#one">in</a>',
      "element-permitted-content",
    ],
    [
      "a focusable thing that is hidden from the tree",
      '<button type="button">',
      '<button type="button" aria-hidden="true">',
      "hidden-focusable",
    ],
    [
      "a description of nothing",
      '<button type="button">',
      '<button type="button" aria-describedby="absent">',
      "no-missing-references",
    ],
    ["a name where none is read", "<p>", '<p aria-label="x">', "aria-label-misuse"],
    ["a scope that does not exist", 'scope="row"', 'scope="rows"', "wcag/h63"],
    ["a block within a paragraph", "<p>", "<p><div>x</div>", "close-order"],
  ])("is refused for %s", async (_, from, to, rule) => {
    expect(sound).toContain(from);
    expect(await rulesBroken(sound.replace(from, to))).toContain(rule);
  });

  test("of the sound page breaks no rule", async () => {
    expect(await rulesBroken(sound)).toEqual([]);
  });

  test.each(["en", "es"] as const)("of the report breaks no rule (%s)", async (language) => {
    expect(await rulesBroken(renderReport(sampleReport({ language, areas: 2 })))).toEqual([]);
  });
});

describe.skipIf(chromiumPath === undefined)(`accessibility${why}`, { timeout: 60_000 }, () => {
  let browser: Browser;
  let plain: Page;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath ?? "", args: [...chromiumFlags] });
    plain = await browser.newPage();
  }, 60_000);

  afterAll(() => browser.close());

  async function show(markup: string, width: number, scheme: "light" | "dark"): Promise<Page> {
    const context = await browser.newContext({
      colorScheme: scheme,
      viewport: { width, height: 900 },
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    await page.setContent(markup);
    return page;
  }

  test("finds nothing in a sound page", async () => {
    await plain.setContent(sound);

    expect(await accessibilityIssues(plain)).toEqual([]);
  });

  test("takes an empty page for no sound page (A1)", async () => {
    await plain.setContent("");

    const checks = (await accessibilityIssues(plain)).map((issue) => issue.split(":")[0]);
    expect(new Set(checks)).toEqual(
      new Set(["language", "contrast", "heading-first", "focus-visible", "landmark-missing", "name"]),
    );
  });

  test.each(bad)("finds %s", async (_, from, to, issue) => {
    expect(sound).toContain(from);
    await plain.setContent(sound.replace(from, to));

    expect(await accessibilityIssues(plain)).toContain(issue);
  });

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 360],
    ["dark", 360],
  ] as const)("finds nothing in the report, with answers open (%s, %i px) (Y1)", async (scheme, width) => {
    const page = await show(renderReport(sampleReport({ areas: 2 })), width, scheme);
    await page.evaluate(
      "for (const id of ['PA02', 'Q006', 'Q007', 'Q016', 'Q017', 'Q031']) document.getElementById(id).open = true; document.querySelector('.more').open = true",
    );

    expect(await page.locator("mark:visible").count()).toBeGreaterThan(1);
    expect(await page.locator("table:visible").count()).toBe(6);
    expect(await page.locator(".cell:visible").count()).toBe(12);
    expect(await accessibilityIssues(page)).toEqual([]);
    await page.context().close();
  });
});
