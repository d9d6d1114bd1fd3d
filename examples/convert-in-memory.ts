/**
 * Writes a small label map as NIfTI, reads it back with whatever format recognises it, and prints what was found.
 *
 * `node examples/convert-in-memory.ts` (SYNTHETIC data)
 */

import { simulateSubject } from '../fixtures/synth/index.ts';
import { catalogue } from '../src/catalogue.ts';
import { nifti } from '../src/formats/nifti/index.ts';
import type { Labelmap } from '../src/model/index.ts';
import { fileInMemory, readFiles } from '../src/runtime/index.ts';

const subject = simulateSubject({ seed: 1, spacingMm: 2, levels: ['L4', 'S1'], field: 'spine' });
const [file] =
  (await nifti.write?.({ kind: 'labelmap.vertebrae', payload: subject.vertebrae, name: 'vertebrae' })) ?? [];

const report = await readFiles(catalogue, [fileInMemory(file.name, file.bytes)]);
for (const item of report.items) {
  for (const artifact of item.artifacts) {
    const { size, labels } = artifact.payload as Labelmap;
    console.log(
      `${artifact.name}: ${artifact.kind}, ${size.join(' × ')}, ${labels.map((label) => label.name).join(', ')} (SYNTHETIC)`,
    );
  }
}
