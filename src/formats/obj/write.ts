/** Writes a mesh as OBJ; colours and scalars have no place there that other programs read, so they are left out. */

import type { Mesh, WrittenFile } from '../../model/index.ts';
import { utf8 } from '../bytes.ts';
import { meshFileName, SPACE_NOTE } from '../mesh/index.ts';

/** The file. */
export function writeObj(mesh: Mesh, name: string): WrittenFile {
  const { positions, triangles, normals } = mesh;
  const title = name.replace(/\s+/g, '_').slice(0, 120) || 'mesh';
  const lines = ['# MSDT output', `# ${SPACE_NOTE}`, '# UNIT=mm', `o ${title}`];
  for (let at = 0; at < positions.length; at += 3)
    lines.push(`v ${positions[at]} ${positions[at + 1]} ${positions[at + 2]}`);
  for (let at = 0; normals && at < normals.length; at += 3)
    lines.push(`vn ${normals[at]} ${normals[at + 1]} ${normals[at + 2]}`);
  const corner = (index: number): string => (normals ? `${index + 1}//${index + 1}` : String(index + 1));
  for (let at = 0; at < triangles.length; at += 3)
    lines.push(`f ${corner(triangles[at])} ${corner(triangles[at + 1])} ${corner(triangles[at + 2])}`);
  return { name: `${meshFileName(name)}.obj`, bytes: utf8(`${lines.join('\n')}\n`), mediaType: 'model/obj' };
}
