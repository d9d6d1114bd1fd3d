/** Door: where the electrodes of the back go on a patient's own skin. */

import { addScaled3, buildTriangleTree, scale3, type TriangleTree } from '../../kernel/index.ts';
import {
  type CapabilityResult,
  defineCapability,
  type FeatureDraft,
  intervalFromSd,
  type Landmark,
  type Mesh,
  MsdtError,
  PAPER_ELECTRODES,
  type QualityFlag,
  type SpineLandmarks,
  type Vec3,
  type VertebraFrame,
} from '../../model/index.ts';
import { ELECTRODE_FEATURES } from './features.ts';
import { type Walkable, walkAlong, walkable } from './walk.ts';

/** Farthest the skin lies behind a spinous process · mm */
const DEEPEST_MM = 150;

/** Where the skin's surface lies against the true one, from a scan of about 1 mm · mm, one standard deviation */
const SKIN_SD_MM = 0.5;

/** A site that was found. */
export interface ElectrodePlace {
  /** `EMG1` … after the paper's protocol */
  name: string;
  level: string;
  side: 'left' | 'right';
  /** middle of the pair · patient frame (LPS) · mm */
  centre: Vec3;
  /** the two electrodes, upper first · mm */
  pair: [Vec3, Vec3];
  /** on the midline, where the tape starts · mm */
  midline: Vec3;
  /** tip of the spinous process · mm */
  spinousTip: Vec3;
  tipSdMm: number;
}

/** Distances on the skin · mm */
export interface SiteOptions {
  lateralMm: number;
  betweenMm: number;
}

/**
 * Finds the sites of the paper's protocol on a skin: from the midline behind the spinous process of L4 and L2, along the skin
 * across the back, left and right; the pair lies along the back, half its distance above and below.
 *
 * @param skin - closed surface · patient frame (LPS) · mm
 * @returns the sites found; levels whose process or skin is not in the scan are left out
 */
export function placeElectrodes(skin: Mesh, landmarks: SpineLandmarks, options: SiteOptions): ElectrodePlace[] {
  const tree = buildTriangleTree(skin);
  const ground = walkable(skin);
  return Object.entries(PAPER_ELECTRODES).flatMap(([name, { level, side }]) => {
    const frame = landmarks.vertebrae.find((vertebra) => vertebra.level === level);
    const tip = landmarks.points.find(({ id }) => id === `${level}.spinousProcess`);
    if (!level || !frame || !tip) return [];
    const site = siteOf(tree, ground, { frame, tip, side, ...options });
    return site ? [{ name, level, side, ...site }] : [];
  });
}

interface Wanted extends SiteOptions {
  frame: VertebraFrame;
  tip: Landmark;
  side: 'left' | 'right';
}

function siteOf(
  tree: TriangleTree,
  ground: Walkable,
  { frame, tip, side, lateralMm, betweenMm }: Wanted,
): Omit<ElectrodePlace, 'name' | 'level' | 'side'> | undefined {
  const hit = tree.raycast(tip.xyz, scale3(frame.y, -1), DEEPEST_MM);
  if (!hit) return undefined;
  const towards = side === 'left' ? frame.x : scale3(frame.x, -1);
  const across = { start: hit.point, triangle: hit.triangle, plane: frame.z, towards, lengthMm: lateralMm };
  const end = walkAlong(ground, across);
  if (!end) return undefined;
  const pair = [1, -1].map((way) => {
    const beside = addScaled3(end.point, frame.z, (way * betweenMm) / 2);
    return tree.closestPoint(beside)?.point ?? beside;
  }) as [Vec3, Vec3];
  return { centre: end.point, pair, midline: hit.point, spinousTip: tip.xyz, tipSdMm: tip.sdMm ?? 2 };
}

/** Sites as landmarks: the middle of each pair, its two electrodes, and the midline. */
function landmarksOf(places: readonly ElectrodePlace[]): SpineLandmarks {
  const points = places.flatMap(({ name, level, side, centre, pair, tipSdMm }): Landmark[] => {
    const about = { level: level as Landmark['level'], side, sdMm: tipSdMm };
    return [
      { id: name, xyz: centre, ...about },
      { id: `${name}.upper`, xyz: pair[0], ...about },
      { id: `${name}.lower`, xyz: pair[1], ...about },
    ];
  });
  const levels = [...new Map(places.map((place) => [place.level, place])).values()];
  const midline = levels.map(
    ({ level, midline: xyz }): Landmark => ({ id: `${level}.midlineSkin`, xyz, level: level as Landmark['level'] }),
  );
  return { frame: 'patient', points: [...points, ...midline], planes: [], vertebrae: [] };
}

/** Places for the electrodes of the back on the patient's own skin. */
export const electrodeSites = defineCapability({
  id: 'electrode-sites',
  version: 1,
  title: 'Electrode sites',
  summary: 'Where the electrodes for erector spinae at L2 and L4 go on the patient’s own skin, left and right.',
  scales: ['meso'],
  inputs: { skin: 'mesh.skin', landmarks: 'landmarks.vertebra' },
  params: {
    lateral: {
      type: 'number',
      label: 'From the midline',
      unit: 'mm',
      min: 10,
      max: 80,
      step: 1,
      default: 35,
      help: 'Along the skin, as a tape measure lies.',
    },
    between: { type: 'number', label: 'Between electrodes', unit: 'mm', min: 10, max: 40, step: 1, default: 20 },
  },
  outputs: { sites: 'landmarks.electrodes' },
  features: ELECTRODE_FEATURES,
  run(ctx, { skin, landmarks }, { lateral, between }): CapabilityResult {
    const places = placeElectrodes(skin.payload, landmarks.payload, { lateralMm: lateral, betweenMm: between });
    ctx.progress(0.9, `${places.length} sites`);
    if (places.length === 0) {
      throw new MsdtError('input.missing', 'No electrode site lies in this scan', {
        detail: 'neither L2 nor L4 has both its spinous process and skin behind it',
        hint: 'Give a scan that shows the lumbar spine with the skin of the back.',
      });
    }
    const quality = flagsOf(places, landmarks.posture);
    const sites = {
      kind: 'landmarks.electrodes' as const,
      name: 'Electrode sites',
      payload: landmarksOf(places),
      quality,
    };
    return { outputs: { sites }, features: featuresOf(places, landmarks.posture), quality };
  },
});

function featuresOf(places: readonly ElectrodePlace[], posture: FeatureDraft['posture']): FeatureDraft[] {
  return places
    .filter(({ side }) => side === 'left')
    .map(({ level, midline, spinousTip, tipSdMm }) => {
      const value = Math.hypot(...midline.map((coordinate, axis) => coordinate - spinousTip[axis]));
      const sd = Math.hypot(tipSdMm, SKIN_SD_MM);
      return {
        definition: 'electrode.midlineDepth',
        level,
        value,
        unit: 'mm',
        uncertainty: intervalFromSd(value, sd, 'Spread of the process tip and of the skin surface, as independent'),
        posture: posture ?? 'unknown',
        quality: 0.8,
        method: 'Ray from the spinous process backwards to the skin',
        evidence: [
          { role: { input: 'skin' }, locator: { xyz: midline, points: [spinousTip, midline] } },
          { role: { input: 'landmarks' }, locator: { landmarks: [`${level}.spinousProcess`], level } },
        ],
      };
    });
}

function flagsOf(places: readonly ElectrodePlace[], posture: FeatureDraft['posture']): QualityFlag[] {
  const flags: QualityFlag[] = [];
  const missing = ['L2', 'L4'].filter((level) => !places.some((place) => place.level === level));
  if (missing.length)
    flags.push({
      code: 'electrode.level-missing',
      severity: 'doubt',
      message: `No site at ${missing.join(' and ')}: its spinous process or the skin behind it is not in the scan.`,
    });
  if (posture === 'supine')
    flags.push({
      code: 'electrode.pressed-skin',
      severity: 'info',
      message: 'The scan was taken lying on the back: the skin is pressed flat and will lie otherwise when standing.',
    });
  return flags;
}
