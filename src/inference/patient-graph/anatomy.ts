/** The spine as a part of the graph: vertebrae, discs, regions, and who is next to whom. */

import { type GraphEdge, type GraphNode, levelIndex, VERTEBRA_LEVELS, type VertebraLevel } from '../../model/index.ts';

/** Levels that not everybody has, or that fuse: in the graph only where something lies there. */
const OPTIONAL: ReadonlySet<VertebraLevel> = new Set(['T13', 'L6', 'S2', 'S3', 'S4', 'S5', 'COCCYX']);

const REGION_OF: Readonly<Record<string, string>> = { C: 'cervical', T: 'thoracic', L: 'lumbar', S: 'sacral' };

const REGION_NAME: Readonly<Record<string, string>> = {
  cervical: 'Cervical spine',
  thoracic: 'Thoracic spine',
  lumbar: 'Lumbar spine',
  sacral: 'Sacrum and coccyx',
  pelvis: 'Pelvis',
};

/** Measures of a whole stretch of the spine, told by their ids. */
const STRETCHES: readonly (readonly [RegExp, string])[] = [
  [/^pelvis\./, 'pelvis'],
  [/lumb|^spine\.(lordosis|mismatch)|^segment\.(slip|unstable)|^stenosis\.|^herniation\./, 'lumbar'],
  [/thoracic/, 'thoracic'],
  [/cervical/, 'cervical'],
];

/** What places something in the body. */
export interface Place {
  /** id of the feature, of the dictionary or of the twin */
  feature: string;
  level?: string;
  /** muscle, joint or segment */
  site?: string;
}

/** Nodes and edges of the body, and where a feature lies in it. */
export interface Anatomy {
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** ids of the nodes a feature lies at; both ends of a stretch that is no single disc */
  at(place: Place): readonly string[];
}

/**
 * The column C1 to S1, with the transitional and lower sacral levels that some feature names, from the top down.
 *
 * A disc lies between neighbours but for C1-C2 and inside the sacrum. `adjacent` runs down: vertebra → disc → vertebra.
 */
export function anatomyOf(places: readonly Place[]): Anatomy {
  const named = new Set(places.flatMap(({ level }) => levelsIn(level)));
  const column = VERTEBRA_LEVELS.filter((level) => !OPTIONAL.has(level) || named.has(level));
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const discs = new Map<string, string>();
  const regions = new Set<string>();
  const place = (kind: 'vertebra' | 'disc', level: string, top: VertebraLevel): string => {
    const id = `${kind}:${level}`;
    const region = regionOf(top);
    regions.add(region);
    nodes.push({ id, kind, name: kind === 'disc' ? `Disc ${level}` : level, level });
    edges.push({ from: id, to: `region:${region}`, type: 'part-of' });
    return id;
  };
  column.forEach((level, at) => {
    const here = place('vertebra', level, level);
    const next = column[at + 1];
    if (!next) return;
    const below = `vertebra:${next}`;
    if (!hasDisc(level, next)) {
      edges.push({ from: here, to: below, type: 'adjacent' });
      return;
    }
    const segment = `${level}-${next}`;
    const disc = place('disc', segment, level);
    discs.set(segment, disc);
    edges.push({ from: here, to: disc, type: 'adjacent' }, { from: disc, to: below, type: 'adjacent' });
  });
  const present = new Set<string>(column);
  const placesOf = (level: string | undefined, region: string | undefined): string[] => {
    const levels = levelsIn(level).filter((one) => present.has(one));
    const disc = level === undefined ? undefined : discs.get(levels.join('-'));
    return [
      ...(disc ? [disc] : levels.map((one) => `vertebra:${one}`)),
      ...(region === undefined ? [] : [`region:${region}`]),
    ];
  };
  const known = new Map<string, string[]>();
  const at = ({ feature, level, site }: Place): string[] => {
    const region =
      site ?? (levelsIn(level).length ? undefined : STRETCHES.find(([pattern]) => pattern.test(feature))?.[1]);
    const key = `${level ?? ''} ${region ?? ''}`;
    let found = known.get(key);
    if (!found) known.set(key, (found = placesOf(level, region)));
    return found;
  };
  for (const each of places) for (const id of at(each)) if (id.startsWith('region:')) regions.add(id.slice(7));
  return { nodes: [...regionNodes(regions), ...nodes], edges, at };
}

/** Regions of the spine from the top down, then sites by name. */
function regionNodes(regions: ReadonlySet<string>): GraphNode[] {
  const order = Object.keys(REGION_NAME);
  const rank = (name: string) => (order.indexOf(name) + order.length + 1) % (order.length + 1);
  return [...regions]
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((name) => ({ id: `region:${name}`, kind: 'region', name: REGION_NAME[name] ?? name }));
}

/** Levels named by a text such as `L4`, `L4-L5` or `T4-T12`, from the top down. */
function levelsIn(text: string | undefined): VertebraLevel[] {
  if (!text) return [];
  const found = text.split('-').filter((part): part is VertebraLevel => KNOWN.has(part));
  return found.length > 1 ? [...new Set(found)].sort((a, b) => levelIndex(a) - levelIndex(b)) : found;
}

const KNOWN: ReadonlySet<string> = new Set(VERTEBRA_LEVELS);

function regionOf(level: VertebraLevel): string {
  return level === 'COCCYX' ? 'sacral' : REGION_OF[level[0]];
}

function hasDisc(upper: VertebraLevel, lower: VertebraLevel): boolean {
  return upper !== 'C1' && !(regionOf(upper) === 'sacral' && regionOf(lower) === 'sacral');
}
