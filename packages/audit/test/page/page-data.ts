/** What a page could show of everything, with one text in all places where a bundle speaks. */
import type { PageData } from "../../src/page/page-data.ts";

/** @param text - Stands wherever the page shows text that is not of its own. */
export function pageDataWith(text: string): PageData {
  const event = { seq: 1, at: text, type: text, subject: text, run: text, prev: text, data: {} };
  const data = {
    run: text,
    origin: text,
    number: 3,
    status: text,
    startedAt: text,
    sealedAt: text,
    plan: {
      mode: text,
      user: text,
      kind: text,
      digest: text,
      tasks: 2,
      gates: [{ name: text, before: 1, reviewDecision: false }],
    },
    outputs: { count: 2, digest: text },
    checkpoint: { size: 9, root: text },
    verdicts: [
      {
        contract: text,
        verdict: text,
        checked: 1,
        violations: 0,
        evidence: text,
        reasons: [{ code: text, place: text, message: text }],
      },
    ],
    certificates: [{ id: text, name: text, status: text, missing: [text, text] }],
    tokens: [{ ...event, data: { token: text, user: text, trigger: text, decision: text } }],
    requests: [{ ...event, data: { gate: text, plan: text, pins: text } }],
    approvals: [{ ...event, data: { gate: text, decision: text, signer: text, approval: text } }],
    troubles: [event],
    counts: [[text, 1]],
    events: 12,
    first: [event],
    last: [event],
    redacted: [text],
    files: [{ path: text, digest: text, sizeBytes: 1 }],
    folders: [{ name: text, files: 2, sizeBytes: 3 }],
  };
  return data as unknown as PageData;
}
