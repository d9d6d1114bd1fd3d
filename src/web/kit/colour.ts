/** Colours that mean something: vertebral levels, and perceptual maps for numbers. */

import { parseLevel } from '../../model/index.ts';

export type Rgb = readonly [number, number, number];

/** Two tones a region; neighbours alternate so that an outline between them is seen. Safe for colour-blind eyes by lightness. */
const REGION_TONES: Record<string, readonly [Rgb, Rgb]> = {
  C: [
    [126, 182, 232],
    [74, 134, 194],
  ],
  T: [
    [98, 198, 172],
    [46, 146, 122],
  ],
  L: [
    [240, 190, 104],
    [206, 140, 46],
  ],
  S: [
    [206, 164, 230],
    [162, 112, 196],
  ],
};
const OTHER: Rgb = [170, 178, 186];

/** Colour of a vertebral level; of the upper vertebra for a disc. */
export function levelColour(level: string | undefined): Rgb {
  const parsed = level ? parseLevel(level.split('-')[0]) : undefined;
  if (!parsed) return OTHER;
  const tones = REGION_TONES[parsed[0]] ?? REGION_TONES.S;
  return tones[Number(parsed.slice(1)) % 2];
}

export function cssRgb(colour: Rgb, alpha = 1): string {
  return alpha === 1 ? `rgb(${colour.join(' ')})` : `rgb(${colour.join(' ')} / ${alpha})`;
}

export function hexRgb(colour: Rgb): string {
  return `#${colour.map((c) => Math.round(c).toString(16).padStart(2, '0')).join('')}`;
}

export function parseHex(hex: string): Rgb {
  // `#fff` is how a minifier writes white
  const long = hex.length === 4 ? hex.replace(/[0-9a-f]/gi, '$&$&') : hex;
  const n = Number.parseInt(long.slice(1), 16);
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255];
}

const CIVIDIS: readonly Rgb[] = [
  [0, 34, 78],
  [18, 53, 112],
  [59, 73, 108],
  [87, 93, 109],
  [112, 113, 115],
  [138, 134, 120],
  [165, 156, 116],
  [195, 179, 105],
  [225, 204, 85],
  [254, 232, 56],
];
const VIRIDIS: readonly Rgb[] = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [109, 205, 89],
  [180, 222, 44],
  [253, 231, 37],
];
const DIFFERENCE: readonly Rgb[] = [
  [33, 102, 172],
  [103, 169, 207],
  [209, 229, 240],
  [247, 247, 247],
  [253, 219, 199],
  [239, 138, 98],
  [178, 24, 43],
];
const MAPS = { cividis: CIVIDIS, viridis: VIRIDIS, difference: DIFFERENCE } as const;
export type ColourMap = keyof typeof MAPS;

/** Colour at `t` (0 to 1, clamped) of a perceptual map. */
export function mapColour(map: ColourMap, t: number): Rgb {
  const stops = MAPS[map];
  const x = Math.min(1, Math.max(0, t)) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(x));
  const f = x - i;
  const mix = (c: 0 | 1 | 2): number => Math.round(stops[i][c] + f * (stops[i + 1][c] - stops[i][c]));
  return [mix(0), mix(1), mix(2)];
}

/** Relative luminance after WCAG, to choose black or white text on a colour. */
export function luminance([r, g, b]: Rgb): number {
  const lin = (c: number): number => {
    const s = c / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * lin(r) + 0.7152 * lin(g) + 0.0722 * lin(b);
}
