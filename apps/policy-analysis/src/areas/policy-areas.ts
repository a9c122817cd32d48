/**
 * The ten policy areas: ministries differ by country, these fields of government do not.
 *
 * Invariants:
 *   A1. Ten areas, PA01..PA10 in order, each with a name and a lexicon in every language.
 *   A2. No core term stands in two areas: what settles the matter settles it once.
 *
 * @module
 */
import type { AreaId } from "@canonic/contracts";
import type { Bilingual, Lexicon } from "./lexicon.ts";
import { AREA_LEXICONS_EN } from "./policy-areas-en.ts";
import { AREA_LEXICONS_ES } from "./policy-areas-es.ts";

export type PolicyArea = {
  readonly id: AreaId;
  readonly name: Bilingual<string>;
  readonly lexicon: Bilingual<Lexicon>;
};

export const POLICY_AREAS: readonly PolicyArea[] = [
  area("PA01", "Economy and employment", "Economía y empleo"),
  area("PA02", "Health", "Salud"),
  area("PA03", "Education, culture and sport", "Educación, cultura y deporte"),
  area("PA04", "Social protection and equality", "Protección social e igualdad"),
  area("PA05", "Environment and climate", "Medio ambiente y clima"),
  area("PA06", "Housing, infrastructure and transport", "Vivienda, infraestructura y transporte"),
  area("PA07", "Security, justice and human rights", "Seguridad, justicia y derechos humanos"),
  area("PA08", "Governance and public finance", "Gobernanza y hacienda pública"),
  area("PA09", "Agriculture, rural development and food", "Agricultura, desarrollo rural y alimentación"),
  area("PA10", "Science, technology and digital society", "Ciencia, tecnología y sociedad digital"),
];

export type AreaKey = keyof typeof AREA_LEXICONS_EN & keyof typeof AREA_LEXICONS_ES;

function area(id: AreaKey, en: string, es: string): PolicyArea {
  return {
    id: id as string as AreaId,
    name: { en, es },
    lexicon: { en: AREA_LEXICONS_EN[id], es: AREA_LEXICONS_ES[id] },
  };
}
