/**
 * Semantic relationships between statements, by their connectives: contrast, condition, purpose, enumeration.
 *
 * @module
 */
import { type Annotator, lexicon, pattern } from "../annotator.ts";

export const semanticRelationship: Annotator = {
  kind: "semantic-relationship",
  version: "1.0.0",
  languages: ["en", "es"],
  weights: { condition: 50, purpose: 45, contrast: 45, enumeration: 35 },
  patterns: [
    lexicon(
      "condition",
      "en",
      `
      if, unless, provided that, on (the )?condition that, as long as, in the event (of|that), subject to,
      in case of, only when, contingent (on|upon), assuming that, otherwise
    `,
      { relation: "condition" },
    ),
    pattern("condition", "es", "\\bsi\\b(?! mism)", (match, reading) =>
      // Folding made "sí" look the same; the text itself still tells them apart.
      reading.text[match.index + 1] === "i" ? { attributes: { relation: "condition", text: "si" } } : null,
    ),
    lexicon(
      "condition",
      "es",
      `
      a menos que, siempre que, siempre y cuando, a condicion de que, en caso de( que)?, salvo que, con
      tal de que, sujet(o|a|os|as) a, condicionad(o|a|os|as) a, de lo contrario, bajo el supuesto de( que)?
    `,
      { relation: "condition" },
    ),
    lexicon(
      "purpose",
      "en",
      `
      in order to, so that, so as to, with the (aim|goal|purpose|objective|intention) of, for the purpose
      of, aim(s|ed)? (to|at), aiming (to|at), intended to, designed to, with a view to, to ensure that
    `,
      { relation: "purpose" },
    ),
    lexicon(
      "purpose",
      "es",
      `
      con el fin de( que)?, a fin de( que)?, para que, con el (objetivo|proposito|objeto|animo) de, con la
      finalidad de, en aras de, con miras a, busca(n)?
      (que|reducir|mejorar|garantizar|promover|fortalecer|aumentar), orientad(o|a|os|as) a,
      destinad(o|a|os|as) a, tiene(n)? (por|como) (objeto|objetivo|finalidad|fin), para
      (garantizar|asegurar|lograr|reducir|mejorar|promover|fortalecer|aumentar|prevenir|atender)
    `,
      { relation: "purpose" },
    ),
    lexicon(
      "contrast",
      "en",
      `
      however, but, although, even though, though, despite, in spite of, nevertheless, nonetheless, whereas,
      on the other hand, on the contrary, in contrast, by contrast, rather than, instead of, unlike
    `,
      { relation: "contrast" },
    ),
    lexicon(
      "contrast",
      "es",
      `
      sin embargo, no obstante, pero, aunque, a pesar de( que)?, pese a( que)?, mientras que, en cambio, por
      el contrario, por otro lado, en contraste, a diferencia de(l)?, sino( que| tambien)?, ahora bien, en
      lugar de, en vez de, si bien
    `,
      { relation: "contrast" },
    ),
    lexicon(
      "enumeration",
      "en",
      `
      firstly, second(ly), third(ly), finally, in addition, additionally, moreover, furthermore, as well as,
      the following, as follows, namely, such as, including, not only, lastly, to begin with, in the first
      place
    `,
      { relation: "enumeration" },
    ),
    lexicon(
      "enumeration",
      "es",
      `
      en primer lugar, en segundo lugar, en tercer lugar, finalmente, por ultimo, ademas, asimismo, asi
      mismo, adicionalmente, asi como, los siguientes, las siguientes, a saber, tales como, tal como, por
      una parte, por otra parte, entre otr(o|a)s, igualmente, no solo, tambien
    `,
      { relation: "enumeration" },
    ),
  ],
};
