import { describe, expect, it } from 'vitest';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import { pointSequenceDifference, signalDifference } from '../../../tests/support/motion/motion-difference.ts';
import {
  emgSignals,
  forceSignals,
  markerSequence,
  skeletonSequence,
} from '../../../tests/support/motion/motion-samples.ts';
import type { EventList, PointSequence, Signals } from '../../model/index.ts';
import { type C3dDocument, type C3dProcessor, c3d, readC3d, writeC3d } from './index.ts';
import { float32s, groupOf, int16s, texts } from './make.ts';
import { decFloat, decWords } from './numbers.ts';

/** 2 points, 3 channels of 2 samples a frame, 5 frames from 11 on, with what real files carry. */
function trial(processor: C3dProcessor, storage: 'float' | 'int16', overrides: Partial<C3dDocument> = {}): C3dDocument {
  const whole = storage === 'int16';
  const Type = whole ? Int16Array : Float32Array;
  const points = new Type(4 * 2 * 5);
  const analog = new Type(3 * 2 * 5);
  for (let at = 0; at < points.length; at++) points[at] = at % 4 === 3 ? 3 : 10 * at - 77;
  points.set([0, 0, 0, -1], 8);
  for (let at = 0; at < analog.length; at++) analog[at] = 5 * at - 40;
  return {
    processor,
    header: {
      points: 2,
      analogPerFrame: 6,
      firstFrame: 11,
      lastFrame: 15,
      maxGap: 10,
      scale: whole ? 0.25 : -0.25,
      dataStart: 0,
      samplesPerFrame: 2,
      rateHz: 100,
      longLabels: true,
      events: [{ timeS: 0.125, shown: true, label: 'RTO' }],
      reserved: new Int16Array(137),
    },
    groups: [
      groupOf(1, 'POINT', [
        int16s('USED', [2]),
        float32s('SCALE', [whole ? 0.25 : -0.25]),
        float32s('RATE', [100]),
        int16s('DATA_START', [0]),
        int16s('FRAMES', [5]),
        texts('UNITS', ['m']),
        texts('LABELS', ['Anna:L.ASI:x']),
        texts('LABELS2', ['Anna:C7']),
        texts('Y_SCREEN', ['+Z']),
      ]),
      groupOf(2, 'ANALOG', [
        int16s('USED', [3]),
        float32s('RATE', [200]),
        float32s('GEN_SCALE', [0.5]),
        float32s('SCALE', [2, 4, 1]),
        int16s('OFFSET', [0, 10, -10]),
        texts('LABELS', ['ES_L4_L.EMG:1', 'Fz1', 'Sync']),
        texts('UNITS', ['uV', 'N', 'V']),
      ]),
      groupOf(3, 'SUBJECTS', [texts('NAMES', ['Anna']), texts('LABEL_PREFIXES', ['Anna:'])]),
      groupOf(4, 'FORCE_PLATFORM', [
        int16s('USED', [1]),
        int16s('TYPE', [2], [1]),
        float32s('CORNERS', [0.5, 0.4, 0, 0, 0.4, 0, 0, 0, 0, 0.5, 0, 0], [3, 4, 1]),
        float32s('ORIGIN', [0.001, 0.002, 0.04], [3, 1]),
        int16s('CHANNEL', [0, 0, 2, 0, 0, 0], [6, 1]),
      ]),
      groupOf(5, 'EVENT', [
        int16s('USED', [2]),
        float32s('TIMES', [1, 0.5, 0, 2.25], [2, 2]),
        texts('LABELS', ['Foot Off', 'Foot Strike']),
        texts('CONTEXTS', ['Right', 'Left']),
      ]),
    ],
    frames: 5,
    points,
    analog,
    ...overrides,
  };
}

/** A trial whose samples take more than a block, so that their number can be told from the size of the file. */
function longTrial(): C3dDocument {
  const short = trial('pc', 'float');
  const times = 40;
  const repeated = (values: C3dDocument['points']) =>
    Float32Array.from({ length: values.length * times }, (_, at) => values[at % values.length] + at / 16);
  const frames = short.frames * times;
  const points = repeated(short.points);
  for (let at = 3; at < points.length; at += 4) points[at] = 0;
  const header = { ...short.header, lastFrame: short.header.firstFrame + frames - 1 };
  const long = { ...short, header, frames, points, analog: repeated(short.analog) };
  for (const group of long.groups)
    group.parameters = group.parameters.map((one) => (one.name === 'FRAMES' ? int16s('FRAMES', [frames]) : one));
  return long;
}

const file = (document: C3dDocument) => memoryFile('walk.01.c3d', writeC3d(document));

const artifact = async <Payload>(document: C3dDocument, kind: string, choices?: Record<string, string>) =>
  (await readOne(c3d, [file(document)], { choices })).artifacts.find((one) => one.kind === kind)?.payload as Payload;

describe('C3D documents', () => {
  it.each(
    (['pc', 'dec', 'sgi'] as const).flatMap((processor) =>
      (['float', 'int16'] as const).map((storage) => [processor, storage] as const),
    ),
  )('come back as they were: %s, %s', (processor, storage) => {
    const sent = trial(processor, storage);
    const { document, flags } = readC3d(writeC3d(sent), 'x.c3d');
    expect(flags).toEqual([]);
    const placed = document.header.dataStart;
    expect(document.header).toEqual({ ...sent.header, dataStart: placed });
    expect(document.points).toEqual(sent.points);
    expect(document.analog).toEqual(sent.analog);
    const plain = (groups: C3dDocument['groups']) =>
      groups.map((group) => ({ ...group, parameters: group.parameters.filter(({ name }) => name !== 'DATA_START') }));
    expect(plain(document.groups)).toEqual(plain(sent.groups));
    expect(writeC3d(document)).toEqual(writeC3d(sent));
  });

  it('keep descriptions, locks, bytes and rotations', () => {
    const sent = trial('sgi', 'float');
    sent.groups[0].description = 'places';
    sent.groups[0].locked = true;
    sent.groups[0].parameters[0].locked = true;
    sent.groups[0].parameters[0].description = 'how many';
    sent.groups.push(
      groupOf(9, 'ROTATION', [int16s('USED', [1]), int16s('DATA_START', [0]), texts('LABELS', ['pelvis_4X4'])]),
      groupOf(10, 'X', [
        { name: 'B', description: '', locked: false, type: 'byte', dimensions: [3], values: Int8Array.of(1, -2, 127) },
      ]),
    );
    const values = Float32Array.from({ length: 17 * 5 }, (_, at) => at / 7);
    const { document } = readC3d(writeC3d({ ...sent, rotations: { used: 1, values } }), 'x.c3d');
    expect(document.rotations?.values).toEqual(values);
    expect(document.groups[0]).toMatchObject({ description: 'places', locked: true });
    expect(document.groups[0].parameters[0]).toMatchObject({ locked: true, description: 'how many' });
    expect(document.groups.at(-1)?.parameters[0].values).toEqual(Int8Array.of(1, -2, 127));
  });

  it('hold DEC floats over their whole range', () => {
    for (const value of [1, -1, 0.1, 123456.789, 1e-38, -3.5e37, 2 ** 126, -1.7e38 / 2, 3]) {
      const single = Math.fround(value);
      expect(decFloat(...decWords(single))).toBe(single);
    }
    expect(decWords(1)).toEqual([0x4080, 0]);
    expect(decFloat(...decWords(1e-45))).toBe(0);
    expect(decFloat(0x8000, 5)).toBe(-0 + 0);
  });
});

describe('C3D artifacts', () => {
  it.each(['float', 'int16'] as const)('are scaled to mm and units: %s', async (storage) => {
    const document = trial('dec', storage);
    const markers = await artifact<PointSequence>(document, 'sequence.markers');
    const unit = storage === 'int16' ? 250 : 1000;
    // the first point of frame 1, the second of frame 1
    expect(Array.from(markers.positions.subarray(0, 3))).toEqual([-77 * unit, -67 * unit, -57 * unit]);
    expect(Array.from(markers.positions.subarray(3, 6))).toEqual([-37 * unit, -27 * unit, -17 * unit]);
    // residual word −1
    expect(Array.from(markers.positions.subarray(6, 9))).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(markers.residualMm?.[0]).toBe(750);
    expect(markers.residualMm?.[2]).toBeNaN();
    expect(markers).toMatchObject({ clock: 'walk.01', startS: 0.1, rateHz: 100, frame: 'lab', up: '+z' });
    const emg = await artifact<Signals>(document, 'signal.emg');
    expect(emg).toMatchObject({ rateHz: 200, startS: 0.1 });
    expect(emg.channels).toHaveLength(1);
    expect(emg.channels[0]).toMatchObject({
      name: 'ES_L4_L.EMG:1',
      unit: 'uV',
      site: 'erectorSpinae',
      level: 'L4',
      side: 'left',
    });
    // (stored − offset) · scale · general scale
    expect(Array.from(emg.channels[0].values.subarray(0, 3))).toEqual([-40, -25, -10]);
    const force = await artifact<Signals>(document, 'signal.force');
    expect(Array.from(force.channels[0].values.subarray(0, 2))).toEqual([(-35 - 10) * 2, (-20 - 10) * 2]);
    expect(force.channels[0]).toMatchObject({ quantity: 'force', axis: 'z', sensor: 'plate 1' });
    expect(Array.from(force.plates?.[0].corners.subarray(0, 3) ?? [], Math.round)).toEqual([500, 400, 0]);
    // a positive z was written the other way round
    expect(force.plates?.[0].origin.map((value) => Math.round(value))).toEqual([-1, -2, -40]);
    const other = await artifact<Signals>(document, 'signal.other');
    expect(other.channels.map(({ name }) => name)).toEqual(['Sync']);
    const { events } = await artifact<EventList>(document, 'events');
    expect(events).toEqual([
      { label: 'Foot Strike', timeS: 2.25, side: 'left' },
      { label: 'Foot Off', timeS: 60.5, side: 'right' },
    ]);
  });

  it('carry no name of a person unless asked', async () => {
    const document = trial('pc', 'float');
    expect((await artifact<PointSequence>(document, 'sequence.markers')).names).toEqual(['L.ASI:x', 'C7']);
    const kept = await artifact<PointSequence>(document, 'sequence.markers', { prefix: 'keep' });
    expect(kept.names).toEqual(['Anna:L.ASI:x', 'Anna:C7']);
  });

  it('reads unsigned samples', async () => {
    const document = trial('pc', 'int16');
    document.groups[1].parameters.push(texts('FORMAT', ['UNSIGNED']));
    document.analog[0] = -1;
    const emg = await artifact<Signals>(document, 'signal.emg');
    expect(emg.channels[0].values[0]).toBe(65_535);
  });

  it('keeps model outputs apart from markers', async () => {
    const document = trial('pc', 'float');
    document.groups[0].parameters.push(texts('ANGLES', ['Anna:C7']));
    const angles = await artifact<Signals>(document, 'signal.angle');
    expect(angles.channels.map(({ name, unit }) => [name, unit])).toEqual([
      ['Anna:C7.x', 'deg'],
      ['Anna:C7.y', 'deg'],
      ['Anna:C7.z', 'deg'],
    ]);
    expect(angles.channels[0].values[0]).toBe(-37);
    expect((await artifact<PointSequence>(document, 'sequence.markers')).names).toEqual(['L.ASI:x']);
  });

  it('takes the events of the header where the group has none', async () => {
    const document = trial('sgi', 'float');
    document.groups.pop();
    expect((await artifact<EventList>(document, 'events')).events).toEqual([
      { label: 'RTO', timeS: 0.125, side: 'right' },
    ]);
  });
});

describe('C3D files that contradict themselves', () => {
  it('believes the bytes when the header announces too many frames', async () => {
    const document = trial('pc', 'float');
    document.header.lastFrame = 1159;
    document.groups[0].parameters[4] = int16s('FRAMES', [1149]);
    const item = await readOne(c3d, [file(document)]);
    expect(item.quality.map(({ code }) => code)).toContain('c3d.frames-missing');
    // whole frames that fit the last block
    expect(item.metadata.frames).toBe(Math.floor(512 / (4 * 14)));
  });

  it('believes the parameters when the header counts wrong', async () => {
    const document = trial('pc', 'float');
    document.header.lastFrame = 99;
    expect((await readOne(c3d, [file(document)])).metadata.frames).toBe(5);
  });

  it('finds its samples where words of the header are wrong, and says so', async () => {
    const right = writeC3d(longTrial());
    const changed = async (word: number, value: number) => {
      const bytes = right.slice();
      new DataView(bytes.buffer).setUint16(2 * (word - 1), value, true);
      return readOne(c3d, [memoryFile('x.c3d', bytes)]);
    };
    const whole = await readOne(c3d, [memoryFile('x.c3d', right)]);
    expect(whole.quality.map(({ code }) => code)).not.toContain('c3d.header-disagrees');
    const stated = new DataView(right.buffer).getUint16(2 * (9 - 1), true);
    expect(stated).toBeGreaterThan(2);
    // analog numbers a frame: none, and far too many; first block of samples: in the header itself, and past the end
    for (const [word, value] of [
      [3, 0],
      [3, 65_535],
      [9, 1],
      [9, 60_000],
    ]) {
      const item = await changed(word, value);
      expect(item.artifacts, `word ${word} = ${value}`).toEqual(whole.artifacts);
      expect(item.quality.map(({ code }) => code)).toContain('c3d.header-disagrees');
    }
  });

  it('says that there is no time where no rate is given', async () => {
    const sent = longTrial();
    const point = sent.groups.find(({ name }) => name === 'POINT');
    if (point) point.parameters = point.parameters.filter(({ name }) => name !== 'RATE');
    const item = await readOne(c3d, [file({ ...sent, header: { ...sent.header, rateHz: 0 } })]);
    expect(item.quality.find(({ code }) => code === 'c3d.no-rate')?.severity).toBe('fault');
  });

  it('keeps more than 255 events', async () => {
    const events = Array.from({ length: 300 }, (_, at) => ({
      label: `step ${at}`,
      timeS: at / 4,
      ...(at % 3 === 0 && { side: 'left' as const }),
      ...(at === 299 && { endS: 80 }),
    }));
    const [written] = (await c3d.write?.({ kind: 'events', payload: { clock: 'a', events }, name: 'a' })) ?? [];
    const item = await readOne(c3d, [memoryFile('a.c3d', written.bytes)]);
    expect((item.artifacts[0].payload as EventList).events).toEqual(events);
  });

  it('counts beyond 65535 frames', () => {
    const frames = 70_000;
    const document: C3dDocument = {
      ...trial('pc', 'int16'),
      frames,
      points: new Int16Array(8 * frames),
      analog: new Int16Array(6 * frames),
    };
    document.header.lastFrame = 65_535;
    document.header.firstFrame = 1;
    document.groups[0].parameters[4] = int16s('FRAMES', [65_535]);
    document.groups.push(
      groupOf(8, 'TRIAL', [
        int16s('ACTUAL_START_FIELD', [1, 0]),
        int16s('ACTUAL_END_FIELD', [frames & 0xffff, Math.floor(frames / 65_536)]),
      ]),
    );
    expect(readC3d(writeC3d(document), 'x.c3d').document.frames).toBe(frames);
  });

  it('leaves out plates whose corners are garbage', async () => {
    const document = trial('pc', 'float');
    document.groups[3].parameters[2].values.fill(1e30);
    const item = await readOne(c3d, [file(document)]);
    expect(item.quality.map(({ code }) => code)).toContain('c3d.plate-corners');
  });

  it.each([
    ['no C3D', new Uint8Array(600), 'file.unrecognised'],
    ['cut in the samples', writeC3d(trial('pc', 'float')).slice(0, 1536), 'file.truncated'],
  ])('refuses a file that is %s', (_, bytes, code) => {
    expect(() => readC3d(bytes, 'x.c3d')).toThrow(expect.objectContaining({ code }));
  });
});

describe('writing C3D', () => {
  it('puts what is on one grid into one file and the rest into others', async () => {
    const markers = markerSequence();
    const emg = { ...emgSignals(100), startS: markers.startS };
    const forces = { ...forceSignals(50), startS: markers.startS };
    const given = [
      { kind: 'sequence.markers' as const, payload: markers, name: 'm' },
      { kind: 'signal.emg' as const, payload: emg, name: 'e' },
      { kind: 'signal.force' as const, payload: forces, name: 'f' },
    ];
    const files = (await c3d.writeTogether?.(given, 'trial')) ?? [];
    // 2000 and 1000 Hz cannot share a file
    expect(files.map(({ name }) => name)).toEqual(['trial.c3d', 'trial-2.c3d']);
    const [first, second] = await Promise.all(
      files.map(async ({ name, bytes }) => readOne(c3d, [memoryFile(name, bytes)])),
    );
    expect(first.artifacts.map(({ kind }) => kind)).toEqual(['sequence.markers', 'signal.emg']);
    expect(pointSequenceDifference(markers, first.artifacts[0].payload as PointSequence)).toBeUndefined();
    expect(signalDifference(emg, first.artifacts[1].payload as Signals)).toBeUndefined();
    expect(signalDifference(forces, second.artifacts[0].payload as Signals)).toBeUndefined();
    expect((second.artifacts[0].payload as Signals).plates?.[0].origin).toEqual([0, 0, -40]);
  });

  it('keeps a skeleton, its parents, turns and uneven time', async () => {
    const sent = skeletonSequence();
    const [written] = (await c3d.write?.({ kind: 'sequence.skeleton', payload: sent, name: 's' })) ?? [];
    const item = await readOne(c3d, [memoryFile(written.name, written.bytes)]);
    const got = item.artifacts[0].payload as PointSequence;
    expect(item.artifacts.map(({ kind }) => kind)).toEqual(['sequence.skeleton']);
    expect(pointSequenceDifference(sent, got)).toBeUndefined();
    expect(got).toMatchObject({ parents: [-1, 0, 1], frame: 'camera', up: '-y' });
    for (let at = 0; at < 48; at++) expect(got.orientations?.[at]).toBeCloseTo(sent.orientations?.[at] ?? 9, 6);
    expect(Array.from(got.timeS ?? [])).toHaveLength(4);
  });

  it('writes more than 255 points', async () => {
    const names = Array.from({ length: 300 }, (_, at) => `marker ${at}`);
    const sent: PointSequence = { ...markerSequence(), names, positions: new Float32Array(900).fill(5) };
    const [written] = (await c3d.write?.({ kind: 'sequence.markers', payload: sent, name: 's' })) ?? [];
    const item = await readOne(c3d, [memoryFile(written.name, written.bytes)]);
    expect((item.artifacts[0].payload as PointSequence).names).toEqual(names);
  });
});
