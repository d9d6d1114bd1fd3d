/** What readers and writers of surfaces share: frame and unit of a file, the item, triangles from corners. */

export {
  LENGTH_UNITS,
  type MeshHeader,
  MM_PER,
  meshFileName,
  meshHeaderFrom,
  meshItem,
  type RawMesh,
  SPACE_NOTE,
} from './item.ts';
export { TriangleList } from './triangles.ts';
