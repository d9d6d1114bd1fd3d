import { describe, expect, it } from 'vitest';
import { memoryFile, mesh, readOne, roundTrip } from '../../../tests/support/formats/formats.ts';
import type { Mesh } from '../../model/index.ts';
import { concatBytes, utf8 } from '../bytes.ts';
import { ply } from './index.ts';

const artifact = { kind: 'mesh.skin' as const, payload: mesh(), name: 'Skin' };

async function read(bytes: Uint8Array, choices?: Record<string, string>) {
  const item = await readOne(ply, [memoryFile('x.ply', bytes)], { choices });
  return { item, mesh: item.artifacts[0].payload as Mesh };
}

const HEAD = `ply
format ascii 1.0
element vertex 4
property double x
property double y
property double z
property list uchar float quality
`;

describe('PLY', () => {
  it.each(['binary', 'big-endian', 'ascii'])('round trips %s with normals, colours and scalars', async (encoding) => {
    const item = await roundTrip(ply, artifact, { encoding });
    const back = item.artifacts[0].payload as Mesh;
    expect(back.positions).toEqual(mesh().positions);
    expect(back.triangles).toEqual(mesh().triangles);
    expect(back.normals).toEqual(mesh().normals);
    expect(back.vertexData).toEqual(mesh().vertexData);
    expect(item.metadata).toMatchObject({ frame: 'LPS, as the header says', unit: 'mm' });
  });

  it('writes a uniform colour on every vertex', async () => {
    const { vertexData: _, ...plain } = mesh();
    const payload: Mesh = { ...plain, color: [10, 20, 30] };
    const item = await roundTrip(ply, { ...artifact, payload });
    expect((item.artifacts[0].payload as Mesh).vertexData?.green.every((value) => value === 20)).toBe(true);
  });

  it('reads polygons, extra elements and lists it has no use for', async () => {
    const text = `${HEAD}property float red
element edge 1
property int vertex1
property int vertex2
element face 1
property uchar flag
property list uchar uint vertex_index
end_header
0 0 0 2 1 2 1
40 0 0 0 0.5
40 40 0 1 7 0
0 40 0 0 0
0 1
9 4 0 1 2 3
`;
    const { mesh: found } = await read(utf8(text));
    expect(Array.from(found.triangles)).toEqual([0, 1, 2, 0, 2, 3]);
    expect(Array.from(found.vertexData?.red ?? [])).toEqual([255, 128, 0, 0]);
    expect(found.positions[3]).toBe(40);
  });

  it('reads triangle strips with breaks', async () => {
    const text = `${HEAD.replace('property list uchar float quality\n', '')}element tristrips 1
property list int int vertex_indices
end_header
0 0 0
40 0 0
0 40 0
40 40 0
8 0 1 2 3 -1 0 1 3
`;
    const { mesh: found } = await read(utf8(text));
    expect(Array.from(found.triangles)).toEqual([0, 1, 2, 2, 1, 3, 0, 1, 3]);
  });

  it('reads points without faces as a cloud', async () => {
    const text = `${HEAD.replace('property list uchar float quality\n', '')}end_header\n0 0 0\n1 0 0\n0 1 0\n1 1 1\n`;
    const { items } = await ply.read([memoryFile('cloud.ply', utf8(text))]);
    expect(items[0]).toMatchObject({ modality: 'video3d', artifacts: [{ kind: 'sequence.cloud' }] });
  });

  it('names what is wrong', async () => {
    const [{ bytes }] = (await ply.write?.(artifact)) ?? [];
    const header = new TextDecoder().decode(bytes).slice(0, new TextDecoder().decode(bytes).indexOf('end_header'));
    const with_ = (from: string | RegExp, to: string) => {
      const end = header.length + 'end_header\n'.length;
      return concatBytes([utf8(`${header.replace(from, to)}end_header\n`), bytes.subarray(end)]);
    };
    const cases: [Uint8Array, string, RegExp][] = [
      [bytes.subarray(0, bytes.length - 5), 'file.truncated', /element face|byte/],
      [bytes.subarray(0, 100), 'file.truncated', /byte/],
      [with_(/vertex \d+/, 'vertex 4000000000'), 'file.truncated', /element vertex/],
      [with_(/face \d+/, 'face 4000000000'), 'file.truncated', /element face/],
      [with_('float x', 'quaternion x'), 'file.malformed', /line/],
      [with_('float x', 'float w'), 'file.malformed', /element vertex/],
      [with_('binary_little_endian', 'binary_middle_endian'), 'file.malformed', /line 2/],
      [with_(/^format.*\n/m, ''), 'file.malformed', /line/],
      [utf8(`${HEAD}end_header\n${'0 0 x 0\n'.repeat(4)}`), 'file.malformed', /byte/],
    ];
    for (const [data, code, place] of cases) {
      const { errors } = await ply.read([memoryFile('x.ply', data)]);
      expect(errors[0].error.code).toBe(code);
      expect(errors[0].error.where.place).toMatch(place);
    }
  });
});
