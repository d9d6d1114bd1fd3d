/** R34: of the examinations another rule puts in place, those that were not made, by what they are expected to tell. */

import type { Coding, ExaminationWorth, InferenceModality, Suggestion } from '../../model/index.ts';
import { aboutFact } from './condition.ts';
import { ORDER, type Rule } from './table/index.ts';
import type { Outcome } from './truth.ts';

/** Share of the variance of the logit below which an examination is not worth suggesting: the interval would lose less than 1.5 %. */
export const LEAST_WORTH = 0.03;

/** Missing features named among the reasons. */
const NAMED = 5;

const EXAMINATION: Readonly<Partial<Record<InferenceModality, { name: string; order?: Coding }>>> = {
  mri: { name: 'MRI of the lumbar spine', order: ORDER.mri },
  ct: { name: 'CT of the lumbar spine', order: ORDER.ct },
  radiograph: { name: 'Radiographs of the lumbar spine', order: ORDER.radiograph },
  dxa: { name: 'Bone densitometry (DXA)', order: ORDER.dxa },
  ultrasound: { name: 'Ultrasound of the back muscles' },
  emg: { name: 'Surface EMG of the back muscles' },
  imu: { name: 'Motion by body-worn sensors' },
  video: { name: '3D video of movement' },
  laboratory: { name: 'Blood tests' },
  questionnaire: { name: 'Questionnaires on pain and disability (scores)' },
};

/** One suggestion a permitted examination, the most telling first. */
export function nextExaminations(
  rule: Rule,
  outcome: Outcome,
  permits: ReadonlyMap<InferenceModality, readonly string[]>,
  { worth = [] }: { worth?: readonly ExaminationWorth[] },
): Suggestion[] {
  const telling = worth.filter(
    ({ modality, varianceDrop, sdNow }) => permits.has(modality) && varianceDrop >= LEAST_WORTH * sdNow ** 2,
  );
  return [...telling]
    .sort((a, b) => b.varianceDrop - a.varianceDrop)
    .flatMap((one, k): Suggestion[] => {
      const examination = EXAMINATION[one.modality];
      if (!examination) return [];
      const by = (permits.get(one.modality) ?? []).join(', ');
      const rank = k === 0 ? 'would narrow the risk most' : `would narrow the risk too (${k + 1} of ${telling.length})`;
      return [
        {
          id: `${rule.id}:${one.modality}`,
          rule: rule.id,
          title: `${examination.name} ${rank}`,
          detail: `${rule.detail} Doubt about the logit: ${one.sdNow.toFixed(2)} now, ${one.sdAfter.toFixed(2)} after. In place by ${by}.`,
          ...{ kind: rule.kind, strength: rule.strength, urgency: rule.urgency, source: rule.source },
          because: [
            ...outcome.reasons,
            ...one.features.slice(0, NAMED).map((finding) => ({
              finding,
              text: `${aboutFact(finding)?.name ?? finding}: not measured`,
            })),
          ],
          ...(examination.order ? { order: examination.order } : {}),
          modality: one.modality,
          worth: one,
        },
      ];
    });
}
