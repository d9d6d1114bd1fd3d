import { describe, expect, it } from 'vitest';
import { hexRgb, levelColour, luminance, mapColour, parseHex } from './colour.ts';

describe('colours', () => {
  it('read white as a minifier writes it', () => {
    expect(parseHex('#fff')).toEqual(parseHex('#ffffff'));
    expect(parseHex('#1a2')).toEqual([17, 170, 34]);
  });

  it('rise in lightness along the perceptual maps', () => {
    for (const map of ['viridis', 'cividis'] as const) {
      let last = -1;
      for (let i = 0; i <= 40; i++) {
        const now = luminance(mapColour(map, i / 40));
        expect(now).toBeGreaterThanOrEqual(last - 1e-3);
        last = now;
      }
    }
  });

  it('tell neighbours apart by lightness', () => {
    for (const [a, b] of [
      ['T7', 'T8'],
      ['L4', 'L5'],
      ['C2', 'C3'],
    ]) {
      const [x, y] = [luminance(levelColour(a)), luminance(levelColour(b))].sort();
      expect((y + 0.05) / (x + 0.05)).toBeGreaterThan(1.5);
    }
  });

  it('go to hex and back', () => {
    expect(parseHex(hexRgb([12, 200, 255]))).toEqual([12, 200, 255]);
  });
});
