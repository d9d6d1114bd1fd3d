/** EDF+ and BDF+ files of pyedflib in our hands. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { edf } from '../../src/formats/index.ts';
import type { EventList, Signals } from '../../src/model/index.ts';
import { memoryFile } from '../support/formats/formats.ts';
import { describeWithPython, runPython } from '../support/python.ts';

const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), 'edf_pyedflib.py');
const folder = mkdtempSync(join(tmpdir(), 'msdt-edf-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Made {
  path: string;
  signals: number[][];
  events: [number, number, string][];
}

describeWithPython('pyedflib', () => {
  it('writes recordings that we read to the last bit but rounding', async () => {
    for (const { path, signals, events } of JSON.parse(runPython(SCRIPT, [folder])) as Made[]) {
      const { items, errors } = await edf.read([memoryFile(path, new Uint8Array(readFileSync(path)))]);
      expect(errors).toEqual([]);
      const all = items.flatMap(({ artifacts }) => artifacts);
      const streams = all.filter(({ kind }) => kind.startsWith('signal.')).map(({ payload }) => payload as Signals);
      expect(streams.map(({ rateHz }) => rateHz).sort()).toEqual([142, 2000, 71]);
      const labels = ['EMG L4 left', 'EMG L4 right', 'Acc X', 'Knee angle'];
      for (const [index, label] of labels.entries()) {
        const channel = streams.flatMap(({ channels }) => channels).find(({ name }) => name === label);
        expect(channel?.values).toHaveLength(signals[index].length);
        // scale and offset are applied in another order
        const worst = Math.max(...signals[index].map((value, at) => Math.abs(value - (channel?.values[at] ?? 0))));
        expect(worst, label).toBeLessThan(1e-11);
      }
      const notes = all.find(({ kind }) => kind === 'events')?.payload as EventList;
      expect(
        notes.events.map(({ timeS, endS, label }) => [timeS, endS === undefined ? -1 : endS - timeS, label]),
      ).toEqual(events);
    }
  });
});
