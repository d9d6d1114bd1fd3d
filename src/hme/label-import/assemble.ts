/**
 * From interpreted sources to the maps of the twin: vertebrae, bodies, discs, other anatomy.
 *
 * Method: every source paints its labels into the map its meaning asks for, first come first served; masks without levels (all
 * bodies or all discs in one value) then take theirs from the vertebrae. Complexity: O(sources · voxels).
 */

import {
  type Grid,
  type LabelEntry,
  type Labelmap,
  MsdtError,
  type QualityFlag,
  sameGrid,
  type VertebraLevel,
} from '../../model/index.ts';
import { disagreements, levelBodies, standInForVertebrae, UNDECIDED } from './bodies.ts';
import { splitDiscs } from './discs.ts';
import { discEntry, levelEntry, sacrumEntry } from './entries.ts';
import type { InterpretedSource } from './interpret.ts';
import { regridLabels } from './measure.ts';
import type { LabelMeaning } from './names.ts';
import { shiftedLevels, shiftedSegment } from './shift.ts';

/** The maps of one set of sources; a map without labels is absent. */
export interface AssembledMaps {
  vertebrae?: Labelmap;
  bodies?: Labelmap;
  discs?: Labelmap;
  anatomy?: Labelmap;
  flags: QualityFlag[];
}

type Target = 'vertebrae' | 'bodies' | 'discs' | 'anatomy';

/**
 * Paints all sources on the grid of the one that labels the most vertebrae.
 * @param shift - levels by which every vertebra moves, caudal positive
 */
export function assembleMaps(sources: readonly InterpretedSource[], shift: number): AssembledMaps {
  const flags: QualityFlag[] = [];
  const reference = [...sources].sort((a, b) => levelsIn(b).length - levelsIn(a).length)[0].map;
  const canvas = new Canvas(reference);
  const levels = shiftedLevels(sources.flatMap(levelsIn), shift);
  const ownS1 = [...levels.entries()].some(([, to]) => to === 'S1') && sources.some((s) => levelsIn(s).length > 0);
  for (const source of sources) {
    const map = onGrid(source, reference, flags);
    canvas.paint(map, paintTable(source, canvas, { levels, shift, ownS1 }, flags));
  }
  flags.push(...lostLevels(sources, levels));
  return { ...canvas.finish(flags), flags };
}

/** Levels of whole vertebrae and bodies in a source; the sacrum does not count. */
function levelsIn(source: InterpretedSource): VertebraLevel[] {
  const levels: VertebraLevel[] = [];
  for (const { structure, level } of source.meanings.values()) {
    if (level && (structure === 'vertebra' || structure === 'vertebral-body')) levels.push(level);
  }
  return levels;
}

function onGrid(source: InterpretedSource, grid: Grid, flags: QualityFlag[]): Labelmap {
  if (sameGrid(source.map, grid)) return source.map;
  const map = regridLabels(source.map, grid);
  if (!map.data.some((value: number) => value !== 0)) {
    throw new MsdtError('geometry.no-overlap', `${source.file} does not lie where the other label maps lie`, {
      where: { file: source.file },
      detail: 'none of its labels falls inside the grid of the vertebrae',
      hint: 'Give label maps of one and the same scan.',
    });
  }
  flags.push({
    code: 'labels.resampled',
    severity: 'info',
    where: source.file,
    message: 'This file lies on another grid; its labels were taken over by the nearest voxel.',
  });
  return map;
}

interface LevelPlan {
  levels: ReadonlyMap<VertebraLevel, VertebraLevel>;
  shift: number;
  /** a vertebra of its own is S1, so the sacrum is what lies below it */
  ownS1: boolean;
}

interface Brush {
  target: Target;
  value: number;
}

/** For each value of a source: where it is painted and under which number. */
function paintTable(
  source: InterpretedSource,
  canvas: Canvas,
  plan: LevelPlan,
  flags: QualityFlag[],
): Map<number, Brush> {
  const table = new Map<number, Brush>();
  for (const { value } of source.measures) {
    const meaning = source.meanings.get(value);
    const entry = meaning && entryFor(meaning, plan, value);
    if (!entry) continue;
    if (canvas.isTaken(entry.target, entry.label, source.file)) {
      flags.push({
        code: 'labels.two-sources',
        severity: 'info',
        where: entry.label.name,
        message: `${entry.label.name} is labelled more than once; the first file's label was kept and this one (${source.file}) left out.`,
      });
      continue;
    }
    const painted = canvas.register(entry.target, entry.label, source.file);
    if (entry.label.level && [...table.values()].some((b) => b.target === entry.target && b.value === painted)) {
      flags.push({
        code: 'labels.duplicate-level',
        severity: 'fault',
        where: entry.label.name,
        message: `${source.file} has two labels that both mean ${entry.label.name}; they were joined. Correct the names in the file.`,
      });
    }
    table.set(value, { target: entry.target, value: painted });
  }
  return table;
}

function entryFor(
  meaning: LabelMeaning,
  plan: LevelPlan,
  value: number,
): { target: Target; label: LabelEntry } | undefined {
  const { structure, side, name } = meaning;
  switch (structure) {
    case 'sacrum':
      return { target: 'vertebrae', label: sacrumEntry(plan.ownS1) };
    case 'vertebra':
    case 'vertebral-body': {
      const target = structure === 'vertebra' ? 'vertebrae' : 'bodies';
      if (!meaning.level) {
        if (structure === 'vertebra') return { target: 'anatomy', label: { value, name, structure, side } };
        return { target, label: { value: UNDECIDED, name, structure } };
      }
      const level = plan.levels.get(meaning.level);
      return level && { target, label: levelEntry(level, structure) };
    }
    case 'disc': {
      const segment = meaning.segment && shiftedSegment(meaning.segment, plan.shift);
      if (meaning.segment && !segment) return undefined;
      return { target: 'discs', label: segment ? discEntry(segment) : { value: UNDECIDED, name, structure } };
    }
    default:
      return { target: 'anatomy', label: { value, name, structure, side } };
  }
}

function lostLevels(
  sources: readonly InterpretedSource[],
  levels: ReadonlyMap<VertebraLevel, VertebraLevel>,
): QualityFlag[] {
  const lost = [...new Set(sources.flatMap(levelsIn))].filter((level) => !levels.has(level));
  if (lost.length === 0) return [];
  return [
    {
      code: 'labels.shifted-out',
      severity: 'doubt',
      where: lost.join(', '),
      message: `The shift moves ${lost.join(', ')} beyond the end of the column; those labels were left out.`,
    },
  ];
}

/** The maps while they are painted. */
class Canvas {
  private readonly grid: Grid;
  private readonly data: Record<Target, Uint8Array | Uint16Array | undefined>;
  private readonly entries: Record<Target, LabelEntry[]> = { vertebrae: [], bodies: [], discs: [], anatomy: [] };
  private readonly owners = new Map<string, string>();

  constructor(grid: Grid) {
    this.grid = grid;
    this.data = { vertebrae: undefined, bodies: undefined, discs: undefined, anatomy: undefined };
  }

  /** True when another file already gave this label. */
  isTaken(target: Target, label: LabelEntry, file: string): boolean {
    if (target === 'anatomy') return false;
    const owner = this.owners.get(`${target} ${label.value}`);
    return owner !== undefined && owner !== file;
  }

  /** Enters a label and returns the number it is painted with. */
  register(target: Target, label: LabelEntry, file: string): number {
    const entries = this.entries[target];
    if (target === 'anatomy') return this.registerAnatomy(label);
    if (!entries.some((entry) => entry.value === label.value)) entries.push(label);
    this.owners.set(`${target} ${label.value}`, file);
    return label.value;
  }

  private registerAnatomy(label: LabelEntry): number {
    const entries = this.entries.anatomy;
    const same = entries.find((entry) => entry.name === label.name && entry.structure === label.structure);
    if (same) return same.value;
    const used = new Set(entries.map((entry) => entry.value));
    let value = label.value;
    for (let free = 1; used.has(value); free++) value = free;
    entries.push({ ...label, value });
    return value;
  }

  paint(map: Labelmap, table: ReadonlyMap<number, Brush>): void {
    for (const target of ['vertebrae', 'bodies', 'discs', 'anatomy'] as const) {
      const lookup = new Uint16Array(map.data instanceof Uint16Array ? 65536 : 256);
      let largest = 0;
      for (const [value, brush] of table) {
        if (brush.target === target) largest = Math.max(largest, (lookup[value] = brush.value));
      }
      if (largest === 0) continue;
      const out = this.canvasFor(target, largest);
      for (let at = 0; at < out.length; at++) {
        const value = lookup[map.data[at]];
        if (value !== 0 && out[at] === 0) out[at] = value;
      }
    }
  }

  private canvasFor(target: Target, largest: number): Uint8Array | Uint16Array {
    const [ni, nj, nk] = this.grid.size;
    let out = this.data[target] ?? new Uint8Array(ni * nj * nk);
    if (largest > 255 && out instanceof Uint8Array) out = Uint16Array.from(out);
    this.data[target] = out;
    return out;
  }

  finish(flags: QualityFlag[]): Omit<AssembledMaps, 'flags'> {
    const vertebrae = this.mapOf('vertebrae');
    const bodies = this.mapOf('bodies');
    if (vertebrae && bodies) {
      flags.push(...disagreements(bodies, vertebrae));
      levelBodies(bodies, vertebrae);
    }
    const discs = this.mapOf('discs');
    const column = vertebrae ?? bodies;
    if (discs && column) splitDiscs(discs, column, UNDECIDED, flags);
    for (const map of [bodies, discs]) if (map) nameUndecided(map);
    for (const map of [vertebrae, bodies, discs]) if (map) pruneLabels(map);
    const whole = vertebrae ?? (bodies && standInForVertebrae(bodies, flags));
    const anatomy = this.mapOf('anatomy');
    if (!whole) flags.push(...withoutLevels(bodies, anatomy));
    return { vertebrae: whole, bodies, discs, anatomy };
  }

  private mapOf(target: Target): Labelmap | undefined {
    const data = this.data[target];
    if (!data) return undefined;
    const { size, spacing, origin, direction } = this.grid;
    const labels = [...this.entries[target]].sort((a, b) => a.value - b.value);
    return { size, spacing, origin, direction, data, labels };
  }
}

/** Drops the labels of which another file's left no voxel. */
function pruneLabels(map: Labelmap): void {
  const present = new Uint8Array(65536);
  for (let at = 0; at < map.data.length; at++) present[map.data[at]] = 1;
  map.labels = map.labels.filter(({ value }) => present[value] === 1);
}

/** A mask that could not be split keeps one value, 1. */
function nameUndecided(map: Labelmap): void {
  const entry = map.labels.find(({ value }) => value === UNDECIDED);
  if (!entry) return;
  const { data } = map;
  for (let at = 0; at < data.length; at++) if (data[at] === UNDECIDED) data[at] = 1;
  entry.value = 1;
}

function withoutLevels(bodies: Labelmap | undefined, anatomy: Labelmap | undefined): QualityFlag[] {
  const joined = anatomy?.labels.some(({ structure }) => structure === 'vertebra');
  if (!bodies && !joined) return [];
  return [
    {
      code: 'labels.levels-missing',
      severity: 'doubt',
      message:
        'The vertebrae share one label, so no level is known. Add a map that labels them one by one (TotalSegmentator total, vertebrae_pp or vertebrae_mr).',
    },
  ];
}
