/** Where on the body a fact was found, in which posture: from body sites, their codes and their words. */

import type { ClinicalFact, Concept, Posture } from '../../model/index.ts';

const LEG_CODES = new Set(['61685007', '30021000', '68367000', '362793004']);
const BACK_CODES = new Set(['77568009', '37822005', '52612000', '122496007']);
const LEG = /\b(legs?|lower (limbs?|extremit\w+)|thighs?|cal(f|ves)|sciatic\w*)\b/i;
const BACK = /\b(back|lumbar|lumbosacral)\b/i;
const NOT_LUMBAR = /\b(cervical|thoracic|neck|dorsal)\b/i;

/** Body sites and names of a fact, as one list of concepts. */
function concepts(fact: ClinicalFact, concept: Concept): Concept[] {
  return [...(fact.bodySite ?? []), concept];
}

function words(list: readonly Concept[]): string {
  return list.flatMap(({ text, codings }) => [text, ...codings.map(({ display }) => display)]).join(' | ');
}

/** Leg or back, where the fact says one of them and not both. */
export function siteOf(fact: ClinicalFact, concept: Concept): 'leg' | 'back' | undefined {
  const list = concepts(fact, concept);
  const text = words(list);
  const codes = list.flatMap(({ codings }) => codings.map(({ code }) => code));
  const leg = LEG.test(text) || codes.some((code) => LEG_CODES.has(code));
  const back = BACK.test(text) || codes.some((code) => BACK_CODES.has(code));
  return leg === back ? undefined : leg ? 'leg' : 'back';
}

/** True when the fact says that it is about the neck or chest and not about the lower back. */
export function isElsewhere(fact: ClinicalFact): boolean {
  const text = words(concepts(fact, fact.concept));
  return NOT_LUMBAR.test(text) && !BACK.test(text);
}

/** Side of a fact, where its body site names one. */
export function sideOf({ bodySite = [] }: ClinicalFact): 'left' | 'right' | undefined {
  const text = words(bodySite);
  const left = /\bleft\b/i.test(text);
  const right = /\bright\b/i.test(text);
  return left === right ? undefined : left ? 'left' : 'right';
}

/** Vertebra or segment of a fact, where its body site names one: `L4`, `L4-L5`. */
export function levelOf({ bodySite = [] }: ClinicalFact): string | undefined {
  const found = /\b([TLS])(\d{1,2})(?:\s*[-/–]\s*([TLS]?)(\d{1,2}))?\b/i.exec(words(bodySite));
  if (!found) return undefined;
  const upper = `${found[1].toUpperCase()}${found[2]}`;
  if (!found[4]) return upper;
  const region = found[3] || (upper === 'L5' && found[4] === '1' ? 'S' : found[1]);
  return `${upper}-${region.toUpperCase()}${found[4]}`;
}

/** Posture of a measurement, where a part of the fact says it. */
export function postureOf({ parts = [] }: ClinicalFact): Posture | undefined {
  for (const { concept, value } of parts) {
    if (!concept.codings.some(({ code }) => code === 'posture' || code === '8361-8')) continue;
    const text = words(value?.concept ? [value.concept] : []).toLowerCase();
    const codes = value?.concept?.codings.map(({ code }) => code) ?? [];
    if (codes.includes('standing') || /standing|orthostatic/.test(text)) return 'standing';
    if (codes.includes('supine') || /supine/.test(text)) return 'supine';
  }
  return undefined;
}
