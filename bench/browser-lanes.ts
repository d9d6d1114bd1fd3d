/**
 * The lanes of the motion screen: frames a second while 16 channels of 10 minutes at 2 kHz (SYNTHETIC) are zoomed, panned and played.
 *
 * `npm run build && node bench/browser-lanes.ts` starts server and Chromium (software GL, 1440×900) and prints one JSON line. `paint_ms` is
 * what a frame costs the page's thread, `cpu_ms_per_frame` what it costs all processes of the browser, `any_frame` what a blinking dot costs them.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { writeMotionParquet } from '../src/formats/parquet/index.ts';
import type { SignalChannel } from '../src/model/index.ts';
import { PatientsPage } from '../tests/e2e/pages.ts';
import { startBrowser, startServer, visit } from '../tests/support/application.ts';

const RATE_HZ = 2000;
const SAMPLES = 600 * RATE_HZ;
const CHANNELS = 16;
const ACT_MS = 5000;
const READ_MS = 180_000;

/** Bursts of noise, as a muscle gives them · V */
function muscle(number: number): SignalChannel {
  const values = new Float32Array(SAMPLES);
  let seed = number + 1;
  for (let i = 0; i < SAMPLES; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const burst = Math.max(0, Math.sin(i / RATE_HZ / 3 + number)) ** 4;
    values[i] = (seed / 2 ** 32 - 0.5) * 1e-3 * (0.1 + burst);
  }
  return { name: `EMG${number + 1}`, unit: 'V', values, quantity: 'other' };
}

/** What the lanes tell of themselves to this bench. */
interface Watched {
  lanes: { painted: { frames: number; ms: number } };
}
interface Marks {
  marks: number[];
  paint: number[];
  on: boolean;
}

/**
 * A turn of the wheel: how far it turns for `turns` frames before it turns back. A dot of 4 pixels that blinks instead tells what any frame
 * costs; while it plays nothing turns, and only the cursor moves.
 */
type Wheel = { deltaX: number; deltaY: number; turns: number } | 'dot' | 'play';

/** CPU that this program's children have used · s; 0 where there is no /proc */
function childrenCpuS(): number {
  if (!existsSync('/proc/self/stat')) return 0;
  const parents = new Map<number, { parent: number; ticks: number }>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      parents.set(Number(name), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
    } catch {
      // it has ended
    }
  }
  const isOurs = (pid: number): boolean =>
    pid === process.pid || (parents.has(pid) && isOurs(parents.get(pid)?.parent ?? 0));
  let ticks = 0;
  for (const [pid, one] of parents) if (pid !== process.pid && isOurs(one.parent)) ticks += one.ticks;
  return ticks / 100;
}

/** Frames while the wheel turns once a frame. The events are made in the page: what brings them in from outside is not what is measured. */
async function measure(page: Page, wheel: Wheel) {
  await page.evaluate((wheel) => {
    const store = window as unknown as Marks;
    const { lanes } = document.querySelector('[data-testid="lanes"] section') as unknown as Watched;
    const canvas = document.querySelectorAll('[data-testid="lanes"] section canvas')[0];
    const box = canvas.getBoundingClientRect();
    Object.assign(store, { marks: [], paint: [], on: true });
    const dot = document.createElement('i');
    dot.style.cssText = 'position:fixed;left:9px;top:9px;width:4px;height:4px';
    if (wheel === 'dot') document.body.append(dot);
    let seen = lanes.painted.frames;
    const tick = (now: number): void => {
      store.marks.push(now);
      if (lanes.painted.frames !== seen) store.paint.push(lanes.painted.ms);
      seen = lanes.painted.frames;
      if (wheel === 'dot') {
        dot.style.background = store.marks.length % 2 ? 'red' : 'blue';
        store.paint.push(0);
      } else if (wheel === 'play') store.paint.push(0);
      else {
        const way = Math.floor(store.marks.length / wheel.turns) % 2 ? -1 : 1;
        const at = { clientX: box.left + 0.6 * box.width, clientY: box.top + 100, cancelable: true, bubbles: true };
        canvas.dispatchEvent(
          new WheelEvent('wheel', { ...at, deltaX: way * wheel.deltaX, deltaY: way * wheel.deltaY }),
        );
      }
      if (store.on) requestAnimationFrame(tick);
      else dot.remove();
    };
    requestAnimationFrame(tick);
  }, wheel);
  const before = childrenCpuS();
  await page.waitForTimeout(ACT_MS);
  const cpuS = childrenCpuS() - before;
  const { marks, paint } = await page.evaluate(() => {
    const store = window as unknown as Marks;
    store.on = false;
    return { marks: store.marks, paint: store.paint };
  });
  paint.sort((a, b) => a - b);
  return {
    fps: Number(((1000 * (marks.length - 1)) / (marks[marks.length - 1] - marks[0])).toFixed(1)),
    painted: paint.length,
    cpu_ms_per_frame: Number(((1000 * cpuS) / Math.max(1, paint.length)).toFixed(1)),
    paint_ms: Number((paint[paint.length >> 1] ?? 0).toFixed(1)),
    paint_p90_ms: Number((paint[Math.floor(0.9 * paint.length)] ?? 0).toFixed(1)),
  };
}

const folder = await mkdtemp(join(tmpdir(), 'msdt-lanes-'));
const server = await startServer();
const browser = await startBrowser();
try {
  const channels = Array.from({ length: CHANNELS }, (_, number) => muscle(number));
  const payload = { clock: 'long', startS: 0, rateHz: RATE_HZ, channels };
  const { bytes } = writeMotionParquet({ kind: 'signal.other', payload, name: 'long' }, { synthetic: true });
  const path = join(folder, 'long.parquet');
  await writeFile(path, bytes);
  const { page } = await visit(browser, server.url);
  const twin = await new PatientsPage(page).dropFiles([path]);
  const motion = await twin.motion();
  await motion.ready(READ_MS);
  await page.getByLabel(/^jobs \d+ running/).waitFor({ state: 'detached', timeout: READ_MS });
  await page.reload();
  const opened = Date.now();
  await motion.ready(READ_MS);
  const readS = (Date.now() - opened) / 1000;
  await page.waitForTimeout(1500);
  const floor = await measure(page, 'dot');
  const zoom = await measure(page, { deltaX: 0, deltaY: -100, turns: 60 });
  await motion.lanes().focus();
  await page.keyboard.press('z');
  for (let n = 0; n < 6; n++) await page.keyboard.press('+');
  const pan = await measure(page, { deltaX: 14, deltaY: 0, turns: 120 });
  await page.keyboard.press('Space');
  const play = await measure(page, 'play');
  console.log(
    JSON.stringify({
      case: 'lanes-16x10min-2kHz-1440x900-software-gl',
      samples: CHANNELS * SAMPLES,
      all_lanes_read_s: Number(readS.toFixed(2)),
      any_frame: { fps: floor.fps, cpu_ms_per_frame: floor.cpu_ms_per_frame },
      zoom,
      pan,
      play: { fps: play.fps, cpu_ms_per_frame: play.cpu_ms_per_frame },
      load: Number(loadavg()[0].toFixed(1)),
    }),
  );
} finally {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
