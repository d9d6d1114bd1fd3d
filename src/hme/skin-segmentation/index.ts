/**
 * Skin segmentation: the body surface from a CT or MR volume, by itself, without couch, mattress or blankets.
 *
 * Method: threshold between air and tissue, thin things cut off, outside air flooded, surface drawn at the scan's own grey levels.
 * Complexity: O(voxels) once for the working grid, all else on about 2 mm voxels.
 */

import { bitsToMask, countBits, triangleArea } from '../../kernel/index.ts';
import {
  type CapabilityResult,
  defineCapability,
  type FeatureDraft,
  intervalFromSd,
  type Labelmap,
  type Mesh,
  MsdtError,
  type QualityFlag,
  type Volume,
} from '../../model/index.ts';
import { type BodyMask, segmentBody } from './body-mask.ts';
import { BODY_VOLUME, CUT_SHARE, SKIN_AREA, SKIN_FEATURES } from './features.ts';
import { extractSkin } from './skin-surface.ts';
import { type AirThreshold, airThresholdCt, airThresholdRelative } from './threshold.ts';
import { patientAxes, toWorkingGrid } from './working-grid.ts';

export { type AirThreshold, airThresholdCt, airThresholdRelative } from './threshold.ts';

/** HU of fat to muscle with contrast medium. */
const SOFT_TISSUE_HU = [-200, 300] as const;

/** Open air of a CT is darker than this on average; lung is not · HU */
const OPEN_AIR_HU = -920;

/** What is thinner than twice this is not body (covers, shells, wires) · mm */
const THIN_MM = 4;

/** Skin segmentation. */
export const skinSegmentation = defineCapability({
  id: 'skin-segmentation',
  version: 1,
  title: 'Skin',
  summary: 'Finds the body and its skin in a CT or MR scan by itself and leaves couch, mattress and blankets out.',
  scales: ['macro'],
  inputs: { volume: 'volume.*' },
  params: {
    triangles: {
      type: 'number',
      label: 'Triangles of the surface',
      unit: '{count}',
      min: 2000,
      max: 500_000,
      step: 1000,
      default: 100_000,
      help: 'About how many triangles the skin may have; more follow fine detail, fewer are lighter to turn.',
    },
    threshold: {
      type: 'number',
      label: 'Threshold shift',
      unit: '%',
      min: -40,
      max: 40,
      default: 0,
      help: 'Moves the automatic threshold between air (−100 %) and tissue (+100 %); 0 is half-way, as it should be.',
    },
  },
  outputs: { body: 'labelmap.body', skin: 'mesh.skin' },
  features: SKIN_FEATURES,
  async run(ctx, inputs, params): Promise<CapabilityResult> {
    const { payload: volume, kind, name } = inputs.volume;
    const working = toWorkingGrid(volume);
    ctx.progress(0.2, 'Finding the body');
    ctx.signal.throwIfAborted();
    const absolute = isCt(kind, working);
    const threshold = shifted(
      absolute ? airThresholdCt(working.data) : airThresholdRelative(working.data),
      params.threshold,
    );
    const mask = segmentBody(working, {
      axes: patientAxes(working),
      level: threshold.tissueFrom,
      softTissue: absolute ? SOFT_TISSUE_HU : undefined,
      openAirBelow: absolute ? OPEN_AIR_HU : undefined,
      thinMm: THIN_MM,
    });
    if (!mask || countBits(mask.body) === 0) throw noSkin(name);
    ctx.progress(0.5, 'Drawing the skin');
    ctx.signal.throwIfAborted();
    const { mesh, cap, closed } = await extractSkin(volume, working, mask, threshold, {
      triangles: params.triangles,
      localLevel: !absolute,
    });
    ctx.progress(0.95, 'Measuring');
    const measured = measureSkin(mesh, cap);
    const quality = skinFlags(mask, threshold, closed, measured);
    return {
      outputs: {
        body: { kind: 'labelmap.body', name: 'Body', payload: bodyLabels(working, mask) },
        skin: { kind: 'mesh.skin', name: 'Skin', payload: mesh, quality },
      },
      features: skinFeatures(measured, volume),
    };
  },
});

/** True when the grey levels are Hounsfield units: said by the kind, or shown by air far below zero. */
function isCt(kind: string, volume: Volume): boolean {
  if (kind !== 'volume.other') return kind === 'volume.ct';
  let low = 0;
  for (let at = 0; at < volume.data.length; at += 5) if (volume.data[at] < -800) low++;
  return low > volume.data.length / 100;
}

function shifted(threshold: AirThreshold, percent: number): AirThreshold {
  if (percent === 0) return threshold;
  const by = (percent / 200) * (threshold.body - threshold.air);
  return { ...threshold, level: threshold.level + by, tissueFrom: threshold.tissueFrom + by };
}

function bodyLabels(working: Volume, mask: BodyMask): Labelmap {
  const { size, spacing, origin, direction } = working;
  const data = bitsToMask(mask.body);
  return {
    size,
    spacing,
    origin,
    direction,
    data,
    labels: [{ value: 1, name: 'body', structure: 'body', color: [224, 180, 160] }],
  };
}

interface SkinMeasure {
  volumeMm3: number;
  areaMm2: number;
  capMm2: number;
}

/** Volume and areas; a triangle is cap when all its vertices lie on one. */
function measureSkin(mesh: Mesh, cap: Uint8Array): SkinMeasure {
  const { positions: p, triangles } = mesh;
  let areaMm2 = 0;
  let capMm2 = 0;
  let six = 0;
  const [ox, oy, oz] = p;
  for (let t = 0; 3 * t < triangles.length; t++) {
    const [a, b, c] = [triangles[3 * t], triangles[3 * t + 1], triangles[3 * t + 2]];
    const area = triangleArea(mesh, t);
    if (cap[a] && cap[b] && cap[c]) capMm2 += area;
    else areaMm2 += area;
    const [ax, ay, az] = [p[3 * a] - ox, p[3 * a + 1] - oy, p[3 * a + 2] - oz];
    const [bx, by, bz] = [p[3 * b] - ox, p[3 * b + 1] - oy, p[3 * b + 2] - oz];
    const [cx, cy, cz] = [p[3 * c] - ox, p[3 * c + 1] - oy, p[3 * c + 2] - oz];
    six += ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
  }
  return { volumeMm3: six / 6, areaMm2, capMm2 };
}

/** Skin is found to about a quarter of the scan's voxel; covers pressed against it can hide more, which the flag says. */
function skinFeatures({ volumeMm3, areaMm2, capMm2 }: SkinMeasure, volume: Volume): FeatureDraft[] {
  const placeMm = 0.25 * Math.max(...volume.spacing);
  const volumeSd = (areaMm2 * placeMm) / 1000;
  const base = { quality: 0.9, method: 'skin-segmentation', evidence: [{ role: { output: 'skin' }, locator: {} }] };
  return [
    {
      ...base,
      definition: BODY_VOLUME.id,
      value: volumeMm3 / 1000,
      unit: 'cm3',
      uncertainty: intervalFromSd(volumeMm3 / 1000, volumeSd, 'skin known to a quarter voxel all round'),
    },
    {
      ...base,
      definition: SKIN_AREA.id,
      value: areaMm2 / 100,
      unit: 'cm2',
      uncertainty: intervalFromSd(areaMm2 / 100, (0.01 * areaMm2) / 100, 'facets and smoothing, 1 % on phantoms'),
    },
    {
      ...base,
      definition: CUT_SHARE.id,
      value: (100 * capMm2) / (areaMm2 + capMm2),
      unit: '%',
      uncertainty: { kind: 'unknown', reason: 'depends on where the scan happens to end' },
    },
  ];
}

function skinFlags(mask: BodyMask, threshold: AirThreshold, closed: boolean, measure: SkinMeasure): QualityFlag[] {
  const flags: QualityFlag[] = [];
  const add = (code: string, severity: QualityFlag['severity'], message: string) =>
    flags.push({ code, severity, message });
  if (!closed) add('skin.not-closed', 'fault', 'The skin surface is not watertight; it may not print or mesh.');
  if (!threshold.converged)
    add(
      'skin.threshold',
      'doubt',
      'The threshold between air and tissue did not settle; look at the skin before using it.',
    );
  if (mask.leftOutCm3.length > 0) {
    const sizes = mask.leftOutCm3.map((cm3) => `${Math.round(cm3)} cm³`).join(', ');
    add('skin.parts-left-out', 'info', `Separate parts of the body (an arm, a hand) were left out: ${sizes}.`);
  }
  if (mask.openFaces.length < 3) {
    add(
      'skin.partly-in-view',
      'info',
      'The field of view ends inside the body on some sides; there the surface is a cap.',
    );
  }
  const share = measure.capMm2 / (measure.areaMm2 + measure.capMm2);
  if (share > 0.5)
    add('skin.mostly-cut', 'doubt', `${Math.round(100 * share)} % of the surface is where the scan ends, not skin.`);
  return flags;
}

function noSkin(name: string | undefined): MsdtError {
  return new MsdtError('input.empty', 'No skin is in view', {
    where: { file: name },
    detail: 'no side of the volume shows air around a body',
    hint: 'Use a reconstruction with a larger field of view; one that shows the back or the front suffices.',
  });
}
