import { describe, expect, it } from 'vitest';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import { expectRobust } from '../../../tests/support/formats/robust.ts';
import { createRandom } from '../../kernel/index.ts';
import type { EventList, Signals } from '../../model/index.ts';
import { concatBytes, utf8 } from '../bytes.ts';
import { correctStamps, fitOffsets, removeJitter } from './clocks.ts';
import { xdf } from './index.ts';

function bytesOf(length: number, fill: (view: DataView) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(length));
  fill(view);
  return new Uint8Array(view.buffer);
}

function chunk(tag: number, body: Uint8Array): Uint8Array {
  const head = bytesOf(7, (view) => {
    view.setUint8(0, 4);
    view.setUint32(1, body.length + 2, true);
    view.setUint16(5, tag, true);
  });
  return concatBytes([head, body]);
}

const id = (stream: number): Uint8Array => bytesOf(4, (view) => view.setUint32(0, stream, true));

function header(stream: number, name: string, type: string, format: string, rate: number, channels = ''): Uint8Array {
  const count = channels.split('<label>').length - 1 || 1;
  const xml = `<?xml version="1.0"?><info><name>${name}</name><type>${type}</type><channel_count>${count}</channel_count><nominal_srate>${rate}</nominal_srate><channel_format>${format}</channel_format><desc><channels>${channels}</channels></desc></info>`;
  return chunk(2, concatBytes([id(stream), utf8(xml)]));
}

function offset(stream: number, time: number, value: number): Uint8Array {
  const body = bytesOf(16, (view) => {
    view.setFloat64(0, time, true);
    view.setFloat64(8, value, true);
  });
  return chunk(4, concatBytes([id(stream), body]));
}

/** Samples of float32 channels; NaN as stamp means none. */
function samples(stream: number, rows: { stamp: number; values: number[] }[]): Uint8Array {
  const count = bytesOf(5, (view) => {
    view.setUint8(0, 4);
    view.setUint32(1, rows.length, true);
  });
  const parts = rows.map(({ stamp, values }) => {
    const stamped = Number.isNaN(stamp) ? 0 : 8;
    return bytesOf(1 + stamped + 4 * values.length, (view) => {
      view.setUint8(0, stamped);
      if (stamped) view.setFloat64(1, stamp, true);
      for (const [index, value] of values.entries()) view.setFloat32(1 + stamped + 4 * index, value, true);
    });
  });
  return chunk(3, concatBytes([id(stream), count, ...parts]));
}

function markers(stream: number, list: { stamp: number; text: string }[]): Uint8Array {
  const parts = list.map(({ stamp, text }) => {
    const body = utf8(text);
    const head = bytesOf(11, (view) => {
      view.setUint8(0, 8);
      view.setFloat64(1, stamp, true);
      view.setUint8(9, 1);
      view.setUint8(10, body.length);
    });
    return concatBytes([head, body]);
  });
  return chunk(
    3,
    concatBytes([id(stream), bytesOf(2, (view) => view.setUint16(0, 1 | (list.length << 8), true)), ...parts]),
  );
}

const EMG_CHANNELS = ['EMG L4 left', 'EMG L4 right']
  .map((label) => `<channel><label>${label}</label><unit>microvolts</unit><type>EMG</type></channel>`)
  .join('');

const random = createRandom(4);
const jitter = (): number => (random.uniform() - 0.5) * 2e-3;

/** 2 s at 100.5 Hz with jitter, sender 7 s behind and 50 ppm slow, and two markers of another sender. */
function recording(): Uint8Array {
  const rows = Array.from({ length: 201 }, (_, index) => ({
    stamp: index % 10 === 1 ? Number.NaN : 1000 + index / 100.5 + jitter(),
    values: [Math.sin(index), Math.cos(index)],
  }));
  return concatBytes([
    utf8('XDF:'),
    chunk(1, utf8('<?xml version="1.0"?><info><version>1.0</version></info>')),
    header(1, 'Amplifier', 'EMG', 'float32', 100, EMG_CHANNELS),
    header(2, 'Notes', 'Markers', 'string', 0),
    ...Array.from({ length: 5 }, (_, index) => offset(1, 1000 + index / 2, 7 + (index / 2) * 5e-5)),
    samples(1, rows.slice(0, 100)),
    markers(2, [
      { stamp: 1008, text: 'bend' },
      { stamp: 1008.5, text: 'stop' },
    ]),
    samples(1, rows.slice(100)),
  ]);
}

describe('XDF', () => {
  it('brings streams to one clock, without jitter', async () => {
    const item = await readOne(xdf, [memoryFile('a/session.xdf', recording())]);
    const emg = item.artifacts[0].payload as Signals;
    expect(item.modality).toBe('emg');
    expect(item.metadata.clockOriginS).toBeCloseTo(1007, 2);
    expect(emg).toMatchObject({ clock: 'session' });
    // 50 ppm: a second of the sender is 1.00005 of the recorder's
    expect(emg.rateHz / (100.5 / 1.00005)).toBeCloseTo(1, 4);
    expect(emg.timeS).toBeUndefined();
    expect(emg.channels.map(({ name, unit, level, side }) => `${name} ${unit} ${level} ${side}`)).toEqual([
      'EMG L4 left uV L4 left',
      'EMG L4 right uV L4 right',
    ]);
    expect(emg.channels[1].values[200]).toBeCloseTo(Math.cos(200), 6);
    const events = item.artifacts.find(({ kind }) => kind === 'events')?.payload as EventList;
    expect(events.events.map(({ label }) => label)).toEqual(['bend', 'stop']);
    expect(events.events[1].timeS - events.events[0].timeS).toBeCloseTo(0.5, 9);
  });

  it('fits offsets robustly and finds resets', () => {
    const times = Array.from({ length: 40 }, (_, index) => index * 5);
    const offsets = times.map((time) => 3 + 1e-5 * time);
    offsets[7] += 0.05;
    offsets[23] += 0.2;
    const [line, ...more] = fitOffsets(times, offsets);
    expect(more).toEqual([]);
    expect(line.slope).toBeCloseTo(1e-5, 7);
    expect(line.offsetS).toBeCloseTo(3, 4);
    const again = times.map((time) => time / 10);
    const lines = fitOffsets([...times, ...again], [...offsets, ...again.map(() => 500)]);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatchObject({ fromS: 0, offsetS: 500 });
    // samples before and after the reset find their own line
    const stamps = [190, 191, 192, 0, 1, 2];
    expect(Array.from(correctStamps(stamps, lines), Math.round)).toEqual([193, 194, 195, 500, 501, 502]);
  });

  it('parts a stream at its gaps', () => {
    const timeS = Float64Array.from({ length: 2000 }, (_, index) => index / 100 + (index >= 1000 ? 30 : 0) + jitter());
    const even = removeJitter(timeS, 100);
    expect(even.gaps).toHaveLength(1);
    expect(even.gaps[0].lengthS).toBeCloseTo(30, 1);
    expect(even.rateHz).toBeCloseTo(100, 2);
    expect(even.timeS?.[1500]).toBeCloseTo(45, 3);
  });

  it('goes on after a damaged chunk and says so', async () => {
    const boundary = Uint8Array.of(
      0x43,
      0xa5,
      0x46,
      0xdc,
      0xcb,
      0xf5,
      0x41,
      0x0f,
      0xb3,
      0x0e,
      0xd5,
      0x46,
      0x73,
      0x83,
      0xcb,
      0xe4,
    );
    const rows = Array.from({ length: 30 }, (_, index) => ({ stamp: index / 100, values: [index, index] }));
    const bytes = concatBytes([
      utf8('XDF:'),
      header(1, 'Amplifier', 'EMG', 'float32', 100, EMG_CHANNELS),
      Uint8Array.of(9, 9, 9, 9),
      chunk(5, boundary),
      samples(1, rows),
    ]);
    const item = await readOne(xdf, [memoryFile('x.xdf', bytes)]);
    expect((item.artifacts[0].payload as Signals).channels[0].values).toHaveLength(30);
    expect(item.quality[0]).toMatchObject({ code: 'xdf.damaged-chunk', severity: 'doubt' });
  });

  it('tells empty recordings', async () => {
    const bytes = concatBytes([utf8('XDF:'), header(1, 'Amplifier', 'EMG', 'float32', 100, EMG_CHANNELS)]);
    const { errors } = await xdf.read([memoryFile('x.xdf', bytes)]);
    expect(errors[0].error).toMatchObject({ code: 'input.empty', where: { place: 'Amplifier' } });
  });

  it('withstands damage', async () => {
    await expectRobust(xdf, [{ name: 'session.xdf', bytes: recording() }]);
  });
});
