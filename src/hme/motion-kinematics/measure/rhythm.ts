/** Lumbopelvic rhythm: how spine and pelvis share a forward bend, in three thirds of it (Esola 1996). */

import type { FeatureDraft } from '../../../model/index.ts';
import { type Emission, meanWithInterval, stretchesOf } from './emit.ts';

/** A bend smaller than this has no rhythm to speak of · deg */
const LEAST_BEND_DEG = 25;
/** The pelvis must share at least this much of a third · deg */
const LEAST_TILT_DEG = 1.5;

/** Ratio of spine to pelvis in the early, middle and late third of forward bends. */
export function rhythmFeatures(emission: Emission): FeatureDraft[] {
  const { angles, movement, timeOf } = emission;
  const track = (id: string) => angles.find((one) => one.id === id);
  const [trunk, lumbar, pelvis] = [track('trunk.flexion'), track('lumbar.flexion'), track('pelvis.tilt')];
  if (!trunk || !lumbar || !pelvis || movement.task !== 'bend') return [];
  const bends = stretchesOf(emission).filter(
    ({ start, peak }) => trunk.values[peak] - trunk.values[start] > LEAST_BEND_DEG,
  );
  return (['early', 'middle', 'late'] as const).flatMap((label, third): FeatureDraft[] => {
    const parts = bends.flatMap(({ start, peak }) => {
      const reach = (share: number) => {
        const goal = trunk.values[start] + share * (trunk.values[peak] - trunk.values[start]);
        let at = start;
        while (at < peak && !(trunk.values[at] >= goal)) at++;
        return at;
      };
      const [from, to] = [reach(third / 3), reach((third + 1) / 3)];
      const tilt = pelvis.values[to] - pelvis.values[from];
      const bend = lumbar.values[to] - lumbar.values[from];
      return Math.abs(tilt) > LEAST_TILT_DEG && !Number.isNaN(bend) ? [{ from, to, ratio: bend / tilt }] : [];
    });
    if (parts.length === 0) return [];
    const [from, to] = [parts[0].from, parts[parts.length - 1].to];
    return [
      {
        definition: 'kinematics.lumbopelvicRatio',
        task: 'bend',
        window: { label, startS: timeOf(parts[0].from), endS: timeOf(parts[0].to) },
        unit: '1',
        ...meanWithInterval(
          parts.map(({ ratio }) => ratio),
          'bend',
        ),
        quality: Math.min(lumbar.trust, pelvis.trust),
        method: 'change of lumbar.flexion over change of pelvis.tilt between thirds of trunk.flexion',
        evidence: [
          {
            role: { output: 'angles' },
            locator: {
              channels: [lumbar, pelvis].map(({ id, convention }) => `${id} (${convention})`),
              timeS: [timeOf(from), timeOf(to)],
            },
          },
        ],
      },
    ];
  });
}
