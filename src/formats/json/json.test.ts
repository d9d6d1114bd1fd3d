import { describe, expect, it } from 'vitest';
import {
  filesOf,
  landmarks,
  memoryFile,
  readOne,
  roundTrip,
  spineCurve,
  table,
} from '../../../tests/support/formats/formats.ts';
import { clinicalRecord } from '../../../tests/support/record/clinical-sample.ts';
import type { ArtifactKind, SpineLandmarks } from '../../model/index.ts';
import { utf8 } from '../bytes.ts';
import { json } from './index.ts';

const read = (value: unknown, name = 'x.json') =>
  readOne(json, [memoryFile(name, utf8(typeof value === 'string' ? value : JSON.stringify(value)))]);

describe('JSON', () => {
  it.each([
    ['landmarks.vertebra', landmarks()],
    ['landmarks.keypoints', landmarks()],
    ['curve.spine', spineCurve()],
    ['table.record', table()],
    ['table.matrix', table()],
    ['record.clinical', clinicalRecord()],
    ['document', { title: 'truth', list: [1, null, 'ü', { deep: true }] }],
    ['document', [1, 2, 3]],
  ] as [ArtifactKind, unknown][])('round trips %s', async (kind, payload) => {
    const item = await roundTrip(json, { kind, payload: payload as never, name: 'Spine' });
    expect(item.artifacts[0]).toEqual({ kind, payload, name: 'Spine' });
  });

  it('leaves a document as it is, for other programs', async () => {
    const [file] = (await json.write?.({ kind: 'document', payload: { cobbDeg: 12 }, name: 'truth' })) ?? [];
    expect(JSON.parse(new TextDecoder().decode(file.bytes))).toEqual({ cobbDeg: 12 });
    expect(file.name).toBe('truth.json');
  });

  it('writes landmarks for 3D Slicer and reads them back', async () => {
    const artifact = { kind: 'landmarks.vertebra' as const, payload: landmarks(), name: 'Pedicles' };
    const written = (await json.write?.(artifact, { choices: { as: 'markups' } })) ?? [];
    expect(written[0].name).toBe('Pedicles.mrk.json');
    const document = JSON.parse(new TextDecoder().decode(written[0].bytes));
    expect(document.markups[0]).toMatchObject({ type: 'Fiducial', coordinateSystem: 'LPS', coordinateUnits: 'mm' });
    const item = await readOne(json, filesOf(written));
    expect(item.artifacts[0].kind).toBe('landmarks.keypoints');
    const { points } = item.artifacts[0].payload as SpineLandmarks;
    expect(points).toEqual(landmarks().points.map(({ sdMm: _, ...point }) => point));
  });

  it('turns RAS markups into LPS and passes over undefined points', async () => {
    const list = {
      coordinateSystem: 'RAS',
      controlPoints: [
        { label: 'L3 left', position: [1, 2, 3] },
        { label: 'x', position: [0, 0, 0], positionStatus: 'undefined' },
        { position: [-4, 5, 6] },
      ],
    };
    const item = await read({ '@schema': 'https://x/markups-schema-v1.0.0.json#', markups: [list] });
    expect((item.artifacts[0].payload as SpineLandmarks).points).toEqual([
      { id: 'L3 left', xyz: [-1, -2, 3], level: 'L3', side: 'left' },
      { id: 'point-2', xyz: [4, -5, 6] },
    ]);
  });

  it('names what is wrong', async () => {
    const envelope = (payload: unknown, kind = 'curve.spine', schemaVersion = 1) => ({
      format: 'msdt-artifact',
      schemaVersion,
      kind,
      payload,
    });
    const cases: [unknown, string, RegExp][] = [
      ['{"a": 1', 'file.truncated', /./],
      ['{"a": 1,,}', 'file.malformed', /position|column/],
      [`${'['.repeat(5000)}${']'.repeat(5000)}`, 'file.unsafe', /byte 200/],
      [envelope({}, 'mesh.skin'), 'file.malformed', /kind/],
      [envelope({}, 'curve.spine', 9), 'file.malformed', /schemaVersion/],
      [envelope({ points: [1, 'x', 3] }), 'file.malformed', /payload\.points\[1\]/],
      [envelope({ points: [1, 2, 3], arcLengthMm: [], stations: [] }), 'file.malformed', /arcLengthMm/],
      [
        envelope({ columns: [{ name: 'a', values: [{}] }] }, 'table.record'),
        'file.malformed',
        /columns\[0\]\.values\[0\]/,
      ],
      [envelope({ person: {}, facts: [{ kind: 'wish' }] }, 'record.clinical'), 'file.malformed', /facts\[0\]\.kind/],
      [
        envelope({ person: {}, facts: [], skipped: [{ what: 'x', reason: 'y' }] }, 'record.clinical'),
        'file.malformed',
        /skipped\[0\]\.count/,
      ],
      [
        envelope({ points: [{ id: 'a', xyz: [1, 2] }], planes: [], vertebrae: [] }, 'landmarks.vertebra'),
        'file.malformed',
        /xyz/,
      ],
      [{ '@schema': 'markups', markups: [{ controlPoints: [{ position: [1, 2] }] }] }, 'file.malformed', /position/],
      [
        { '@schema': 'markups', markups: [{ coordinateSystem: 'IJK', controlPoints: [] }] },
        'file.malformed',
        /coordinateSystem/,
      ],
    ];
    for (const [value, code, place] of cases) {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      const { errors } = await json.read([memoryFile('x.json', utf8(text))]);
      expect(errors[0].error.code, text.slice(0, 80)).toBe(code);
      expect(errors[0].error.where.place).toMatch(place);
    }
  });
});
