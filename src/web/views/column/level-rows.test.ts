import { describe, expect, it } from 'vitest';
import type { WireFeature, WireFeatureDefinition } from '../../../contract/index.ts';
import { isNeighbours, keyFeatures, levelTable, wholeFeatures } from './level-rows.ts';

function feature(definition: string, level?: string, unit = 'mm'): WireFeature {
  return {
    id: `${definition}.${level}`,
    definition,
    level,
    value: 1,
    unit,
    uncertainty: { kind: 'exact', method: '' },
    quality: 1,
    method: '',
    run: '',
    capability: '',
    version: 1,
    knownAt: '',
    evidence: [],
    synthetic: false,
  };
}

const definitions = new Map<string, WireFeatureDefinition>([
  [
    'vertebra.heightMiddle',
    { id: 'vertebra.heightMiddle', name: 'Middle height', unit: 'mm', scale: 'meso', definition: '', source: '' },
  ],
]);

const features = [
  feature('vertebra.volume', 'L4', 'cm3'),
  feature('vertebra.heightMiddle', 'L5'),
  feature('vertebra.heightMiddle', 'T12'),
  feature('disc.heightMiddle', 'L4-L5'),
  feature('spine.cobbAngle', 'T12-L5', 'deg'),
  feature('spine.lumbarLordosis', undefined, 'deg'),
  feature('spine.length'),
];

describe('levelTable', () => {
  const table = levelTable(features, definitions);

  it('orders rows along the column with the spaces between', () => {
    expect(table.rows.map(({ level }) => level)).toEqual(['T12', 'L4', 'L4-L5', 'L5']);
    expect(table.rows[2].space).toBe(true);
  });

  it('lets a vertebra and a space share a column of the same measure', () => {
    expect(table.columns.map(({ name }) => name)).toEqual(['Middle', 'Volume']);
    expect(table.columns[0].title).toBe('Middle height');
    expect(table.columns.map(({ group }) => group)).toEqual(['Heights', 'Size']);
    expect(table.rows[2].cells.get(table.columns[0].key)?.definition).toBe('disc.heightMiddle');
  });

  it('keeps apart what is measured on another structure', () => {
    const more = levelTable([...features, feature('labels.volume', 'L4', 'cm3')], definitions);
    expect(more.columns.map(({ key }) => key)).toContain('labels.volume|cm3');
    expect(more.rows.find(({ level }) => level === 'L4')?.cells.size).toBe(2);
  });

  it('shows levels that are known but not measured', () => {
    expect(levelTable(features, definitions, ['S1', 'nonsense']).rows.at(-1)).toMatchObject({
      level: 'S1',
      space: false,
    });
  });
});

describe('what is no cell', () => {
  it('is a number of the whole column or of a curve', () => {
    expect(wholeFeatures(features).map(({ definition }) => definition)).toEqual([
      'spine.cobbAngle',
      'spine.lumbarLordosis',
      'spine.length',
    ]);
    expect(keyFeatures(features).map(({ definition }) => definition)).toEqual([
      'spine.lumbarLordosis',
      'spine.cobbAngle',
      'spine.length',
    ]);
  });

  it('is a number of the column even where it names the level at which it was found', () => {
    const found = wholeFeatures([
      ...features,
      feature('spine.maxCurvature', 'L4', '/mm'),
      feature('spine.segmentAngleSagittal', 'L4-L5', 'deg'),
    ]);
    expect(found.map(({ definition }) => definition)).toContain('spine.maxCurvature');
    expect(found.map(({ definition }) => definition)).not.toContain('spine.segmentAngleSagittal');
  });

  it('knows neighbours, transitional levels and all', () => {
    expect(isNeighbours('L4-L5', ['L4', 'L5'])).toBe(true);
    expect(isNeighbours('L5-S1', ['L5', 'S1'])).toBe(true);
    expect(isNeighbours('L5-S1', ['L5', 'L6', 'S1'])).toBe(false);
    expect(isNeighbours('T5-T11', [])).toBe(false);
    expect(isNeighbours('L5-L4', [])).toBe(false);
  });
});
