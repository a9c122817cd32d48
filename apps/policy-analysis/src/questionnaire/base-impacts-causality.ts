/**
 * Base questions of the dimensions impacts (DIM05) and causality (DIM06).
 *
 * @module
 */
import { question, required, tagged, worded } from "./base-question.ts";
import { evidence, unit } from "./recurring-elements.ts";

export const IMPACT_QUESTIONS = [
  question({
    slot: "DIM05-Q1",
    method: "quantities",
    modality: "strongest",
    text: {
      en: "What long-term change in {area} does the document put a number on?",
      es: "¿A qué cambio de largo plazo en {area} le pone cifra el documento?",
    },
    terms: { en: "impact, rate, long term, poverty, mortality", es: "impacto, tasa, largo plazo, pobreza, mortalidad" },
    elements: [
      {
        ...required(
          tagged("lasting-value", "A value for lasting change", "Un valor para un cambio duradero", "target"),
        ),
        patterns: { en: ["^@(?:target|change)$"], es: ["^@(?:target|change)$"] },
      },
      tagged("rate", "As a rate or index", "Como tasa o índice", "rate"),
      worded("horizon", "A horizon of years", "Un horizonte de años", {
        en: "20[3-9]\\d|decades?|generations?|long[- ]term|(?:ten|fifteen|twenty|thirty|1\\d|2\\d|30) years|century",
        es: "20[3-9]\\d|décadas?|generaci(?:ón|ones)|largo plazo|(?:diez|quince|veinte|treinta|1\\d|2\\d|30) años|siglo",
      }),
      unit,
    ],
    optional: ["temporal-consistency"],
  }),
  question({
    slot: "DIM05-Q2",
    method: "populations",
    modality: "required-then-count",
    text: {
      en: "Who gains or loses in the long run in {area}, and are those at a disadvantage considered?",
      es: "¿Quién gana o pierde a largo plazo en {area} y se considera a quienes están en desventaja?",
    },
    terms: {
      en: "families, children, generations, inequality, benefit",
      es: "familias, niños, generaciones, desigualdad, beneficio",
    },
    elements: [
      required(
        worded("lasting-effect", "A lasting effect on people", "Un efecto duradero en las personas", {
          en: "lives|living standards|quality of life|poverty|inequalit(?:y|ies)|well-?being|opportunit(?:y|ies)|future|generations?|lasting|life expectancy|prosper\\p{L}*|dignity|independen(?:t|ce)|mobility|long run|long term|permanent(?:ly)?|excluded|left behind",
          es: "vidas?|nivel de vida|calidad de vida|condiciones de vida|pobreza|desigualdad(?:es)?|bienestar|oportunidad(?:es)?|futur[oa]s?|generaci(?:ón|ones)|durader[oa]s?|esperanza de vida|prosper\\p{L}*|dignidad|autonomía|movilidad social|largo plazo|permanentes?|excluid[oa]s?|atrás",
        }),
      ),
      tagged("vulnerable-group", "A group at a disadvantage", "Un grupo en desventaja", "vulnerable"),
      tagged("group-size", "How many", "Cuántos", "counted"),
      worded("distribution", "Who gains and who loses", "Quién gana y quién pierde", {
        en: "inequalit(?:y|ies)|gaps?|compared with|most affected|disproportionate\\p{L}*|worst|poorest|richest|left behind|equal(?:ity|ly)?|unequal\\p{L}*|benefit(?:s|ed)? (?:most|more|least)|lose|bear the",
        es: "desigualdad(?:es)?|brechas?|frente a|más afectad[oa]s|desproporcionad\\p{L}+|peor(?:es)?|más pobres|más ricos|atrás|igualdad|equidad|se benefician más|pierden",
      }),
    ],
  }),
  question({
    slot: "DIM05-Q3",
    method: "retrieve",
    modality: "count",
    text: {
      en: "How are results in {area} to last: financing, institutions, environment?",
      es: "¿Cómo se hará que los resultados en {area} perduren: financiación, instituciones, ambiente?",
    },
    terms: {
      en: "sustainability, long term, maintain, lasting",
      es: "sostenibilidad, largo plazo, mantener, duradero",
    },
    elements: [
      worded("lasting", "That results are to last", "Que los resultados deben durar", {
        en: "sustainab(?:le|ility)|long[- ]term (?:\\p{L}{1,24} )?(?:vision|plan|strategy|goal|commitment|impact|effects?|benefits?|results|investment|maintenance)|lasting|durable|future generations|generations to come|beyond (?:the )?(?:end of|life of|term|this|20\\d\\d)|resilien(?:t|ce)|for decades",
        es: "sostenib(?:le|les|ilidad)|sustentab(?:le|ilidad)|(?:visión|plan|estrategia|meta|compromiso|impacto|efectos?|beneficios?|resultados|inversión) (?:\\p{L}{1,24} )?(?:de|a) largo plazo|durader[oa]s?|perdurab\\p{L}+|perdur\\p{L}+|generaciones futuras|futuras generaciones|más allá de(?:l)? (?:cuatrienio|plan|periodo|mandato|proyecto|20\\d\\d)|resilien(?:te|tes|cia)",
      }),
      worded("lasting-finance", "Financing after the programme", "Financiación después del programa", {
        en: "(?:running|maintenance|operating|recurrent) costs?|permanent (?:funding|budget)|(?:financial|fiscal) sustainability|stable (?:funding|financing)|endowment|after (?:the )?(?:project|programme|program|funding) ends|self-?financ\\p{L}+|maintenance (?:fund|budget|plan)",
        es: "(?:costos?|costes?|gastos?) (?:recurrentes|de mantenimiento|de operación|de funcionamiento)|financiación (?:permanente|estable)|sostenibilidad (?:financiera|fiscal)|fuente estable|cuando (?:termine|finalice) (?:el|la)|autofinanci\\p{L}+|(?:fondo|plan|presupuesto) de mantenimiento",
      }),
      worded(
        "lasting-institution",
        "Institutions or capacities that remain",
        "Instituciones o capacidades que quedan",
        {
          en: "institutionali[sz]\\p{L}+|permanent (?:\\p{L}{1,24} )?(?:body|unit|office|institution|capacity|structure|programme|staff)|local (?:capacity|ownership)|capacity[- ]building|handed? over to|enshrin\\p{L}+|transferred to (?:the )?(?:municipal|local|community|regional)\\p{L}*|community management",
          es: "institucionaliz\\p{L}+|(?:unidad|oficina|estructura|instancia|entidad|capacidad|política) permanente|política (?:pública )?de estado|capacidad(?:es)? locales|fortalecimiento (?:institucional|de capacidades)|apropiación (?:social|comunitaria|local)|transferid[oa]s? a (?:los|las|el|la) (?:municipi|comunidad|autoridad)\\p{L}*|gestión comunitaria",
        },
      ),
    ],
    optional: ["causal-verbs"],
  }),
  question({
    slot: "DIM05-Q4",
    method: "legal-references",
    modality: "required-then-count",
    text: {
      en: "With which international commitments is {area} aligned?",
      es: "¿Con qué compromisos internacionales se alinea {area}?",
    },
    terms: {
      en: "convention, treaty, Sustainable Development Goals, agreement",
      es: "convención, tratado, Objetivos de Desarrollo Sostenible, acuerdo",
    },
    elements: [
      required(tagged("treaty", "An international commitment", "Un compromiso internacional", "treaty")),
      tagged("numbered", "Its number, goal or year", "Su número, objetivo o año", "numbered"),
      tagged("alignment", "How the document relates to it", "Cómo se relaciona el documento con él", "basis"),
    ],
    optional: ["institutional-network"],
  }),
  question({
    slot: "DIM05-Q5",
    method: "retrieve",
    modality: "required-then-count",
    text: {
      en: "How will the impact in {area} be evaluated: by whom, with what method, and what will be learned?",
      es: "¿Cómo se evaluará el impacto en {area}: quién, con qué método y qué se aprenderá?",
    },
    terms: {
      en: "evaluation, impact, independent, method, lessons",
      es: "evaluación, impacto, independiente, método, lecciones",
    },
    elements: [
      required(
        worded("evaluation", "An evaluation", "Una evaluación", {
          en: "(?:impact|independent|external|final|mid-?term|ex-?post|outcome|programme|program) evaluations?|evaluations? (?:of|will|is|are|shall|by|report|plan)|will be (?:independently |externally )?evaluated|to evaluate (?:the|its|whether)|(?:will|shall) evaluate",
          es: "evaluaci(?:ón|ones) (?:de impacto|de resultados|independientes?|externas?|final(?:es)?|intermedias?|ex[- ]?post|del|de la|será|de)|se evaluará(?:n)?|será(?:n)? evaluad[oa]s?|evaluará(?:n)?|para evaluar",
        }),
      ),
      worded("evaluator", "Who evaluates", "Quién evalúa", {
        en: "independent(?:ly)?|external(?:ly)? (?:evaluat\\p{L}+|experts?|reviewers?)|(?:court of auditors|audit office|university|universities|research (?:institute|centre|center)|evaluation (?:unit|office|council))",
        es: "independientes?|extern[oa]s?|(?:contraloría|tribunal de cuentas|universidad(?:es)?|instituto de investigación|centro de investigación|(?:unidad|oficina|consejo) de evaluación)",
      }),
      worded("method", "The method", "El método", {
        en: "control group|comparison group|random(?:ised|ized|ly)|before[- ]and[- ]after|quasi-?experimental|panel (?:survey|data|study)|cost[- ]benefit|longitudinal|counterfactual|baseline survey|interviews|focus groups|difference-in-differences",
        es: "grupo de (?:control|comparación)|aleatori\\p{L}+|antes y después|cuasi-?experimental(?:es)?|(?:encuesta|datos|estudio) (?:de )?panel|costo[- ]beneficio|coste[- ]beneficio|longitudinal(?:es)?|contrafactual|encuesta de línea base|entrevistas|grupos focales|diferencias en diferencias",
      }),
      worded("learning", "What is done with the findings", "Qué se hace con los hallazgos", {
        en: "lessons learn(?:ed|t)|findings (?:will|shall|are)|results (?:of the evaluation|will be (?:published|used))|(?:to|will) (?:adjust|correct|redesign|inform)|recommendations (?:will|shall|are)|feedback",
        es: "lecciones aprendidas|hallazgos|los resultados (?:de la evaluación|se (?:publicarán|usarán|utilizarán)|servirán)|(?:para|permitirá|permitirán) (?:ajustar|corregir|rediseñar|orientar)|recomendaciones (?:serán|se)|retroalimenta\\p{L}+",
      }),
    ],
  }),
];

export const CAUSALITY_QUESTIONS = [
  question({
    slot: "DIM06-Q1",
    method: "causal-statements",
    modality: "required-then-count",
    text: {
      en: "Does the document state a mechanism in {area}: by what means the action brings the result about?",
      es: "¿Enuncia el documento un mecanismo en {area}: por qué medio la acción produce el resultado?",
    },
    terms: {
      en: "leads to, contributes to, by means of, so that",
      es: "conduce a, contribuye a, mediante, de modo que",
    },
    elements: [
      required(tagged("effect", "What the action brings about", "Qué produce la acción", "effect")),
      tagged("mechanism", "By what means", "Por qué medio", "mechanism"),
      worded("result", "The result that it aims at", "El resultado al que apunta", {
        en: "reduc\\p{L}*|increas\\p{L}*|improv\\p{L}*|lower\\p{L}*|higher|fewer|rais\\p{L}*|better|prevent\\p{L}*|cut(?:s|ting)?|growth|falls?|rises?|more (?:\\p{L}{1,24} )?(?:jobs|people|children|income|time|students)",
        es: "reduc\\p{L}*|aument\\p{L}*|increment\\p{L}*|mejor\\p{L}*|disminu\\p{L}*|menos|mayor(?:es)?|menor(?:es)?|elev\\p{L}*|prevenir|previen\\p{L}*|evita\\p{L}*|crecimiento|baja\\p{L}*",
      }),
    ],
    optional: ["semantic-relationship"],
  }),
  question({
    slot: "DIM06-Q2",
    method: "causal-statements",
    modality: "required-then-count",
    text: {
      en: "What causes does the document see behind the problems of {area}?",
      es: "¿Qué causas ve el documento detrás de los problemas de {area}?",
    },
    terms: { en: "because, due to, caused by, root causes", es: "porque, debido a, causado por, causas" },
    elements: [
      required(tagged("cause", "A cause stated", "Una causa señalada", "cause")),
      worded("root", "Root or structural causes", "Causas de fondo o estructurales", {
        en: "root causes?|structural|underlying|main causes?|principal causes?|main reasons?|primary causes?|leading causes?|historic(?:al)?(?:ly)?|systemic|several (?:causes|factors)|factors",
        es: "causas? (?:raíz|profundas|estructural(?:es)?|principal(?:es)?|subyacentes)|estructural(?:es)?|principal(?:es)? (?:causas?|razón|razones)|históric[oa]s?|sistémic[oa]s?|factores",
      }),
      worded("magnitude", "How much is due to it", "Cuánto se le debe", {
        en: "\\d{1,9}(?:\\.\\d{1,4})? ?%|\\d{1,9}(?:\\.\\d{1,4})? per ?cent|half of|a third of|two thirds of|three quarters of|most of|a quarter of|\\d[\\d,]{0,14} (?:deaths|cases|children|people|families|hours|days)",
        es: "\\d{1,9}(?:,\\d{1,4})? ?%|\\d{1,9}(?:,\\d{1,4})? por ciento|la mitad de|un tercio de|dos tercios de|tres cuartos de|la mayoría de|la mayor parte de|un cuarto de|\\d[\\d.]{0,14} (?:muertes|casos|niños|personas|familias|horas|días)",
      }),
      evidence,
    ],
    optional: ["quantitative-triplet"],
  }),
  question({
    slot: "DIM06-Q3",
    method: "retrieve",
    modality: "required-then-count",
    text: {
      en: "On what conditions does success in {area} depend?",
      es: "¿De qué condiciones depende el éxito en {area}?",
    },
    terms: { en: "if, provided that, depends on, condition", es: "si, siempre que, depende de, condición" },
    elements: [
      required(
        worded("condition", "A condition of success", "Una condición del éxito", {
          en: "provided that|depends? (?:up)?on|only (?:if|when)|on condition that|as long as|unless|conditional on|contingent on|requires? that|conditions? for success|prerequisites?|preconditions?|will (?:only )?(?:work|succeed) if|cannot succeed without|subject to the",
          es: "siempre que|siempre y cuando|depende(?:n|rá|rán)?|solo (?:si|cuando|será posible)|sólo (?:si|cuando)|a condición de|salvo que|a menos que|condicionad[oa]s? a|requiere(?:n)? que|condici(?:ón|ones) (?:de éxito|necesarias?|para)|requisitos? previos?|funcionará si|sujet[oa]s? a (?:la|el)",
        }),
      ),
      worded("outside", "A condition outside the programme's control", "Una condición ajena al programa", {
        en: "(?:world|global|international|oil|commodity|fuel|food) (?:market|price|economy|demand|trade)s?|economic growth|weather|climate|exchange rates?|interest rates?|political (?:will|support|stability)|parliament(?:ary)? approv\\p{L}+|private (?:sector|investment|investors)|donors?|inflation|the economy|security situation|central government|community (?:participation|support|acceptance)",
        es: "(?:mercados?|precios?|economía|demanda|comercio) (?:mundial(?:es)?|global(?:es)?|internacional(?:es)?|del petróleo|de los alimentos)|crecimiento económico|clima|tasa de cambio|tasas? de interés|voluntad política|estabilidad política|aprobación (?:del|de la|por)|sector privado|inversión privada|cooperantes|donantes|inflación|situación de seguridad|gobierno (?:nacional|central)|participación (?:de la comunidad|comunitaria|ciudadana)",
      }),
      worded("consequence", "What happens otherwise", "Qué ocurre de otro modo", {
        en: "otherwise|if not|without (?:this|that|it|them|these)|failing (?:that|which)|would (?:fail|be lost|be delayed|come to nothing)|if (?:\\p{L}{1,24} ){1,4}(?:fails?|falls? short|(?:is|are) not|does not|do not|is delayed)|in the absence of",
        es: "de lo contrario|en caso contrario|sin (?:esto|ello|esta|este|estas|estos)|si no|fracasar\\p{L}*|se perder\\p{L}*|se retrasar\\p{L}*|si (?:\\p{L}{1,24} ){1,4}(?:falla|fracasa|se retrasa)|en ausencia de",
      }),
    ],
    optional: ["causal-verbs"],
  }),
  question({
    slot: "DIM06-Q4",
    method: "causal-statements",
    modality: "required-then-count",
    text: {
      en: "What evidence is cited in {area} for the link between action and result?",
      es: "¿Qué evidencia se cita en {area} del vínculo entre acción y resultado?",
    },
    terms: {
      en: "evidence, study, evaluation, shows, research",
      es: "evidencia, estudio, evaluación, muestra, investigación",
    },
    elements: [
      required(tagged("link", "A causal link", "Un vínculo causal", "causal")),
      required(evidence),
      worded("finding", "A finding in numbers", "Un hallazgo en cifras", {
        en: "\\d{1,9}(?:\\.\\d{1,4})? ?%|\\d{1,9}(?:\\.\\d{1,4})? per ?cent|by (?:half|a third|a quarter)|twice|three times|\\d{1,9}(?:\\.\\d{1,4})? (?:times|percentage points|points)",
        es: "\\d{1,9}(?:,\\d{1,4})? ?%|\\d{1,9}(?:,\\d{1,4})? por ciento|a la mitad|en un (?:tercio|cuarto)|el doble|tres veces|\\d{1,9}(?:,\\d{1,4})? (?:veces|puntos)",
      }),
      worded("origin", "Where the evidence comes from", "De dónde viene la evidencia", {
        en: "university|world bank|OECD|WHO|UNICEF|institute|ministry|national statistics|(?:in|from) (?:other|neighbouring|similar) (?:countries|cities|regions)|pilot|19\\d\\d|20\\d\\d|journal|randomi[sz]ed|meta-analysis|international",
        es: "universidad|banco mundial|OCDE|CEPAL|OMS|UNICEF|instituto|ministerio|en (?:otros|otras) (?:países|ciudades|regiones)|piloto|19\\d\\d|20\\d\\d|revista|aleatori\\p{L}+|metaanálisis|internacional(?:es)?",
      }),
    ],
    optional: ["institutional-network"],
  }),
  question({
    slot: "DIM06-Q5",
    method: "time-frames",
    modality: "required-then-count",
    text: {
      en: "How long after the action are effects expected in {area}?",
      es: "¿Cuánto después de la acción se esperan efectos en {area}?",
    },
    terms: { en: "within, years, effect, expected, after", es: "en, años, efecto, esperado, después" },
    elements: [
      {
        ...required(tagged("lag", "A time until effects", "Un tiempo hasta los efectos", "deadline")),
        patterns: { en: ["^@(?:deadline|span|horizon)$"], es: ["^@(?:deadline|span|horizon)$"] },
      },
      required(
        worded("expected-effect", "An effect expected then", "Un efecto esperado entonces", {
          en: "effects?|results? (?:are|is|will|can|should|may)|impacts?|(?:will|should|is expected to|are expected to|would) (?:\\p{L}{1,24} )?(?:fall|rise|reduce|decrease|increase|improve|grow|decline|drop|lead|produce|bear fruit|pay off|be felt|be visible|show)|benefits? (?:are|is|will|should)|bear fruit|pay off",
          es: "efectos?|los resultados (?:se|serán|son)|impactos?|(?:se espera|se prevé|deberá|deberían?) (?:que )?(?:\\p{L}{1,24} ){0,5}?(?:disminuy\\p{L}+|aument\\p{L}+|mejor\\p{L}+|reduz\\p{L}+|reducir|baj\\p{L}+|crezca\\p{L}*)|(?:disminuirá|aumentará|mejorará|reducirá|bajará|crecerá|producirá|caerá)n?|dará(?:n)? frutos?|beneficios? (?:se|serán)|se notará(?:n)?",
        }),
      ),
      tagged("long-horizon", "A horizon of a decade or more", "Un horizonte de una década o más", "horizon"),
      worded("sequence", "What comes first and what later", "Qué viene antes y qué después", {
        en: "first|then|later|afterwards|short[- ]term|medium[- ]term|long[- ]term|gradually|initially|in the second|once|after",
        es: "primero|luego|después|posteriormente|corto plazo|mediano plazo|medio plazo|largo plazo|gradual(?:mente)?|inicialmente|una vez|tras",
      }),
    ],
    optional: ["causal-verbs"],
  }),
];
