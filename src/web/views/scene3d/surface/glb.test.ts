import { describe, expect, it } from 'vitest';
import { coarsen } from './coarsen.ts';
import { readGlb, type SurfaceArrays, vertexNormals } from './glb.ts';

/** A GLB with one mesh below a root that turns LPS mm into glTF metres. */
function glb(positions: Float32Array, triangles: Uint16Array, child: object = {}): ArrayBuffer {
  const binary = new Uint8Array(positions.byteLength + triangles.byteLength);
  binary.set(new Uint8Array(positions.buffer));
  binary.set(new Uint8Array(triangles.buffer), positions.byteLength);
  const json = JSON.stringify({
    scenes: [{ nodes: [0] }],
    nodes: [
      { matrix: [0.001, 0, 0, 0, 0, 0, -0.001, 0, 0, 0.001, 0, 0, 0, 0, 0, 1], children: [1] },
      { mesh: 0, ...child },
    ],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1 }] }],
    accessors: [
      { bufferView: 0, componentType: 5126, count: positions.length / 3, type: 'VEC3' },
      { bufferView: 1, componentType: 5123, count: triangles.length, type: 'SCALAR' },
    ],
    bufferViews: [
      { byteLength: positions.byteLength },
      { byteOffset: positions.byteLength, byteLength: triangles.byteLength },
    ],
  });
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 4) * 4));
  const out = new Uint8Array(28 + text.length + binary.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, 0x46546c67, true);
  view.setUint32(12, text.length, true);
  out.set(text, 20);
  out.set(binary, 28 + text.length);
  return out.buffer;
}

const TRIANGLE = new Float32Array([100, 200, 300, 110, 200, 300, 100, 210, 300]);

describe('readGlb', () => {
  it('leaves positions in the frame of the patient', () => {
    const { positions, triangles, normals } = readGlb(glb(TRIANGLE, new Uint16Array([0, 1, 2])));
    expect([...positions]).toEqual([...TRIANGLE]);
    expect([...triangles]).toEqual([0, 1, 2]);
    expect([...normals.subarray(0, 3)]).toEqual([0, 0, 1]);
  });

  it('keeps what lies below the root', () => {
    const { positions } = readGlb(glb(TRIANGLE, new Uint16Array([0, 1, 2]), { translation: [1, 2, 3] }));
    expect([...positions.subarray(0, 3)]).toEqual([101, 202, 303]);
  });

  it('refuses what is none, and what is cut short', () => {
    expect(() => readGlb(new ArrayBuffer(64))).toThrow('cannot be shown');
    expect(() => readGlb(glb(TRIANGLE, new Uint16Array([0, 1, 2])).slice(0, -12))).toThrow('cannot be shown');
  });
});

describe('coarsen', () => {
  it('keeps the shape with a fraction of the triangles', async () => {
    const sphere = makeSphere(120);
    const coarse = await coarsen(sphere);
    const before = sphere.triangles.length / 3;
    const after = coarse.triangles.length / 3;
    expect(after).toBeLessThan(before * 0.16);
    expect(after).toBeGreaterThan(before * 0.05);
    for (let o = 0; o < coarse.positions.length; o += 3)
      expect(Math.hypot(...coarse.positions.subarray(o, o + 3))).toBeCloseTo(50, 2);
    expect(Math.max(...coarse.triangles)).toBe(coarse.positions.length / 3 - 1);
  });
});

function makeSphere(n: number): SurfaceArrays {
  const p: number[] = [];
  const t: number[] = [];
  for (let i = 0; i <= n; i++)
    for (let j = 0; j < 2 * n; j++) {
      const [a, b] = [(Math.PI * i) / n, (Math.PI * j) / n];
      p.push(50 * Math.sin(a) * Math.cos(b), 50 * Math.sin(a) * Math.sin(b), 50 * Math.cos(a));
      if (i === n) continue;
      const [v, w] = [i * 2 * n + j, i * 2 * n + ((j + 1) % (2 * n))];
      t.push(v, v + 2 * n, w, w, v + 2 * n, w + 2 * n);
    }
  const positions = new Float32Array(p);
  const triangles = new Uint32Array(t);
  return { positions, triangles, normals: vertexNormals(positions, triangles) };
}
