/**
 * Base questions of the dimensions outputs (DIM03) and outcomes (DIM04).
 *
 * @module
 */
import { question, required, tagged, worded } from "./base-question.ts";
import { monitoring, source, territory, unit, year } from "./recurring-elements.ts";

export const OUTPUT_QUESTIONS = [
  question({
    slot: "DIM03-Q1",
    method: "quantities",
    modality: "required-then-count",
    text: {
      en: "What is to be delivered in {area}, how many, where and by which year?",
      es: "¿Qué se va a entregar en {area}, cuánto, dónde y en qué año?",
    },
    terms: { en: "build, deliver, train, install, units", es: "construir, entregar, capacitar, instalar, unidades" },
    elements: [
      required(tagged("counted-output", "A delivery that is counted", "Una entrega contada", "output")),
      year,
      territory,
      worded("beneficiaries", "Who receives it", "Quién lo recibe", {
        en: "beneficiar(?:y|ies)|for (?:\\d[\\d,]{0,14} )?(?:\\p{L}{1,24} ){0,2}(?:families|households|students|pupils|children|patients|farmers|workers|women|residents|people|tenants|teachers|communities|small businesses|veterans|seniors)|serv(?:e|es|ing)|benefit(?:s|ing)?",
        es: "beneficiari[oa]s|para (?:\\d[\\d.]{0,14} )?(?:\\p{L}{1,24} ){0,2}(?:familias|hogares|estudiantes|alumnos|niños|pacientes|agricultores|trabajadores|mujeres|habitantes|personas|docentes|comunidades|jóvenes)|benefici(?:a|ar|ará|arán|ando)|atend\\p{L}+",
      }),
    ],
    optional: ["programmatic-hierarchy"],
  }),
  question({
    slot: "DIM03-Q2",
    method: "money",
    modality: "required-then-count",
    text: {
      en: "What do the outputs in {area} cost, in total or per unit?",
      es: "¿Cuánto cuestan los productos en {area}, en total o por unidad?",
    },
    terms: { en: "cost, unit cost, expenditure, per", es: "costo, costo unitario, gasto, por" },
    elements: [
      required(tagged("cost", "A cost in money", "Un costo en dinero", "cost")),
      worded("unit-cost", "The cost of one unit", "El costo de una unidad", {
        en: "per (?:person|unit|student|pupil|patient|household|home|dwelling|kilomet(?:re|er)|child|beneficiary|place|participant|school|visit|capita|hectare|head|dose|house|bed|classroom)|each|unit costs?|a piece",
        es: "por (?:persona|unidad|estudiante|alumno|paciente|hogar|vivienda|kilómetro|niño|beneficiari[oa]|cupo|plaza|participante|escuela|visita|habitante|hectárea|dosis|familia|cama|aula)|cada (?:un[oa]|vivienda|estudiante|hogar|kilómetro|aula)|cost[oe] unitario|valor unitario",
      }),
      tagged("period", "The period or year", "El periodo o año", "period"),
    ],
    optional: ["quantitative-triplet"],
  }),
  question({
    slot: "DIM03-Q3",
    method: "responsible-bodies",
    modality: "required-then-count",
    text: {
      en: "Who delivers the outputs in {area}, and to whom is delivery reported?",
      es: "¿Quién entrega los productos en {area} y ante quién se informa de la entrega?",
    },
    terms: { en: "deliver, responsible, report, accountable", es: "entregar, responsable, informar, rendir cuentas" },
    elements: [
      required(tagged("delivering-body", "A body that delivers", "Una entidad que entrega", "responsible")),
      monitoring,
      tagged("several-bodies", "More than one body named", "Más de una entidad nombrada", "several"),
    ],
  }),
  question({
    slot: "DIM03-Q4",
    method: "time-frames",
    modality: "required-then-count",
    text: {
      en: "By when are the outputs in {area} to be delivered, with what milestones?",
      es: "¿Para cuándo deben entregarse los productos en {area} y con qué hitos?",
    },
    terms: { en: "deadline, by, completed, milestone, quarter", es: "plazo, antes de, terminado, hito, trimestre" },
    elements: [
      {
        ...required(tagged("delivery-date", "A date of delivery", "Una fecha de entrega", "deadline")),
        patterns: { en: ["^@(?:deadline|span)$"], es: ["^@(?:deadline|span)$"] },
      },
      tagged("milestones", "Steps on the way", "Pasos intermedios", "milestone"),
      tagged("frequency", "Deliveries that recur", "Entregas periódicas", "periodic"),
      worded("delivery", "What is delivered", "Qué se entrega", {
        en: "built|build|complet\\p{L}*|deliver\\p{L}*|open\\p{L}*|install\\p{L}*|trained|train|construct\\p{L}*|handed over|operational|in service|finish\\p{L}*|rolled out|distribut\\p{L}*|equipped|connected|published",
        es: "constru\\p{L}+|terminad[oa]s?|terminar\\p{L}*|entreg\\p{L}+|abr\\p{L}+|abiert[oa]s?|instal\\p{L}+|capacit\\p{L}+|operación|en servicio|finaliz\\p{L}+|distribu\\p{L}+|dotad[oa]s?|conectad[oa]s?|publicad[oa]s?|inaugur\\p{L}+",
      }),
    ],
  }),
  question({
    slot: "DIM03-Q5",
    method: "retrieve",
    modality: "count",
    text: {
      en: "How are the outputs in {area} monitored: indicators, data sources, reports?",
      es: "¿Cómo se hace seguimiento a los productos en {area}: indicadores, fuentes de datos, informes?",
    },
    terms: {
      en: "indicator, monitoring, report, data, dashboard",
      es: "indicador, seguimiento, informe, datos, tablero",
    },
    elements: [
      worded("indicator", "An indicator", "Un indicador", {
        en: "indicators?|key performance|performance measures?|metrics?|(?:output|result) measures?",
        es: "indicador(?:es)?|métricas?|medida de desempeño|batería de indicadores",
      }),
      worded("data-source", "Where the data come from", "De dónde vienen los datos", {
        en: "data (?:source|from|collected|will be collected)s?|administrative (?:data|records)|means of verification|management information system|information system|surveys? (?:of|will|every|are)|registry|statistical (?:office|service)",
        es: "fuentes? de (?:datos|información|verificación)|datos (?:de|recogidos|provenientes)|registros? administrativos?|medios? de verificación|sistema de información|encuestas? (?:de|anual|será)|instituto (?:nacional )?de estadística",
      }),
      worded("regular-report", "A regular report", "Un informe periódico", {
        en: "(?:annual|quarterly|monthly|half-yearly|six-monthly|biannual|progress|monitoring) reports?|reports? (?:annually|quarterly|monthly|every|each|twice a year)|(?:publish|report)(?:s|ed)? (?:\\p{L}{1,24} ){0,4}(?:every|each|quarterly|annually|monthly)|dashboards?",
        es: "informes? (?:anual(?:es)?|trimestral(?:es)?|mensual(?:es)?|semestral(?:es)?|de avance|de seguimiento|periódicos?)|reportes? (?:anual(?:es)?|trimestral(?:es)?|mensual(?:es)?|semestral(?:es)?)|(?:publicará|informará|reportará)n? (?:\\p{L}{1,24} ){0,4}(?:cada|trimestralmente|anualmente|mensualmente)|tableros? de (?:control|indicadores|mando)|rendición (?:anual )?de cuentas",
      }),
      worded("monitoring-body", "Who follows it up", "Quién hace el seguimiento", {
        en: "monitor(?:s|ed|ing)? (?:and evaluation )?(?:by|unit|committee|system|team|framework)|will (?:be )?monitor(?:ed)?|(?:committee|unit|council|office|agency|team) (?:will |shall )?(?:monitor|track|follow up|review)s?|audit(?:s|ed|or|ors)?|tracking system|inspectors?",
        es: "seguimiento (?:y evaluación )?(?:por|a cargo|del|de la|al|estará|será|trimestral|permanente)|(?:comité|unidad|consejo|oficina|equipo|secretaría|veeduría) (?:de seguimiento|hará seguimiento|monitoreará|revisará)|(?:hará|harán|realizará|realizarán) (?:el )?seguimiento|sistema de (?:seguimiento|monitoreo)|monitorear\\p{L}*|auditor[íi]as?|veedurías?",
      }),
    ],
  }),
];

export const OUTCOME_QUESTIONS = [
  question({
    slot: "DIM04-Q1",
    method: "quantities",
    modality: "required-then-count",
    text: {
      en: "Does the document set a target for {area}: a value with unit and year, measured from a baseline?",
      es: "¿Fija el documento una meta para {area}: un valor con unidad y año, medido desde una línea base?",
    },
    terms: { en: "target, goal, reduce, increase, reach, by", es: "meta, objetivo, reducir, aumentar, alcanzar, para" },
    elements: [
      required(tagged("target-value", "A value to be reached", "Un valor por alcanzar", "target")),
      unit,
      year,
      tagged("baseline", "The value it starts from", "El valor del que parte", "baseline", [
        "quantitative-triplet:triplet",
      ]),
    ],
    optional: ["temporal-consistency"],
  }),
  question({
    slot: "DIM04-Q2",
    method: "quantities",
    modality: "required-then-count",
    text: {
      en: "What measured change does the document report in {area}, over what time and from which source?",
      es: "¿Qué cambio medido informa el documento en {area}, en qué tiempo y con qué fuente?",
    },
    terms: { en: "rose, fell, increased, decreased, trend", es: "aumentó, disminuyó, subió, bajó, tendencia" },
    elements: [
      required(tagged("measured-change", "A change in numbers", "Un cambio en cifras", "change")),
      unit,
      year,
      source,
    ],
    optional: ["temporal-consistency"],
  }),
  question({
    slot: "DIM04-Q3",
    method: "populations",
    modality: "required-then-count",
    text: {
      en: "Are results in {area} told apart by group: sex, age, ethnicity, disability, place?",
      es: "¿Se distinguen los resultados en {area} por grupo: sexo, edad, etnia, discapacidad, lugar?",
    },
    terms: {
      en: "disaggregated, women, men, age, ethnic, rural",
      es: "desagregado, mujeres, hombres, edad, étnico, rural",
    },
    elements: [
      required(
        tagged("breakdown", "A breakdown by group", "Una desagregación por grupo", "disaggregated", [
          "population-disaggregation:disaggregated",
        ]),
      ),
      worded("by-sex", "By sex", "Por sexo", {
        en: "women|men|girls|boys|female|male|sex|gender",
        es: "mujer(?:es)?|hombres?|niñas|sexo|género|femenin[oa]|masculin[oa]",
      }),
      worded("by-age", "By age", "Por edad", {
        en: "age|aged|young people|youth|children|older|elderly|adolescents|under \\d+",
        es: "edad(?:es)?|jóvenes|niños|niñez|mayores|adolescentes|etari[oa]s?|menores de",
      }),
      worded(
        "by-group-or-place",
        "By ethnicity, disability, income or place",
        "Por etnia, discapacidad, ingresos o lugar",
        {
          en: "ethnic\\p{L}*|indigenous|disabilit(?:y|ies)|income|poverty|rural|urban|region|regions|district|districts|migrants?",
          es: "etnia|étnic[oa]s?|indígenas?|discapacidad|ingresos?|pobreza|rural(?:es)?|urban[oa]s?|regi(?:ón|ones)|municipios?|migrantes?|zona|quintil",
        },
      ),
    ],
    optional: ["quantitative-triplet"],
  }),
  question({
    slot: "DIM04-Q4",
    method: "time-frames",
    modality: "required-then-count",
    text: {
      en: "By when are the outcomes in {area} to be reached, with a check on the way?",
      es: "¿Para cuándo deben alcanzarse los resultados en {area}, con una revisión intermedia?",
    },
    terms: { en: "by, deadline, mid-term, review, outcome", es: "para, plazo, medio término, revisión, resultado" },
    elements: [
      {
        ...required(tagged("outcome-date", "A date for the outcome", "Una fecha para el resultado", "deadline")),
        patterns: { en: ["^@(?:deadline|span)$"], es: ["^@(?:deadline|span)$"] },
      },
      worded("outcome", "The outcome itself", "El resultado mismo", {
        en: "reduc\\p{L}*|increas\\p{L}*|improv\\p{L}*|rais(?:e|ed|ing)|lower\\p{L}*|rates?|halv\\p{L}*|doubl\\p{L}*|targets?|goals?|coverage|access|reach(?:ed)?|achiev\\p{L}*|cut|fall|rise|eliminat\\p{L}*|eradicat\\p{L}*|universal",
        es: "reduc\\p{L}*|aument\\p{L}*|increment\\p{L}*|mejor\\p{L}*|disminu\\p{L}*|tasas?|duplicar\\p{L}*|metas?|objetivos?|cobertura|acceso|alcanzar\\p{L}*|lograr\\p{L}*|bajar\\p{L}*|elevar\\p{L}*|elimin\\p{L}*|erradic\\p{L}*|universal",
      }),
      tagged("check", "A check on the way", "Una revisión intermedia", "milestone"),
      tagged("recurrence", "Regular measurement", "Medición periódica", "periodic"),
    ],
    optional: ["quantitative-triplet"],
  }),
  question({
    slot: "DIM04-Q5",
    method: "retrieve",
    modality: "count",
    text: {
      en: "What risks and assumptions stand between outputs and outcomes in {area}, and how are they met?",
      es: "¿Qué riesgos y supuestos median entre productos y resultados en {area} y cómo se enfrentan?",
    },
    terms: {
      en: "risk, assumption, mitigation, depends, contingency",
      es: "riesgo, supuesto, mitigación, depende, contingencia",
    },
    elements: [
      worded("risk", "A risk", "Un riesgo", {
        en: "(?:main|principal|key|major|greatest|biggest|fiscal|political|implementation|operational|financial|identified) risks?|risks? (?:is|are|of|that|include|to the|to this|matrix|register|assessment|analysis|identified)|could (?:delay|undermine|jeopardi[sz]e|threaten|reverse|derail)|may (?:delay|undermine|jeopardi[sz]e|threaten|reverse|fail)|threat(?:s|ens)? to",
        es: "(?:principal(?:es)?|mayor(?:es)?|posibles?|fiscal(?:es)?|operativ[oa]s?|identificados?) riesgos?|riesgos? (?:es|son|principal(?:es)?|de que|incluyen?|identificados?|fiscales|operativos|para el|asociados?)|matriz de riesgos|análisis de riesgos|podrían? (?:retrasar|comprometer|poner en peligro|amenazar|revertir|afectar|impedir)|puede(?:n)? (?:retrasar|comprometer|amenazar|impedir|poner en peligro)",
      }),
      worded("assumption", "An assumption", "Un supuesto", {
        en: "assum(?:es|ed|ing|ption|ptions)|provided that|depends? on|on condition that|as long as|presuppos\\p{L}+|relies on|conditional on|contingent on|subject to the (?:approval|availability)",
        es: "supuestos?(?: de)?|supone(?:n)?|se asume|siempre que|siempre y cuando|depende(?:n|rá|rán)?|a condición de|condicionad[oa]s? a|sujet[oa]s? a (?:la|el)|presupone",
      }),
      worded("mitigation", "How it is met", "Cómo se enfrenta", {
        en: "mitigat\\p{L}+|contingency|to (?:reduce|manage|limit|contain|offset|avoid) (?:this|that|these|the) risks?|safeguards?|reserve fund|fallback|insurance|early warning|(?:alternative|backup) (?:plan|supplier|source)s?|precaution\\p{L}*",
        es: "mitiga\\p{L}+|mitigación|contingencias?|para (?:reducir|gestionar|limitar|contener|evitar) (?:este|ese|estos|el|los|dicho) riesgos?|salvaguardas?|fondo de reserva|alerta temprana|aseguramiento del riesgo|plan alternativo|medidas preventivas",
      }),
    ],
    optional: ["causal-verbs"],
  }),
];
