/**
 * Causal language: verbs and phrases that say that one thing brings about another, the mechanism that it works by, and
 * verbs of change with their direction.
 *
 * @module
 */
import { type Annotator, lexicon } from "../annotator.ts";

export const causalVerbs: Annotator = {
  kind: "causal-verbs",
  version: "1.0.0",
  languages: ["en", "es"],
  weights: { "causal-link": 60, reason: 50, mechanism: 45, effect: 45, change: 30 },
  patterns: [
    lexicon(
      "causal-link",
      "en",
      `
      caus(e|es|ed|ing), lead(s|ing)? to, led to, result(s|ed|ing)? in, result(s|ed|ing)? from,
      bring(s|ing)? about, brought about, contribut(e|es|ed|ing) to, give(s)? rise to, gave rise to,
      trigger(s|ed|ing)?, produc(e|es|ed|ing), generat(e|es|ed|ing), driv(e|es|ing|en) by, depend(s|ed|ing)?
      on, affect(s|ed|ing)?, determin(e|es|ed), translat(e|es|ed) into, stem(s|med)? from, allow(s|ed|ing)?
      (us|them|people|families|children|workers) to, mak(e|es) it possible to
    `,
      { strength: "strong" },
    ),
    lexicon(
      "causal-link",
      "es",
      `
      caus(a|an|o|aron|ado|ada|ando|ar), conduc(e|en|ir|iendo) a, llev(a|an|o|ar|ando) a,
      result(a|an|o|ar|ando) en, da(n)? lugar a, dar lugar a, contribu(ye|yen|yo|ir|yendo) a(l)?,
      gener(a|an|o|ar|ando|ado|ada), produc(e|en|ir|iendo), produjo, provoc(a|an|o|ar|ando|ado|ada),
      ocasion(a|an|o|ar|ado|ada), origin(a|an|o|ar), desencaden(a|an|o|ar), depend(e|en|er|iendo) de(l)?,
      afect(a|an|o|ar|ando|ado|ada), incid(e|en|ir|iendo) en, se traduc(e|en) en,
      deriv(a|an|ado|ada|ados|adas) de(l)?, permit(e|en|ira|iran|ir), posibilit(a|an|ar), determin(a|an|ar)
    `,
      { strength: "strong" },
    ),
    lexicon(
      "reason",
      "en",
      `
      because of, because, due to, owing to, as a (result|consequence) of, on account of, therefore,
      thereby, consequently, as a (result|consequence), thus, hence, caused by, explained by, root causes?,
      drivers? of
    `,
    ),
    lexicon(
      "reason",
      "es",
      `
      porque, debido a(l)?, a causa de(l)?, como (resultado|consecuencia) de(l)?, en virtud de(l)?, por lo
      tanto, por tanto, por ende, en consecuencia, como (resultado|consecuencia), por consiguiente, dado
      que, puesto que, ya que, gracias a(l)?, se explica por, causas?
      (raiz|estructural|estructurales|directas|indirectas|principales), causas
    `,
    ),
    lexicon(
      "effect",
      "en",
      `
      (an |the )?(impact|effect|influence)s? (of|on|upon), consequences? (of|for), outcomes? of, theory of
      change, causal (chain|link|pathway|mechanism|model)s?, logic model, results? chain, side effects?
    `,
    ),
    lexicon(
      "effect",
      "es",
      `
      (impacto|efecto|influencia|incidencia)s? (de|del|en|sobre|negativo|negativos|positivo|positivos),
      consecuencias? de(l)?, teoria de(l)? cambio, cadena (causal|de valor|de resultados), relacion causal,
      modelo logico, arbol de problemas, mecanismo causal
    `,
    ),
    lexicon(
      "mechanism",
      "en",
      `
      by means of, through the (use|implementation|provision|creation|expansion), by
      (increasing|reducing|improving|providing|expanding|strengthening|investing|creating|building|giving|making|helping|cutting|raising|promoting|ensuring|investing
      in), via, in turn
    `,
    ),
    lexicon(
      "mechanism",
      "es",
      `
      mediante, a traves de(l)?, por medio de(l)?, con base en, a su vez, gracias a(l)?, a partir de(l)?
    `,
    ),
    lexicon(
      "change",
      "en",
      `
      increas(e|es|ed|ing), rais(e|es|ed|ing), improv(e|es|ed|ing), strengthen(s|ed|ing)?,
      expand(s|ed|ing)?, boost(s|ed|ing)?, promot(e|es|ed|ing), enhanc(e|es|ed|ing), accelerat(e|es|ed|ing),
      foster(s|ed|ing)?
    `,
      { direction: "increase" },
    ),
    lexicon(
      "change",
      "en",
      `
      reduc(e|es|ed|ing), decreas(e|es|ed|ing), lower(s|ed|ing)?, cut(s|ting)?, prevent(s|ed|ing)?,
      mitigat(e|es|ed|ing), eliminat(e|es|ed|ing), eradicat(e|es|ed|ing), weaken(s|ed|ing)?,
      limit(s|ed|ing), curb(s|ed|ing)?, halv(e|es|ed|ing)
    `,
      { direction: "decrease" },
    ),
    lexicon(
      "change",
      "es",
      `
      aument(a|an|o|ar|ando|ado|ara|aran), increment(a|an|ar|ando|ado), mejor(a|an|o|ar|ando|ado|ara|aran),
      fortalec(e|en|er|iendo|ido|era), ampli(a|an|ar|ando|ado), impuls(a|an|ar|ando|ado),
      promov(er|iendo|ido), promueve(n)?, foment(a|an|ar|ando), elev(a|an|ar|ando), aceler(a|an|ar|ando)
    `,
      { direction: "increase" },
    ),
    lexicon(
      "change",
      "es",
      `
      reduc(e|en|ir|iendo|ido|ira|iran), disminu(ye|yen|ir|yendo|ido|ira), baj(an|ar|ando),
      prev(iene|ienen|enir|iniendo), evit(a|an|ar|ando|ado), mitig(a|an|ar|ando|ado),
      elimin(a|an|ar|ando|ado), erradic(a|an|ar|ando), debilit(a|an|ar), limit(an|ar|ando),
      combat(e|en|ir|iendo)
    `,
      { direction: "decrease" },
    ),
  ],
};
