/**
 * Base questions of the dimensions inputs (DIM01) and activities (DIM02).
 *
 * @module
 */
import { question, required, tagged, worded } from "./base-question.ts";
import { coordination, source, territory, unit, year } from "./recurring-elements.ts";

export const INPUT_QUESTIONS = [
  question({
    slot: "DIM01-Q1",
    method: "quantities",
    modality: "required-then-count",
    text: {
      en: "Does the document give a baseline for {area}: a value with its unit, its year and its source?",
      es: "¿Da el documento una línea base para {area}: un valor con su unidad, su año y su fuente?",
    },
    terms: {
      en: "baseline, currently, rate, survey, census, situation",
      es: "línea base, actualmente, tasa, encuesta, censo, situación",
    },
    elements: [
      required(tagged("baseline-value", "A measured present value", "Un valor actual medido", "baseline")),
      unit,
      year,
      source,
    ],
    optional: ["temporal-consistency"],
  }),
  question({
    slot: "DIM01-Q2",
    method: "money",
    modality: "required-then-count",
    text: {
      en: "What budget is assigned to {area}, for what period and from which source of funds?",
      es: "¿Qué presupuesto se asigna a {area}, para qué periodo y con qué fuente de financiación?",
    },
    terms: {
      en: "budget, allocate, funding, investment, million",
      es: "presupuesto, asignar, financiación, inversión, millones",
    },
    elements: [
      required(tagged("amount", "An assigned amount", "Un monto asignado", "allocation")),
      tagged("period", "The period that it covers", "El periodo que cubre", "period"),
      worded(
        "fund-source",
        "Where the money comes from",
        "De dónde proviene el dinero",
        {
          en: "national budget|state budget|federal funds?|federal government|own revenues?|general revenue|taxes|loans?|grants?|donors?|world bank|development bank|european (?:social |regional development )?funds?|trust fund|co-?financ\\p{L}*|private (?:sector|investment)|levy|bonds?|royalties|municipal budget|treasury|from the [\\p{L} ]{3,40} fund|contribut\\p{L}*|budget surplus",
          es: "presupuesto general|presupuesto nacional|recursos propios|sistema general de (?:participaciones|regalías)|regalías|cooperación internacional|crédito|préstamo|banco (?:mundial|interamericano)|fondos? europeos?|fondo (?:social|nacional|de)|cofinanci\\p{L}*|sector privado|impuestos?|donaciones|tesoro|transferencias de la nación|aportes? de(?:l)?|bonos|subvención|recursos del balance",
        },
        ["financial-chain:source"],
      ),
    ],
    optional: ["temporal-consistency"],
  }),
  question({
    slot: "DIM01-Q3",
    method: "responsible-bodies",
    modality: "required-then-count",
    text: {
      en: "Which body is responsible for {area}, with what duty, and with whom does it coordinate?",
      es: "¿Qué entidad es responsable de {area}, con qué función y con quién se coordina?",
    },
    terms: {
      en: "responsible, ministry, department, agency, authority",
      es: "responsable, ministerio, secretaría, entidad, autoridad",
    },
    elements: [
      required(tagged("responsible-body", "A body with a duty", "Una entidad con una función", "responsible")),
      coordination,
      worded("mandate", "The duty in words", "La función en palabras", {
        en: "responsible for|in charge of|mandat\\p{L}*|oversees?|lead agency|leads|supervis\\p{L}*|manages?|administers?|tasked with|accountable for|ensures?",
        es: "responsable de(?:l)?|encargad[oa] de(?:l)?|a cargo de(?:l)?|mandato|vigila(?:rá)?|lidera(?:rá)?|supervisa(?:rá)?|administra(?:rá)?|gestiona(?:rá)?|función de|garantiza(?:rá)?|competente|dirige|dirigirá",
      }),
    ],
    optional: ["programmatic-hierarchy"],
  }),
  question({
    slot: "DIM01-Q4",
    method: "legal-references",
    modality: "required-then-count",
    text: {
      en: "On what legal basis does the document act in {area}?",
      es: "¿Sobre qué base legal actúa el documento en {area}?",
    },
    terms: { en: "law, act, decree, regulation, constitution", es: "ley, decreto, resolución, norma, constitución" },
    elements: [
      required(tagged("norm", "A norm in force", "Una norma vigente", "reference")),
      tagged("numbered", "Its number, article or year", "Su número, artículo o año", "numbered"),
      tagged("basis", "What it requires or allows", "Qué ordena o permite", "basis"),
    ],
  }),
  question({
    slot: "DIM01-Q5",
    method: "retrieve",
    modality: "count",
    text: {
      en: "What capacities and shortages does the document see in {area}: staff, facilities, information?",
      es: "¿Qué capacidades y carencias ve el documento en {area}: personal, instalaciones, información?",
    },
    terms: {
      en: "staff, facilities, equipment, shortage, capacity, data",
      es: "personal, instalaciones, equipos, carencia, capacidad, datos",
    },
    elements: [
      worded("staff", "Staff and skills", "Personal y competencias", {
        en: "(?:number of|shortage of|lack of|too few|trained|qualified|additional|more|new|hire|recruit|\\d[\\d,]{0,14}) (?:\\p{L}{1,24} ){0,2}(?:staff|teachers|nurses|doctors|personnel|inspectors|officers|police|engineers|extension workers|professionals|judges|health workers|social workers|technicians|civil servants)|staff(?:ing)? (?:shortages?|levels?|numbers|gaps?|vacancies)|vacant posts|vacancies|understaffed",
        es: "(?:número de|escasez de|falta de|déficit de|insuficiente|más|nuevos|contratar(?:á)?|\\d[\\d.]{0,14}) (?:\\p{L}{1,24} ){0,2}(?:personal|docentes|maestros|enfermer[oa]s|médicos|inspectores|policías|ingenieros|extensionistas|profesionales|jueces|trabajadores sociales|técnicos|funcionarios)|planta de personal|personal (?:insuficiente|capacitado|calificado|cualificado|médico|docente|sanitario|técnico)|talento humano|plazas vacantes|vacantes",
      }),
      worded("facilities", "Facilities and equipment", "Instalaciones y equipos", {
        en: "(?:\\d[\\d,]{0,14}|existing|outdated|ageing|aging|poor|inadequate|insufficient|lack of|shortage of|new) (?:\\p{L}{1,24} ){0,2}(?:facilities|equipment|hospitals|schools|clinics|classrooms|laboratories|beds|vehicles|buildings|warehouses|infrastructure|machinery|libraries|stations|health (?:posts|centres|centers))|overcrowd\\p{L}*|dilapidated",
        es: "(?:\\d[\\d.]{0,14}|existentes?|obsolet[oa]s?|deficiente|inadecuad[oa]s?|insuficientes?|falta de|carencia de|déficit de|nuev[oa]s|mal estado de) (?:\\p{L}{1,24} ){0,2}(?:instalaciones|equipos|equipamientos?|hospitales|escuelas|aulas|laboratorios|camas|vehículos|edificios|infraestructura|maquinaria|bibliotecas|estaciones|sedes|centros de salud|puestos de salud)|hacinamiento|en mal estado",
      }),
      worded("shortage", "A shortage or gap stated", "Una carencia o brecha señalada", {
        en: "shortages?|lack(?:s|ing)? (?:of )?|gaps? in|insufficient|inadequate|deficit of|too few|understaffed|underfunded|unmet (?:need|demand)s?|bottlenecks?|weak(?:ness(?:es)?)? (?:in|of)|limited (?:capacity|access|resources|coverage)",
        es: "escasez|falta de|carencias?(?: de)?|brechas? (?:en|de)|insuficien\\p{L}+|inadecuad[oa]s?|déficit (?:de|en)|necesidades (?:no cubiertas|insatisfechas)|cuellos? de botella|debilidad(?:es)?|limitad[oa]s? (?:capacidad|cobertura)|(?:capacidad|cobertura|acceso) limitad[oa]s?|baja (?:capacidad|cobertura)",
      }),
      worded("information", "Information and its gaps", "Información y sus vacíos", {
        en: "information systems?|(?:reliable|up-to-date|disaggregated|incomplete|missing|outdated|no) (?:\\p{L}{1,24} )?data|data (?:gaps?|quality|are (?:missing|incomplete|outdated))|registr(?:y|ies) (?:is|are) (?:incomplete|outdated)|underreporting|under-?reported|diagnosis|needs assessment",
        es: "sistemas? de información|datos (?:fiables|actualizados|desagregados|incompletos|desactualizados)|(?:vacíos|falta) de información|calidad de (?:los datos|la información)|subregistro|diagnóstico|información (?:desactualizada|incompleta|fragmentada)",
      }),
    ],
    optional: ["institutional-network"],
  }),
];

export const ACTIVITY_QUESTIONS = [
  question({
    slot: "DIM02-Q1",
    method: "retrieve",
    modality: "count",
    text: {
      en: "What programmes and actions does the document set out in {area}, and with what instruments?",
      es: "¿Qué programas y acciones establece el documento en {area} y con qué instrumentos?",
    },
    terms: {
      en: "programme, action, measure, plan, implement, launch",
      es: "programa, acción, medida, plan, implementar, ejecutar",
    },
    elements: [
      worded("programme", "A named programme or plan", "Un programa o plan nombrado", {
        en: "(?:national|regional|municipal|new|pilot|\\p{L}+) (?:programmes?|programs?|strategy|scheme|initiative|action plan|campaign) (?:will|shall|is|provides|offers|funds|trains|aims|for|to|of|that|covers|supports|begins|includes)|(?:the|a|our) (?:programme|program|scheme|initiative|campaign|strategy|action plan)",
        es: "(?:el|un|los|nuestro) (?:programas?|plan(?:es)? de acción|proyectos?) (?:\\p{L}{1,24} ){0,6}?(?:será|incluye|ofrece|financia|prevé|atiende|busca|de|para|que|contempla|consiste|comprende|cubrirá|dotará)|(?:la|una) (?:estrategia|iniciativa|campaña) (?:\\p{L}{1,24} ){0,4}?(?:de|para|que|incluye|será|contempla|busca)",
      }),
      worded("action", "A concrete action", "Una acción concreta", {
        en: "(?:will|shall|must|to|we) (?:\\p{L}{1,24} )?(?:implement|launch|establish|create|introduce|set up|roll out|carry out|train|build|open|provide|develop|pilot|organi[sz]e|distribute|expand|strengthen|install|adopt|design|deliver|hire|upgrade|modernise|extend|finance|fund)",
        es: "(?:se|que|y|para) (?:\\p{L}{1,24} )?(?:implementar\\p{L}*|lanzar\\p{L}*|establecer\\p{L}*|crear\\p{L}*|introducir\\p{L}*|pondrá en marcha|ejecutar\\p{L}*|capacitar\\p{L}*|construir\\p{L}*|abrir\\p{L}*|prestar\\p{L}*|desarrollar\\p{L}*|organizar\\p{L}*|distribuir\\p{L}*|ampliar\\p{L}*|fortalecer\\p{L}*|instalar\\p{L}*|adoptar\\p{L}*|diseñar\\p{L}*|realizar\\p{L}*|entregar\\p{L}*|modernizar\\p{L}*)|(?:implementará|lanzará|creará|establecerá|ejecutará|capacitará|construirá|abrirá|desarrollará|organizará|distribuirá|ampliará|fortalecerá|instalará|adoptará|realizará|pondrá en marcha|prestará|financiará|ofrecerá)n?",
      }),
      worded("instrument", "The instrument used", "El instrumento usado", {
        en: "subsid(?:y|ies)|vouchers?|grants?|scholarships?|tax (?:credits?|relief|incentives?)|training courses?|workshops?|regulations?|inspections?|loans?|guarantees?|information campaigns?|cash transfers?|public procurement|licen[cs](?:es|ing)|mentoring|standards|certification|advisory services?|extension services?|home visits?|mobile (?:units|clinics|teams)",
        es: "subsidios?|bonos?|ayudas|becas?|incentivos? (?:tributarios|fiscales)|deducciones|cursos?|talleres|normas técnicas|inspecciones|créditos?|garantías|campañas?(?: de información)?|transferencias monetarias|contratación pública|licencias|mentorías?|certificación|asesorías?|asistencia técnica|visitas domiciliarias|unidades móviles|subvenciones",
      }),
    ],
    optional: ["programmatic-hierarchy"],
  }),
  question({
    slot: "DIM02-Q2",
    method: "responsible-bodies",
    modality: "required-then-count",
    text: {
      en: "Who carries out the activities in {area}, who coordinates them, and at what level of government?",
      es: "¿Quién ejecuta las actividades en {area}, quién las coordina y en qué nivel de gobierno?",
    },
    terms: {
      en: "implement, carry out, coordinate, committee, local",
      es: "ejecutar, implementar, coordinar, comité, local",
    },
    elements: [
      required(tagged("executor", "A body that acts", "Una entidad que actúa", "responsible")),
      coordination,
      worded("level", "The level of government", "El nivel de gobierno", {
        en: "municipal\\p{L}*|municipalit(?:y|ies)|local (?:government|council|authorit)\\p{L}*|regional|provincial|national|federal|state government|city council|county|district|ministry",
        es: "municipal(?:es)?|municipios?|local(?:es)?|regional(?:es)?|provincial(?:es)?|nacional(?:es)?|departamental(?:es)?|distrital(?:es)?|ayuntamientos?|alcaldías?|gobernaci(?:ón|ones)|ministerio|autonómic[oa]s?",
      }),
    ],
    optional: ["programmatic-hierarchy"],
  }),
  question({
    slot: "DIM02-Q3",
    method: "time-frames",
    modality: "required-then-count",
    text: {
      en: "When do the activities in {area} begin and end, and in what phases?",
      es: "¿Cuándo comienzan y terminan las actividades en {area} y en qué fases?",
    },
    terms: { en: "begin, end, schedule, phase, deadline", es: "inicio, fin, cronograma, fase, plazo" },
    elements: [
      required(
        tagged(
          "time-frame",
          "When something planned is to happen",
          "Cuándo ocurrirá lo planeado",
          "(?:start|deadline|span|milestone)",
        ),
      ),
      tagged("start", "A beginning", "Un comienzo", "start"),
      {
        ...tagged("end", "An end", "Un fin", "deadline"),
        patterns: { en: ["^@(?:deadline|span)$"], es: ["^@(?:deadline|span)$"] },
      },
      tagged("phases", "Phases or steps", "Fases o pasos", "milestone"),
    ],
    optional: ["programmatic-hierarchy"],
  }),
  question({
    slot: "DIM02-Q4",
    method: "populations",
    modality: "required-then-count",
    text: {
      en: "Which groups are the activities in {area} for, how many are they, and where?",
      es: "¿A qué grupos se dirigen las actividades en {area}, cuántos son y dónde están?",
    },
    terms: {
      en: "beneficiaries, target group, women, youth, vulnerable",
      es: "beneficiarios, población objetivo, mujeres, jóvenes, vulnerables",
    },
    elements: [
      required(tagged("target-group", "A group that is to be reached", "Un grupo al que se quiere llegar", "targeted")),
      tagged("group-size", "Its size", "Su tamaño", "counted"),
      tagged("vulnerable-group", "A group at a disadvantage", "Un grupo en desventaja", "vulnerable"),
      territory,
    ],
    optional: ["quantitative-triplet"],
  }),
  question({
    slot: "DIM02-Q5",
    method: "causal-statements",
    modality: "required-then-count",
    text: {
      en: "Why were these activities in {area} chosen: what problem or cause do they answer?",
      es: "¿Por qué se eligieron estas actividades en {area}: a qué problema o causa responden?",
    },
    terms: { en: "because, problem, cause, address, respond", es: "porque, problema, causa, atender, responder" },
    elements: [
      required(tagged("reason", "A reason or effect stated", "Una razón o efecto señalado", "causal")),
      worded("problem", "The problem answered", "El problema al que responde", {
        en: "problems?|challenges?|root causes?|barriers?|obstacles?|lack of|shortages?|deficits?|gaps?|bottlenecks?|high (?:rates?|costs?|prices?)|low (?:rates?|coverage|income|yields|productivity)|poor (?:quality|access|roads|housing|conditions|maintenance|health|infrastructure|nutrition)|unemployment|poverty|dropout|pollution|violence|corruption|delays?",
        es: "problemas?|problemátic\\p{L}+|retos?|desafíos?|causas|barreras?|obstáculos?|falta de|carencias?|escasez|déficit|brechas?|cuellos? de botella|alt[oa]s? (?:tasas?|costos?|costes?|precios|índices?)|baj[oa]s? (?:tasas?|cobertura|ingresos|rendimientos?|productividad)|mala calidad|deficiente|desempleo|pobreza|deserción|contaminación|violencia|corrupción|retrasos?|demoras?",
      }),
      worded("answer", "That an action answers it", "Que una acción le responde", {
        en: "programmes?|programs?|measures?|actions?|strategy|plan|activities|reform|scheme|subsid(?:y|ies)|investments?|training|address\\p{L}*|respond\\p{L}*|tackl\\p{L}*|will (?:be )?(?:build|train|fund|invest|open|provide|hire|support)",
        es: "programas?|medidas?|acciones|estrategia|plan|actividades|reforma|subsidios?|inversi(?:ón|ones)|capacitación|formación|responde\\p{L}*|atender\\p{L}*|enfrentar\\p{L}*|abordar\\p{L}*|se (?:construir|capacitar|financiar|abrir|ofrecer|apoyar)\\p{L}+",
      }),
    ],
    optional: ["semantic-relationship"],
  }),
];
