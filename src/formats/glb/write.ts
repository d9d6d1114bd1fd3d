/** Writes a mesh as GLB: positions stay LPS mm, a root node turns them into glTF's Y-up metres. */

import { pointBounds } from '../../kernel/index.ts';
import type { Mesh, WrittenFile } from '../../model/index.ts';
import { concatBytes, utf8 } from '../bytes.ts';
import { meshFileName } from '../mesh/index.ts';
import { srgbToLinear } from './colour.ts';

const FLOAT = 5126;
const UINT = 5125;
const VERTEX_BUFFER = 34962;
const INDEX_BUFFER = 34963;

/** LPS mm to glTF: x stays, superior is up, posterior is away from the viewer; column-major, metres. */
const ROOT_MATRIX = [0.001, 0, 0, 0, 0, 0, -0.001, 0, 0, 0.001, 0, 0, 0, 0, 0, 1];

const COLOURS = ['red', 'green', 'blue', 'alpha'];

/** The file. */
export function writeGlb(mesh: Mesh, name: string, kind: string): WrittenFile {
  const { positions, triangles, normals, vertexData = {}, color, level } = mesh;
  const vertices = positions.length / 3;
  const parts = new Parts();
  const attributes: Record<string, number> = {
    POSITION: parts.add(positions, {
      type: 'VEC3',
      component: FLOAT,
      target: VERTEX_BUFFER,
      ...pointBounds([positions]),
    }),
  };
  if (normals) attributes.NORMAL = parts.add(normals, { type: 'VEC3', component: FLOAT, target: VERTEX_BUFFER });
  const bytes: string[] = [];
  const colours = colourValues(vertexData, vertices);
  if (colours)
    attributes.COLOR_0 = parts.add(colours.data, { type: colours.type, component: FLOAT, target: VERTEX_BUFFER });
  for (const [key, values] of Object.entries(vertexData)) {
    if (COLOURS.includes(key)) continue;
    const attribute = `_${key.replace(/[^\w]/g, '_')}`;
    // bytes must be spread over four bytes each anyway, and as floats every program reads them
    if (values instanceof Uint8Array) bytes.push(attribute);
    const floats = values instanceof Uint8Array ? Float32Array.from(values) : values;
    attributes[attribute] = parts.add(floats, { type: 'SCALAR', component: FLOAT, target: VERTEX_BUFFER });
  }
  const indices = parts.add(triangles, { type: 'SCALAR', component: UINT, target: INDEX_BUFFER });
  const factor = color ? [...color.map(srgbToLinear), 1] : undefined;
  const extras = { kind, ...(level ? { level } : {}), ...(bytes.length > 0 ? { byteAttributes: bytes } : {}) };
  const json = {
    asset: { version: '2.0', generator: 'MSDT' },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [
      { name: 'patient LPS mm', matrix: ROOT_MATRIX, children: [1] },
      { name, mesh: 0 },
    ],
    meshes: [{ name, extras, primitives: [{ attributes, indices, ...(factor ? { material: 0 } : {}) }] }],
    ...(factor
      ? {
          materials: [
            { name, pbrMetallicRoughness: { baseColorFactor: factor, metallicFactor: 0, roughnessFactor: 0.8 } },
          ],
        }
      : {}),
    accessors: parts.accessors,
    bufferViews: parts.views,
    buffers: [{ byteLength: parts.length }],
  };
  return { name: `${meshFileName(name)}.glb`, bytes: container(json, parts), mediaType: 'model/gltf-binary' };
}

interface PartOptions {
  type: string;
  component: number;
  target: number;
  min?: number[];
  max?: number[];
}

/** Binary parts with their buffer views and accessors. */
class Parts {
  readonly accessors: object[] = [];
  readonly views: object[] = [];
  readonly blocks: Uint8Array[] = [];
  length = 0;

  /** Adds an array; returns the index of its accessor. */
  add(values: Float32Array | Uint32Array, options: PartOptions): number {
    const { type, component, target, min, max } = options;
    const components = { SCALAR: 1, VEC3: 3, VEC4: 4 }[type] ?? 1;
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const view = { buffer: 0, byteOffset: this.length, byteLength: bytes.length, target };
    const accessor = {
      bufferView: this.views.length,
      componentType: component,
      count: values.length / components,
      type,
    };
    this.views.push(view);
    this.accessors.push({ ...accessor, ...(min ? { min, max } : {}) });
    this.blocks.push(bytes);
    this.length += bytes.length;
    return this.accessors.length - 1;
  }
}

function container(json: object, parts: Parts): Uint8Array {
  let text = utf8(JSON.stringify(json));
  const padding = (4 - (text.length % 4)) % 4;
  text = concatBytes([text, new Uint8Array(padding).fill(32)]);
  const head = new DataView(new ArrayBuffer(20));
  head.setUint32(0, 0x46546c67, true);
  head.setUint32(4, 2, true);
  head.setUint32(8, 28 + text.length + parts.length, true);
  head.setUint32(12, text.length, true);
  head.setUint32(16, 0x4e4f534a, true);
  const bin = new DataView(new ArrayBuffer(8));
  bin.setUint32(0, parts.length, true);
  bin.setUint32(4, 0x004e4942, true);
  return concatBytes([new Uint8Array(head.buffer), text, new Uint8Array(bin.buffer), ...parts.blocks]);
}

function colourValues(
  vertexData: NonNullable<Mesh['vertexData']>,
  vertices: number,
): { data: Float32Array; type: string } | undefined {
  const { red, green, blue, alpha } = vertexData;
  if (!red || !green || !blue) return undefined;
  const channels = alpha ? [red, green, blue, alpha] : [red, green, blue];
  const data = new Float32Array(vertices * channels.length);
  for (let vertex = 0, to = 0; vertex < vertices; vertex++)
    for (const [index, channel] of channels.entries())
      data[to++] = index === 3 ? channel[vertex] / 255 : srgbToLinear(channel[vertex]);
  return { data, type: alpha ? 'VEC4' : 'VEC3' };
}
