import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../../tests/support/formats/formats.ts';
import { json, MOTION_KINDS, nifti } from '../../formats/index.ts';
import {
  type Artifact,
  type ArtifactDraft,
  type ArtifactKind,
  type BlobRef,
  type Format,
  type Labelmap,
  type Mesh,
  MsdtError,
  type SpineCurve,
  type SpineLandmarks,
  type Table,
  type Volume,
  type WrittenFile,
} from '../../model/index.ts';
import { decodeArtifact, encodeArtifact } from './artifact-codec.ts';
import { fileStem } from './stem.ts';

/** Encodes, keeps the files in memory, decodes: with ranges, as the store reads. */
async function roundTrip<Kind extends ArtifactKind>(draft: ArtifactDraft<Kind>) {
  const encoded = await encodeArtifact(draft as ArtifactDraft);
  const again = await encodeArtifact(draft as ArtifactDraft);
  const files = new Map(encoded.files.map((file) => [file.name, file.bytes]));
  const blobs: BlobRef[] = encoded.files.map(({ name, bytes, mediaType }) => ({
    name,
    mediaType,
    bytes: bytes.byteLength,
    sha256: '',
  }));
  const artifact = { kind: draft.kind, unit: encoded.unit, blobs, summary: encoded.summary };
  const payload = await decodeArtifact(artifact as Artifact & { kind: Kind }, async ({ name }, options = {}) => {
    const whole = files.get(name) as Uint8Array;
    const { start, end } = options.range ?? { start: 0, end: whole.byteLength };
    if (end > whole.byteLength) throw new MsdtError('store.damaged', 'short');
    const part = whole.slice(start, end);
    if (!options.into) return part;
    options.into.set(part);
    return options.into.subarray(0, part.byteLength);
  });
  return { payload, encoded, again, names: encoded.files.map((file) => file.name) };
}

/** What the reader of a format makes of a file. */
async function readBack(format: Format, { name, bytes }: WrittenFile): Promise<ArtifactDraft> {
  const slice = async (start: number, end: number) => bytes.slice(start, end);
  const source = { name, bytes: bytes.byteLength, head: (n: number) => slice(0, n), read: async () => bytes, slice };
  const report = await format.read([source]);
  expect(report.errors).toEqual([]);
  return report.items[0].artifacts[0];
}

const GRID = {
  size: [3, 2, 2],
  spacing: [0.7, 1 / 3, 2.5000000001],
  origin: [-123.456789012345, 1e-7, 0.1 + 0.2],
  direction: [0, 1, 0, 1, 0, 0, 0, 0, -1],
} as const;

const LABELS = [
  { value: 1, name: 'vertebrae_L4 "x" ü', level: 'L4', structure: 'vertebra', color: [1, 2, 3] },
  { value: 200, name: 'disc', segment: 'L4-L5', structure: 'disc', side: 'left' },
] as const;

describe('volumes', () => {
  it.each([Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array])(
    'of %o come back exactly',
    async (type) => {
      const data = new type(Array.from({ length: 12 }, (_, i) => (i - 3) * 7.25));
      const payload: Volume = { ...GRID, data, unit: "[hnsf'U]" };
      const got = await roundTrip({ kind: 'volume.ct', payload, name: 'Jane Doe' });
      expect(got.payload).toEqual(payload);
      expect(got.payload.data.constructor).toBe(type);
      expect(got.names).toEqual(['ct.nii']);
      expect(got.encoded).toEqual(got.again);
      expect(got.encoded.summary).toMatchObject({
        size: '3×2×2',
        dataType: type.name.replace('Array', '').toLowerCase(),
      });
      expect(Buffer.from(got.encoded.files[0].bytes).includes('Jane')).toBe(false);
    },
  );

  it('whatever their grid, also in shared memory', async () => {
    const number = fc.double({ min: -1000, max: 1000, noNaN: true });
    const grid = fc.record({ spacing: fc.tuple(number, number, number), origin: fc.tuple(number, number, number) });
    await fc.assert(
      fc.asyncProperty(grid, async ({ spacing, origin }) => {
        const positive = spacing.map((value) => Math.abs(value) + 1e-3) as unknown as Volume['spacing'];
        const data = new Int16Array(new SharedArrayBuffer(24));
        data.set([1, -2, 3]);
        const payload: Volume = {
          ...GRID,
          spacing: positive,
          origin: origin.map((v) => v + 0) as unknown as Volume['origin'],
          data,
          unit: '{arb}',
        };
        expect((await roundTrip({ kind: 'volume.mr', payload, name: 'x' })).payload).toEqual({
          ...payload,
          data: Int16Array.from(data),
        });
      }),
      { numRuns: 50 },
    );
  });

  it.each([Uint8Array, Uint16Array])('of labels in %o bring their table', async (type) => {
    const data = new type(Array.from({ length: 12 }, (_, i) => (i % 3 === 0 ? 200 : i % 2)));
    const payload: Labelmap = { ...GRID, data, labels: LABELS.map((label) => ({ ...label })) };
    for (const labels of [payload.labels, []]) {
      const got = await roundTrip({ kind: 'labelmap.vertebrae', payload: { ...payload, labels }, name: 'x' });
      expect(got.payload).toEqual({ ...payload, labels });
      expect(got.names).toEqual(['vertebrae.nii', 'vertebrae.labels.json']);
    }
    const { encoded } = await roundTrip({ kind: 'labelmap.vertebrae', payload, name: 'x' });
    expect(encoded.summary).toMatchObject({ labels: 2, levels: 'L4' });
    expect(JSON.parse(new TextDecoder().decode(encoded.files[1].bytes)).labels).toEqual(payload.labels);
  });

  it('are the same to the reader of the format', async () => {
    const payload: Labelmap = {
      ...GRID,
      data: Uint8Array.from({ length: 12 }, (_, i) => i % 2),
      labels: [{ ...LABELS[0] }],
    };
    const [file] = (await encodeArtifact({ kind: 'labelmap.vertebrae', payload, name: 'x' })).files;
    expect((await readBack(nifti, file)).payload).toEqual(payload);
  });

  it('come back from a reader that knows only whole files', async () => {
    const payload: Volume = { ...GRID, data: Int16Array.from({ length: 12 }, (_, i) => i), unit: "[hnsf'U]" };
    const { files, unit, summary } = await encodeArtifact({ kind: 'volume.ct', payload, name: 'x' });
    const [{ name, bytes }] = files;
    const artifact = {
      kind: 'volume.ct',
      unit,
      summary,
      blobs: [{ name, sha256: '', bytes: bytes.byteLength, mediaType: '' }],
    } as const;
    expect(await decodeArtifact({ ...artifact, blobs: [...artifact.blobs] }, async () => bytes)).toEqual(payload);
  });

  it('say when they are generated', async () => {
    const payload: Volume = { ...GRID, data: new Int16Array(12), unit: "[hnsf'U]" };
    const { files } = await encodeArtifact({ kind: 'volume.ct', payload, name: 'x' }, { synthetic: true });
    expect(Buffer.from(files[0].bytes.subarray(148, 228)).toString('latin1')).toMatch(/^SYNTHETIC/);
  });

  it('that were spoiled are told from good ones', async () => {
    const payload: Volume = { ...GRID, data: new Int16Array(12), unit: "[hnsf'U]" };
    const [{ bytes, name }] = (await encodeArtifact({ kind: 'volume.ct', payload, name: 'x' })).files;
    const artifact = {
      kind: 'volume.ct',
      blobs: [{ name, sha256: '', bytes: bytes.byteLength, mediaType: '' }],
      summary: {},
      unit: "[hnsf'U]",
    } as const;
    const read = (content: Uint8Array) =>
      decodeArtifact({ ...artifact, blobs: [...artifact.blobs] }, async (_, options = {}) => {
        const part = content.slice(options.range?.start, options.range?.end);
        options.into?.set(part);
        return part;
      });
    await expect(read(new Uint8Array(400))).rejects.toMatchObject({ code: 'store.damaged', where: { file: 'ct.nii' } });
    const noNote = bytes.slice();
    noNote.fill(0, 352, 400);
    await expect(read(noNote)).rejects.toMatchObject({ code: 'store.damaged' });
  });
});

describe('meshes', () => {
  const mesh: Mesh = {
    positions: Float32Array.from([0, 0, 0, 10.1, 0, 0, 0, 1e-7, -0, 5, 5, 1 / 3]),
    triangles: Uint32Array.from([0, 1, 2, 0, 3, 1]),
    frame: 'patient',
    name: 'L4',
  };

  it('come back exactly, with everything they carry', async () => {
    const full: Mesh = {
      ...mesh,
      level: 'L4',
      color: [200, 17, 0],
      normals: Float32Array.from([0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, -1]),
      vertexData: { cut: Uint8Array.from([0, 1, 0, 255]), curvature: Float32Array.from([0.1, -2, 3e10, 0]) },
    };
    for (const payload of [mesh, full]) {
      const got = await roundTrip({ kind: 'mesh.vertebra', payload, name: 'L4', level: payload.level });
      expect(got.payload).toEqual(payload);
      expect(got.payload.positions.buffer.byteLength % 4).toBe(0);
      expect(got.encoded).toEqual(got.again);
      expect(got.encoded.summary).toMatchObject({ vertices: 4, triangles: 2 });
    }
    const { names } = await roundTrip({ kind: 'mesh.vertebra', payload: full, name: 'L4', level: 'L4' });
    expect(names).toEqual(['L4.glb', 'L4.stl']);
  });

  it('take their name from the artifact when they have none', async () => {
    const { name: _, ...nameless } = mesh;
    expect((await roundTrip({ kind: 'mesh.skin', payload: nameless, name: 'Skin' })).payload).toEqual({
      ...nameless,
      name: 'Skin',
    });
  });

  it('in another frame stay in it', async () => {
    const payload: Mesh = { ...mesh, frame: 'vertebra' };
    expect((await roundTrip({ kind: 'mesh.other', payload, name: 'L4' })).payload).toEqual(payload);
  });

  it('without triangles are refused', async () => {
    await expect(
      encodeArtifact({ kind: 'mesh.skin', payload: { ...mesh, triangles: new Uint32Array() }, name: 'x' }),
    ).rejects.toThrow(/at least one triangle/);
  });

  it('that were spoiled are told from good ones', async () => {
    const read = async () => new Uint8Array(100);
    const artifact = {
      kind: 'mesh.skin',
      blobs: [{ name: 'skin.glb', sha256: '', bytes: 100, mediaType: '' }],
      summary: {},
    } as const;
    await expect(decodeArtifact({ ...artifact, blobs: [...artifact.blobs] }, read)).rejects.toMatchObject({
      code: 'store.damaged',
    });
  });
});

describe('documents', () => {
  it('of landmarks open in Slicer and come back exactly', async () => {
    const payload: SpineLandmarks = {
      frame: 'patient',
      points: [{ id: 'L4.pedicle.left', xyz: [0.1, -2, 3], level: 'L4', side: 'left', sdMm: 0.5 }],
      planes: [
        { id: 'L4.superiorEndplate', centre: [1, 2, 3], normal: [0, 0, 1], rmsMm: 0.2, areaMm2: 1200, level: 'L4' },
      ],
      vertebrae: [{ level: 'L4', centre: [1, 2, 3], x: [1, 0, 0], y: [0, -1, 0], z: [0, 0, 1] }],
    };
    const got = await roundTrip({ kind: 'landmarks.vertebra', payload, name: 'x' });
    expect(got.payload).toEqual(payload);
    expect(got.names).toEqual(['landmarks.json', 'landmarks.mrk.json']);
    const markups = JSON.parse(new TextDecoder().decode(got.encoded.files[1].bytes));
    expect(markups.markups[0]).toMatchObject({ coordinateSystem: 'LPS', coordinateUnits: 'mm' });
    expect(markups.markups[0].controlPoints).toMatchObject([{ label: 'L4.pedicle.left', position: [0.1, -2, 3] }]);
    expect((await readBack(json, got.encoded.files[0])).payload).toEqual(payload);
  });

  it('of curves come back exactly', async () => {
    const payload: SpineCurve = {
      frame: 'patient',
      points: Float64Array.from([0, 0.1, 1 / 3, 5, 6, 7]),
      arcLengthMm: Float64Array.from([0, 8.3]),
      curvature: Float64Array.from([0.01, -0]),
      torsion: Float64Array.from([Number.NaN, 0]),
      stations: [{ level: 'L4', arcLengthMm: 8.3 }],
    };
    const got = await roundTrip({ kind: 'curve.spine', payload, name: 'x' });
    expect(got.payload).toEqual(payload);
    expect(got.encoded.summary).toMatchObject({ samples: 2, lengthMm: 8.3 });
    expect(got.names).toEqual(['spine.json', 'spine.vtp']);
    expect(got.encoded).toEqual(got.again);
    expect((await readBack(json, got.encoded.files[0])).payload).toEqual(payload);
  });

  it('of tables come back exactly, mixed columns and gaps included', async () => {
    const payload: Table = {
      columns: [
        { name: 'level', values: ['L4', null, 'ü,"\n'] },
        { name: 'height, mm', unit: 'mm', definition: 'at the middle', values: [0.1, -0, null] },
        { name: 'mixed', values: [1, 'a', true] },
        { name: 'empty', values: [null, null, null] },
      ],
    };
    const got = await roundTrip({ kind: 'table.record', payload, name: 'x' });
    expect(got.payload).toEqual(payload);
    expect(got.encoded.summary).toMatchObject({ rows: 3, columns: 4 });
    expect(got.names).toEqual(['record.json', 'record.csv', 'record.parquet']);
    expect(got.encoded).toEqual(got.again);
    expect((await readBack(json, got.encoded.files[0])).payload).toEqual(payload);
    expect((await roundTrip({ kind: 'table.matrix', payload: { columns: [] }, name: 'x' })).payload).toEqual({
      columns: [],
    });
  });

  it('of any data come back exactly', async () => {
    const leaf = fc.oneof(
      fc.double(),
      fc.string({ unit: 'binary' }),
      fc.boolean(),
      fc.constant(null),
      fc.float32Array(),
      fc.uint8Array(),
    );
    const key = fc
      .oneof(fc.string(), fc.constantFrom('$array', '$number', '$$array'))
      .filter((name) => name !== '__proto__');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('tree')),
        fc.dictionary(key, tie('tree'), { noNullPrototype: true }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(tree, async (payload) => {
        expect((await roundTrip({ kind: 'document', payload, name: 'x' })).payload).toEqual(payload);
      }),
      { numRuns: 200 },
    );
  });

  it('that are not data are refused, spoiled ones told', async () => {
    await expect(encodeArtifact({ kind: 'document', payload: { f: () => 1 }, name: 'x' })).rejects.toThrow(/\$\.f/);
    const artifact = {
      kind: 'document',
      blobs: [{ name: 'd.json', sha256: '', bytes: 3, mediaType: '' }],
      summary: {},
    } as const;
    const read = async () => new TextEncoder().encode('{"a":');
    await expect(decodeArtifact({ ...artifact, blobs: [...artifact.blobs] }, read)).rejects.toMatchObject({
      code: 'store.damaged',
      where: { file: 'd.json' },
    });
  });
});

describe('file stems', () => {
  it.each([
    [{ kind: 'mesh.vertebra', level: 'L4' }, 'L4'],
    [{ kind: 'mesh.intervertebral-space', level: 'L4-L5' }, 'space-L4-L5'],
    [{ kind: 'mesh.bone', side: 'left' }, 'bone-left'],
    [{ kind: 'volume.other' }, 'volume'],
    [{ kind: 'mesh.other', level: '../../x' }, 'surface-.-.-x'],
  ] as const)('%j is %s', (draft, stem) => {
    expect(fileStem(draft)).toBe(stem);
  });
});

describe('recordings', () => {
  it.each([...MOTION_KINDS, 'events', 'clocks'] as const)('keep %s bit for bit', async (kind) => {
    const sample = sampleOf(kind);
    const { payload, encoded, again } = await roundTrip({ ...sample, name: 'Recording' });
    expect(payload).toEqual(sample.payload);
    expect(again.files).toEqual(encoded.files);
  });
});
