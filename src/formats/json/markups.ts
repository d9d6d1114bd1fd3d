/** Point lists of 3D Slicer (`.mrk.json`, markups schema 1.0): read in LPS or RAS, written in LPS. */

import { type Landmark, parseLevel, type SpineLandmarks, type Vec3 } from '../../model/index.ts';

const SCHEMA =
  'https://raw.githubusercontent.com/Slicer/Slicer/main/Modules/Loadable/Markups/Resources/Schema/markups-schema-v1.0.3.json#';

type Json = Record<string, unknown>;

/** True when a JSON value is a markups document. */
export function isMarkups(json: unknown): json is Json {
  if (typeof json !== 'object' || json === null) return false;
  const { markups } = json as Json;
  const schema = (json as Json)['@schema'];
  return Array.isArray(markups) && (schema === undefined || (typeof schema === 'string' && schema.includes('markups')));
}

/** The markups document of landmarks. */
export function formatMarkups(payload: unknown, name: string): object {
  const { points } = payload as SpineLandmarks;
  const controlPoints = points.map((point, index) => ({
    id: String(index + 1),
    label: point.id,
    description: [point.level, point.side].filter(Boolean).join(' '),
    associatedNodeID: '',
    position: point.xyz,
    orientation: [-1, 0, 0, 0, -1, 0, 0, 0, 1],
    selected: true,
    locked: true,
    visibility: true,
    positionStatus: 'defined',
  }));
  const list = {
    type: 'Fiducial',
    name,
    coordinateSystem: 'LPS',
    coordinateUnits: 'mm',
    locked: true,
    fixedNumberOfControlPoints: false,
    labelFormat: '%N-%d',
    controlPoints,
  };
  return { '@schema': SCHEMA, markups: [list] };
}

/** Landmarks of all lists of a markups document, or the path of what is not right. */
export function parseMarkups(json: Json): SpineLandmarks | { wrong: string } {
  const points: Landmark[] = [];
  for (const [listIndex, entry] of (json.markups as unknown[]).entries()) {
    const path = `markups[${listIndex}]`;
    if (typeof entry !== 'object' || entry === null) return { wrong: `${path}: an object is needed` };
    const list = entry as Json;
    const system = String(list.coordinateSystem ?? 'LPS').toUpperCase();
    if (system !== 'LPS' && system !== 'RAS')
      return { wrong: `${path}.coordinateSystem: "${system}" is not LPS or RAS` };
    const sign = system === 'RAS' ? -1 : 1;
    if (list.controlPoints !== undefined && !Array.isArray(list.controlPoints))
      return { wrong: `${path}.controlPoints: a list is needed` };
    for (const [index, point] of ((list.controlPoints ?? []) as unknown[]).entries()) {
      const landmark = landmarkOf(point, sign, points.length);
      if (landmark === 'undefined') continue;
      if (!landmark) return { wrong: `${path}.controlPoints[${index}].position: three numbers are needed` };
      points.push(landmark);
    }
  }
  return { frame: 'patient', points, planes: [], vertebrae: [] };
}

function landmarkOf(json: unknown, sign: 1 | -1, count: number): Landmark | 'undefined' | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { label, position, positionStatus, description } = json as Json;
  if (positionStatus === 'undefined') return 'undefined';
  if (!Array.isArray(position) || position.length !== 3) return undefined;
  if (!position.every((value) => typeof value === 'number' && Number.isFinite(value))) return undefined;
  const xyz: Vec3 = [position[0] * sign + 0, position[1] * sign + 0, position[2]];
  const id = typeof label === 'string' && label ? label : `point-${count + 1}`;
  const landmark: Landmark = { id, xyz };
  const words = `${id} ${typeof description === 'string' ? description : ''}`;
  const level = parseLevel(words);
  if (level) landmark.level = level;
  const side = /(^|[^a-z])(left|right)([^a-z]|$)/i.exec(words)?.[2]?.toLowerCase();
  if (side === 'left' || side === 'right') landmark.side = side;
  return landmark;
}
