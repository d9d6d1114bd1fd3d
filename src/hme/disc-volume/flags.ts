/** Doubts about a measured label, in words a user can act on. */

import type { QualityFlag } from '../../model/index.ts';
import type { LabelShape } from './shape.ts';

/** A human disc is never wider than this · mm */
const WIDEST_MM = 90;
/** nor is one thicker · mm */
const THICKEST_MM = 30;
/** Volumes outside of these are no whole disc · cm³ (C2-C3 is near 1, a tall man's L4-L5 below 25) */
const VOLUME_CM3 = [0.3, 35] as const;
/** Spread along the flat axis over the spread along the next one, above which a shape is not flat. */
const FLAT_RATIO = 0.75;

/** Full width of a uniform bar over its standard deviation. */
const WIDTH_OF_SPREAD = Math.sqrt(12);

function misshapen(shape: LabelShape): string | undefined {
  const wide = shape.spreadMm[0] * WIDTH_OF_SPREAD;
  if (wide > WIDEST_MM) return `it would be about ${Math.round(wide)} mm wide`;
  if (shape.maxThicknessMm > THICKEST_MM) return `it would be ${Math.round(shape.maxThicknessMm)} mm thick`;
  if (shape.spreadMm[2] > FLAT_RATIO * shape.spreadMm[1]) return 'it is not flat in any direction';
  return undefined;
}

/** Flags of one label. */
export function flagsOf(level: string, shape: LabelShape): QualityFlag[] {
  const flags: QualityFlag[] = [];
  const add = (code: string, severity: QualityFlag['severity'], message: string) =>
    flags.push({ code: `disc.${code}`, severity, where: level, message });
  if (shape.components > 1) {
    const rest = ((1 - shape.largestShare) * 100).toPrecision(2);
    add(
      'several-pieces',
      shape.largestShare < 0.98 ? 'doubt' : 'info',
      `${level} lies in ${shape.components} pieces; ${rest} % of it is outside the largest. All were counted.`,
    );
  }
  if (shape.borders.length > 0) {
    add(
      'touches-border',
      'doubt',
      `${level} touches the edge of the image (${shape.borders.join(', ')}) and may be cut; its volume is then too small. A map cropped to its discs touches too.`,
    );
  }
  const odd = misshapen(shape);
  if (odd) {
    add(
      'shape',
      'doubt',
      `${level} has not the shape of a disc: ${odd}. Thickness and area cannot be trusted; the volume stands if the voxel volume does. Check that the spacings in the file belong to the right axes.`,
    );
  }
  const cm3 = shape.volumeMm3 / 1000;
  if (cm3 < VOLUME_CM3[0] || cm3 > VOLUME_CM3[1]) {
    add('volume', 'doubt', `${level} holds ${cm3.toPrecision(2)} cm³, which no whole disc does.`);
  }
  return flags;
}

/** Quality of the volume and of the measures of shape · 0 to 1. */
export function qualityOf(shape: LabelShape): { volume: number; shape: number } {
  const whole = shape.borders.length > 0 ? 0.7 : 0.95;
  const volume = whole * (shape.largestShare < 0.98 ? 0.7 : 1);
  return { volume, shape: misshapen(shape) ? 0.1 : volume };
}
