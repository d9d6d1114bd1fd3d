/**
 * Our files in the hands of other people's readers, and theirs in ours: nibabel, SimpleITK, VTK (Python, where installed)
 * and glTF-Transform.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebIO } from '@gltf-transform/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as door from '../../src/formats/index.ts';
import type { ArtifactKind, Format, Grid, Labelmap, Mesh, Volume } from '../../src/model/index.ts';
import { ijkToXyzMatrix } from '../../src/model/index.ts';
import { ctVolume, filesOf, labelmap, memoryFile, mesh, sampleOf } from '../support/formats/formats.ts';
import { describeWithPython, hasPython, runPython } from '../support/python.ts';

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'msdt-formats-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** NIfTI keeps positions in single precision · mm */
const SINGLE_MM = 1e-4;

interface Seen {
  size: number[];
  affine?: number[];
  spacing?: number[];
  sum: number;
  values: number[];
  extensions: string[];
  qform: number[];
  points: number;
  triangles: number;
  bounds: number[];
  area: number;
  volume: number;
  arrays: string[];
  fields: Record<string, string>;
  error?: string;
}

/** Voxels the Python script looks at. */
function probes(data: ArrayLike<number>, [ni, nj, nk]: readonly number[]): number[] {
  return Array.from({ length: 40 }, (_, n) => {
    const [i, j, k] = [(n * 7919 + 13) % ni, (n * 104729 + 5) % nj, (n * 1299709 + 3) % nk];
    return data[i + ni * (j + nj * k)];
  });
}

function sumOf(data: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < data.length; index++) sum += data[index];
  return sum;
}

function expectClose(
  found: readonly number[] | undefined,
  expected: readonly number[],
  within: number,
  what: string,
): void {
  expect(found, what).toHaveLength(expected.length);
  for (const [index, value] of expected.entries())
    expect(
      Math.abs((found?.[index] ?? Number.NaN) - value),
      `${what} [${index}]: ${found?.[index]} for ${value}`,
    ).toBeLessThanOrEqual(within);
}

/** Bounds as VTK gives them: x low, x high, y low … */
function boundsOf({ positions }: Mesh): number[] {
  const bounds = [0, 1, 2].flatMap((axis) => {
    const values = positions.filter((_, index) => index % 3 === axis);
    return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  });
  return bounds;
}

/** Area in mm² and enclosed volume in mm³, positive when triangles are seen counter-clockwise from outside. */
function measure({ positions: p, triangles }: Mesh): { area: number; volume: number } {
  let area = 0;
  let volume = 0;
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [0, 1, 2].map((corner) =>
      Array.from(p.subarray(3 * triangles[at + corner], 3 * triangles[at + corner] + 3)),
    );
    const u = b.map((value, axis) => value - a[axis]);
    const v = c.map((value, axis) => value - a[axis]);
    const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    area += Math.hypot(...n) / 2;
    volume += (a[0] * n[0] + a[1] * n[1] + a[2] * n[2]) / 6;
  }
  return { area, volume };
}

async function write(
  format: Format,
  kind: ArtifactKind,
  name: string,
  choices?: Record<string, string>,
): Promise<string> {
  const files = (await format.write?.({ ...sampleOf(kind), name }, { choices })) ?? [];
  for (const file of files) writeFileSync(join(folder, file.name), file.bytes);
  return join(folder, files[0].name);
}

describe('what we write, read by', () => {
  const seen = new Map<string, Record<string, Seen>>();
  const paths: Record<string, string> = {};

  beforeAll(async () => {
    paths.nii = await write(door.nifti, 'volume.ct', 'one');
    paths.niigz = await write(door.nifti, 'volume.mr', 'zipped', { compress: 'gzip' });
    paths.nii2 = await write(door.nifti, 'volume.ct', 'two', { version: '2' });
    paths.labels = await write(door.nifti, 'labelmap.vertebrae', 'labels');
    paths.nrrd = await write(door.nrrd, 'volume.ct', 'ct');
    paths.nrrdraw = await write(door.nrrd, 'volume.mr', 'raw', { encoding: 'raw' });
    paths.nhdr = await write(door.nrrd, 'volume.ct', 'apart', { detached: 'yes' });
    paths.seg = await write(door.nrrd, 'labelmap.vertebrae', 'spine');
    paths.mha = await write(door.mha, 'volume.ct', 'ct');
    paths.mharaw = await write(door.mha, 'volume.mr', 'plain', { compress: 'none' });
    paths.mhd = await write(door.mha, 'volume.ct', 'header', { detached: 'yes' });
    paths.mhalabels = await write(door.mha, 'labelmap.vertebrae', 'mhalabels');
    paths.stl = await write(door.stl, 'mesh.skin', 'binary');
    paths.stltext = await write(door.stl, 'mesh.skin', 'text', { encoding: 'ascii' });
    for (const encoding of ['binary', 'big-endian', 'ascii'])
      paths[`ply ${encoding}`] = await write(door.ply, 'mesh.skin', `ply-${encoding}`, { encoding });
    paths.obj = await write(door.obj, 'mesh.skin', 'surface');
    paths.glb = await write(door.glb, 'mesh.skin', 'surface');
    for (const encoding of ['base64', 'ascii', 'appended'])
      for (const compress of ['none', 'zlib'])
        paths[`vtp ${encoding} ${compress}`] = await write(door.vtp, 'mesh.skin', `vtp-${encoding}-${compress}`, {
          encoding,
          compress,
        });
    paths.curve = await write(door.vtp, 'curve.spine', 'curve', { encoding: 'appended', compress: 'zlib' });
    if (!hasPython('numpy')) return;
    const lines = runPython(join(here, 'formats_read.py'), Object.values(paths)).trim().split('\n');
    for (const line of lines) {
      const found = JSON.parse(line);
      seen.set(found.file, found);
    }
  });

  function expectVolume(
    key: string,
    library: string,
    volume: Grid & { data: ArrayLike<number> },
    within: number,
  ): void {
    const found = seen.get(paths[key])?.[library];
    expect(found?.error, key).toBeUndefined();
    expect(found?.size, key).toEqual([...volume.size]);
    if (found?.affine) expectClose(found.affine, ijkToXyzMatrix(volume).slice(0, 12), within, key);
    if (found?.spacing) expectClose(found.spacing, volume.spacing, within, key);
    expect(found?.sum).toBeCloseTo(sumOf(volume.data), 3);
    expect(found?.values).toEqual(probes(volume.data, volume.size));
  }

  const mr = () => sampleOf('volume.mr').payload as Volume;

  describeWithPython('nibabel', () => {
    it('NIfTI-1, NIfTI-2, zipped and labels, by either form', () => {
      expectVolume('nii', 'nibabel', ctVolume(), SINGLE_MM);
      expectVolume('niigz', 'nibabel', mr(), SINGLE_MM);
      expectVolume('nii2', 'nibabel', ctVolume(), 1e-9);
      expectVolume('labels', 'nibabel', labelmap(), SINGLE_MM);
      const affine = ijkToXyzMatrix(ctVolume()).slice(0, 12);
      for (const key of ['nii', 'nii2'])
        expectClose(seen.get(paths[key])?.nibabel.qform, affine, SINGLE_MM, `${key} qform`);
    });

    it('the label table where TotalSegmentator looks for it: the first extension', () => {
      const [first] = seen.get(paths.labels)?.nibabel.extensions ?? [];
      expect(first).toMatch(/^<\?xml/);
      expect(first).toContain('<![CDATA[vertebrae_L4]]>');
    });
  });

  describeWithPython('SimpleITK', () => {
    it('NIfTI, NRRD and MetaImage, place and values', () => {
      for (const key of ['nii', 'nrrd', 'nhdr', 'mha', 'mhd'])
        expectVolume(key, 'SimpleITK', ctVolume(), key === 'nii' ? SINGLE_MM : 1e-9);
      for (const key of ['nrrdraw', 'mharaw']) expectVolume(key, 'SimpleITK', mr(), 1e-9);
      for (const key of ['seg', 'mhalabels']) expectVolume(key, 'SimpleITK', labelmap(), 1e-9);
    });
  });

  describeWithPython('nrrd', () => {
    it('NRRD, place and values, and the segments of 3D Slicer', () => {
      for (const key of ['nrrd', 'nhdr']) expectVolume(key, 'nrrd', ctVolume(), 1e-9);
      expectVolume('nrrdraw', 'nrrd', mr(), 1e-9);
      expectVolume('seg', 'nrrd', labelmap(), 1e-9);
      expect(seen.get(paths.seg)?.nrrd.fields).toMatchObject({
        Segment0_LabelValue: '20',
        Segment0_Name: 'vertebrae_L4',
      });
    });
  });

  describeWithPython('vtk', () => {
    it('MetaImage, values and spacing', () => {
      for (const key of ['mha', 'mharaw', 'mhd', 'mhalabels']) {
        const volume = key === 'mharaw' ? mr() : key === 'mhalabels' ? labelmap() : ctVolume();
        expectVolume(key, 'vtk', volume, 1e-9);
      }
    });

    it('every kind of surface', () => {
      const bounds = boundsOf(mesh());
      const { area } = measure(mesh());
      for (const [key, path] of Object.entries(paths)) {
        if (!/^(stl|ply|obj|vtp)/.test(key)) continue;
        const found = seen.get(path)?.vtk;
        expect(found?.error, key).toBeUndefined();
        expect(found?.triangles, key).toBe(mesh().triangles.length / 3);
        expectClose(found?.bounds, bounds, 1e-4, key);
        expect(Math.abs((found?.area ?? 0) / area - 1), key).toBeLessThan(1e-5);
        if (key.startsWith('vtp')) {
          expect(found?.arrays).toEqual(expect.arrayContaining(['Normals', 'RGB', 'thickness', 'cut']));
          expect(found?.fields).toMatchObject({ SPACE: 'LPS', UNIT: 'mm' });
        }
      }
    });

    it('a GLB in metres, Y up', () => {
      const found = seen.get(paths.glb)?.vtk;
      const [x0, x1, y0, y1, z0, z1] = boundsOf(mesh()).map((value) => value / 1000);
      expect(found?.triangles).toBe(mesh().triangles.length / 3);
      expectClose(found?.bounds, [x0, x1, z0, z1, -y1, -y0], 1e-6, 'glb');
    });

    it('a spine curve as a line with its data', () => {
      const found = seen.get(paths.curve)?.vtk;
      expect(found?.points).toBe(24);
      expect(found?.arrays).toEqual(['arcLengthMm', 'curvature', 'torsion']);
    });
  });

  it('glTF-Transform: GLB with root transform, colours, attributes and no complaint', async () => {
    const document = await new WebIO().readBinary(new Uint8Array(readFileSync(paths.glb)));
    const [scene] = document.getRoot().listScenes();
    const [root] = scene.listChildren();
    // it keeps transforms as turn and scale
    expectClose(root.getMatrix(), [0.001, 0, 0, 0, 0, 0, -0.001, 0, 0, 0.001, 0, 0, 0, 0, 0, 1], 1e-15, 'matrix');
    const [primitive] = root.listChildren()[0].getMesh()?.listPrimitives() ?? [];
    expect(primitive.getAttribute('POSITION')?.getArray()).toEqual(mesh().positions);
    expect(primitive.getAttribute('NORMAL')?.getArray()).toEqual(mesh().normals);
    expect(primitive.getIndices()?.getArray()).toEqual(mesh().triangles);
    expect(Array.from(primitive.getAttribute('_cut')?.getArray() ?? [])).toEqual(
      Array.from(mesh().vertexData?.cut ?? []),
    );
    expect(primitive.listSemantics().sort()).toEqual(['COLOR_0', 'NORMAL', 'POSITION', '_cut', '_thickness']);
  });
});

describe('what others write, read by us', () => {
  interface Written {
    file: string;
    library: string;
    size?: number[];
    affine?: number[];
    sum?: number;
    triangles: number;
    bounds: number[];
    area: number;
    volume: number;
  }
  const written: Written[] = [];

  beforeAll(() => {
    if (!hasPython('numpy')) return;
    const lines = runPython(join(here, 'formats_write.py'), [folder]).trim().split('\n');
    for (const line of lines) {
      const found = JSON.parse(line);
      if (found.file) written.push(found);
    }
  });

  const FORMATS: [RegExp, Format][] = [
    [/\.(nii|nii\.gz|hdr)$/, door.nifti],
    [/\.(nrrd|nhdr)$/, door.nrrd],
    [/\.(mha|mhd)$/, door.mha],
    [/\.stl$/, door.stl],
    [/\.ply$/, door.ply],
    [/\.obj$/, door.obj],
    [/\.vtp$/, door.vtp],
  ];

  async function readPath(path: string) {
    const format = FORMATS.find(([ending]) => ending.test(path))?.[1] as Format;
    const name = path.slice(folder.length + 1);
    const main = memoryFile(name, new Uint8Array(readFileSync(path)));
    expect(format.sniff(await main.head(1024), name), name).toBe('yes');
    // data of detached headers
    const data = name.endsWith('.hdr') ? /\.img$/ : /\.(raw|zraw|raw\.gz)$/;
    const stem = name.replace(/\.(hdr|nhdr|mhd)$/, '');
    const others = /\.(hdr|nhdr|mhd)$/.test(name)
      ? readdirSync(folder).filter((other) => other.startsWith(`${stem}.`) && data.test(other))
      : [];
    const files = filesOf(
      others.map((other) => ({ name: other, bytes: new Uint8Array(readFileSync(join(folder, other))), mediaType: '' })),
    );
    const report = await format.read([main, ...files]);
    expect(
      report.errors.map(({ error }) => error.detail || error.message),
      name,
    ).toEqual([]);
    return report.items[0];
  }

  for (const library of ['nibabel', 'SimpleITK']) {
    describeWithPython(library, () => {
      it('volumes of every type, byte order and packing', async () => {
        const mine = written.filter((entry) => entry.library === library);
        expect(mine.length).toBeGreaterThan(8);
        for (const { file, size, affine, sum } of mine) {
          const volume = (await readPath(file)).artifacts[0].payload as Volume | Labelmap;
          expect([...volume.size], file).toEqual(size);
          expectClose(ijkToXyzMatrix(volume).slice(0, 12), affine ?? [], SINGLE_MM, file);
          // nibabel scales in double precision, we keep scaled values of up to 2000 in single: 1.2e-4 each
          const rounding = volume.data instanceof Float32Array ? 1.2e-4 * volume.data.length : 0;
          expect(Math.abs(sumOf(volume.data) - (sum ?? Number.NaN)), file).toBeLessThanOrEqual(rounding);
        }
      });
    });
  }

  describeWithPython('vtk', () => {
    it('surfaces of every storage', async () => {
      const mine = written.filter((entry) => entry.library === 'vtk');
      expect(mine.length).toBeGreaterThan(20);
      for (const { file, triangles, bounds, area, volume } of mine) {
        const surface = (await readPath(file)).artifacts[0].payload as Mesh;
        expect(surface.triangles.length / 3, file).toBe(triangles);
        expectClose(boundsOf(surface), bounds, 1e-2 * Number(/text|plain/.test(file)) + 1e-5, file);
        const found = measure(surface);
        expect(Math.abs(found.area / area - 1), file).toBeLessThan(1e-5);
        // winding kept: the volume is positive
        expect(Math.abs(found.volume / volume - 1), file).toBeLessThan(1e-5);
      }
    });
  });
});
