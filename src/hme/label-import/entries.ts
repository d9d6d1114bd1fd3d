/** The numbers, names and colours under which this capability writes its labels. */

import { type LabelEntry, levelIndex, type VertebraLevel } from '../../model/index.ts';

/** Number under which the part of the sacrum below a separate S1 is written. */
const REST_OF_SACRUM = 34;

/**
 * Number under which a level is written: VerSe's (C1 1 … L5 24, L6 25, S1 or sacrum 26, T13 28).
 * @example levelValue('L4') // 23
 */
export function levelValue(level: VertebraLevel): number {
  if (level === 'T13') return 28;
  if (level === 'COCCYX') return 27;
  const place = levelIndex(level) + 1;
  if (place <= 19) return place;
  if (place <= 27) return place - 1;
  return place + 1;
}

/** Number under which a disc is written: 100 + the number of the vertebra above it, as SPINEPS does. */
export function segmentValue(segment: string): number {
  return 100 + levelValue(segment.split('-')[0] as VertebraLevel);
}

const REGION_HUES: Record<string, readonly [number, number]> = {
  C: [215, 36],
  T: [160, 60],
  L: [36, 26],
  S: [285, 0],
};

/** Label of a level. */
export function levelEntry(level: VertebraLevel, structure: LabelEntry['structure']): LabelEntry {
  return { value: levelValue(level), name: level, level, structure, color: levelColor(level) };
}

/** Label of a disc. */
export function discEntry(segment: string): LabelEntry {
  return { value: segmentValue(segment), name: segment, segment, structure: 'disc', color: [120, 170, 200] };
}

/**
 * Label of the sacrum.
 * @param ownS1 - a vertebra of its own is S1, so the sacrum is what lies below it and carries no level
 */
export function sacrumEntry(ownS1: boolean): LabelEntry {
  const base: LabelEntry = { value: REST_OF_SACRUM, name: 'sacrum', structure: 'sacrum', color: levelColor('S1') };
  return ownS1 ? base : { ...base, value: levelValue('S1'), level: 'S1' };
}

/**
 * Display colour of a level: one family a region, neighbours apart.
 * @returns sRGB 0-255
 */
export function levelColor(level: VertebraLevel): [number, number, number] {
  const region = level === 'COCCYX' ? 'S' : level[0];
  const place = Number(level.slice(1)) || 0;
  const [hue, span] = REGION_HUES[region];
  const turn = (hue + span * ((place % 3) / 2 - 0.5) + 360) % 360;
  return hslToRgb(turn, 0.42, place % 2 === 0 ? 0.68 : 0.58);
}

function hslToRgb(hue: number, saturation: number, lightness: number): [number, number, number] {
  const chroma = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): number => {
    const k = (offset + hue / 30) % 12;
    return Math.round(255 * (lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}
