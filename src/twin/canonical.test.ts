import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, hashOf } from './canonical.ts';

describe('canonicalJson', () => {
  it('sorts keys, drops undefined, writes numbers one way', () => {
    expect(canonicalJson({ b: 1.0, a: [-0, 1e21, 0.1], c: undefined, Z: 'é"' })).toBe(
      '{"Z":"é\\"","a":[0,1e+21,0.1],"b":1}',
    );
  });

  it('does not see the order of keys, does see the order of lists', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(hashOf(turned)).toBe(hashOf(value));
      }),
    );
    expect(hashOf([1, 2])).not.toBe(hashOf([2, 1]));
  });

  it('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, () => 1, new Date(0), new Map(), 1n, Symbol('x'), new Uint8Array(2)])(
    'refuses what JSON cannot hold: %s',
    (value) => {
      expect(() => canonicalJson({ deep: [value] })).toThrow(/\$\.deep\[0\]/);
    },
  );
});
