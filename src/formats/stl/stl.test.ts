import { describe, expect, it } from 'vitest';
import { memoryFile, plainMesh, readOne, roundTrip } from '../../../tests/support/formats/formats.ts';
import type { Mesh } from '../../model/index.ts';
import { latin1, utf8 } from '../bytes.ts';
import { stl } from './index.ts';

const artifact = { kind: 'mesh.vertebra' as const, payload: plainMesh(), name: 'L4' };

async function bytesOf(choices?: Record<string, string>): Promise<Uint8Array> {
  const [written] = (await stl.write?.(artifact, { choices })) ?? [];
  return written.bytes;
}

/** Corner positions in order of triangles, for meshes whose vertices may be numbered anew. */
function corners({ positions, triangles }: Mesh): number[] {
  return Array.from(triangles).flatMap((vertex) => Array.from(positions.subarray(3 * vertex, 3 * vertex + 3)));
}

async function read(bytes: Uint8Array, choices?: Record<string, string>) {
  const item = await readOne(stl, [memoryFile('L4.stl', bytes)], { choices });
  return { item, mesh: item.artifacts[0].payload as Mesh };
}

describe('STL', () => {
  it.each(['binary', 'ascii'])('round trips %s, vertices shared again', async (encoding) => {
    const item = await roundTrip(stl, artifact, { encoding });
    const mesh = item.artifacts[0].payload as Mesh;
    expect(corners(mesh)).toEqual(corners(plainMesh()));
    expect(mesh.positions.length).toBe(plainMesh().positions.length);
    expect(item.metadata.frame).toBe('LPS, as the header says');
  });

  it('obeys SPACE=RAS in either header', async () => {
    for (const encoding of ['binary', 'ascii']) {
      const bytes = await bytesOf({ encoding });
      const at = latin1(bytes, 0, 84).indexOf('LPS');
      bytes.set(utf8('RAS'), at);
      const { mesh } = await read(bytes);
      expect(mesh.positions[0]).toBe(-plainMesh().positions[0]);
      expect((await read(bytes, { frame: 'LPS' })).mesh.positions[0]).toBe(plainMesh().positions[0]);
    }
  });

  it('writes unit normals and never begins a binary file with solid', async () => {
    const bytes = await bytesOf();
    const view = new DataView(bytes.buffer);
    expect(Math.hypot(view.getFloat32(84, true), view.getFloat32(88, true), view.getFloat32(92, true))).toBeCloseTo(
      1,
      6,
    );
    expect(latin1(bytes, 0, 5)).not.toBe('solid');
  });

  it('knows a binary file that begins with solid by its size', async () => {
    const bytes = await bytesOf();
    bytes.set(utf8('solid '));
    expect((await read(bytes)).mesh.triangles.length).toBe(plainMesh().triangles.length);
  });

  it('reads several solids and any spacing of words', async () => {
    const facet = (z: number) =>
      `FACET NORMAL 0 0 1 OUTER LOOP VERTEX 0 0 ${z} VERTEX\t9 0 ${z}\r\nvertex 0 9 ${z} ENDLOOP ENDFACET`;
    const { mesh } = await read(utf8(`solid a\r\n${facet(0)}\nendsolid a\nsolid b\n${facet(5)}\nendsolid b`));
    expect(mesh.triangles.length).toBe(6);
  });

  it('names what is wrong', async () => {
    const binary = await bytesOf();
    const text = new TextDecoder().decode(await bytesOf({ encoding: 'ascii' }));
    const cases: [Uint8Array, string, RegExp][] = [
      [binary.subarray(0, 500), 'file.truncated', /facet 9 of/],
      [binary.subarray(0, 60), 'file.truncated', /header/],
      [utf8(text.slice(0, 500)), 'file.truncated', /line/],
      [utf8(text.slice(0, text.indexOf('endfacet', 400))), 'file.truncated', /line/],
      [utf8(text.replace(/vertex \S+/, 'vertex oops')), 'file.malformed', /line 4/],
      [utf8(text.replace(/vertex .*\n/, '')), 'file.malformed', /line/],
      [utf8('solid empty\nendsolid empty'), 'file.unsupported', /faces/],
    ];
    for (const [bytes, code, place] of cases) {
      const { errors } = await stl.read([memoryFile('x.stl', bytes)]);
      expect(errors[0].error.code).toBe(code);
      expect(errors[0].error.where.place).toMatch(place);
    }
  });
});
