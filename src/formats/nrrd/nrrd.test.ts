import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import {
  ctVolume,
  filesOf,
  GRID,
  labelmap,
  memoryFile,
  readOne,
  roundTrip,
} from '../../../tests/support/formats/formats.ts';
import { type Labelmap, sameGrid, type Volume } from '../../model/index.ts';
import { concatBytes, latin1, utf8 } from '../bytes.ts';
import { nrrd } from './index.ts';

const VALUES = Int16Array.from({ length: 24 }, (_, index) => index * 100 - 1100);
const RAW = new Uint8Array(VALUES.buffer);

/** A 4×3×2 file of known values; fields may be added or replaced. */
function file(fields: Record<string, string> = {}, data: Uint8Array = RAW, extra: string[] = []): Uint8Array {
  const all: Record<string, string> = {
    type: 'short',
    dimension: '3',
    space: 'left-posterior-superior',
    sizes: '4 3 2',
    'space directions': '(2,0,0) (0,3,0) (0,0,4)',
    endian: 'little',
    encoding: 'raw',
    'space origin': '(10,20,30)',
    ...fields,
  };
  const lines = Object.entries(all)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}: ${value}`);
  return concatBytes([
    utf8(`NRRD0005\n# comment\n${lines.join('\n')}\n${extra.map((line) => `${line}\n`).join('')}\n`),
    data,
  ]);
}

async function read(bytes: Uint8Array, name = 'x_ct.nrrd', others: [string, Uint8Array][] = []) {
  const files = [memoryFile(name, bytes), ...others.map(([other, data]) => memoryFile(other, data))];
  const item = await readOne(nrrd, files);
  return { item, volume: item.artifacts[0].payload as Volume };
}

describe('NRRD', () => {
  it('reads raw, gzip, text and hexadecimal data alike', async () => {
    const hex = [...RAW].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const forms: [string, Uint8Array][] = [
      ['raw', RAW],
      ['gzip', gzipSync(RAW)],
      ['gz', gzipSync(RAW)],
      ['ascii', utf8(VALUES.join(' '))],
      ['text', utf8(VALUES.join(',\n'))],
      ['hex', utf8(hex)],
    ];
    for (const [encoding, data] of forms) {
      const { volume } = await read(file({ encoding }, data));
      expect(volume.data, encoding).toEqual(VALUES);
      expect(volume.spacing).toEqual([2, 3, 4]);
      expect(volume.origin).toEqual([10, 20, 30]);
    }
  });

  it.each([
    ['left-posterior-superior', [10, 20, 30], [1, 0, 0, 0, 1, 0, 0, 0, 1]],
    ['right-anterior-superior', [-10, -20, 30], [-1, 0, 0, 0, -1, 0, 0, 0, 1]],
    ['RAS', [-10, -20, 30], [-1, 0, 0, 0, -1, 0, 0, 0, 1]],
    ['left-anterior-superior', [10, -20, 30], [1, 0, 0, 0, -1, 0, 0, 0, 1]],
    ['LAS', [10, -20, 30], [1, 0, 0, 0, -1, 0, 0, 0, 1]],
  ])('knows the space %s', async (space, origin, direction) => {
    const { volume, item } = await read(file({ space }));
    expect(volume.origin).toEqual(origin);
    expect(volume.direction).toEqual(direction);
    expect(item.quality).toEqual([]);
  });

  it('says when the space is not anatomical', async () => {
    const scanner = await read(file({ space: '', 'space dimension': '3' }));
    expect(scanner.item.quality[0]).toMatchObject({ code: 'nrrd.no-orientation', severity: 'doubt' });
    const plain = await read(
      file({ space: '', 'space directions': '', 'space origin': '', spacings: '2 3 4', 'axis mins': '5 6 7' }),
    );
    expect(plain.item.quality[0]).toMatchObject({ code: 'nrrd.no-orientation', severity: 'fault' });
    expect(plain.volume.spacing).toEqual([2, 3, 4]);
    expect(plain.volume.origin).toEqual([5, 6, 7]);
  });

  it('honours units, byte order, byte skip and line skip', async () => {
    expect((await read(file({ 'space units': '"m" "m" "m"' }))).volume.spacing).toEqual([2000, 3000, 4000]);
    const swapped = new Uint8Array(RAW.length).map((_, at) => RAW[at ^ 1]);
    expect((await read(file({ endian: 'big' }, swapped))).volume.data).toEqual(VALUES);
    const skipped = concatBytes([utf8('one\ntwo\n'), new Uint8Array(5), RAW]);
    expect((await read(file({ 'line skip': '2', 'byte skip': '5' }, skipped))).volume.data).toEqual(VALUES);
    expect((await read(file({ 'byte skip': '-1' }, concatBytes([new Uint8Array(77), RAW])))).volume.data).toEqual(
      VALUES,
    );
  });

  it('reads detached data: one file, a list, a pattern', async () => {
    const header = (line: string, extra: string[] = []) => file({ 'data file': line }, new Uint8Array(0), extra);
    const one = await read(header('x.raw'), 'd/x_ct.nhdr', [['d/x.raw', RAW]]);
    expect(one.volume.data).toEqual(VALUES);
    expect(one.item.files).toEqual(['d/x_ct.nhdr', 'd/x.raw']);
    const halves: [string, Uint8Array][] = [
      ['s1.raw', RAW.subarray(0, 24)],
      ['s2.raw', RAW.subarray(24)],
    ];
    expect((await read(header('LIST', ['s1.raw', 's2.raw']), 'x_ct.nhdr', halves)).volume.data).toEqual(VALUES);
    expect((await read(header('s%d.raw 1 2 1'), 'x_ct.nhdr', halves)).volume.data).toEqual(VALUES);
    const { errors } = await nrrd.read([memoryFile('x.nhdr', header('gone.raw'))]);
    expect(errors[0].error).toMatchObject({ code: 'input.missing', hint: 'Add gone.raw from the same folder.' });
  });

  it('never leaves the folder for a data file', async () => {
    const header = file({ 'data file': '../../etc/passwd' }, new Uint8Array(0));
    const { errors } = await nrrd.read([memoryFile('d/x.nhdr', header), memoryFile('etc/passwd', RAW)]);
    expect(errors[0].error.code).toBe('input.missing');
  });

  it('takes the first of several values per voxel, wherever their axis stands', async () => {
    const pairs = Int16Array.from({ length: 48 }, (_, index) => (index % 2 === 0 ? VALUES[index / 2] : 9));
    const first = file(
      {
        dimension: '4',
        sizes: '2 4 3 2',
        'space directions': 'none (2,0,0) (0,3,0) (0,0,4)',
        kinds: 'vector domain domain domain',
      },
      new Uint8Array(pairs.buffer),
    );
    const last = file(
      { dimension: '4', sizes: '4 3 2 2', 'space directions': '(2,0,0) (0,3,0) (0,0,4) none' },
      concatBytes([RAW, new Uint8Array(48)]),
    );
    for (const bytes of [first, last]) {
      const { volume, item } = await read(bytes);
      expect(volume.data).toEqual(VALUES);
      expect(item.quality.map(({ code }) => code)).toEqual(['volume.first-of-many']);
    }
  });

  it('writes a label map that 3D Slicer opens as a segmentation, and reads it back', async () => {
    for (const encoding of ['gzip', 'raw', 'ascii']) {
      const artifact = { kind: 'labelmap.vertebrae' as const, payload: labelmap(), name: 'Spine' };
      const [written] = (await nrrd.write?.(artifact, { choices: { encoding } })) ?? [];
      expect(written.name).toBe('Spine.seg.nrrd');
      expect(latin1(written.bytes)).toContain('Segment0_LabelValue:=20');
      const item = await readOne(nrrd, filesOf([written]));
      const back = item.artifacts[0].payload as Labelmap;
      expect(back.data).toEqual(labelmap().data);
      expect(back.labels.map(({ value, name, color }) => ({ value, name, color }))).toEqual(
        labelmap().labels.map(({ value, name, color }) => ({ value, name, color })),
      );
      expect(sameGrid(back, GRID, 1e-9)).toBe(true);
    }
  });

  it('reads layers of overlapping segments, and files without label values', async () => {
    const two = new Uint8Array(48);
    for (let voxel = 0; voxel < 24; voxel++) two.set([voxel < 6 ? 1 : 0, voxel % 3], 2 * voxel);
    const fields = {
      type: 'unsigned char',
      dimension: '4',
      sizes: '2 4 3 2',
      'space directions': 'none (2,0,0) (0,3,0) (0,0,4)',
      kinds: 'list domain domain domain',
    };
    const segment = (index: number, name: string, value?: number, layer?: number) => [
      `Segment${index}_ID:=Segment_${index}`,
      `Segment${index}_Name:=${name}`,
      `Segment${index}_Color:=1 0.5 0`,
      ...(value === undefined ? [] : [`Segment${index}_LabelValue:=${value}`, `Segment${index}_Layer:=${layer}`]),
    ];
    const newer = [...segment(0, 'spine', 1, 0), ...segment(1, 'L1', 1, 1), ...segment(2, 'L2', 2, 1)];
    const report = await nrrd.read([memoryFile('x.seg.nrrd', file(fields, two, newer))]);
    const maps = report.items.map((item) => item.artifacts[0].payload as Labelmap);
    expect(maps.map((map) => map.labels.map(({ name }) => name))).toEqual([['spine'], ['L1', 'L2']]);
    expect(maps[0].labels[0].color).toEqual([255, 128, 0]);
    expect(Array.from(maps[1].data)).toEqual(Array.from({ length: 24 }, (_, voxel) => voxel % 3));
    const older = [...segment(0, 'a'), ...segment(1, 'b')];
    const old = await nrrd.read([
      memoryFile(
        'x.seg.nrrd',
        file(
          fields,
          two.map((v) => Math.min(v, 1)),
          older,
        ),
      ),
    ]);
    expect(old.items.map((item) => (item.artifacts[0].payload as Labelmap).labels[0])).toMatchObject([
      { value: 1, name: 'a' },
      { value: 1, name: 'b' },
    ]);
  });

  it('keeps the kind of an image', async () => {
    for (const detached of ['no', 'yes']) {
      const item = await roundTrip(nrrd, { kind: 'volume.other', payload: ctVolume(), name: 'x' }, { detached });
      expect(item.artifacts[0].kind).toBe('volume.other');
      expect((item.artifacts[0].payload as Volume).data).toEqual(ctVolume().data);
    }
  });

  it('names what is wrong', async () => {
    const cases: [Uint8Array, string, RegExp][] = [
      [file({}, RAW.subarray(0, 30)), 'file.truncated', /voxel data/],
      [file({ encoding: 'bzip2' }), 'file.unsupported', /encoding/],
      [file({ type: 'block' }), 'file.unsupported', /type/],
      [file({ sizes: '4 3' }), 'file.malformed', /sizes/],
      [file({ sizes: '4 3 -2' }), 'file.malformed', /sizes/],
      [file({ sizes: '4000000 300000 20000' }), 'file.truncated', /data/],
      [file({ sizes: '' }), 'file.malformed', /sizes/],
      [file({ 'space directions': '(2,0,0) (0,0,0) (0,0,4)' }), 'geometry.degenerate', /space directions/],
      [file({ 'space directions': '(2,0,0) (2,0.1,0) (0,0,4)' }), 'geometry.degenerate', /space directions/],
      [file({ encoding: 'ascii' }, utf8('1 2 three 4')), 'file.truncated', /data/],
      [file({ encoding: 'ascii' }, utf8(`${VALUES.join(' ').replace('1200', 'x')}`)), 'file.malformed', /data/],
      [utf8('NRRD0004\ntype: short\n'), 'file.truncated', /line/],
      [utf8('NRRD0004\nrubbish\n\n'), 'file.malformed', /line 2/],
    ];
    for (const [bytes, code, place] of cases) {
      const { errors, items } = await nrrd.read([memoryFile('x.nrrd', bytes)]);
      expect(items).toEqual([]);
      expect(errors[0].error.code).toBe(code);
      expect(errors[0].error.where.place).toMatch(place);
    }
  });
});
