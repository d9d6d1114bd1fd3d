import { describe, expect, it } from 'vitest';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import { expectRobust } from '../../../tests/support/formats/robust.ts';
import type { Signals } from '../../model/index.ts';
import { utf8 } from '../bytes.ts';
import { takenAtOf } from './device.ts';
import { opensignals } from './index.ts';
import { transferOf } from './transfer.ts';

const UNIT = {
  sensor: ['EMG', 'XYZ', 'XYZ', 'XYZ'],
  'device name': '00:07:80:00:00:01',
  column: ['nSeq', 'DI', 'CH1', 'CH2', 'CH3', 'CH4'],
  time: '13:55:4.491',
  date: '2019-3-29',
  device: 'biosignalsplux',
  'sampling rate': 1000,
  label: ['CH1', 'CH2', 'CH3', 'CH4'],
  resolution: [16, 16, 16, 16],
};

function text(unit: object, rows: readonly number[][], name = '00:07:80:00:00:01'): Uint8Array {
  const header = `# OpenSignals Text File Format\n# ${JSON.stringify({ [name]: unit })}\n# EndOfHeader\n`;
  return utf8(`${header}${rows.map((row) => `${row.join('\t')}\t\n`).join('')}`);
}

const ROWS = Array.from({ length: 40 }, (_, index) => [
  index,
  index > 20 ? 1 : 0,
  32_768 + 100 * index,
  33_000,
  33_000 + index,
  38_000,
]);

describe('OpenSignals', () => {
  it('turns counts into mV and g', async () => {
    const item = await readOne(opensignals, [memoryFile('a/rec.txt', text(UNIT, ROWS))]);
    expect(item).toMatchObject({ modality: 'emg', device: 'biosignalsplux', takenAt: '2019-03-29T13:55:04.491' });
    const report = await opensignals.read([memoryFile('a/rec.txt', text(UNIT, ROWS))]);
    expect(report.items.map(({ modality }) => modality)).toEqual(['emg', 'imu']);
    const emg = item.artifacts[0].payload as Signals;
    expect(emg).toMatchObject({ clock: 'rec', rateHz: 1000, startS: 0 });
    expect(emg.channels[0].unit).toBe('mV');
    // half the range is 0 mV; 100 of 65 536 counts are 100/65536 of 3 mV
    expect(emg.channels[0].values[1]).toBeCloseTo((100 / 65_536) * 3, 12);
    const imu = report.items[1].artifacts[0].payload as Signals;
    expect(imu.channels.map(({ axis, sensor }) => `${axis} ${sensor}`)).toEqual(
      ['x', 'y', 'z'].map((axis) => `${axis} 00:07:80:00:00:01`),
    );
    expect(imu.channels[2].values[0]).toBeCloseTo(1, 12);
  });

  it('keeps a digital line that changes, and flags clipping and lost packets', async () => {
    const rows = ROWS.map((row) => [...row]);
    rows[5][2] = 65_535;
    for (const row of rows.slice(10)) row[0] += 3;
    const item = await readOne(opensignals, [memoryFile('rec.txt', text(UNIT, rows))]);
    expect(item.artifacts.some(({ payload }) => (payload as Signals).channels[0].name === 'DI')).toBe(true);
    const said = item.quality.map(({ code, message }) => `${code}: ${message}`).join('\n');
    expect(said).toContain('signal.saturated: CH1: 1 of 40');
    expect(said).toContain('signal.lost-packets: The packet counter of 00:07:80:00:00:01 jumps: 3 samples');
  });

  it('knows BITalino and leaves unknown sensors in counts', () => {
    expect(transferOf('EMG', 10, 'bitalino')).toMatchObject({ unit: 'mV', scale: (3.3 / 1009) * (1000 / 1024) });
    expect(transferOf('RAW', 16, 'biosignalsplux')).toEqual({
      quantity: 'other',
      unit: '{count}',
      scale: 1,
      offset: 0,
    });
    expect(takenAtOf('19.3.2020', '1:2:3')).toBeUndefined();
  });

  it('reads two units side by side, each at its own rate', async () => {
    const second = {
      ...UNIT,
      sensor: ['EMG'],
      column: ['nSeq', 'CH1'],
      label: ['CH1'],
      resolution: [12],
      'sampling rate': 500,
    };
    const header = JSON.stringify({
      A: { ...UNIT, column: ['nSeq', 'CH1'], label: ['CH1'], sensor: ['EMG'] },
      B: second,
    });
    const body = [0, 1, 2].map((index) => `${index}\t32768\t${index}\t3072`).join('\n');
    const bytes = utf8(`# OpenSignals Text File Format\n# ${header}\n# EndOfHeader\n${body}\n`);
    const item = await readOne(opensignals, [memoryFile('two.txt', bytes)]);
    const [a, b] = item.artifacts.map(({ payload }) => payload as Signals);
    expect([a.rateHz, a.channels[0].values[0], b.rateHz, b.channels[0].values[0]]).toEqual([1000, 0, 500, 0.75]);
  });

  it('tells rows out of order from packets that were lost', async () => {
    const lines = new TextDecoder().decode(text(UNIT, ROWS)).split('\n');
    const first = lines.findIndex((line) => /^\d/.test(line)) + 5;
    [lines[first], lines[first + 1]] = [lines[first + 1], lines[first]];
    const item = await readOne(opensignals, [memoryFile('rec.txt', utf8(lines.join('\n')))]);
    expect(item.quality.map(({ code }) => code)).toContain('signal.out-of-order');
    expect(item.quality.map(({ message }) => message).join()).not.toMatch(/655\d\d samples/);
  });

  it('says what is wrong in the header', async () => {
    const cases: [object, string][] = [
      [{ ...UNIT, 'sampling rate': 'fast' }, 'sampling rate'],
      [{ ...UNIT, column: undefined }, '"column"'],
      [{ ...UNIT, resolution: [99, 99, 99, 99] }, 'resolution'],
    ];
    for (const [unit, detail] of cases) {
      const { errors } = await opensignals.read([memoryFile('rec.txt', text(unit, ROWS))]);
      expect(errors[0].error).toMatchObject({ code: 'file.malformed', detail: expect.stringContaining(detail) });
    }
  });

  it('withstands damage', async () => {
    await expectRobust(opensignals, [{ name: 'rec.txt', bytes: text(UNIT, ROWS) }]);
  });
});
