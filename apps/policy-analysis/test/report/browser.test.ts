import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderReport } from "../../src/report/index.ts";
import { chromiumFlags, chromiumPath } from "./chromium.ts";
import { sampleReport } from "./sample-report.ts";

const why = chromiumPath === undefined ? " (skipped: no chromium on PATH)" : "";

describe.skipIf(chromiumPath === undefined)(`the report in a browser${why}`, { timeout: 120_000 }, () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "canonic-report-"));
    await writeFile(join(folder, "en.html"), renderReport(sampleReport()));
    await writeFile(join(folder, "es.html"), renderReport(sampleReport({ language: "es" })));
    browser = await chromium.launch({ executablePath: chromiumPath ?? "", args: [...chromiumFlags] });
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  async function open(
    options: { file?: string; script?: boolean } = {},
  ): Promise<{ page: Page; heard: string[]; close: () => Promise<void> }> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      reducedMotion: "reduce",
      javaScriptEnabled: options.script ?? true,
    });
    const page = await context.newPage();
    const heard: string[] = [];
    page.on("console", (message) => heard.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => heard.push(`error: ${error.message}`));
    page.on("request", (request) => {
      if (!request.isNavigationRequest() && !request.url().startsWith("data:")) heard.push(`request: ${request.url()}`);
    });
    await page.goto(pathToFileURL(join(folder, options.file ?? "en.html")).href);
    return { page, heard, close: () => context.close() };
  }

  test("shows 60 cells, says nothing on the console and asks for nothing (P2)", async () => {
    const { page, heard, close } = await open();

    expect(await page.locator(".heat .cell").count()).toBe(60);
    expect(await page.locator("details.answer").count()).toBe(300);
    await page.locator("details.answer summary").first().click();
    expect(heard).toEqual([]);
    await close();
  });

  test("narrows the answers by text, status and score, and comes back", async () => {
    const { page, heard, close } = await open({ file: "es.html" });
    const data = sampleReport({ language: "es" });
    const shown = (): Promise<number> => page.locator("details.answer:not([hidden])").count();

    await page.selectOption("select[name=status]", "answered");
    expect(await shown()).toBe(data.outputs.filter(({ status }) => status === "answered").length);
    await page.selectOption("select[name=score]", "3");
    const best = data.outputs.filter(({ score }) => score === 3);
    expect(await shown()).toBe(best.length);
    await page.fill("input[name=text]", "VIVIENDA  Y ciudades");
    expect(await shown()).toBe(best.filter(({ area }) => area === "PA04").length);
    expect(await page.locator("details.area:not([hidden])").count()).toBe(1);
    await page.fill("input[name=text]", "no existe tal cosa");
    expect(await page.locator(".shown").textContent()).toContain("Ninguna respuesta");
    await page.click("button[type=reset]");
    await expect.poll(shown).toBe(300);
    expect(await page.locator("details.area[open]").count()).toBe(1);
    await page.fill("input[name=text]", "Educacion");
    await page.keyboard.press("Enter");
    expect(await shown()).toBeGreaterThanOrEqual(30);
    expect(heard).toEqual([]);
    await close();
  });

  test("leads from a cell of the heat map to its answers, by keyboard", async () => {
    const { page, close } = await open();

    await page.locator('.heat a[href="#PA09-DIM03"]').focus();
    await page.keyboard.press("Enter");

    await expect.poll(() => page.locator("#PA09-DIM03").isVisible()).toBe(true);
    expect(await page.locator("#PA09").getAttribute("open")).not.toBeNull();
    await close();
  });

  test("unfolds everything for print, and folds it again", async () => {
    const { page, close } = await open();
    const opened = (): Promise<number> => page.locator("details[open]").count();
    const before = await opened();

    await page.evaluate("window.dispatchEvent(new Event('beforeprint'))");
    expect(await opened()).toBe(await page.locator("details").count());
    await page.evaluate("window.dispatchEvent(new Event('afterprint'))");

    expect(await opened()).toBe(before);
    await close();
  });

  test("reads whole without its script (P3)", async () => {
    const { page, close } = await open({ script: false });

    expect(await page.locator("form.filter").isVisible()).toBe(false);
    expect(await page.locator("details.answer").count()).toBe(300);
    await page.locator("#PA02 > summary").click();
    expect(await page.locator("#Q031").isVisible()).toBe(true);
    await close();
  });

  test.each(["en.html", "es.html"])(
    "never scrolls sideways from 320 px up, with answers open (Y2): %s",
    async (file) => {
      const { page, close } = await open({ file });
      await page.evaluate(
        "for (const item of [...document.querySelectorAll('details')].slice(0, 45)) item.open = true",
      );

      for (const width of [320, 360, 768, 1280, 3840]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")).toBeLessThanOrEqual(0);
      }
      await close();
    },
  );
});
