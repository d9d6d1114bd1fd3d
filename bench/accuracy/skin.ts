/**
 * Accuracy of skin, bone and vertebra surfaces: phantoms of known shape, the virtual subject, real scans with a couch marked by hand.
 *
 * `node bench/accuracy/skin.ts [--no-write]` prints the tables and writes them into docs/accuracy.md between the skin markers. Real scans
 * are left out, by name, where they are absent. Seconds are of one run on the machine at hand and serve for comparison only.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SUBJECTS, type SubjectParams, simulateSubject } from '../../fixtures/synth/index.ts';
import { boneSegmentation } from '../../src/hme/bone-segmentation/index.ts';
import { labelImport } from '../../src/hme/label-import/index.ts';
import { skinSegmentation } from '../../src/hme/skin-segmentation/index.ts';
import { bodyPhantom, type PhantomOptions } from '../../src/hme/skin-segmentation/phantom.ts';
import { surfaceExtraction } from '../../src/hme/surface-extraction/index.ts';
import { edgeReport, meshComponents } from '../../src/kernel/index.ts';
import type { ArtifactValue, Labelmap, Mesh, Volume } from '../../src/model/index.ts';
import { type CouchMark, isCouch, LIDC_COUCH, TORSO_COUCH } from '../../tests/support/body/couch.ts';
import { voxelsInside } from '../../tests/support/body/inside.ts';
import { skinErrors, skinVoxels } from '../../tests/support/body/skin-figures.ts';
import { dataPath } from '../../tests/support/data-root.ts';
import { outputsOf, readNiftiArtifact, readZippedSeries, runCapability } from '../../tests/support/read.ts';

const PAGE = fileURLToPath(new URL('../../docs/accuracy.md', import.meta.url));
const TORSO = 'ct-torso-totalsegmentator';
const LIDC = 'ct-chest-lidc-0314';

const PHANTOMS: readonly (readonly [string, PhantomOptions])[] = [
  ['free air, 2 mm', { spacingMm: [2, 2, 2] }],
  ['free air, 0.8×0.8×2 mm, noise 30 HU', { spacingMm: [0.8, 0.8, 2], noiseHu: 30 }],
  ['free air, 3 mm', { spacingMm: [3, 3, 3] }],
  ['pressed on a couch of −420 HU, 2 mm', { spacingMm: [2, 2, 2], shellHu: -420, noiseHu: 15 }],
  ['pressed on a couch of 60 HU, 2 mm', { spacingMm: [2, 2, 2], shellHu: 60, noiseHu: 15 }],
  ['the same, sagging by 30 mm', { spacingMm: [2, 2, 2], shellHu: 60, sagMm: 30, pressedMm: 8, noiseHu: 15 }],
  ['the same flat, 0.8×0.8×2 mm', { spacingMm: [0.8, 0.8, 2], shellHu: 60, noiseHu: 30 }],
  ['couch top 12 mm thick, 2×2×5 mm', { spacingMm: [2, 2, 5], shellHu: 60, shellMm: 12, noiseHu: 15 }],
];

interface Skin {
  mesh: Mesh;
  seconds: number;
}

async function skinOf(volume: ArtifactValue): Promise<Skin> {
  const start = performance.now();
  const result = await runCapability(skinSegmentation, { volume: [volume] });
  return { mesh: outputsOf(result, 'skin')[0].payload as Mesh, seconds: (performance.now() - start) / 1000 };
}

const ct = (payload: Volume): ArtifactValue => ({ kind: 'volume.ct', payload });
const yes = (mesh: Mesh) => (edgeReport(mesh).closed && meshComponents(mesh).count === 1 ? 'yes' : 'NO');

async function phantomRows(): Promise<string[]> {
  const rows = [
    '| phantom | mean distance mm | bias mm | 95 % mm | largest mm | closed, one piece |',
    '| --- | --: | --: | --: | --: | :-: |',
  ];
  for (const [name, options] of PHANTOMS) {
    const phantom = bodyPhantom({ boxMm: [400, 300, 120], ...options });
    const { mesh } = await skinOf(ct(phantom.volume));
    const { mean, bias, p95, largest } = skinErrors(phantom, mesh);
    const figures = [mean, bias, p95, largest];
    rows.push(`| ${name} | ${figures.map((value) => value.toFixed(2)).join(' | ')} | ${yes(mesh)} |`);
  }
  return rows;
}

async function subjectRows(): Promise<string[]> {
  const rows = [
    '| virtual subject (SYNTHETIC) | body voxels missed | others taken in | of them couch | Dice | closed, one piece | s |',
    '| --- | --: | --: | --: | --: | :-: | --: |',
  ];
  for (const spacingMm of [1.5, 2, 3]) {
    const params: SubjectParams = { ...SUBJECTS.demo, spacingMm };
    const subject = simulateSubject(params);
    const { mesh, seconds } = await skinOf(ct(subject.ct));
    const { body, missed, extra, couch, dice } = skinVoxels(subject, mesh);
    const share = (count: number) => `${((100 * count) / body).toFixed(3)} %`;
    rows.push(
      `| demo, ${spacingMm} mm | ${share(missed)} | ${share(extra)} | ${share(couch)} | ${dice.toFixed(4)} | ${yes(mesh)} | ${seconds.toFixed(1)} |`,
    );
  }
  return rows;
}

function countInside(mesh: Mesh, grid: Volume | Labelmap, wanted: (at: number) => boolean): [number, number] {
  const inside = voxelsInside(mesh, grid);
  let [all, within] = [0, 0];
  for (let at = 0; at < inside.length; at++) {
    if (!wanted(at)) continue;
    all++;
    if (inside[at]) within++;
  }
  return [all, within];
}

const inCouch =
  ({ size }: Volume | Labelmap, mark: CouchMark) =>
  (at: number) =>
    isCouch(mark, at % size[0], Math.floor(at / size[0]) % size[1]);

async function realRows(): Promise<string[]> {
  const rows = ['| real scan | figure | value |', '| --- | --- | --: |'];
  if (existsSync(dataPath(TORSO))) {
    const volume = await readNiftiArtifact(TORSO, 'example_ct.nii.gz');
    const labels = (await readNiftiArtifact(TORSO, 'example_seg_fast_force_split.nii.gz')).payload as Labelmap;
    const { mesh, seconds } = await skinOf(volume);
    const [labelled, held] = countInside(mesh, labels, (at) => labels.data[at] !== 0);
    const [couch, taken] = countInside(mesh, labels, inCouch(labels, TORSO_COUCH));
    rows.push(`| ${TORSO} | voxels of the 61-label map outside the skin, of ${labelled} | ${labelled - held} |`);
    rows.push(`| | couch voxels inside the skin, of ${couch} | ${taken} |`);
    rows.push(`| | closed, one piece | ${yes(mesh)} |`, `| | skin, s | ${seconds.toFixed(1)} |`);
    rows.push(...(await surfaceRows()));
  } else rows.push(`| ${TORSO} | not at hand | |`);
  if (existsSync(dataPath(LIDC))) {
    const volume = await readZippedSeries(LIDC, 'lidc-idri-0314-lower-half.zip');
    const { mesh, seconds } = await skinOf(volume);
    const grid = volume.payload as Volume;
    const [couch, taken] = countInside(mesh, grid, inCouch(grid, LIDC_COUCH));
    rows.push(
      `| ${LIDC} | couch voxels inside the skin, of ${couch} | ${taken} |`,
      `| | closed, one piece | ${yes(mesh)} |`,
    );
    const start = performance.now();
    const bone = await runCapability(boneSegmentation, { volume: [volume] });
    const boneSeconds = (performance.now() - start) / 1000;
    const closed = edgeReport(outputsOf(bone, 'mesh')[0].payload as Mesh).closed;
    rows.push(
      `| | skin, s; bone, s | ${seconds.toFixed(1)}; ${boneSeconds.toFixed(1)} |`,
      `| | bone surface closed | ${closed ? 'yes' : 'NO'} |`,
    );
  } else rows.push(`| ${LIDC} | not at hand | |`);
  return rows;
}

async function surfaceRows(): Promise<string[]> {
  const source = await readNiftiArtifact(TORSO, 'example_seg_fast_force_split.nii.gz');
  const labels = await runCapability(labelImport, { source: [source] });
  const made = await runCapability(surfaceExtraction, { vertebrae: outputsOf(labels, 'vertebrae') });
  const changes = made.features.map(({ value }) => Math.abs(value as number));
  const meshes = outputsOf(made, 'surfaces').map(({ payload }) => payload as Mesh);
  return [
    `| | vertebra surfaces closed, one piece | ${meshes.filter((mesh) => yes(mesh) === 'yes').length} of ${meshes.length} |`,
    `| | largest change of a vertebra's volume, % | ${Math.max(...changes).toFixed(3)} |`,
  ];
}

const HOW = `\`node bench/accuracy/skin.ts\` gives these tables again.

The couch is marked independently of the segmentation (\`tests/support/body/couch.ts\`). ${TORSO}: for 19 columns the median over all slices of
the values below −700 HU shows the mattress foam as a plateau at −950 HU; its last voxel within 10 HU, going up, was read by hand, and
all at or below the line through these is couch. ${LIDC}: the first row where nine tenths of the slices are denser than −400 HU is the
tabletop's front in 17 columns; all at or behind it is couch. Cloth on the mattress is in neither mark. Where a body lies flat on a
couch as dense as itself the skin is known to half a voxel.`;

const text = [HOW, '', ...(await phantomRows()), '', ...(await subjectRows()), '', ...(await realRows())].join('\n');
console.log(text);
if (!process.argv.includes('--no-write')) {
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(
    PAGE,
    page.replace(/(<!-- skin:start -->)[\s\S]*?(<!-- skin:end -->)/, `$1\n${text.replaceAll('$', '$$$$')}\n$2`),
  );
}
