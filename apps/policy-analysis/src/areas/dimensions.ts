/**
 * The six dimensions of the logic model: what goes in, what is done, what comes of it, and why.
 *
 * `marks` are patterns (flags `iu`) that weigh as one core term each: amounts of money speak of inputs in any words.
 *
 * Invariants:
 *   D1. Six dimensions, DIM01..DIM06 in order, each with a name, a lexicon and marks in every language.
 *
 * @module
 */
import type { DimensionId } from "@canonic/contracts";
import { type Bilingual, type Lexicon, terms } from "./lexicon.ts";

export type Dimension = {
  readonly id: DimensionId;
  readonly name: Bilingual<string>;
  readonly lexicon: Bilingual<Lexicon>;
  readonly marks: Bilingual<readonly string[]>;
};

const SCALE_EN = "(?:thousand|million|billion|trillion)";
const SCALE_ES = "(?:mil|millón|millones|billones)";

export const DIMENSIONS: readonly Dimension[] = [
  {
    id: "DIM01" as DimensionId,
    name: { en: "Inputs: baseline, resources and mandate", es: "Insumos: línea base, recursos y mandato" },
    lexicon: {
      en: {
        core: terms(`budget, funding, baseline, resources, allocation, allocated, investment, financing, ministry, department, staff, personnel, legal basis, legislation, law, act,
          appropriations, funds, census, survey, shortage, expenditure, spending, agency, diagnosis`),
        near: terms(
          `invest, spend, currently, existing, capacity, responsible, facilities, today, according, rate, stands, data, lack, need, gap, authority, decree, regulation, percent, equipment, workforce, commission, secretary`,
        ),
      },
      es: {
        core: terms(`presupuesto, financiación, financiamiento, línea base, línea de base, recursos, asignación, inversión, ministerio, secretaría, personal, marco legal, marco normativo, ley, decreto,
          fondos, censo, encuesta, déficit de, gasto, entidad, diagnóstico, apropiación, consejería, departamento administrativo`),
        near: terms(
          `invertir, destinar, actualmente, existente, capacidad, responsable, instalaciones, según, tasa, datos, carencia, falta, necesidad, brecha, autoridad, resolución, normativa, por ciento, equipos, plantilla, comisión, situación actual`,
        ),
      },
    },
    marks: {
      en: [`[$€£] ?\\d`, `\\d ${SCALE_EN} (?:dollars|euros|pounds)`],
      es: [`[$€] ?\\d`, `\\d ${SCALE_ES} (?:de )?(?:pesos|euros|dólares)`],
    },
  },
  {
    id: "DIM02" as DimensionId,
    name: { en: "Activities: programmes and who carries them out", es: "Actividades: programas y quién los ejecuta" },
    lexicon: {
      en: {
        core: terms(
          `programme, program, project, measures, activities, initiative, strategy, implement, implementation, launch, campaign, action plan, work plan, pilot, roll out, carry out, plan, schedule`,
        ),
        near: terms(
          `provide, establish, create, develop, support, promote, strengthen, introduce, training, coordinate, organise, design, begin, start, reform, action, expand, propose, improve, will, phase, services, help, offer`,
        ),
      },
      es: {
        core: terms(
          `programa, proyecto, medidas, actividades, iniciativa, estrategia, implementar, implementación, ejecutar, ejecución, poner en marcha, puesta en marcha, campaña, plan de acción, piloto, cronograma, plan, acciones`,
        ),
        near: terms(
          `prestar, establecer, crear, desarrollar, apoyar, promover, fortalecer, introducir, formación, coordinar, organizar, diseñar, iniciar, reforma, ampliar, proponer, mejorar, fase, servicios, ofrecer, impulsar, garantizar, realizar`,
        ),
      },
    },
    marks: { en: [], es: [] },
  },
  {
    id: "DIM03" as DimensionId,
    name: {
      en: "Outputs: what is delivered, counted and monitored",
      es: "Productos: qué se entrega, se cuenta y se sigue",
    },
    lexicon: {
      en: {
        core: terms(
          `build, built, deliver, delivered, trained, installed, constructed, completed, output, outputs, indicator, indicators, monitoring, products, delivery, beneficiaries, units, number of, unit cost, quarterly report, annual report`,
        ),
        near: terms(
          `provided, new, opened, equipped, distributed, served, created, report, progress, cost, hired, households, coverage, kilometres, miles, places, training, services, centres, thousand, hundred, finished`,
        ),
      },
      es: {
        core: terms(`construir, construidos, construidas, entregar, entregados, entregadas, capacitados, capacitadas, instalados, productos, producto, indicador, indicadores, seguimiento, monitoreo, entrega, beneficiarios, unidades, número de,
          costo unitario, coste unitario, informe trimestral, informe anual, tablero`),
        near: terms(
          `prestado, nuevo, nuevas, abierto, dotación, dotados, distribuidos, atendidos, creados, informe, avance, costo, coste, contratados, hogares, cobertura, kilómetros, plazas, formación, servicios, centros, cupos, ejecutados`,
        ),
      },
    },
    marks: {
      en: [
        `\\b(?:build|deliver|train|install|construct|open|distribute|hire|equip)\\p{L}{0,5} (?:\\p{L}{1,12} ){0,2}\\d`,
      ],
      es: [`\\b(?:constru|entreg|capacit|instal|dot|abr|distribu|adecu|mejor)\\p{L}{1,8} (?:\\p{L}{1,12} ){0,2}\\d`],
    },
  },
  {
    id: "DIM04" as DimensionId,
    name: { en: "Outcomes: targets and measured change", es: "Resultados: metas y cambios medidos" },
    lexicon: {
      en: {
        core: terms(
          `target, targets, goal, objective, reduce, increase, outcome, outcomes, results, improvement, reduction, achieve, by 2025, by 2027, by 2030, risk, risks, lower, raise, decrease`,
        ),
        near: terms(
          `percent, per cent, rate, improve, higher, fewer, more, reach, cut, rise, fall, fell, rose, grew, double, halve, share, percentage, points, increased, decreased, declined, proportion, expected, assumption, progress`,
        ),
      },
      es: {
        core: terms(
          `meta, metas, objetivo, reducir, aumentar, incrementar, resultado, resultados, mejora, reducción, disminución, alcanzar, lograr, riesgo, riesgos, disminuir, elevar, resultado esperado`,
        ),
        near: terms(
          `por ciento, tasa, mejorar, mayor, menor, más, pasar, bajar, subir, cayó, aumentó, creció, duplicar, porcentaje, puntos, incremento, proporción, esperado, supuesto, progreso, cobertura, indicador de resultado`,
        ),
      },
    },
    marks: {
      en: [`\\d ?(?:%|per ?cent)`, `\\bby 20[2-9]\\d\\b`],
      es: [`\\d ?(?:%|por ciento)`, `\\b(?:para|en|a|hasta) (?:el año )?20[2-9]\\d\\b`],
    },
  },
  {
    id: "DIM05" as DimensionId,
    name: { en: "Impacts: lasting change and commitments", es: "Impactos: cambio duradero y compromisos" },
    lexicon: {
      en: {
        core: terms(
          `impact, impacts, long term, long-term, sustainability, sustainable, future generations, generations, evaluation, vision, quality of life, well-being, wellbeing, sustainable development goals, convention, treaty, transformation, resilience, mortality, poverty rate, lasting, prosperity`,
        ),
        near: terms(
          `future, decade, century, society, lives, national, agreement, international, permanent, agenda, commitments, evaluate, world, nation, generation, long, children, life, poverty, inequality, change, development, United Nations`,
        ),
      },
      es: {
        core: terms(
          `impacto, impactos, largo plazo, sostenibilidad, sostenible, generaciones futuras, futuras generaciones, evaluación, visión, calidad de vida, bienestar, objetivos de desarrollo sostenible, ODS, convención, convenio internacional, tratado, transformación, resiliencia, mortalidad, tasa de pobreza, duradero, prosperidad`,
        ),
        near: terms(
          `futuro, década, siglo, sociedad, vidas, nacional, acuerdo, internacional, permanente, agenda, compromisos, evaluar, mundo, generación, vida, pobreza, desigualdad, cambio, desarrollo, Naciones Unidas, país`,
        ),
      },
    },
    marks: { en: [`\\b20[3-9]0\\b`], es: [`\\b20[3-9]0\\b`] },
  },
  {
    id: "DIM06" as DimensionId,
    name: { en: "Causality: why it should work", es: "Causalidad: por qué debería funcionar" },
    lexicon: {
      en: {
        core: terms(
          `because, because of, due to, causes, caused, leads to, lead to, as a result, therefore, consequence, root causes, evidence shows, evidence, so that, theory of change, in order to, thanks to, contributes to, results in, depends on, provided that, driven by`,
        ),
        near: terms(
          `effect, by means, through, explain, reason, factor, why, thus, hence, if, unless, study, studies, research, consequently, means, drives, assumes, condition, influence, enables, when, determined, stems from`,
        ),
      },
      es: {
        core: terms(
          `porque, debido a, causas, causado, causa, conduce a, conducen a, como resultado, por lo tanto, por tanto, consecuencia, causas estructurales, la evidencia, evidencia, para que, teoría del cambio, con el fin de, gracias a, contribuye a, contribuyen a, depende de, siempre que, ocasiona, genera`,
        ),
        near: terms(
          `efecto, mediante, a través de, explicar, razón, factor, así, si, salvo que, estudio, estudios, investigación, en consecuencia, permite, supone, condición, influye, posibilita, cuando, determinado, deriva, provoca, asociado`,
        ),
      },
    },
    marks: { en: [], es: [] },
  },
];
