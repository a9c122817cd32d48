import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HtmlValidate, StaticConfigLoader } from "html-validate";
import { beforeAll, describe, expect, test } from "vitest";
import type { Analysis } from "../../main-job/analysis.ts";
import { temporaryFolder } from "../../main-job/command-line.ts";
import { sharedAnalysis } from "../../main-job/shared-analysis.ts";

const checker = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ["html-validate:standard", "html-validate:a11y", "html-validate:document"],
  }),
);
const rulesBroken = async (page: string): Promise<string[]> => {
  const { results } = await checker.validateString(page);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => `${ruleId}: ${message} (line ${line})`),
  );
};

describe("index.html of a whole analysis", () => {
  const folder = temporaryFolder();
  let analysis: Analysis;
  let page: string;
  beforeAll(async () => {
    analysis = await sharedAnalysis(folder);
    page = readFileSync(join(analysis.out, "bundle", "index.html"), "utf8");
  });

  test("breaks no rule of html-validate: standard, accessibility, document", async () => {
    expect(await rulesBroken(page)).toEqual([]);
  });

  test.each([
    ["two regions of one name", 'aria-label="Events by type: table"', 'aria-label="Files: table"', "landmark"],
    ["a tag that is never closed", "</dl>", "", "dl"],
    ["a heading that is skipped", "<h2 ", "<h4 ", "heading"],
    ["a page without a language", ' lang="en"', "", "lang"],
  ])("and %s would be seen", async (_, from, to, word) => {
    const bent = page.replace(from, to);

    expect(bent).not.toBe(page);
    const broken = await rulesBroken(bent);
    expect(broken.length).toBeGreaterThan(0);
    expect(broken.join("\n").toLowerCase()).toContain(word);
  });

  test("shows run, outputs, contracts, certificates and the digest of every file at the top", () => {
    const { report } = analysis;

    for (const shown of [report.run, report.planDigest.slice(7), report.outputsDigest?.slice(7) ?? "", "✓ completed"])
      expect(page).toContain(shown);
    for (const { contract } of report.contracts) expect(page).toContain(`<th scope="row">${contract}</th>`);
    for (let number = 1; number <= 15; number += 1) expect(page).toContain(`CERT-${String(number).padStart(2, "0")}`);
    expect(page).toContain("prov.json");
  });
});
