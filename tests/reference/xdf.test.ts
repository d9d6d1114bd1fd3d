/** XDF files of the real data through our reader and through pyxdf. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseXdf } from '../../src/formats/xdf/chunks.ts';
import { correctStamps, fitOffsets, removeJitter } from '../../src/formats/xdf/clocks.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { describeWithPython, runPython } from '../support/python.ts';

const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), 'xdf_pyxdf.py');

interface Stream {
  id: number;
  name: string;
  stamps: number[];
  synchronised: number[];
  texts: string[] | null;
  sums: number[] | null;
}

/** pyxdf solves for the same line by 1000 steps of another method, with stamps near 10⁵ s in double precision · s */
const CLOCK_S = 2e-6;

describeWithPython('pyxdf', () => {
  describeWithData('xdf-examples', () => {
    describe.each(['minimal', 'clock_resets', 'empty_streams'])('%s.xdf', (name) => {
      const path = dataPath('xdf-examples', `${name}.xdf`);

      it('holds the same stamps and values', () => {
        const theirs = JSON.parse(runPython(SCRIPT, [path])) as Stream[];
        const { streams, quality } = parseXdf(new Uint8Array(readFileSync(path)), path);
        expect(quality).toEqual([]);
        expect(streams).toHaveLength(theirs.length);
        for (const stream of streams) {
          const other = theirs.find(({ id }) => id === stream.id);
          expect(stream.stamps).toEqual(other?.stamps);
          if (stream.format === 'string') expect(stream.texts).toEqual(other?.texts ?? []);
          else if (other?.sums)
            // 27 815 values added in another order
            for (const [channel, sum] of other.sums.entries())
              expect(stream.values[channel].reduce((total, value) => total + value, 0)).toBeCloseTo(sum, 6);
        }
      });

      // with a reset pyxdf applies each fit to as many samples as there were offsets, so only one stretch can be compared
      it.skipIf(name === 'clock_resets')('has the same synchronised stamps', () => {
        const theirs = JSON.parse(runPython(SCRIPT, [path])) as Stream[];
        const { streams } = parseXdf(new Uint8Array(readFileSync(path)), path);
        for (const stream of streams) {
          const other = theirs.find(({ id }) => id === stream.id)?.synchronised ?? [];
          const corrected = correctStamps(stream.stamps, fitOffsets(stream.offsetTimes, stream.offsets));
          if (corrected.length === 0) continue;
          const rate = stream.nominalRateHz;
          const even = rate > 0 ? removeJitter(corrected, rate) : undefined;
          for (const [index, expected] of other.entries()) {
            const found = even ? even.startS + index / even.rateHz : corrected[index];
            expect(Math.abs(found - expected)).toBeLessThan(CLOCK_S);
          }
        }
      });
    });
  });
});
