import { describe, expect, it } from 'vitest';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import { expectRobust } from '../../../tests/support/formats/robust.ts';
import type { EventList, Signals } from '../../model/index.ts';
import { concatBytes, utf8 } from '../bytes.ts';
import { parseAnnotations } from './annotations.ts';
import { edf } from './index.ts';

interface Signal {
  label: string;
  dimension: string;
  samples: number;
  value(record: number, sample: number): number;
}

interface Way {
  width?: 2 | 3;
  variant?: string;
  records?: number;
  said?: number;
  notes?: string[];
  patient?: string;
}

/** A small writer: digital equals tenths of the physical value. */
function file(
  signals: Signal[],
  { width = 2, variant = '', records = 3, said = records, notes, patient = '' }: Way = {},
): Uint8Array {
  const all = notes ? [...signals, { label: 'EDF Annotations', dimension: '', samples: 30, value: () => 0 }] : signals;
  const text = (value: string | number, length: number): string => String(value).padEnd(length).slice(0, length);
  const columns: [number, (signal: Signal) => string | number][] = [
    [16, ({ label }) => label],
    [80, () => ''],
    [8, ({ dimension }) => dimension],
    [8, () => -1000],
    [8, () => 1000],
    [8, () => -10_000],
    [8, () => 10_000],
    [80, () => ''],
    [8, ({ samples }) => samples],
    [32, () => ''],
  ];
  const head =
    text(width === 3 ? '\xffBIOSEMI' : '0', 8) +
    text(patient, 80) +
    text('Startdate 05-MAR-2024 X X X', 80) +
    '05.03.24' +
    '10.20.30' +
    text(256 * (all.length + 1), 8) +
    text(variant, 44) +
    text(said, 8) +
    text(1, 8) +
    text(all.length, 4) +
    columns.map(([length, of]) => all.map((signal) => text(of(signal), length)).join('')).join('');
  const body: number[] = [];
  for (let record = 0; record < records; record++)
    for (const signal of all) {
      if (signal.label === 'EDF Annotations') {
        const bytes = new Uint8Array(signal.samples * width);
        bytes.set(utf8(notes?.[record] ?? ''));
        body.push(...bytes);
        continue;
      }
      for (let sample = 0; sample < signal.samples; sample++) {
        const digital = Math.round(signal.value(record, sample) * 10);
        for (let byte = 0; byte < width; byte++) body.push((digital >> (8 * byte)) & 255);
      }
    }
  return concatBytes([Uint8Array.from(head, (letter) => letter.charCodeAt(0)), Uint8Array.from(body)]);
}

const SIGNALS: Signal[] = [
  { label: 'EMG L4 left', dimension: 'uV', samples: 40, value: (record, sample) => record * 100 + sample - 50 },
  { label: 'Acc X', dimension: 'g', samples: 7, value: (_, sample) => sample / 10 },
];

const NOTES = ['+0\x14\x14\x00+0.5\x152\x14bend\x14\x00', '+1\x14\x14\x00', '+2\x14\x14\x00'];

describe('EDF', () => {
  it.each([2, 3] as const)('reads %i bytes a sample, each signal at its own rate', async (width) => {
    const report = await edf.read([memoryFile('x.edf', file(SIGNALS, { width }))]);
    expect(report.errors).toEqual([]);
    expect(report.items.map(({ modality }) => modality)).toEqual(['emg', 'imu']);
    const [emg, imu] = report.items.map(({ artifacts }) => artifacts[0].payload as Signals);
    expect(emg).toMatchObject({ rateHz: 40, startS: 0, clock: 'x' });
    expect(emg.channels[0]).toMatchObject({ unit: 'uV', level: 'L4', side: 'left' });
    expect(emg.channels[0].values[80]).toBeCloseTo(150, 9);
    expect(emg.channels[0].values[3]).toBeCloseTo(-47, 9);
    expect(imu.rateHz).toBe(7);
    expect(report.items[0].takenAt).toBe('2024-03-05T10:20:30');
  });

  it('reads annotations', async () => {
    const item = await readOne(edf, [memoryFile('x.edf', file(SIGNALS, { variant: 'EDF+C', notes: NOTES }))]);
    const events = item.artifacts.find(({ kind }) => kind === 'events')?.payload as EventList;
    expect(events.events).toEqual([{ label: 'bend', timeS: 0.5, endS: 2.5 }]);
    expect(parseAnnotations(utf8('+3.25\x14a\x14b\x14\x00')).events.map(({ label }) => label)).toEqual(['a', 'b']);
  });

  it('keeps pauses of a discontinuous recording', async () => {
    const notes = [NOTES[0], '+10\x14\x14\x00', '+11\x14\x14\x00'];
    const item = await readOne(edf, [memoryFile('x.edf', file(SIGNALS, { variant: 'EDF+D', notes }))]);
    const emg = item.artifacts[0].payload as Signals;
    expect([emg.timeS?.[39], emg.timeS?.[40]]).toEqual([expect.closeTo(0.975, 9), 10]);
    expect(item.quality.map(({ code }) => code)).toContain('edf.pause');
  });

  it('counts records itself where the writer did not, and flags clipping', async () => {
    const clipped: Signal = {
      label: 'EMG',
      dimension: 'mV',
      samples: 4,
      value: (_, sample) => (sample === 2 ? 1000 : 1),
    };
    const item = await readOne(edf, [memoryFile('x.edf', file([clipped], { said: -1 }))]);
    expect(item.metadata.records).toBe(3);
    expect(item.quality[0]).toMatchObject({ code: 'signal.saturated', where: 'EMG' });
  });

  it.each([
    ['', undefined],
    ['X X X X', undefined],
    ['X F X X', undefined],
    ['4711 F 02-MAR-1961 Jane_Doe', true],
  ])('with "%s" in the field of the patient: names the person, %s', async (patient, named) => {
    const item = await readOne(edf, [memoryFile('x.edf', file(SIGNALS, { patient }))]);
    expect(item.namesPerson).toBe(named);
    expect(JSON.stringify([item.metadata, item.quality])).not.toMatch(/Jane|4711/);
  });

  it('says what is cut or wrong', async () => {
    const whole = file(SIGNALS);
    const cut = await edf.read([memoryFile('x.edf', whole.slice(0, whole.length - 10))]);
    expect(cut.errors[0].error).toMatchObject({ code: 'file.truncated', where: { place: 'data records' } });
    const bad = whole.slice();
    bad.set(utf8('abcd'), 252);
    expect((await edf.read([memoryFile('x.edf', bad)])).errors[0].error.code).toBe('file.malformed');
  });

  it('withstands damage', async () => {
    await expectRobust(edf, [{ name: 'x.edf', bytes: file(SIGNALS, { variant: 'EDF+C', notes: NOTES }) }]);
    await expectRobust(edf, [{ name: 'x.bdf', bytes: file(SIGNALS, { width: 3 }) }]);
  });
});
