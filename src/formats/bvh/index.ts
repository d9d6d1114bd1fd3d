/**
 * BVH motion capture: a skeleton with the orientation of every joint.
 *
 * Reading: `choices.unit` = `mm`, `cm`, `m`, `in` or `cmu` where the guess after the skeleton's height is wrong.
 */

import type { Format, PointSequence, QualityFlag, ReadItem, ReadOptions, SourceFile } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { latin1, MAX_TEXT_BYTES } from '../bytes.ts';
import { clockOf } from '../recording/index.ts';
import { ownChoice, readEach } from '../report.ts';
import { parseBvh } from './parse.ts';
import { jointName, moveSkeleton, unitOf } from './skeleton.ts';

const MM_OF = { mm: 1, cm: 10, m: 1000, in: 25.4, cmu: 25.4 / 0.45 } as const;

/** The BVH format. */
export const bvh: Format = {
  id: 'bvh',
  title: 'BVH',
  extensions: ['.bvh'],
  mediaType: 'text/plain',
  reads: ['sequence.skeleton'],
  writes: [],

  sniff(head) {
    return /^\s*HIERARCHY\s+ROOT\s/.test(latin1(head)) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, async (file) => [await readItem(file, options)]);
  },
};

async function readItem(file: SourceFile, { choices }: ReadOptions): Promise<ReadItem> {
  const document = parseBvh(await readWhole(file, MAX_TEXT_BYTES), file.name);
  const chosen = ownChoice(choices, 'unit', ['mm', 'cm', 'm', 'in', 'cmu']);
  const guessed = unitOf(document);
  const mm = chosen ? MM_OF[chosen] : guessed.mm;
  const { positions, orientations } = moveSkeleton(document);
  for (let at = 0; at < positions.length; at++) positions[at] *= mm;
  const flags: QualityFlag[] = [...document.flags];
  if (!chosen)
    flags.push({
      code: 'bvh.unit',
      severity: 'info',
      message: `BVH names no unit; lengths were taken as ${guessed.basis}. The choice unit sets another.`,
    });
  const used = new Set<string>();
  const names = document.joints.map(({ name }) => {
    const house = jointName(name);
    const free = used.has(house) ? name : house;
    used.add(free);
    return free;
  });
  const skeleton: PointSequence = {
    clock: clockOf(file.name),
    startS: 0,
    rateHz: evenRate(document.frameTimeS),
    frame: 'lab',
    up: '+y',
    names,
    positions,
    parents: document.joints.map(({ parent }) => parent),
    orientations,
  };
  return {
    modality: 'motion',
    artifacts: [{ kind: 'sequence.skeleton', payload: skeleton, name: 'Skeleton' }],
    files: [file.name],
    quality: flags,
    metadata: {
      format: 'BVH',
      joints: names.length,
      frames: document.frames,
      rateHz: skeleton.rateHz,
      unitMm: Number(mm.toPrecision(6)),
    },
  };
}

/** Frames per second; a step that is a whole number's inverse, cut after a few digits, gives that number. */
function evenRate(frameTimeS: number): number {
  const rate = 1 / frameTimeS;
  const whole = Math.round(rate);
  return whole > 0 && Math.abs(rate / whole - 1) < 1e-4 ? whole : rate;
}
