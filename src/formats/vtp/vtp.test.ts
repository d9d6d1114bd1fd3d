import { describe, expect, it } from 'vitest';
import { filesOf, memoryFile, mesh, readOne, roundTrip, spineCurve } from '../../../tests/support/formats/formats.ts';
import type { Mesh } from '../../model/index.ts';
import { concatBytes, latin1, utf8 } from '../bytes.ts';
import { toBase64 } from './arrays.ts';
import { vtp } from './index.ts';

const artifact = { kind: 'mesh.vertebra' as const, payload: mesh(), name: 'L4' };

/** Every way this format stores its arrays. */
const STORAGES = ['base64', 'ascii', 'appended'].flatMap((encoding) =>
  ['none', 'zlib'].map((compress) => ({ encoding, compress })),
);

async function read(text: string | Uint8Array, choices?: Record<string, string>) {
  const item = await readOne(vtp, [memoryFile('x.vtp', typeof text === 'string' ? utf8(text) : text)], { choices });
  return { item, mesh: item.artifacts[0].payload as Mesh };
}

/** A file of plain text arrays, as OpenSim has them. */
function text(points: string, cells: string, more: { file?: string; fields?: string; piece?: string } = {}): string {
  return `<?xml version="1.0"?>
<!-- a > comment -->
<VTKFile type='PolyData' version="0.1" ${more.file ?? 'byte_order="LittleEndian"'}>
 <PolyData>${more.fields ?? ''}
  <Piece NumberOfPoints="4" NumberOfPolys="1">
   <Points><DataArray type="Float32" NumberOfComponents="3" format="ascii">${points}</DataArray></Points>
   ${more.piece ?? ''}${cells}
  </Piece>
 </PolyData>
</VTKFile>`;
}

const POINTS = '0 0 0  40 0 0\n40 40 0  0 40 1e1';
const cells = (section: string, connectivity: string, offsets: string) =>
  `<${section}><DataArray type="Int32" Name="connectivity" format="ascii">${connectivity}</DataArray>
   <DataArray type="Int32" Name="offsets" format="ascii">${offsets}</DataArray></${section}>`;
const QUAD = cells('Polys', '0 1 2 3', '4');

describe('VTP', () => {
  it.each(STORAGES)('round trips a mesh as %o', async (choices) => {
    const item = await roundTrip(vtp, artifact, choices);
    const back = item.artifacts[0].payload as Mesh;
    expect(back.positions).toEqual(mesh().positions);
    expect(back.triangles).toEqual(mesh().triangles);
    expect(back.normals).toEqual(mesh().normals);
    expect(back.vertexData).toEqual(mesh().vertexData);
    expect(item.metadata).toMatchObject({ frame: 'LPS, as the header says', unit: 'mm' });
  });

  it.each(STORAGES)('round trips a spine curve as %o', async (choices) => {
    const item = await roundTrip(vtp, { kind: 'curve.spine', payload: spineCurve(), name: 'Spine' }, choices);
    expect(item.artifacts[0]).toMatchObject({ kind: 'curve.spine', payload: spineCurve() });
  });

  it('reads polygons and strips of plain text', async () => {
    expect(Array.from((await read(text(POINTS, QUAD))).mesh.triangles)).toEqual([0, 1, 2, 0, 2, 3]);
    const strip = await read(text(POINTS, cells('Strips', '0 1 3 2', '4')));
    expect(Array.from(strip.mesh.triangles)).toEqual([0, 1, 3, 3, 1, 2]);
  });

  it('obeys the field SPACE', async () => {
    const letters = (word: string) => [...utf8(word), 0].join(' ');
    const fields = (word: string) =>
      `<FieldData><Array type="String" Name="SPACE" NumberOfTuples="1" format="ascii">${letters(word)}</Array></FieldData>`;
    expect((await read(text(POINTS, QUAD, { fields: fields('RAS') }))).mesh.positions[3]).toBe(-40);
    expect((await read(text(POINTS, QUAD, { fields: fields('SPACE=RAS') }))).mesh.positions[3]).toBe(-40);
    expect((await read(text(POINTS, QUAD, { fields: fields('LPS') }))).mesh.positions[3]).toBe(40);
    expect((await read(text(POINTS, QUAD), { unit: 'm' })).mesh.positions[3]).toBe(40_000);
  });

  it('reads big-endian base64 with 32-bit counts, and base64 appended in pieces', async () => {
    const floats = new DataView(new ArrayBuffer(52));
    floats.setUint32(0, 48);
    [0, 0, 0, 40, 0, 0, 40, 40, 0, 0, 40, 10].forEach((value, at) => {
      floats.setFloat32(4 + 4 * at, value);
    });
    const bytes = new Uint8Array(floats.buffer);
    const big = text(POINTS, QUAD, { file: 'byte_order="BigEndian"' });
    const inline = big.replace(/format="ascii">0 0 0[^<]*/, `format="binary">\n ${toBase64(bytes)}\n`);
    expect((await read(inline)).mesh.positions[11]).toBe(10);
    // count and data encoded one after the other, with padding between
    const apart = `${toBase64(bytes.subarray(0, 4))}${toBase64(bytes.subarray(4))}`;
    const appended = big
      .replace(
        /<DataArray type="Float32"[^>]*>[^<]*<\/DataArray>/,
        '<DataArray type="Float32" NumberOfComponents="3" format="appended" offset="0"/>',
      )
      .replace('</PolyData>', `</PolyData><AppendedData encoding="base64">\n_${apart}</AppendedData>`);
    expect((await read(appended)).mesh.positions[11]).toBe(10);
  });

  it('passes over notes that VTK puts behind the values', async () => {
    const note =
      '<InformationKey name="L2_NORM_RANGE" location="vtkDataArray"><Value index="0">7</Value></InformationKey>';
    const { mesh: found } = await read(text(`${POINTS}${note}`, QUAD));
    expect(found.positions.length).toBe(12);
  });

  it('joins pieces', async () => {
    const one = text(POINTS, QUAD);
    const piece = one.slice(one.indexOf('<Piece'), one.indexOf('</PolyData>'));
    const { mesh: found } = await read(one.replace('</PolyData>', `${piece}</PolyData>`));
    expect(Array.from(found.triangles).slice(6)).toEqual([4, 5, 6, 4, 6, 7]);
    expect(found.positions.length).toBe(24);
  });

  it('names what is wrong', async () => {
    const raw = filesOf(
      (await vtp.write?.(artifact, { choices: { encoding: 'appended', compress: 'zlib' } })) ?? [],
    )[0];
    const bytes = await raw.read();
    const head = latin1(bytes).indexOf('\n_') + 2;
    const flipped = bytes.slice();
    flipped[head + 2000] ^= 0xff;
    const hugeBlocks = bytes.slice();
    hugeBlocks.fill(0xff, head, head + 8);
    const cases: [string | Uint8Array, string, RegExp][] = [
      [text('0 0 0 40 0 0', QUAD), 'file.malformed', /Points/],
      [text('0 0 0 40 x 0', QUAD), 'file.malformed', /Float32|Points/],
      [text(POINTS, cells('Polys', '0 1 9 3', '4')), 'file.malformed', /connectivity/],
      [text(POINTS, cells('Polys', '0 1 2 -3', '4')), 'file.malformed', /connectivity/],
      [text(POINTS, cells('Polys', '0 1 2 3', '7')), 'file.malformed', /offsets/],
      [text(POINTS, cells('Verts', '0 1 2 3', '4')), 'file.unsupported', /faces/],
      [text(POINTS, QUAD).slice(0, 420), 'file.truncated', /byte/],
      [text(POINTS, QUAD).replace('PolyData', 'UnstructuredGrid'), 'file.unsupported', /VTKFile/],
      [text(POINTS, QUAD, { file: 'compressor="vtkLZ4DataCompressor"' }), 'file.unsupported', /VTKFile/],
      [text(POINTS, QUAD).replace('type="Float32"', 'type="Float128"'), 'file.malformed', /Float128/],
      [bytes.subarray(0, head + 300), 'file.truncated', /array/],
      [concatBytes([bytes.subarray(0, head - 1), utf8(' ')]), 'file.malformed', /byte/],
      [flipped, 'file.malformed', /./],
      [hugeBlocks, 'file.malformed', /array/],
    ];
    for (const [index, [data, code, place]] of cases.entries()) {
      const { errors } = await vtp.read([memoryFile('x.vtp', typeof data === 'string' ? utf8(data) : data)]);
      expect(errors[0]?.error.code, `case ${index}: ${errors[0]?.error.detail}`).toBe(code);
      expect(errors[0].error.where.place).toMatch(place);
    }
  });
});
