/**
 * The browser's part: seconds until the first slice after opening a twin, and frames a second while 500 k triangles turn.
 *
 * `npm run build && node bench/browser.ts [VOLUME]` starts server and Chromium (software GL, 1440×900), adds a volume (default: the
 * chest CT of the real data) and a generated surface of 500 k triangles (SYNTHETIC), and prints one JSON line.
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stl } from '../src/formats/stl/index.ts';
import type { Mesh } from '../src/model/index.ts';
import { PatientsPage } from '../tests/e2e/pages.ts';
import { startBrowser, startServer, visit } from '../tests/support/application.ts';
import { dataPath } from '../tests/support/data-root.ts';

const TURN_MS = 6000;
const BUILD_MS = 180_000;
const volume = process.argv[2] ?? dataPath('ct-chest-lidc-0314', 'lidc-idri-0314-lower-half.zip');

/** A bumpy ball of `2 * rows * columns` triangles · mm. */
function ball(rows: number, columns: number): Mesh {
  const positions = new Float32Array((rows + 1) * columns * 3);
  const triangles = new Uint32Array(rows * columns * 6);
  let at = 0;
  for (let i = 0; i <= rows; i++) {
    const theta = 0.001 + (Math.PI - 0.002) * (i / rows);
    for (let j = 0; j < columns; j++) {
      const phi = (2 * Math.PI * j) / columns;
      const r = 120 + 6 * Math.sin(9 * phi) * Math.sin(7 * theta);
      positions.set(
        [r * Math.sin(theta) * Math.cos(phi), r * Math.sin(theta) * Math.sin(phi), r * Math.cos(theta) - 600],
        at,
      );
      at += 3;
    }
  }
  at = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const [a, b] = [i * columns + j, i * columns + ((j + 1) % columns)];
      triangles.set([a, a + columns, b, b, a + columns, b + columns], at);
      at += 6;
    }
  }
  return { positions, triangles, frame: 'patient' };
}

const folder = await mkdtemp(join(tmpdir(), 'msdt-browser-'));
const server = await startServer();
const browser = await startBrowser();
try {
  const surface = ball(500, 500);
  const [file] = (await stl.write?.({ kind: 'mesh.other', payload: surface, name: 'ball' })) ?? [];
  const path = join(folder, file.name);
  await writeFile(path, file.bytes);
  const first = await visit(browser, server.url);
  const twin = await new PatientsPage(first.page).dropFiles([volume, path]);
  const building = await twin.spine();
  await building
    .slice('axial')
    .getByText(/HU|W \d+/)
    .first()
    .waitFor({ timeout: BUILD_MS });
  await first.page.getByLabel(/^jobs \d+ running/).waitFor({ state: 'detached', timeout: BUILD_MS });
  await first.page.context().close();

  const { page } = await visit(browser, server.url);
  await page.getByTestId('twin').first().waitFor();
  const opened = Date.now();
  await page.getByTestId('twin').first().click();
  const spine = await twinSpine(page);
  await page.waitForFunction(painted, undefined, { polling: 30, timeout: 60_000 });
  const firstSlice = (Date.now() - opened) / 1000;
  await page.waitForTimeout(8000);
  const box = await page.getByTestId('scene').boundingBox();
  if (!box) throw new Error('no scene');
  await page.evaluate(() => {
    const marks: number[] = [];
    (window as unknown as { marks: number[] }).marks = marks;
    const tick = (now: number): void => {
      marks.push(now);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  const from = await page.evaluate(() => performance.now());
  for (let n = 0, start = Date.now(); Date.now() - start < TURN_MS; n++) {
    await page.mouse.move(x + 120 * Math.sin(n / 6), y + 20 * Math.cos(n / 9));
  }
  const to = await page.evaluate(() => performance.now());
  await page.mouse.up();
  const marks = await page.evaluate(() => (window as unknown as { marks: number[] }).marks);
  const frames = marks.filter((mark) => mark >= from && mark <= to);
  const gaps = frames
    .slice(1)
    .map((mark, index) => mark - frames[index])
    .sort((a, b) => a - b);
  console.log(
    JSON.stringify({
      case: 'browser-1440x900-software-gl',
      triangles: surface.triangles.length / 3,
      first_slice_s: Number(firstSlice.toFixed(2)),
      turning_fps: Number(((1000 * (frames.length - 1)) / (frames[frames.length - 1] - frames[0])).toFixed(1)),
      slowest_tenth_ms: Math.round(gaps[Math.floor(gaps.length * 0.9)]),
    }),
  );
  await spine.panel('About');
} finally {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function twinSpine(page: import('playwright-core').Page) {
  await page.getByRole('navigation', { name: 'Screens' }).getByText('Spine').click();
  const { SpineScreen } = await import('../tests/e2e/pages.ts');
  return new SpineScreen(page);
}

/** True when the axial slice shows more than one grey level. */
function painted(): boolean {
  const canvas = document.querySelector<HTMLCanvasElement>('[data-testid="slice-axial"] canvas');
  const pen = canvas?.getContext('2d');
  if (!canvas || !pen || canvas.width === 0) return false;
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set<number>();
  for (let at = 0; at < data.length; at += 4 * 97) seen.add(data[at]);
  return seen.size > 8;
}
