/**
 * Label import: label maps of segmentation tools become vertebrae, bodies, discs and anatomy with levels.
 *
 * Method: names in the file, else the file's name, else the table of numbers that fits where the labels lie; then sanity checks.
 * Complexity: O(files · voxels).
 */

import {
  type ArtifactDraft,
  type ArtifactKind,
  type CapabilityResult,
  defineCapability,
  type FeatureDraft,
  intervalFromSd,
  type Labelmap,
  MsdtError,
  type QualityFlag,
} from '../../model/index.ts';
import { type AssembledMaps, assembleMaps } from './assemble.ts';
import { checkColumn } from './checks.ts';
import { LABEL_FEATURES, LABEL_VOLUME, VERTEBRA_COUNT } from './features.ts';
import { interpretSource } from './interpret.ts';
import { type LabelMeasure, measureLabels, surfaceAreaMm2 } from './measure.ts';
import { SCHEME_CHOICES } from './schemes/index.ts';

export type { LabelMeaning } from './names.ts';
export { isUnnamed, meaningOfFileName, meaningOfName, segmentBelow, stemOf } from './names.ts';
export { type MeasuredSpacing, REGULAR_COLUMN, shiftProbabilities, spacingMisfit } from './priors.ts';
export { type LabelScheme, SCHEME_CHOICES, SCHEMES, type SchemeChoice } from './schemes/index.ts';
export { shiftedLevels, shiftedSegment } from './shift.ts';

/** Label import. */
export const labelImport = defineCapability({
  id: 'label-import',
  version: 1,
  title: 'Label import',
  summary:
    'Gives the labels of a segmentation tool their anatomical names and levels, and says where they are in doubt.',
  scales: ['meso'],
  inputs: { source: 'labelmap.source[]' },
  params: {
    scheme: {
      type: 'choice',
      label: 'Numbering of the labels',
      options: SCHEME_CHOICES,
      default: 'auto',
      help: 'What label numbers mean in files that carry no names. "auto" tries all tables and says which one fits and why.',
    },
    shift: {
      type: 'number',
      label: 'Shift of all levels',
      unit: '{count}',
      min: -3,
      max: 3,
      step: 1,
      default: 0,
      help: 'Renames every vertebra, body and disc: +1 makes L4 of L3, −1 makes L2 of it. All that is derived follows.',
    },
  },
  outputs: {
    vertebrae: 'labelmap.vertebrae?',
    bodies: 'labelmap.bodies?',
    discs: 'labelmap.discs?',
    anatomy: 'labelmap.anatomy?',
  },
  features: LABEL_FEATURES,
  run(ctx, inputs, params): CapabilityResult {
    const shift = Math.round(params.shift);
    const sources = inputs.source.map((value, index) => {
      ctx.signal.throwIfAborted();
      ctx.progress((0.5 * index) / inputs.source.length, `Reading the labels of ${value.name ?? `map ${index + 1}`}`);
      return interpretSource(value, index, params.scheme);
    });
    ctx.progress(0.5, 'Joining the label maps');
    const maps = assembleMaps(sources, shift);
    ctx.signal.throwIfAborted();
    if (!maps.vertebrae && !maps.bodies && !maps.discs && !maps.anatomy)
      throw nothingFound(sources.map(({ file }) => file));
    ctx.progress(0.8, 'Checking the column');
    const doubts = maps.vertebrae ? checkColumn(maps.vertebrae, maps.anatomy) : [];
    const origin: QualityFlag[] = sources.flatMap(({ file, flags }) =>
      flags.map((flag) => ({ ...flag, where: flag.where ?? file })),
    );
    if (shift !== 0) origin.push(shiftFlag(shift));
    return {
      outputs: outputsOf(maps, [...origin, ...maps.flags, ...doubts]),
      features: featuresOf(maps),
      quality: [...origin, ...maps.flags],
    };
  },
});

function outputsOf(maps: AssembledMaps, flags: QualityFlag[]): Record<string, ArtifactDraft> {
  const outputs: Record<string, ArtifactDraft> = {};
  const add = (
    role: string,
    kind: ArtifactKind,
    name: string,
    payload: Labelmap | undefined,
    quality: QualityFlag[],
  ) => {
    if (payload) outputs[role] = { kind, name, payload, quality };
  };
  add('vertebrae', 'labelmap.vertebrae', 'Vertebrae', maps.vertebrae, flags);
  add('bodies', 'labelmap.bodies', 'Vertebral bodies', maps.bodies, maps.vertebrae ? [] : flags);
  add('discs', 'labelmap.discs', 'Discs', maps.discs, []);
  add('anatomy', 'labelmap.anatomy', 'Anatomy', maps.anatomy, []);
  return outputs;
}

function featuresOf(maps: AssembledMaps): FeatureDraft[] {
  const column = maps.vertebrae;
  if (!column) return [];
  const levels = column.labels.filter(({ level, structure }) => level && structure !== 'sacrum');
  const count: FeatureDraft = {
    definition: VERTEBRA_COUNT.id,
    value: levels.length,
    unit: '{count}',
    uncertainty: { kind: 'exact', method: 'count of labels' },
    quality: 1,
    method: 'label-import',
    evidence: [{ role: { output: 'vertebrae' }, locator: {} }],
  };
  const byLevel = maps.bodies?.labels.some(({ level }) => level) ? maps.bodies : column;
  const role = byLevel === maps.bodies ? 'bodies' : 'vertebrae';
  const volumes = measureLabels(byLevel).map((measure) => volumeFeature(byLevel, role, measure));
  return [count, ...volumes.filter((feature): feature is FeatureDraft => feature !== undefined)];
}

/** A label's boundary is known to about a quarter voxel: its surface times that is the doubt of its volume. */
function volumeFeature(map: Labelmap, role: string, measure: LabelMeasure): FeatureDraft | undefined {
  const entry = map.labels.find(({ value }) => value === measure.value);
  if (!entry?.level || entry.structure === 'sacrum') return undefined;
  const volume = measure.volumeMm3 / 1000;
  const shellMm = 0.25 * Math.cbrt(map.spacing[0] * map.spacing[1] * map.spacing[2]);
  const sd = (surfaceAreaMm2(map, measure) * shellMm) / 1000;
  return {
    definition: LABEL_VOLUME.id,
    level: entry.level,
    value: volume,
    unit: 'cm3',
    uncertainty: intervalFromSd(volume, sd, 'boundary of the label known to a quarter voxel all round'),
    quality: measure.touchesBorder ? 0.3 : 0.9,
    method: 'voxel count',
    evidence: [
      { role: { output: role }, locator: { label: measure.value, level: entry.level, xyz: measure.centroid } },
    ],
  };
}

function shiftFlag(shift: number): QualityFlag {
  return {
    code: 'labels.shifted',
    severity: 'info',
    message: `All levels were moved ${Math.abs(shift)} ${shift > 0 ? 'down' : 'up'} by hand.`,
  };
}

function nothingFound(files: readonly string[]): MsdtError {
  return new MsdtError('labels.unknown', 'None of the labels could be used', {
    where: { file: files.join(', ') },
    detail: 'the shift or the chosen numbering leaves no structure',
    hint: 'Set "shift" to 0 and "scheme" to auto.',
  });
}
