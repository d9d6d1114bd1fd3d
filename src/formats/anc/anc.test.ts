import { describe, expect, it } from 'vitest';
import { expectSurvives } from '../../../tests/support/formats/damage.ts';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import type { Signals } from '../../model/index.ts';
import { anc } from './index.ts';

const TEXT = [
  'File_Type:\tAnalog R/C ASCII\tGeneration#:\t2',
  'Board_Type:\tboard\tPolarity:\tBipolar',
  'Trial_Name:\twalk\tTrial#:\t3\tDuration(Sec.):\t0.001500\t#Channels:\t3',
  'BitDepth:\t16\tPreciseRate:\t2000.000000',
  '',
  '',
  'Name\tF1Z\tTA\tSync\t',
  'Rate\t2000\t2000\t2000\t',
  'Range\t5000\t2500\t5000\t',
  '0.500000\t32767\t-16384\t1',
  '0.500500\t0\t8192\t2',
  '0.501000\t-32768\t1\t3',
].join('\n');

const bytes = new TextEncoder().encode(TEXT);

describe('ANC', () => {
  it('scales counts by the range of each channel', async () => {
    const report = await anc.read([memoryFile('walk.anc', bytes)]);
    expect(report.errors).toEqual([]);
    const signals = report.items.flatMap((item) => item.artifacts.map(({ payload }) => payload as Signals));
    const channel = (name: string) => signals.flatMap(({ channels }) => channels).find((one) => one.name === name);
    expect(Array.from(channel('TA')?.values ?? [])).toEqual([-1250, 625, Math.fround(2500 / 32_768)]);
    expect(channel('TA')).toMatchObject({ quantity: 'emg', unit: 'mV', site: 'tibialisAnterior' });
    expect(channel('F1Z')).toMatchObject({ quantity: 'other', sensor: 'plate 1' });
    for (const one of signals) expect(one).toMatchObject({ startS: 0.5, rateHz: 2000, clock: 'walk' });
  });

  it('knows its own', () => {
    expect(anc.sniff(bytes, 'a.anc')).toBe('yes');
    expect(anc.sniff(new TextEncoder().encode('Name\tA\n'), 'a.anc')).toBe('no');
  });

  it('refuses channels of different rates', async () => {
    const mixed = TEXT.replace('Rate\t2000\t2000\t2000', 'Rate\t2000\t1000\t2000');
    await expect(readOne(anc, [memoryFile('x.anc', new TextEncoder().encode(mixed))])).rejects.toMatchObject({
      code: 'file.unsupported',
    });
  });

  it('says where the rows break off', async () => {
    const broken = TEXT.replace('0.500500\t0', '0.500500\tx');
    const report = await anc.read([memoryFile('x.anc', new TextEncoder().encode(broken))]);
    expect(report.items[0].quality.find(({ code }) => code === 'anc.cut')?.where).toBe('row 2');
    expect(report.items[0].metadata.rows).toBe(1);
  });

  it('never carries numbers of a short row into the next one', async () => {
    const short = TEXT.replace('0.500500\t0\t8192\t2', '0.500500\t0');
    const report = await anc.read([memoryFile('x.anc', new TextEncoder().encode(short))]);
    expect(report.items[0].metadata.rows).toBe(1);
    expect(report.items[0].quality.find(({ code }) => code === 'anc.cut')?.where).toBe('row 2');
  });

  it('says that decimal commas are the matter', async () => {
    const commas = TEXT.replace(/(\d)\.(\d)/g, '$1,$2').replace('2000,000000', '2000');
    await expect(readOne(anc, [memoryFile('x.anc', new TextEncoder().encode(commas))])).rejects.toMatchObject({
      code: 'file.malformed',
      where: { place: 'row 1' },
      hint: expect.stringContaining('decimal commas'),
    });
  });

  it('survives damage', () => expectSurvives(anc, 'x.anc', bytes));
});
