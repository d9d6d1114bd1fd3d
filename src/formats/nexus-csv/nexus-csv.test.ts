import { describe, expect, it } from 'vitest';
import { expectSurvives } from '../../../tests/support/formats/damage.ts';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import type { EventList, PointSequence, Signals } from '../../model/index.ts';
import { nexusCsv } from './index.ts';

const TEXT = [
  'Devices',
  '400',
  ',,AMTI - Force,,Delsys - Biceps,Voltage - Sync',
  'Frame,Sub Frame,Fx,Fz,EMG1,1',
  ',,N,N,V,V',
  '11,2,1,-700,0.001,5',
  '11,3,2,-701,0.002,5',
  '12,0,3,-702,-0.003,5',
  '',
  'Events',
  '100',
  'Subject,Context,Name,Time (s),Description',
  'Anna,Right,Foot Off,0.15,x',
  'Anna,Left,Foot Strike,0.12,x',
  '',
  'Model Outputs',
  '100',
  ',,Anna:LKneeAngles,,',
  'Frame,Sub Frame,X,Y,Z',
  ',,deg,deg,deg',
  '11,0,1,2,3',
  '12,0,4,5,6',
  '',
  'Trajectories',
  '100',
  ',,Anna:LASI,,,Anna:RASI,,',
  'Frame,Sub Frame,X,Y,Z,X,Y,Z',
  ',,mm,mm,mm,mm,mm,mm',
  '11,0,1,2,3,4,5,6',
  '12,0,1.5,2.5,3.5,,,',
].join('\r\n');

const bytes = new TextEncoder().encode(TEXT);

describe('Nexus CSV', () => {
  it('reads every section at its own rate', async () => {
    const item = await readOne(nexusCsv, [memoryFile('walk.csv', bytes)]);
    const payload = <Payload>(kind: string) => item.artifacts.find((one) => one.kind === kind)?.payload as Payload;
    const markers = payload<PointSequence>('sequence.markers');
    expect(markers).toMatchObject({ names: ['LASI', 'RASI'], startS: 0.1, rateHz: 100, clock: 'walk' });
    expect(Array.from(markers.positions)).toEqual([
      1,
      2,
      3,
      4,
      5,
      6,
      1.5,
      2.5,
      3.5,
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    const emg = payload<Signals>('signal.emg');
    expect(emg.rateHz).toBe(400);
    // frame 11, sub-frame 2 of 4
    expect(emg.startS).toBeCloseTo(0.105, 12);
    expect(emg.channels[0]).toMatchObject({ name: 'EMG1', site: 'bicepsBrachii', unit: 'V' });
    expect(emg.channels[0].values[2]).toBeCloseTo(-0.003, 9);
    expect(payload<Signals>('signal.force').channels.map(({ name, axis }) => [name, axis])).toEqual([
      ['Fx', 'x'],
      ['Fz', 'z'],
    ]);
    expect(payload<Signals>('signal.other').channels[0].name).toBe('Sync.1');
    expect(payload<Signals>('signal.angle').channels.map(({ name }) => name)).toEqual([
      'LKneeAngles.X',
      'LKneeAngles.Y',
      'LKneeAngles.Z',
    ]);
    expect(payload<EventList>('events').events).toEqual([
      { label: 'Foot Strike', timeS: 0.12, side: 'left' },
      { label: 'Foot Off', timeS: 0.15, side: 'right' },
    ]);
  });

  it('reads semicolons with decimal commas as the same numbers', async () => {
    const commas = TEXT.replace(/,/g, ';').replace(/(\d)\.(\d)/g, '$1,$2');
    const read = async (text: string) =>
      (await readOne(nexusCsv, [memoryFile('walk.csv', new TextEncoder().encode(text))])).artifacts;
    expect(await read(commas)).toEqual(await read(TEXT));
  });

  it('says which cells it could not read, and what was not seen', async () => {
    const read = (text: string) => readOne(nexusCsv, [memoryFile('w.csv', new TextEncoder().encode(text))]);
    const { quality } = await read(TEXT.replace('11,0,1,2,3,4,5,6', '11,0,1,two,3,4,5,6'));
    expect(quality.map(({ code, where }) => [code, where])).toEqual([
      ['nexus.cells', 'line 29'],
      ['motion.markers-missing', undefined],
    ]);
    await expect(read(TEXT.replace(/\n(1[12],\d),.*/g, '\n$1,a,b,c,d,e,f'))).rejects.toMatchObject({
      code: 'file.malformed',
      where: { place: 'line 6' },
    });
  });

  it('leaves the name of a person out unless asked', async () => {
    expect(JSON.stringify(await readOne(nexusCsv, [memoryFile('w.csv', bytes)]))).not.toContain('Anna');
    const kept = await readOne(nexusCsv, [memoryFile('w.csv', bytes)], { choices: { prefix: 'keep' } });
    expect(JSON.stringify(kept)).toContain('Anna:LASI');
  });

  it('knows its own and leaves other tables alone', () => {
    expect(nexusCsv.sniff(bytes, 'a.csv')).toBe('yes');
    expect(nexusCsv.sniff(new TextEncoder().encode('Trajectories\nname,value\n1,2\n'), 'a.csv')).toBe('no');
    expect(nexusCsv.sniff(new TextEncoder().encode('a,b\n1,2\n'), 'a.csv')).toBe('no');
  });

  it('survives damage', () => expectSurvives(nexusCsv, 'x.csv', bytes));
});
