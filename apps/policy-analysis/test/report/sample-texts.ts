/**
 * The words of the sample report: areas, dimensions, questions and the sentences that its document is made of.
 *
 * @module
 */
import type { Language } from "@canonic/contracts";

export type SampleTexts = {
  readonly title: string;
  readonly areas: readonly string[];
  readonly dimensions: readonly string[];
  /** Five for each dimension, `{area}` for the area's name. */
  readonly questions: readonly string[];
  readonly elements: readonly string[];
  /** One for each dimension; `{area}` and `{n}` are filled in. */
  readonly sentences: readonly string[];
  readonly filler: string;
};

const english: SampleTexts = {
  title: "National Development Plan 2025–2030: Territories that Care",
  areas: [
    "Health and care",
    "Education and skills",
    "Work and income",
    "Housing and cities",
    "Environment and climate",
    "Justice and safety",
    "Gender equality",
    "Rural development",
    "Transport and connectivity",
    "Public institutions",
  ],
  dimensions: ["Inputs", "Activities", "Outputs", "Outcomes", "Impacts", "Causality"],
  questions: [
    "Does the plan give a quantified baseline for {area}, with year and source?",
    "Does it name the money set aside for {area} and where it comes from?",
    "Does it name the body that answers for {area}?",
    "Does it say which staff and skills {area} needs?",
    "Does it state the legal basis for action on {area}?",
    "Are the activities on {area} described so that one could check them?",
    "Is there a calendar for the activities on {area}?",
    "Are the people whom {area} is to reach named?",
    "Are other bodies that share the work on {area} named?",
    "Are risks to the activities on {area} and answers to them given?",
    "Are the products on {area} stated with a unit and a number?",
    "Does each product on {area} have a target year?",
    "Is it said who verifies the products on {area}?",
    "Are products on {area} broken down by territory?",
    "Is the cost of a unit of product on {area} given?",
    "Is a change for people in {area} stated, beyond delivery?",
    "Does the change in {area} have a target with year and unit?",
    "Is the indicator for {area} defined with its formula?",
    "Are results in {area} broken down by population group?",
    "Is there a source that will measure the results in {area}?",
    "Is a long-term aim for {area} stated?",
    "Is that aim for {area} linked to a national or international commitment?",
    "Is there an evaluation planned for {area}?",
    "Are unwanted effects in {area} considered?",
    "Is it said how gains in {area} will last?",
    "Does the plan say why its activities should change {area}?",
    "Is there evidence for the mechanism proposed in {area}?",
    "Are assumptions behind {area} made explicit?",
    "Are inputs, products and results of {area} linked to each other?",
    "Is an alternative for {area} weighed against the chosen one?",
  ],
  elements: ["Figure with unit", "Year or period", "Named source", "Responsible body"],
  sentences: [
    "For {area}, the medium-term framework sets aside {n} million a year from 2026, of which two fifths come from the general budget and the rest from the regional compensation fund.",
    "Between 2026 and 2028 the ministry and the {n} municipal boards will train local teams, sign service agreements and open a single window for {area}.",
    "By 2028 the programme will have delivered {n} equipped centres for {area}, verified every quarter by the planning office.",
    "The share of households with effective access to {area} rises from 41.2 percent (household survey, 2023) to {n} percent in 2030, measured by the national statistics office.",
    "In the long term the country closes the gap in {area} between its regions, in line with target {n} of the 2030 Agenda.",
    "Because distance and waiting times explain most of the unmet need in {area}, bringing services within {n} minutes of each home should raise their use, as the 2019 pilot showed.",
  ],
  filler:
    "The chapter was discussed in nine regional assemblies, whose minutes are annexed. Participants asked above all for continuity between administrations and for plain language in public reporting.",
};

const spanish: SampleTexts = {
  title: "Plan Nacional de Desarrollo 2025–2030: territorios que cuidan",
  areas: [
    "Salud y cuidados",
    "Educación y competencias",
    "Trabajo e ingresos",
    "Vivienda y ciudades",
    "Ambiente y clima",
    "Justicia y seguridad",
    "Igualdad de género",
    "Desarrollo rural",
    "Transporte y conectividad",
    "Instituciones públicas",
  ],
  dimensions: ["Insumos", "Actividades", "Productos", "Resultados", "Impactos", "Causalidad"],
  questions: english.questions.map(
    (_, index) =>
      `¿Presenta el plan información verificable sobre {area}, según el criterio ${index + 1} de su dimensión?`,
  ),
  elements: ["Cifra con unidad", "Año o período", "Fuente citada", "Entidad responsable"],
  sentences: [
    "Para {area}, el marco de mediano plazo asigna {n} millones anuales desde 2026, dos quintos del presupuesto general y el resto del fondo de compensación regional.",
    "Entre 2026 y 2028 el ministerio y las {n} juntas municipales formarán equipos locales y abrirán una ventanilla única de {area}.",
    "A 2028 el programa habrá entregado {n} centros equipados de {area}, verificados cada trimestre por la oficina de planeación.",
    "La proporción de hogares con acceso efectivo a {area} pasa de 41,2 por ciento (encuesta de hogares, 2023) a {n} por ciento en 2030.",
    "A largo plazo el país cierra la brecha regional en {area}, en línea con la meta {n} de la Agenda 2030.",
    "Como la distancia explica la mayor parte de la necesidad no atendida en {area}, acercar los servicios a {n} minutos de cada hogar debería aumentar su uso.",
  ],
  filler:
    "El capítulo se discutió en nueve asambleas regionales, cuyas actas figuran como anexo. Se pidió sobre todo continuidad entre administraciones y lenguaje claro.",
};

export const sampleTexts: Readonly<Record<Language, SampleTexts>> = { en: english, es: spanish };
