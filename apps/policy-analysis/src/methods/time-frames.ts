/**
 * Time frames: when what is planned begins, ends, and is looked at on the way.
 *
 * Tags: `@timeframe` every one, `@deadline` (an end), `@start`, `@span` (both, or a duration), `@milestone` (a step on the
 * way), `@periodic` (again and again), `@horizon` (a decade or more, or 2030 and later). Dates of what has happened give no mention.
 *
 * @module
 */
import { type Mention, type Method, matchesOf, type Patterns, word } from "./method.ts";
import { isPast, isPlanned } from "./moods.ts";
import { yearsIn } from "./numbers.ts";

const MONTH = {
  en: "(?:january|february|march|april|may|june|july|august|september|october|november|december)",
  es: "(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre)",
} as const;
const PART = {
  en: "(?:(?:the )?(?:end of|beginning of|middle of|close of|(?:first|second|third|fourth|last|final) (?:quarter|half|semester|year) of|mid-?|early|late|spring|summer|autumn|fall|winter|start of)(?: of)? ?)",
  es: "(?:(?:el |al )?(?:final(?:es)?|cierre|término|comienzo|inicio|mediados|principios|(?:primer|segundo|tercer|cuarto|último) (?:trimestre|semestre|cuatrimestre|bimestre|año)) ?(?:de(?:l)? )?)",
} as const;
const YEAR = "(?:the year |school year |fiscal year |el año |año )?(?:19|20)\\d\\d(?: ?[-–/] ?(?:(?:19|20)?\\d\\d))?";
const COUNT = {
  en: "(?:\\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|eighteen|twenty|thirty|sixty|ninety|one|a|a few|several)",
  es: "(?:\\d+|un|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|quince|dieciocho|veinte|treinta|sesenta|noventa)",
} as const;
const DATE = {
  en: `${PART.en}?(?:\\d{1,2} )?(?:${MONTH.en} (?:\\d{1,2},? )?)?(?:of )?${YEAR}`,
  es: `(?:de(?:l)? )?${PART.es}?(?:el )?(?:\\d{1,2} de )?(?:${MONTH.es} (?:de(?:l)? )?)?${YEAR}`,
} as const;

const DEADLINE: Patterns = {
  en: word(
    `(?:by|before|until|no later than|not later than|at the latest (?:by|in)|ends? (?:in|on|by)|ending (?:in|on)|finish(?:es|ed)? (?:in|by)|completed (?:in|by)|deadline(?: of| is|:)?(?: the)?|expires? (?:in|on)|closes? (?:in|on)) (?:the )?${DATE.en}|by the end of (?:the )?(?:decade|term|century|next year|this year|year|parliament|plan|first year|second year|third year|programme|school year)|within (?:the (?:next|first) )?${COUNT.en} (?:\\p{L}+ )?(?:days|weeks|months|years|decades)|within (?:one|a) (?:year|month|decade)|deadline|end date|in ${COUNT.en} years(?:' time)?|by ${MONTH.en}|by next year|in the next \\p{L}+ years`,
    "giu",
  ),
  es: word(
    `(?:para|antes de(?:l)?|hasta|a más tardar(?: en| el| a)?|no más tarde de(?:l)?|en(?: el)?|a|al|hacia|finaliza(?:rá)?(?: en)?|termina(?:rá)?(?: en)?|concluye(?:n)?(?: en)?|concluirá(?:n)?(?: en)?|vence(?:rá)?(?: el)?) (?:el |la |los )?${DATE.es}|(?:plazo|fecha límite|fecha de (?:cierre|terminación))(?: máximo)?(?: (?:de|es|será|para))?(?: ${COUNT.es} (?:días|meses|años))?|en (?:un plazo|un término|los próximos|las próximas|un periodo|un máximo)(?: máximo)?(?: de)? ?${COUNT.es}? ?(?:días|semanas|meses|años)?(?: hábiles)?|dentro de (?:los|las) ${COUNT.es} (?:primeros |siguientes )?(?:días|meses|años)|al (?:final(?:izar)?|término|cierre|terminar) (?:de |del |el |la )+(?:cuatrienio|periodo|período|vigencia|año|década|plan|mandato|legislatura|primer año|segundo año|tercer año)|en ${COUNT.es} (?:años|meses)|antes de(?:l)? (?:fin de|cierre del|${MONTH.es})`,
    "giu",
  ),
};
const SPAN: Patterns = {
  en: word(
    `between ${DATE.en} and ${DATE.en}|from ${DATE.en} (?:to|until|through) ${DATE.en}|(?:19|20)\\d\\d ?(?:[-–]|to) ?(?:19|20)\\d\\d|(?:over|during|for|in|across) (?:the )?(?:next|coming|following) (?:${COUNT.en} )?(?:years?|months?|decades?)|over (?:a period of )?${COUNT.en} years|(?:will last|to last|lasts|lasting|run for|for a period of|duration of|take|takes) ${COUNT.en} (?:\\p{L}+ )?(?:years|months|weeks)|${COUNT.en}-(?:year|month) (?:plan|programme|program|period|project|phase|strategy|cycle|schedule|pilot)`,
    "giu",
  ),
  es: word(
    `entre (?:el |los años )?${DATE.es} (?:y|e) (?:el )?${DATE.es}|(?:desde|de(?:l)?) ${DATE.es} (?:a|al|hasta) (?:el )?${DATE.es}|(?:19|20)\\d\\d ?(?:[-–]|a) ?(?:19|20)\\d\\d|durante (?:los próximos |las próximas )?(?:${COUNT.es} (?:años|meses)|el cuatrienio|la vigencia)|(?:en|durante|a lo largo de) (?:los|las) (?:próximos|próximas|siguientes) (?:${COUNT.es} )?(?:años|meses|vigencias)|(?:durará|duración (?:de|será de)|por un periodo de|se extenderá(?: por| durante)?|tendrá una duración de) ?${COUNT.es}? ?(?:años|meses|semanas)?|cuatrienio`,
    "giu",
  ),
};
const START: Patterns = {
  en: word(
    `(?:starts?|starting|begins?|beginning|launch(?:es|ed|ing)?|opens?|opening|commenc(?:es|ing)|enters? into force|takes? effect|effective|as from|as of|from|kicks? off|start|roll(?:s|ed)? out) (?:(?!no |by |before |until )\\p{L}+ ){0,3}(?:in|on|from|with)? ?(?:the )?${DATE.en}|(?:start|begin|commence|launch|open)(?:s|ing|ed)? (?:(?!no |by |before |until )\\p{L}+ ){0,4}(?:in|on|from|next|this) (?:the )?(?:first|second|third|${MONTH.en}|january|next|year|spring|autumn|${DATE.en})|start date`,
    "giu",
  ),
  es: word(
    `(?:inicia(?:rá|rán|n)?|comenzará(?:n)?|comienza(?:n)?|empezará(?:n)?|empieza(?:n)?|arranca(?:rá|rán)?|entrará(?:n)? en (?:vigor|vigencia|operación)|se pondrá(?:n)? en marcha|a partir de(?:l)?|desde|se lanzará(?:n)?|se abrirá(?:n)?|inicio) (?:(?!a más |no más |antes |hasta )\\p{L}+ ){0,4}?(?:en |el |de |del |a )*${DATE.es}|fecha de inicio|a partir de(?:l)? (?:primer|segundo|próximo|${MONTH.es})|(?:iniciará|comenzará|empezará|arrancará)(?:n)? (?:en|el) (?:el )?(?:primer|segundo|tercer|próximo|${MONTH.es})`,
    "giu",
  ),
};
const MILESTONE: Patterns = {
  en: word(
    `milestones?|mid-?term (?:review|evaluation|target|assessment)|interim (?:target|report|review|milestone)|(?:first|second|third|fourth|final|last|initial|pilot) (?:phase|stage)|phase (?:one|two|three|1|2|3|i|ii|iii)|intermediate (?:target|goal)s?|in (?:two|three|four|five) (?:phases|stages)|(?:first|second|third|fourth) (?:year|quarter|semester)|halfway|roadmap|timetable`,
    "giu",
  ),
  es: word(
    `hitos?|(?:revisión|evaluación|corte|metas?|balance|informe) (?:de )?(?:medio término|intermedi[oa]s?|mitad de periodo)|(?:primera|segunda|tercera|cuarta|última) (?:fase|etapa)|fase (?:uno|dos|tres|1|2|3|i|ii|iii|piloto)|en (?:dos|tres|cuatro) (?:fases|etapas)|(?:primer|segundo|tercer|cuarto) (?:año|trimestre|semestre)|cronograma|hoja de ruta`,
    "giu",
  ),
};
const PERIODIC: Patterns = {
  en: word(
    `annually|quarterly|monthly|yearly|biannual(?:ly)?|every (?:year|month|quarter|six months|two years|three years|four years|five years|${COUNT.en} (?:years|months))|each (?:year|quarter|month)|once a year|twice a year|(?:annual|quarterly|monthly|six-monthly|half-yearly|biennial) (?:report|review|survey|audit|update|publication|progress|meeting|deliver|count)\\p{L}*`,
    "giu",
  ),
  es: word(
    `anualmente|trimestralmente|mensualmente|semestralmente|cada (?:año|mes|trimestre|semestre|seis meses|dos años|tres años|cuatro años|${COUNT.es} (?:años|meses))|(?:una|dos) ve(?:z|ces) al año|(?:informes?|reportes?|revisión|encuesta|auditoría|publicación|seguimiento|balance|entregas?|medición|cortes?) (?:anual|trimestral|mensual|semestral|bienal|cuatrimestral)(?:es)?`,
    "giu",
  ),
};
const LONG: Patterns = {
  en: /\b20[3-9]\d\b|\b(?:decades?|generation|century|long[- ]term|(?:ten|fifteen|twenty|thirty|10|15|20|25|30)(?:-| )years?)\b/iu,
  es: /(?<!\d)20[3-9]\d(?!\d)|(?<!\p{L})(?:décadas?|generación|siglo|largo plazo|(?:diez|quince|veinte|treinta|10|15|20|25|30) años)(?!\p{L})/iu,
};

const KINDS = [
  [SPAN, "@span"],
  [START, "@start"],
  [DEADLINE, "@deadline"],
  [MILESTONE, "@milestone"],
  [PERIODIC, "@periodic"],
] as const;

/** Time frames of what the sentence plans. */
export const timeFrames: Method = {
  name: "time-frames",
  isAnchored: true,
  readsAbsence: false,
  find(sentence, language) {
    if (!isPlanned(sentence, language) && isPast(sentence, language)) return [];
    const mentions: Mention[] = [];
    for (const [patterns, tag] of KINDS) {
      for (const match of matchesOf(patterns[language], sentence)) {
        const place = { start: match.index, end: match.index + match[0].length };
        // "opens in September" names no end, whatever stands before the date.
        const isStart = mentions.some(
          ({ start, end, tags }) => tags.includes("@start") && start < place.end && place.start < end,
        );
        if (tag === "@deadline" && isStart) continue;
        const tags = ["@timeframe", tag];
        if (tag === "@span" && yearsIn(match[0]).length > 1) tags.push("@start");
        if (LONG[language].test(match[0]) && tag !== "@start") tags.push("@horizon");
        mentions.push({ ...place, tags });
      }
    }
    // A year in itself is a date, not a plan: something must say what is to happen.
    if (
      !isPlanned(sentence, language) &&
      !mentions.some(({ tags }) => !tags.includes("@deadline") && !tags.includes("@span"))
    )
      return [];
    return mentions.sort((left, right) => left.start - right.start || left.end - right.end);
  },
};
