/** Surfaces as GLB, complete and bit for bit, and as STL for whoever has no glTF. */

import { glb, stl } from '../../formats/index.ts';
import { ArgumentError, type Mesh, MsdtError, type SourceFile, type WrittenFile } from '../../model/index.ts';
import type { BlobReader, Drafted, EncodedArtifact } from './artifact-codec.ts';
import { fileStem } from './stem.ts';

export async function encodeMesh(draft: Drafted<Mesh>): Promise<EncodedArtifact> {
  const { kind, payload } = draft;
  if (payload.triangles.length === 0)
    throw new ArgumentError('mesh.triangles', 'none', 'at least one triangle; leave an empty surface out');
  const stem = fileStem(draft);
  const name = payload.name ?? draft.name;
  const files: WrittenFile[] = [];
  for (const [format, ending] of [
    [glb, '.glb'],
    [stl, '.stl'],
  ] as const) {
    const [file] =
      (await format.write?.({ kind, payload: payload as never, name: format === glb ? name : stem })) ?? [];
    files.push({ ...file, name: stem + ending });
  }
  return {
    files,
    summary: {
      vertices: payload.positions.length / 3,
      triangles: payload.triangles.length / 3,
      ...(payload.frame === 'patient' ? {} : { frame: payload.frame }),
    },
  };
}

/** @param frame - frame of the positions, when it is not the patient's */
export async function decodeMesh(read: BlobReader, file: string, bytes: number, frame: unknown): Promise<Mesh> {
  const report = await glb.read([sourceOf(read, file, bytes)]);
  const mesh = report.items[0]?.artifacts[0]?.payload as Mesh | undefined;
  if (!mesh) {
    throw new MsdtError('store.damaged', 'A stored surface cannot be read', {
      where: { file },
      detail: report.errors[0]?.error.message ?? 'it holds no surface',
      hint: 'Restore the data folder from its backup, or run the capability again.',
      cause: report.errors[0]?.error,
    });
  }
  return typeof frame === 'string' ? { ...mesh, frame: frame as Mesh['frame'] } : mesh;
}

/** A stored file as the readers of `formats` take it. */
function sourceOf(read: BlobReader, name: string, bytes: number): SourceFile {
  const slice = (start: number, end: number): Promise<Uint8Array> =>
    read({ range: { start, end: Math.min(end, bytes) } });
  return { name, bytes, head: (length) => slice(0, length), read: () => read(), slice };
}
