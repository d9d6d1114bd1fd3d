import { describe, expect, it } from 'vitest';
import { filesOf, memoryFile, mesh, readOne, roundTrip } from '../../../tests/support/formats/formats.ts';
import type { Mesh } from '../../model/index.ts';
import { concatBytes, utf8 } from '../bytes.ts';
import { linearToSrgb, srgbToLinear } from './colour.ts';
import { glb } from './index.ts';

const artifact = { kind: 'mesh.vertebra' as const, payload: mesh(), name: 'L4' };

type Json = Record<string, unknown> & {
  nodes: Record<string, unknown>[];
  meshes: { primitives: Record<string, unknown>[] }[];
};

/** A GLB with one triangle whose JSON a test may turn around. */
function file(edit: (json: Json) => void = () => {}, positions = [0, 0, 0, 0.1, 0, 0, 0, 0.2, 0.3]): Uint8Array {
  const bin = new Uint8Array(Float32Array.from(positions).buffer);
  const json: Json = {
    asset: { version: '2.0' },
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0, name: 'part' }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
    accessors: [{ bufferView: 0, componentType: 5126, count: positions.length / 3, type: 'VEC3' }],
    bufferViews: [{ buffer: 0, byteLength: bin.length }],
    buffers: [{ byteLength: bin.length }],
  };
  edit(json);
  let text = JSON.stringify(json);
  text += ' '.repeat((4 - (text.length % 4)) % 4);
  const head = new DataView(new ArrayBuffer(20));
  const tail = new DataView(new ArrayBuffer(8));
  [0x46546c67, 2, 28 + text.length + bin.length, text.length, 0x4e4f534a].forEach((value, at) => {
    head.setUint32(at * 4, value, true);
  });
  tail.setUint32(0, bin.length, true);
  tail.setUint32(4, 0x004e4942, true);
  return concatBytes([new Uint8Array(head.buffer), utf8(text), new Uint8Array(tail.buffer), bin]);
}

async function read(bytes: Uint8Array, choices?: Record<string, string>) {
  const item = await readOne(glb, [memoryFile('x.glb', bytes)], { choices });
  return { item, mesh: item.artifacts[0].payload as Mesh };
}

const rounded = (values: Float32Array | undefined) => Array.from(values ?? [], (value) => Number(value.toFixed(3)) + 0);

describe('GLB', () => {
  it('comes back bit for bit, with colours, scalars, flags, name and level', async () => {
    const item = await roundTrip(glb, artifact);
    const back = item.artifacts[0].payload as Mesh;
    expect(back).toEqual({ ...mesh(), name: 'L4' });
    expect(item.artifacts[0].level).toBe('L4');
  });

  it('keeps a uniform colour', async () => {
    const { vertexData: _, ...plain } = mesh();
    const item = await roundTrip(glb, { ...artifact, payload: { ...plain, color: [200, 100, 3] } });
    expect((item.artifacts[0].payload as Mesh).color).toEqual([200, 100, 3]);
    for (let byte = 0; byte < 256; byte++) expect(linearToSrgb(srgbToLinear(byte))).toBe(byte);
  });

  it('reads a foreign file as Y up in metres: up is superior, the front is anterior', async () => {
    const { mesh: found } = await read(file());
    // right hand of glTF (+x) is the patient's left, up (+y) superior, front (+z) anterior
    expect(rounded(found.positions)).toEqual([0, 0, 0, 100, 0, 0, 0, -300, 200]);
    expect(Array.from(found.triangles)).toEqual([0, 1, 2]);
    expect(found.name).toBe('part');
    expect(rounded((await read(file(), { frame: 'RAS', unit: 'mm' })).mesh.positions)).toEqual([
      0, 0, 0, -0.1, 0, 0, 0, -0.2, 0.3,
    ]);
  });

  it('follows the node tree', async () => {
    const bytes = file((json) => {
      json.nodes = [
        { children: [1], translation: [1, 0, 0] },
        { children: [2], scale: [2, 2, 2] },
        { mesh: 0, rotation: [0, 0, Math.SQRT1_2, Math.SQRT1_2] },
      ];
    });
    // (0.1, 0, 0) turned about z: (0, 0.1, 0), twice as large, moved: (1, 0.2, 0)
    expect(rounded((await read(bytes)).mesh.positions).slice(3, 6)).toEqual([1000, 0, 200]);
  });

  it('turns the winding with a mirror', async () => {
    const { mesh: found } = await read(file((json) => Object.assign(json.nodes[0], { scale: [-1, 1, 1] })));
    expect(Array.from(found.triangles)).toEqual([0, 2, 1]);
  });

  it('gives one surface per primitive, strips and fans among them', async () => {
    const positions = [0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0];
    const bytes = file((json) => {
      json.meshes[0].primitives = [4, 5, 6, 0].map((mode) => ({ mode, attributes: { POSITION: 0 } }));
    }, positions);
    const { item } = await read(bytes);
    expect(item.artifacts.map(({ payload }) => Array.from((payload as Mesh).triangles))).toEqual([
      [0, 1, 2],
      [0, 1, 2, 2, 1, 3],
      [0, 1, 2, 0, 2, 3],
    ]);
    expect(item.artifacts.map(({ name }) => name)).toEqual(['part 1', 'part 2', 'part 3']);
  });

  it('names what is wrong', async () => {
    const edit = (change: (json: Json) => void) => file(change);
    const accessor = (json: Json) => (json.accessors as Record<string, unknown>[])[0];
    const cases: [Uint8Array, string, RegExp][] = [
      [file().subarray(0, 100), 'file.truncated', /header/],
      [file().subarray(0, 10), 'file.truncated', /header/],
      [edit((json) => Object.assign(accessor(json), { count: 4_000_000_000 })), 'file.malformed', /accessor 0/],
      [edit((json) => Object.assign(accessor(json), { byteOffset: -4 })), 'file.malformed', /accessor 0/],
      [edit((json) => Object.assign(accessor(json), { componentType: 1 })), 'file.malformed', /accessor 0/],
      [edit((json) => Object.assign(accessor(json), { bufferView: 7 })), 'file.malformed', /accessor 0/],
      [edit((json) => Object.assign(json.nodes[0], { children: [0] })), 'file.malformed', /node 0/],
      [edit((json) => Object.assign(json.nodes[0], { mesh: 4 })), 'file.malformed', /node 0/],
      [edit((json) => Object.assign(json.nodes[0], { matrix: [1, 2] })), 'file.malformed', /node 0/],
      [
        edit((json) => Object.assign(json, { extensionsRequired: ['KHR_draco_mesh_compression'] })),
        'file.unsupported',
        /extensions/,
      ],
      [edit((json) => Object.assign(json.meshes[0].primitives[0], { mode: 0 })), 'file.unsupported', /meshes/],
      [edit((json) => Object.assign(json.meshes[0].primitives[0], { indices: 0 })), 'file.malformed', /indices/],
      [concatBytes([file().subarray(0, 20), utf8('#'), file().subarray(21)]), 'file.malformed', /JSON/],
    ];
    for (const [bytes, code, place] of cases) {
      const { errors } = await glb.read([memoryFile('x.glb', bytes)]);
      expect(errors[0].error.code).toBe(code);
      expect(errors[0].error.where.place).toMatch(place);
    }
  });

  it('writes the same bytes every time', async () => {
    const write = async () => filesOf((await glb.write?.(artifact)) ?? [])[0].read();
    expect(await write()).toEqual(await write());
  });
});
