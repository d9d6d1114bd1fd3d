import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { memoryFile, mesh, readOne, roundTrip } from '../../../tests/support/formats/formats.ts';
import type { Mesh } from '../../model/index.ts';
import { utf8 } from '../bytes.ts';
import { obj } from './index.ts';

const artifact = { kind: 'mesh.bone' as const, payload: mesh(), name: 'Bone' };

async function read(text: string | Uint8Array, name = 'x.obj') {
  const item = await readOne(obj, [memoryFile(name, typeof text === 'string' ? utf8(text) : text)]);
  return { item, mesh: item.artifacts[0].payload as Mesh };
}

const SQUARE = 'v 0 0 0\nv 40 0 0\nv 40 40 0\nv 0 40 0\n';

describe('OBJ', () => {
  it('round trips positions, triangles and normals', async () => {
    const item = await roundTrip(obj, artifact);
    const back = item.artifacts[0].payload as Mesh;
    expect(back.positions).toEqual(mesh().positions);
    expect(back.triangles).toEqual(mesh().triangles);
    expect(back.normals).toEqual(mesh().normals);
    expect(item.metadata).toMatchObject({ frame: 'LPS, as the header says', unit: 'mm' });
  });

  it('reads gzip', async () => {
    const [{ bytes }] = (await obj.write?.(artifact)) ?? [];
    expect((await read(gzipSync(bytes), 'mesh.obj.gz')).mesh.triangles).toEqual(mesh().triangles);
  });

  it('reads polygons, slashes, backward indices and continued lines', async () => {
    const expected = [0, 1, 2, 0, 2, 3];
    for (const face of [
      'f 1 2 3 4',
      'f 1/1 2/1 3/1 4/1',
      'f 1//1 2//1 3//1 4//1',
      'f -4 -3 -2 -1',
      'f 1 2 \\\n3 4',
      'f 1 2 3 4\r',
    ])
      expect(Array.from((await read(`${SQUARE}vn 0 0 1\nvt 0 0\n${face}\n`)).mesh.triangles), face).toEqual(expected);
  });

  it('reads colours behind the coordinates', async () => {
    const { mesh: found } = await read('v 0 0 0 1 0 0\nv 9 0 0 0 1 0\nv 0 9 0 0 0 0.5\nf 1 2 3\n');
    expect(Array.from(found.vertexData?.red ?? [])).toEqual([255, 0, 0]);
    expect(Array.from(found.vertexData?.blue ?? [])).toEqual([0, 0, 128]);
  });

  it('obeys comments about frame and unit', async () => {
    const { mesh: found } = await read(`# SPACE=RAS\n# Units: cm\n${SQUARE}f 1 2 3\n`);
    expect(found.positions[3]).toBe(-400);
  });

  it('leaves out normals that only some vertices have', async () => {
    expect((await read(`${SQUARE}vn 0 0 1\nf 1//1 2//1 3//1\nf 1 3 4\n`)).mesh.normals).toBeUndefined();
  });

  it('names the line that is wrong', async () => {
    for (const [text, line] of [
      ['v 0 0\n', 1],
      [`${SQUARE}f 1 2 9\n`, 5],
      [`${SQUARE}f 1 2 -9\n`, 5],
      [`${SQUARE}f 0 1 2\n`, 5],
      [`${SQUARE}f 1 2\n`, 5],
      ['v 0 zero 0\n', 1],
    ] as const) {
      const { errors } = await obj.read([memoryFile('x.obj', utf8(text))]);
      expect(errors[0].error).toMatchObject({ code: 'file.malformed', where: { place: `line ${line}` } });
    }
  });
});
