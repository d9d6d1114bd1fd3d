/** Landmarks, curves, tables and free documents: JSON holds them exactly, a second file opens them elsewhere. */

import type { SpineCurve, SpineLandmarks, Table, WrittenFile } from '../../model/index.ts';
import type { Drafted, EncodedArtifact } from './artifact-codec.ts';
import { toPlainJson } from './plain-json.ts';
import { fileStem } from './stem.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export function encodeDocument(draft: Drafted<unknown>): EncodedArtifact {
  return { files: [json(draft)], summary: {} };
}

export function encodeLandmarks(draft: Drafted<SpineLandmarks>): EncodedArtifact {
  const { points, planes, vertebrae } = draft.payload;
  const markups: WrittenFile = {
    name: `${fileStem(draft)}.mrk.json`,
    bytes: utf8(slicerMarkups(draft.payload)),
    mediaType: 'application/json',
  };
  const summary = { points: points.length, planes: planes.length, vertebrae: vertebrae.length };
  return { files: [json(draft), markups], summary };
}

function json(draft: Drafted<unknown>): WrittenFile {
  return { name: `${fileStem(draft)}.json`, bytes: utf8(toPlainJson(draft.payload)), mediaType: 'application/json' };
}

/** Points and plane centres as a point list of 3D Slicer, in LPS mm. */
function slicerMarkups({ points, planes }: SpineLandmarks): string {
  const all = [...points, ...planes.map(({ id, centre }) => ({ id, xyz: centre }))];
  const controlPoints = all.map(({ id, xyz }, index) => ({
    id: String(index + 1),
    label: id,
    position: xyz,
    selected: true,
    locked: true,
    visibility: true,
    positionStatus: 'defined',
  }));
  const list = { type: 'Fiducial', coordinateSystem: 'LPS', coordinateUnits: 'mm', locked: true, controlPoints };
  return `${JSON.stringify({ '@schema': SCHEMA, markups: [list] }, null, 1)}\n`;
}

const SCHEMA =
  'https://raw.githubusercontent.com/slicer/slicer/master/Modules/Loadable/Markups/Resources/Schema/markups-schema-v1.0.3.json#';

export function encodeCurve(draft: Drafted<SpineCurve>): EncodedArtifact {
  const { arcLengthMm, stations } = draft.payload;
  const length = arcLengthMm.at(-1) ?? 0;
  const summary = { samples: arcLengthMm.length, stations: stations.length, lengthMm: Number(length.toFixed(1)) };
  return { files: [json(draft)], summary };
}

export function encodeTable(draft: Drafted<Table>): EncodedArtifact {
  const { columns } = draft.payload;
  return { files: [json(draft)], summary: { columns: columns.length, rows: columns[0]?.values.length ?? 0 } };
}
