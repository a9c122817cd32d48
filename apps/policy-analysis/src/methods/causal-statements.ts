/**
 * Causal statements: what brings what about.
 *
 * Tags: `@causal` every one, `@cause` (tells why something is so), `@effect` (tells what something will bring),
 * `@mechanism` (tells by what means).
 *
 * @module
 */
import { after, type Mention, type Method, matchesOf, type Patterns, word } from "./method.ts";

const CAUSE: Patterns = {
  en: word(
    "because(?! (?:i|we|you|it[’']s|no|our|of who|that is|that[’']s))(?: of)?|due to(?! be| start| open| close| end| finish| begin| take)|caused (?:by|mainly by|in part by)|is the (?:main|root|principal|primary|leading) cause of|root causes?(?: of)?|(?:main|principal|underlying|structural|leading|primary) causes?|as a (?:result|consequence) of|stems? from|stemming from|explained by|explains? (?:why|the|much|most)|attribut(?:able|ed) to|driven (?:mainly |largely )?by|owing to|results? from|resulting from|a consequence of|the reason (?:is|why|for)|arises? from|originates? in|rooted in",
    "giu",
  ),
  es: word(
    "porque|debido a(?:l)?|causad[oa]s? por|a causa de(?:l)?|es (?:la|una) (?:principal )?causa|causas? (?:principales|estructurales|raíz|profundas|directas|subyacentes)|(?:principal(?:es)?|principales) causas?|como (?:resultado|consecuencia) de(?:l)?|obedece(?:n)? a(?:l)?|se explica(?:n)? (?:por|en)|explicad[oa]s? por|atribuible(?:s)? a(?:l)?|se atribuye(?:n)? a(?:l)?|se debe(?:n)? (?:a|al|en (?:gran|buena) (?:parte|medida) a(?:l)?|principalmente a(?:l)?|sobre todo a(?:l)?)|originad[oa]s? (?:por|en)|se origina(?:n)? en|producto de(?:l)?|derivad[oa]s? de(?:l)?|provocad[oa]s? por|tiene(?:n)? su origen en|consecuencia de(?:l)?|la razón (?:es|de)|resultado de(?: la| el| los| las)? (?:falta|baja|escas)\\p{L}*",
    "giu",
  ),
};
const EFFECT: Patterns = {
  en: word(
    "(?:which |that |this |will |would |can |may |in turn |thereby )?(?:leads?|leading|led) (?:directly |in turn )?to(?! the (?:square|station|park|door|building|annex|room|coast))|results? in(?! the (?:annex|table|appendix))|resulting in|contributes? to|contributing to|will contribute to|so that|thereby|thanks to|which (?:in turn )?(?:reduces?|increases?|lowers?|raises?|improves?|allows?|means|makes?|keeps?|cuts?|prevents?)|therefore|consequently|as a (?:result|consequence),|translates? into|gives? rise to|triggers?|brings? about|(?:has|have|had) the effect of|enables? (?:\\p{L}+ ){1,5}to|the more|improves? when|falls? when|rises? when|drops? when|increases? when|if (?:[^,;.]{3,80}), (?:then )?[^,;.]{0,60}(?:will|would|falls?|rises?|drops?|grows?|increases?|decreases?)|(?:causes?) (?:\\p{L}+ ){0,3}(?:to|deaths?|loss(?:es)?|damage|delays?|more|less|fewer|higher|lower|poverty|disease|school|families)|reduces? the (?:risk|likelihood|probability|chance)|increases? the (?:risk|likelihood|probability|chance)|makes? it (?:easier|harder|more|less)",
    "giu",
  ),
  es: word(
    "(?:lo que |que |esto |a su vez )?(?:conduce|conducen|conducirá|lleva|llevan|llevará) a(?:l)?(?! (?:la plaza|la estación|cabo))|contribuye(?:n)? a(?:l)?|contribuirá(?:n)? a(?:l)?|contribuyendo a(?:l)?|de (?:modo|manera|forma|tal manera) que|gracias a(?:l)?|lo (?:que|cual) (?:a su vez )?(?:reduce|aumenta|mejora|permite|disminuye|genera|reducirá|aumentará|mejorará|permitirá|incrementa|evita|impide|provoca|limita|dificulta|facilita|eleva|baja)|por (?:lo tanto|ende|consiguiente|tanto)|en consecuencia|como (?:resultado|consecuencia),|se traduce(?:n)? en|se traducirá(?:n)? en|da(?:n)? lugar a|genera(?:n)? (?:un|una|mayor|menor|más|pobreza|desempleo|exclusión|pérdidas?|desigualdad|violencia|deserción|altos|bajos|empleo|condiciones)|generará(?:n)?|provoca(?:n)?|provocará(?:n)?|ocasiona(?:n)?|produce(?:n)? (?:un|una|mayor|menor|más)|tiene(?:n)? (?:como|por) efecto|incide(?:n)? (?:en|sobre|directamente)|permit(?:e|en|irá|irán) (?:que|reducir|aumentar|mejorar|disminuir|elevar)|reduce(?:n)? (?:el riesgo|la probabilidad)|aumenta(?:n)? (?:el riesgo|la probabilidad)|si [^,;.]{3,80}, (?:entonces )?[^,;.]{0,60}(?:\\p{L}+(?:rá|rán)|disminuye|aumenta|baja|sube|mejora|cae)|cuanto (?:más|mayor|menos|menor)",
    "giu",
  ),
};
const MECHANISM: Patterns = {
  en: word(
    "(?:by means of|by way of|through (?:the )?(?:\\p{L}+ing|better|more|improved|greater|lower|higher|expanded|increased|increases? in|reduced|new)|by (?!(?:the|spring|evening|morning|building\\b (?:the|a) record)\\b)\\p{L}{3,}ing|thereby|which in turn|in turn|via|mechanism|channel|theory of change|intermediate|pathway|so that)",
  ),
  es: word(
    "(?:por medio de(?:l)?|mediante|a través de(?:l)?|a su vez|mecanismo|cadena (?:causal|de valor|de resultados)|teoría del cambio|vía|al \\p{L}{3,}(?:ar|er|ir)|de (?:modo|manera|forma) que|lo (?:que|cual))",
  ),
};
/** Purposes, times and idioms that borrow a causal word. */
const IDIOM: Patterns = {
  en: /\b(?:for the cause of|good cause|just cause|noble cause|common cause|because i said|due date|led to believe|lead to the (?:station|park|square))\b/iu,
  es: /(?<!\p{L})(?:buena causa|justa causa|en causa|causa común|noble causa|causa penal|lleva a cabo|llevar a cabo|debido a su fecha|debido proceso|debida diligencia)(?!\p{L})/iu,
};

/** Causal statements of the sentence. */
export const causalStatements: Method = {
  name: "causal-statements",
  isAnchored: true,
  readsAbsence: true,
  find(sentence, language) {
    if (IDIOM[language].test(sentence)) return [];
    const byMeans = MECHANISM[language].test(sentence) ? ["@mechanism"] : [];
    const mentions: Mention[] = [];
    for (const [pattern, tag] of [
      [CAUSE[language], "@cause"],
      [EFFECT[language], "@effect"],
    ] as const) {
      for (const match of matchesOf(pattern, sentence)) {
        const end = match.index + match[0].length;
        // A connective at the very end connects nothing.
        if (after(sentence, end, 40).replace(/[^\p{L}]/gu, "").length < 3 && match[0].length < 30) continue;
        mentions.push({ start: match.index, end, tags: ["@causal", tag, ...byMeans] });
      }
    }
    return mentions.sort((left, right) => left.start - right.start || left.end - right.end);
  },
};
