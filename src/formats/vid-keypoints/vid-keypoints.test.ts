import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import { expectHelpful } from '../../../tests/support/formats/robust.ts';
import { createRandom } from '../../kernel/index.ts';
import type { SpineLandmarks, Vec3 } from '../../model/index.ts';
import { utf8 } from '../bytes.ts';
import { json } from '../json/index.ts';
import { associatePedicles, readTar, vidKeypoints } from './index.ts';

const LEVELS = ['T11', 'T12', 'L1', 'L2', 'L3', 'L4', 'L5'];

const entry = (xyz: Vec3, type: object) => ({ coordinates: { world_space: xyz }, type });

/** A column that leans; bodies, then left, then right pedicles, in an order of their own. */
function scan(levels = LEVELS, order: readonly number[] = levels.map((_, i) => i)) {
  const body = (i: number): Vec3 => [3 * i, 40 + 12 * i, -30 * i];
  const bodies = order.map((i) => entry(body(i), { spine_level: levels[i], keypoint_type: 'body' }));
  const sides = (['left', 'right'] as const).flatMap((side) =>
    [...order].reverse().map((i) => {
      const [x, y, z] = body(i);
      return entry([x + (side === 'left' ? 14 : -14), y + 25, z + 14], { keypoint_type: side });
    }),
  );
  return [...bodies, ...sides];
}

const file = (value: unknown, name = 'a.json') =>
  memoryFile(name, utf8(typeof value === 'string' ? value : JSON.stringify(value)));

function tarHeader(name: string, size: number, type = '0'): Uint8Array {
  const head = new Uint8Array(512);
  const put = (text: string, at: number) => head.set(utf8(text), at);
  put(name.slice(0, 100), 0);
  put('0000644\0', 100);
  put(`${size.toString(8).padStart(11, '0')}\0`, 124);
  put('        ', 148);
  put(type, 156);
  put('ustar\x0000', 257);
  put(
    `${head
      .reduce((a, b) => a + b, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return head;
}

function tar(entries: [string, Uint8Array, string?][]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [name, bytes, type] of entries) {
    const padded = new Uint8Array(Math.ceil(bytes.length / 512) * 512);
    padded.set(bytes);
    parts.push(tarHeader(name, bytes.length, type), padded);
  }
  parts.push(new Uint8Array(1024));
  return Uint8Array.of(...parts.flatMap((part) => [...part]));
}

const packed = (entries: [string, Uint8Array, string?][]) => memoryFile('set.tar.gz', gzipSync(tar(entries)));

describe('VID keypoints', () => {
  it('reads a scan in whatever order, with levels for its pedicles', async () => {
    const item = await readOne(vidKeypoints, [file(scan(LEVELS, [3, 0, 6, 1, 5, 2, 4]))]);
    expect(item.modality).toBe('keypoints');
    const { points } = item.artifacts[0].payload as SpineLandmarks;
    expect(points.filter(({ id }) => id.endsWith('.body')).map(({ level }) => level)).toEqual(LEVELS);
    for (const level of LEVELS) {
      const at = (id: string) => points.find((point) => point.id === id)?.xyz as Vec3;
      const [body, left, right] = ['body', 'pedicle.left', 'pedicle.right'].map((part) => at(`${level}.${part}`));
      expect(left.map((v, d) => v - body[d])).toEqual([14, 25, 14]);
      expect(right.map((v, d) => v - body[d])).toEqual([-14, 25, 14]);
    }
    expect(item.quality.map(({ code }) => code)).toEqual(['keypoints.levels-matched']);
  });

  it('leaves pedicles without a body alone, and bodies without pedicles', async () => {
    const whole = scan();
    // without the body of L5 and without the left pedicle of L1
    const part = whole.filter((point, i) => i !== 6 && point !== whole[7 + 4]);
    const item = await readOne(vidKeypoints, [file(part)]);
    const ids = (item.artifacts[0].payload as SpineLandmarks).points.map(({ id }) => id);
    expect(ids).not.toContain('L1.pedicle.left');
    expect(ids).toContain('L1.pedicle.right');
    expect(ids.filter((id) => id.startsWith('pedicle.'))).toHaveLength(2);
  });

  it('keeps levels that come twice, L6, T13, and detections without a level', async () => {
    const twice = [...scan(['T12', 'T13', 'L1', 'L5', 'L6']), ...scan(['L5']).slice(0, 1)];
    const item = await readOne(vidKeypoints, [file(twice)]);
    const ids = (item.artifacts[0].payload as SpineLandmarks).points.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['T13.body', 'L6.body', 'L5.body', 'L5.body.2']));
    expect(new Set(ids).size).toBe(ids.length);
    const detections = scan().map((point) => ({ ...point, type: { ...point.type, spine_level: undefined } }));
    const found = await readOne(vidKeypoints, [file(detections)]);
    expect(found.quality.map(({ code }) => code)).toContain('keypoints.unnamed-bodies');
  });

  it('flags sides that are swapped', async () => {
    const mirrored = scan().map((point) => {
      const [x, y, z] = point.coordinates.world_space;
      return { ...point, coordinates: { world_space: [-x, y, z] } };
    });
    const item = await readOne(vidKeypoints, [file(mirrored)]);
    expect(item.quality.map(({ code }) => code)).toContain('keypoints.sides');
  });

  it('reads an archive, one item a scan, and lets a bad file not sink the others', async () => {
    const good = utf8(JSON.stringify(scan()));
    const long = `${'deep/'.repeat(30)}long-name.json`;
    const report = await vidKeypoints.read([
      packed([
        ['set/', new Uint8Array(0), '5'],
        ['set/one.json', good],
        ['../../etc/passwd.json', good],
        ['set/bad.json', good.slice(0, 200)],
        ['set/readme.txt', utf8('hello')],
        ['set/link.json', new Uint8Array(0), '2'],
        ['././@LongLink', utf8(`${long}\0`), 'L'],
        [long.slice(0, 100), good],
      ]),
    ]);
    expect(report.items.map(({ artifacts }) => artifacts[0].name)).toEqual(['one', 'passwd', 'long-name']);
    expect(report.errors.map(({ file: name, error }) => [name, error.code])).toEqual([
      ['set.tar.gz/bad.json', 'file.truncated'],
    ]);
    expect(report.skipped).toEqual([{ file: 'set.tar.gz/readme.txt', reason: 'no keypoint file' }]);
    expectHelpful(report, 'set.tar.gz');
  });

  it('holds an archive to its limits', () => {
    const small = { maxEntries: 2, maxEntryBytes: 100, maxTotalBytes: 10_000 };
    const one: [string, Uint8Array] = ['a.json', new Uint8Array(10)];
    expect(readTar(tar([one, one]), 'x', small)).toHaveLength(2);
    const many = expect.objectContaining({ code: 'file.too-large' });
    expect(() => readTar(tar([one, one, one]), 'x', small)).toThrow(many);
    expect(() => readTar(tar([['a', new Uint8Array(101)]]), 'x', small)).toThrow(many);
  });

  it('claims its own files and no other', () => {
    const head = (value: unknown) => utf8(JSON.stringify(value)).subarray(0, 1024);
    expect(vidKeypoints.sniff(head(scan()), 'x.json')).toBe('yes');
    expect(vidKeypoints.sniff(head([{ a: 1 }]), 'x.json')).toBe('no');
    expect(vidKeypoints.sniff(head({ keypoint_type: 'body', world_space: [] }), 'x.json')).toBe('no');
    expect(json.sniff(head([{ a: 1 }]), 'x.json')).toBe('yes');
    expect(vidKeypoints.sniff(gzipSync(utf8('x')), 'scan.nii.gz')).toBe('no');
    expect(vidKeypoints.sniff(gzipSync(utf8('x')), 'set.tar.gz')).toBe('no');
    const archive = gzipSync(tar([['a.json', utf8(JSON.stringify(scan()))]]));
    expect(vidKeypoints.sniff(archive.subarray(0, 1024), 'set.tar.gz')).toBe('maybe');
    expect(vidKeypoints.sniff(archive.subarray(0, 1024), 'set.nii.gz')).toBe('no');
  });

  it('names what is wrong', async () => {
    const cases: [unknown, string, RegExp][] = [
      ['[{"coordinates":', 'file.truncated', /byte 16/],
      [[], 'input.empty', /./],
      [{ a: 1 }, 'file.malformed', /whole file/],
      [[{ coordinates: { world_space: [1, 2] }, type: { keypoint_type: 'body' } }], 'file.malformed', /world_space/],
      [[entry([1, 2, 3], { keypoint_type: 'tail' })], 'file.malformed', /keypoint_type/],
      [[entry([1, 2, 3], { keypoint_type: 'body', spine_level: 'Q9' })], 'file.malformed', /spine_level/],
      [[entry([1, 2, 1e9], { keypoint_type: 'body' })], 'file.malformed', /world_space/],
      [[entry([1, 2, 3], { keypoint_type: 'body' }), 7], 'file.malformed', /\[1\]/],
    ];
    for (const [value, code, place] of cases) {
      const report = await vidKeypoints.read([file(value)]);
      expect(report.errors[0]?.error.code, JSON.stringify(value)).toBe(code);
      expect(report.errors[0].error.where.place).toMatch(place);
      expectHelpful(report, JSON.stringify(value));
    }
    const none = await vidKeypoints.read([packed([['a.txt', utf8('x')]])]);
    expect(none.errors[0].error.code).toBe('file.unrecognised');
  });

  it('meets cut and flipped bytes without a crash', async () => {
    const random = createRandom(5);
    const plain = utf8(JSON.stringify(scan()));
    const archive = gzipSync(tar([['a.json', plain]]));
    const inside = tar([['a.json', plain]]);
    for (const [name, bytes, wrap] of [
      ['a.json', plain, (b: Uint8Array) => b],
      ['a.tar.gz', archive, (b: Uint8Array) => b],
      // damage before packing gets past the checksum of gzip
      ['a.tar.gz', inside, (b: Uint8Array) => gzipSync(b)],
    ] as [string, Uint8Array, (b: Uint8Array) => Uint8Array][]) {
      for (let trial = 0; trial < 80; trial++) {
        const damaged = bytes.slice(0, trial % 2 ? bytes.length : random.int(0, bytes.length - 1));
        if (trial % 2) for (let n = 0; n < 4; n++) damaged[random.int(0, bytes.length - 1)] ^= 1 << random.int(0, 7);
        const report = await vidKeypoints.read([memoryFile(name, wrap(damaged))]);
        expect(report.items.length + report.errors.length + report.skipped.length).toBeGreaterThan(0);
        expectHelpful(report, 'a damaged copy');
        if (trial % 2 === 0 && name === 'a.json') expect(report.items).toEqual([]);
      }
    }
  });
});

describe('pedicles and bodies', () => {
  it('match along a leaning column, a third of a level up, whichever is missing', () => {
    const bodies: Vec3[] = [0, 1, 2, 3].map((i) => [0, 14 * i, -14 * i]);
    // 20 mm behind in the plane across the column
    const pedicles: Vec3[] = bodies.map(([x, y, z]) => [x + 12, y + 14 - 4, z + 14 + 4]);
    expect(associatePedicles(bodies, pedicles)).toEqual([0, 1, 2, 3]);
    expect(associatePedicles(bodies, pedicles.slice(1))).toEqual([-1, 0, 1, 2]);
    expect(associatePedicles(bodies.slice(1), pedicles)).toEqual([1, 2, 3]);
    expect(associatePedicles(bodies, [pedicles[3], pedicles[0]])).toEqual([1, -1, -1, 0]);
    expect(associatePedicles(bodies, [])).toEqual([-1, -1, -1, -1]);
  });
});
