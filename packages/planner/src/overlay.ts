/**
 * Questionnaire overlays: 30 base questions laid over 10 areas give 300 resolved questions.
 *
 * Invariants:
 *   O1. The base covers each slot exactly once, the areas are exactly PA01..PA10; every fault is reported at once.
 *   O2. Both languages are checked whichever is asked for: a questionnaire that is half translated resolves in none.
 *   O3. The questions come in `numeric/v1` order, however base and areas were written.
 *
 * @module
 */
import { freezeDeep, type Language, type Question, Question as QuestionSchema } from "@canonic/contracts";
import { assertNoFaults, type Fault } from "./errors.ts";
import { AREA_IDS, GRID_PLACES, type GridPlace, questionIdOf, SLOTS, slotOf } from "./grid.ts";

type ByLanguage<T> = { readonly [L in Language]: T };

/** An expected element in both languages; see contracts' ExpectedElement. */
export type BaseElement = {
  readonly id: string;
  readonly label: ByLanguage<string>;
  readonly required: boolean;
  readonly patterns: ByLanguage<readonly string[]>;
  readonly signals: readonly string[];
};

/** One slot, asked of every area; `{area}` in the text stands for the area's name. */
export type BaseQuestion = Pick<Question, "modality"> & {
  readonly slot: string;
  readonly payloadType: string;
  readonly text: ByLanguage<string>;
  readonly terms: ByLanguage<readonly string[]>;
  readonly elements: readonly BaseElement[];
  readonly signals: {
    readonly required: readonly Question["signals"]["required"][number][];
    readonly optional: readonly Question["signals"]["optional"][number][];
  };
  readonly failure: { readonly abortIf: readonly Question["failure"]["abortIf"][number][]; readonly code: string };
};

/** What an area adds: its name, its terms, and elements of its own by slot. */
export type AreaOverlay = {
  readonly id: string;
  readonly name: ByLanguage<string>;
  readonly terms: ByLanguage<readonly string[]>;
  readonly elements?: Readonly<Record<string, readonly BaseElement[]>>;
};

export type OverlayRequest = {
  readonly base: readonly BaseQuestion[];
  readonly areas: readonly AreaOverlay[];
  readonly language: Language;
};

const LANGUAGES: readonly Language[] = ["en", "es"];
const PLACEHOLDER = "{area}";

/**
 * Resolves a questionnaire to one language.
 *
 * @returns 300 frozen questions, Q001 first.
 * @throws {PlannerError} `planner.questionnaire-invalid` with every fault, in either language.
 */
export function overlayQuestions({ base, areas, language }: OverlayRequest): readonly Question[] {
  const faults = [
    ...coverageFaults(
      "slot",
      SLOTS,
      base.map(({ slot }) => slot),
    ),
    ...coverageFaults(
      "area",
      AREA_IDS,
      areas.map(({ id }) => id),
    ),
    ...base.flatMap((question) => baseFaults(question)),
    ...areas.flatMap((area) => areaFaults(area)),
  ];
  assertNoFaults("planner.questionnaire-invalid", "the questionnaire cannot be resolved", faults);
  const slots = new Map(base.map((question) => [question.slot, question]));
  const overlays = new Map<string, AreaOverlay>(areas.map((area) => [area.id, area]));
  const resolved = GRID_PLACES.map((place) => {
    const question = slots.get(slotOf(place));
    const area = overlays.get(place.area);
    if (question === undefined || area === undefined) throw new Error("assertion: every place is covered");
    for (const other of LANGUAGES) faults.push(...shapeFaults(resolve(place, question, area, other)));
    return freezeDeep(structuredClone(resolve(place, question, area, language)));
  });
  assertNoFaults("planner.questionnaire-invalid", "a resolved question is not well-formed", faults);
  return resolved;
}

function resolve(place: GridPlace, base: BaseQuestion, area: AreaOverlay, language: Language): Question {
  const elements = [...base.elements, ...(area.elements?.[base.slot] ?? [])];
  return {
    schema: "canonic/question/v1",
    id: questionIdOf(place),
    ordering: "numeric/v1",
    slot: base.slot,
    area: place.area,
    dimension: place.dimension,
    q: place.q,
    language,
    text: base.text[language].replaceAll(PLACEHOLDER, () => area.name[language]),
    payloadType: base.payloadType as Question["payloadType"],
    terms: [...new Set([...base.terms[language], ...area.terms[language]])],
    elements: elements.map(({ id, label, required, patterns, signals }) => {
      return { id, label: label[language], required, patterns: [...patterns[language]], signals: [...signals] };
    }),
    modality: base.modality,
    signals: { required: [...base.signals.required], optional: [...base.signals.optional] },
    failure: { abortIf: [...base.failure.abortIf], code: base.failure.code },
  };
}

function coverageFaults(what: string, wanted: readonly string[], given: readonly string[]): Fault[] {
  const faults: Fault[] = [];
  for (const name of wanted) {
    const count = given.filter((one) => one === name).length;
    if (count === 0) faults.push({ place: name, message: `${what} \`${name}\` is missing` });
    if (count > 1) faults.push({ place: name, message: `${what} \`${name}\` is given ${count} times` });
  }
  for (const name of new Set(given)) {
    if (!wanted.includes(name)) faults.push({ place: name, message: `\`${name}\` is no ${what}` });
  }
  return faults;
}

function baseFaults({ slot, text, terms, elements }: BaseQuestion): Fault[] {
  const faults = [...languageFaults(slot, "text", text), ...languageFaults(slot, "terms", terms)];
  for (const language of LANGUAGES) {
    const asked = text[language];
    if (typeof asked === "string" && !asked.includes(PLACEHOLDER)) {
      faults.push({ place: `${slot}/text/${language}`, message: `\`${slot}\` does not name its area in ${language}` });
    }
  }
  return [...faults, ...elementFaults(slot, elements)];
}

function areaFaults({ id, name, terms, elements }: AreaOverlay): Fault[] {
  const faults = [...languageFaults(id, "name", name), ...languageFaults(id, "terms", terms)];
  for (const [slot, added] of Object.entries(elements ?? {})) {
    if (!SLOTS.includes(slot)) faults.push({ place: `${id}/elements/${slot}`, message: `\`${slot}\` is no slot` });
    faults.push(...elementFaults(`${id}/elements/${slot}`, added));
  }
  return faults;
}

function elementFaults(place: string, elements: readonly BaseElement[]): Fault[] {
  return elements.flatMap(({ id, label, patterns }) => [
    ...languageFaults(`${place}/${id}`, "label", label),
    ...languageFaults(`${place}/${id}`, "patterns", patterns),
    ...LANGUAGES.flatMap((language) => patterns[language] ?? [])
      .filter((pattern) => !isPattern(pattern))
      .map((pattern) => ({ place: `${place}/${id}`, message: `\`${pattern}\` is no regular expression` })),
  ]);
}

function languageFaults(place: string, field: string, value: Partial<ByLanguage<unknown>>): Fault[] {
  return LANGUAGES.filter((language) => value[language] === undefined || value[language] === "").map((language) => {
    return { place: `${place}/${field}/${language}`, message: `\`${place}\` has no ${field} in ${language}` };
  });
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, "iu");
    return true;
  } catch {
    return false;
  }
}

function shapeFaults(question: Question): Fault[] {
  const parsed = QuestionSchema.safeParse(question);
  const faults = (parsed.error?.issues ?? []).map(({ path, message }) => {
    const place = [question.id, question.language, ...path.map(String)].join("/");
    return { place, message: `\`${place}\` ${message}` };
  });
  const ids = question.elements.map(({ id }) => id);
  for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index))) {
    const place = `${question.id}/${question.language}/elements/${id}`;
    faults.push({ place, message: `\`${question.id}\` has two elements \`${id}\`` });
  }
  return faults;
}
