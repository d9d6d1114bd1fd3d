/**
 * Bone segmentation: bone of a CT by its grey levels, inside the body.
 *
 * Method: hysteresis threshold, contrast medium and specks dropped, spongy bone filled, surface at the scan's own grey levels.
 * Complexity: O(voxels).
 */

import { bitsToMask, countBits, forEachRun } from '../../kernel/index.ts';
import {
  type CapabilityResult,
  defineCapability,
  type FeatureDraft,
  type Grid,
  HOUNSFIELD,
  intervalFromSd,
  type Labelmap,
  MsdtError,
  type QualityFlag,
  type Volume,
  voxelVolumeMm3,
} from '../../model/index.ts';
import { regionFromLabels, regionFromVolume } from './body-region.ts';
import { type BoneMask, METAL_HU, segmentBone } from './bone-mask.ts';
import { extractBone } from './bone-surface.ts';
import { BONE_FEATURES, BONE_VOLUME } from './features.ts';

/** Where the surface is drawn unless told otherwise · HU */
const FINE_HU = 200;
const COARSE_HU = 150;

/** Voxels larger than this, across the body, count as coarse · mm */
const COARSE_MM = 2;

/** Bone segmentation. */
export const boneSegmentation = defineCapability({
  id: 'bone-segmentation',
  version: 1,
  title: 'Bone',
  summary: 'Finds bone in a CT by its density, without couch and without pools of contrast medium.',
  scales: ['macro', 'meso'],
  inputs: { volume: 'volume.ct', body: 'labelmap.body?' },
  params: {
    seed: {
      type: 'number',
      label: 'Certain bone from',
      unit: HOUNSFIELD,
      min: 150,
      max: 1000,
      step: 10,
      default: 300,
      help: 'Every piece of bone must hold a voxel this dense.',
    },
    grow: {
      type: 'number',
      label: 'Bone from',
      unit: HOUNSFIELD,
      min: 0,
      max: 600,
      step: 10,
      default: 0,
      help: 'Density at which the surface is drawn. 0 chooses: 200 HU, or 150 HU where voxels over 2 mm dim the thin cortex. Porous bone needs 150; contrast-filled vessels stay apart at 200.',
    },
    smallest: {
      type: 'number',
      label: 'Smallest piece',
      unit: 'mm3',
      min: 0,
      max: 20_000,
      step: 50,
      default: 500,
      help: 'Smaller pieces (calcifications, noise) are dropped.',
    },
    closing: {
      type: 'number',
      label: 'Bridge gaps of half this width',
      unit: 'mm',
      min: 0,
      max: 5,
      step: 0.5,
      default: 2,
    },
    triangles: {
      type: 'number',
      label: 'Triangles of the surface',
      unit: '{count}',
      min: 5000,
      max: 2_000_000,
      step: 5000,
      default: 300_000,
    },
  },
  outputs: { bone: 'labelmap.bone', mesh: 'mesh.bone?' },
  features: BONE_FEATURES,
  async run(ctx, inputs, params): Promise<CapabilityResult> {
    const volume = inputs.volume.payload;
    const growHu = params.grow || (Math.max(...volume.spacing.slice(0, 2)) > COARSE_MM ? COARSE_HU : FINE_HU);
    if (growHu > params.seed) throw thresholdsCrossed(growHu, params.seed);
    const axis = bodyAxis(volume);
    ctx.progress(0.05, 'Leaving the couch out');
    const inside = inputs.body ? regionFromLabels(inputs.body.payload, volume) : regionFromVolume(volume, axis);
    ctx.signal.throwIfAborted();
    ctx.progress(0.25, 'Finding bone');
    const mask = segmentBone(volume, {
      seedHu: params.seed,
      growHu,
      minPieceMm3: params.smallest,
      closingMm: params.closing,
      axis,
      inside,
    });
    ctx.signal.throwIfAborted();
    ctx.progress(0.6, 'Drawing the surface');
    const surface = await extractBone(volume, mask.bone, { levelHu: growHu, triangles: params.triangles });
    const quality = boneFlags(mask, surface?.closed ?? true);
    return {
      outputs: {
        bone: { kind: 'labelmap.bone', name: 'Bone', payload: boneLabels(volume, mask), quality },
        ...(surface ? { mesh: { kind: 'mesh.bone' as const, name: 'Bone', payload: surface.mesh, quality } } : {}),
      },
      features: [volumeFeature(volume, mask, growHu)],
    };
  },
});

/** Grid axis nearest to the patient's head-foot axis. */
function bodyAxis(grid: Grid): 0 | 1 | 2 {
  const shares = [6, 7, 8].map((at) => Math.abs(grid.direction[at]));
  return shares.indexOf(Math.max(...shares)) as 0 | 1 | 2;
}

function boneLabels(volume: Volume, mask: BoneMask): Labelmap {
  const { size, spacing, origin, direction } = volume;
  return {
    size,
    spacing,
    origin,
    direction,
    data: bitsToMask(mask.bone),
    labels: [{ value: 1, name: 'bone', structure: 'bone', color: [236, 226, 200] }],
  };
}

/** Doubt of the volume: what moves in or out when the threshold moves by 25 HU, taken as one standard deviation. */
function volumeFeature(volume: Volume, mask: BoneMask, growHu: number): FeatureDraft {
  const cm3 = voxelVolumeMm3(volume) / 1000;
  let uncertain = 0;
  forEachRun(mask.bone, (start, end, row) => {
    const base = row * volume.size[0];
    for (let at = base + start; at < base + end; at++) {
      if (volume.data[at] >= growHu && volume.data[at] < growHu + 25) uncertain++;
    }
  });
  const value = countBits(mask.bone) * cm3;
  return {
    definition: BONE_VOLUME.id,
    value,
    unit: 'cm3',
    uncertainty: intervalFromSd(value, uncertain * cm3, 'threshold known to 25 HU'),
    quality: 0.8,
    method: `hysteresis threshold from ${growHu} HU`,
    evidence: [{ role: { output: 'bone' }, locator: { label: 1 } }],
  };
}

function boneFlags(mask: BoneMask, closed: boolean): QualityFlag[] {
  const flags: QualityFlag[] = [];
  const add = (code: string, severity: QualityFlag['severity'], message: string) =>
    flags.push({ code, severity, message });
  if (countBits(mask.bone) === 0)
    add('bone.none', 'doubt', 'No bone was found; check that the scan is a CT in Hounsfield units.');
  if (!closed) add('bone.not-closed', 'fault', 'The bone surface is not watertight.');
  if (mask.contrast.pools > 0) {
    add(
      'bone.contrast',
      'info',
      `${mask.contrast.pools} pools of contrast medium (${mask.contrast.cm3.toFixed(1)} cm³) were left out.`,
    );
  }
  if (mask.metalCm3 > 0.2) {
    add(
      'bone.metal',
      'doubt',
      `Metal (${mask.metalCm3.toFixed(1)} cm³ above ${METAL_HU} HU) is part of the bone, and its streaks may be.`,
    );
  }
  return flags;
}

function thresholdsCrossed(grow: number, seed: number): MsdtError {
  return new MsdtError('parameter.invalid', 'The thresholds are crossed', {
    detail: `"grow" is ${grow} HU and "seed" ${seed} HU`,
    hint: 'Set "seed" at least as high as "grow".',
  });
}
