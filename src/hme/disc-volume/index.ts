/** Door: volume, thickness and area of every disc of a label map. */

import { labelStatistics } from '../../kernel/index.ts';
import {
  type ArtifactDraft,
  type CapabilityResult,
  defineCapability,
  type FeatureDraft,
  intervalFromSd,
  type LabelEntry,
  type Labelmap,
  MsdtError,
  type Posture,
  type QualityFlag,
  type Table,
  tableFromRows,
  voxelVolumeMm3,
} from '../../model/index.ts';
import { DISC_FEATURES } from './features.ts';
import { flagsOf, qualityOf } from './flags.ts';
import { type LabelShape, measureLabel } from './shape.ts';

export { DISC_FEATURES } from './features.ts';
export { type LabelShape, measureLabel } from './shape.ts';

/** A measured label with the name it is told under. */
export interface MeasuredDisc {
  /** segment `L4-L5` where the label table says so, else the name of the label or its value */
  level: string;
  entry?: LabelEntry;
  shape: LabelShape;
}

/** More labels than this are no discs. */
const MOST_LABELS = 200;

function isDisc(entry: LabelEntry): boolean {
  return entry.structure === 'disc' || entry.segment !== undefined;
}

/** Labels to measure: the discs where the table names any, all where it names nothing. */
function choose(map: Labelmap, file: string | undefined) {
  const all = labelStatistics(map.data, map.size);
  if (all.length === 0) {
    throw new MsdtError('input.empty', 'The label map holds no label', {
      where: { file },
      detail: 'every voxel is 0',
      hint: 'Give a label map in which each disc has its own value above 0.',
    });
  }
  const table = new Map(map.labels.map((entry) => [entry.value, entry]));
  const named = map.labels.some(isDisc);
  const structures = map.labels.filter((entry) => entry.structure !== undefined && !isDisc(entry));
  if (!named && structures.length > 0 && structures.length === map.labels.length) {
    throw new MsdtError('labels.unknown', 'None of the labels is a disc', {
      where: { file },
      detail: `labels: ${structures.map((entry) => entry.name).join(', ')}`.slice(0, 400),
      hint: 'Give a label map of discs, or name the disc labels by their segment (L4-L5) when importing it.',
    });
  }
  const chosen = all.filter(({ value }) => {
    const entry = table.get(value);
    return named ? entry !== undefined && isDisc(entry) : entry?.structure === undefined;
  });
  if (chosen.length === 0 || chosen.length > MOST_LABELS) {
    throw new MsdtError('labels.unknown', 'These labels are no discs', {
      where: { file },
      detail: chosen.length === 0 ? 'no disc of the label table has a voxel' : `${chosen.length} different values`,
      hint: 'Give a label map with one value for each disc, not grey levels.',
    });
  }
  return { chosen, table, named, passedOver: all.length - chosen.length };
}

/** Names for discs; a name used twice gets the value behind it. */
function namesOf(values: readonly number[], table: ReadonlyMap<number, LabelEntry>): string[] {
  const plain = values.map((value) => {
    const entry = table.get(value);
    return entry?.segment ?? (entry && !/^\d*$/.test(entry.name) ? entry.name : `label ${value}`);
  });
  return plain.map((name, i) => (plain.filter((other) => other === name).length > 1 ? `${name} (${values[i]})` : name));
}

/**
 * Measures the discs of a label map.
 *
 * @param map - label map; labels that its table calls discs are measured, or all when the table names nothing
 * @param file - name for messages
 * @returns discs by rising label value, with doubts
 * @throws MsdtError `input.empty` no label · `labels.unknown` labels that are no discs
 */
export function measureDiscs(map: Labelmap, file?: string): { discs: MeasuredDisc[]; quality: QualityFlag[] } {
  const { chosen, table, named, passedOver } = choose(map, file);
  const levels = namesOf(
    chosen.map(({ value }) => value),
    table,
  );
  const discs = chosen.map((statistics, i) => ({
    level: levels[i],
    entry: table.get(statistics.value),
    shape: measureLabel(map, statistics),
  }));
  const quality = discs.flatMap(({ level, shape }) => flagsOf(level, shape));
  if (!named) {
    quality.unshift({
      code: 'disc.unnamed',
      severity: 'info',
      message: 'No label is named a disc; every value was measured as one.',
    });
  }
  if (passedOver > 0) {
    quality.unshift({
      code: 'disc.passed-over',
      severity: 'info',
      message: `${passedOver} labels of other structures were passed over.`,
    });
  }
  return { discs, quality };
}

/** Table of the discs, one row each. */
function tableOf(discs: readonly MeasuredDisc[], voxelMm3: number): Table {
  const rows = discs.map(({ level, shape: s }) => ({
    level,
    value: s.value,
    voxels: s.voxels,
    voxelMm3,
    volumeCm3: s.volumeMm3 / 1000,
    boundarySdCm3: s.boundarySdMm3 / 1000,
    areaCm2: s.areaMm2 / 100,
    meanThicknessMm: s.meanThicknessMm,
    maxThicknessMm: s.maxThicknessMm,
    x: s.centroid[0],
    y: s.centroid[1],
    z: s.centroid[2],
    axisX: s.flatAxis[0],
    axisY: s.flatAxis[1],
    axisZ: s.flatAxis[2],
    pieces: s.components,
    touchesBorder: s.borders.join(', '),
  }));
  return tableFromRows(rows, {
    volumeCm3: { unit: 'cm3', definition: DISC_FEATURES[0].definition },
    boundarySdCm3: { unit: 'cm3', definition: BOUNDARY },
    voxelMm3: { unit: 'mm3' },
    areaCm2: { unit: 'cm2', definition: DISC_FEATURES[3].definition },
    meanThicknessMm: { unit: 'mm', definition: DISC_FEATURES[1].definition },
    maxThicknessMm: { unit: 'mm', definition: DISC_FEATURES[2].definition },
    x: { unit: 'mm', definition: 'Centroid, towards the patient’s left' },
    y: { unit: 'mm', definition: 'Centroid, towards the patient’s back' },
    z: { unit: 'mm', definition: 'Centroid, towards the patient’s head' },
  });
}

const BOUNDARY =
  'Boundary: the whole surface lies up to half a voxel off along each grid axis (uniform, axes independent); the voxel count itself is exact';

function featuresOf({ level, shape }: MeasuredDisc, posture: Posture): FeatureDraft[] {
  const side = shape.voxelAlongFlatMm;
  // two faces, each uniform within half a voxel
  const thicknessSd = side / Math.sqrt(6);
  const meanSd = side / Math.sqrt(3);
  const outline = Math.sqrt(4 * Math.PI * shape.areaMm2);
  const areaSd = (outline * shape.voxelAcrossMm) / 2 / Math.sqrt(3) / 100;
  const { volume, shape: shapeQuality } = qualityOf(shape);
  const values: [string, FeatureDraft['unit'], number, number, string, number][] = [
    ['volume', 'cm3', shape.volumeMm3 / 1000, shape.boundarySdMm3 / 1000, BOUNDARY, volume],
    [
      'thicknessMean',
      'mm',
      shape.meanThicknessMm,
      meanSd,
      'Boundary: both flat faces up to half a voxel off together',
      shapeQuality,
    ],
    [
      'thicknessMax',
      'mm',
      shape.maxThicknessMm,
      thicknessSd,
      'Boundary: each flat face up to half a voxel off',
      shapeQuality,
    ],
    [
      'area',
      'cm2',
      shape.areaMm2 / 100,
      areaSd,
      'Boundary: the outline up to half a voxel off all around',
      shapeQuality,
    ],
  ];
  return values.map(([id, unit, value, sd, method, quality]) => ({
    definition: `discLabel.${id}`,
    level,
    value,
    unit,
    uncertainty: intervalFromSd(value, sd, method),
    posture,
    quality,
    method: 'Voxels of the label, principal axes, line probes along the flattest',
    evidence: [
      {
        role: { input: 'discs' },
        locator: {
          label: shape.value,
          xyz: shape.centroid,
          ...(id === 'thicknessMax' ? { points: shape.thickest } : {}),
        },
      },
    ],
  }));
}

/** Volume, thickness and area of each disc of a label map. */
export const discVolume = defineCapability({
  id: 'disc-volume',
  version: 1,
  title: 'Disc volumes',
  summary:
    'Exact volume, thickness, area and centre of every disc label, with boundary interval: for discs that were segmented elsewhere.',
  scales: ['meso'],
  inputs: { discs: 'labelmap.*' },
  params: {},
  outputs: { table: 'table.record' },
  features: DISC_FEATURES,
  automatic: false,
  run(ctx, { discs: input }): CapabilityResult {
    const { discs, quality } = measureDiscs(input.payload, input.name);
    ctx.progress(0.9, `${discs.length} discs`);
    const features = discs.flatMap((disc) => featuresOf(disc, input.posture ?? 'unknown'));
    features.forEach((feature) => {
      const row = discs.findIndex(({ level }) => level === feature.level);
      feature.evidence.push({ role: { output: 'table' }, locator: { row } });
    });
    const table: ArtifactDraft<'table.record'> = {
      kind: 'table.record',
      payload: tableOf(discs, voxelVolumeMm3(input.payload)),
      name: 'Discs',
      quality,
    };
    return { outputs: { table }, features, quality };
  },
});
