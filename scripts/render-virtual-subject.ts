/**
 * Draws the demo subject for the documentation: curved coronal and sagittal cuts along the column, label overlay, and axial
 * cuts. Run: node scripts/render-virtual-subject.ts [seed] [file.png]
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import { SUBJECTS, simulateSubject, type VirtualSubject } from '../fixtures/synth/index.ts';
import { xyzToIjk } from '../src/model/index.ts';

const GREYS = 40;
const TINTS = 18;
const SHADES = 12;
const [LOW_HU, HIGH_HU] = [-220, 620];

/** An indexed picture: greys first, then shades of each tint. */
interface Picture {
  width: number;
  height: number;
  data: Uint8Array;
}

function main(): void {
  const [seed, file] = process.argv.slice(2);
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
  const target = file ?? resolve(root, 'docs/images/virtual-subject.png');
  const subject = simulateSubject(seed ? { seed: Number(seed) } : { ...SUBJECTS.demo, noiseHu: 8 });
  for (const part of ['truth', 'vertebrae', 'bodies', 'discs', 'anatomy', 'ct'] as const) {
    const start = performance.now();
    void subject[part];
    console.log(`${part}: ${(performance.now() - start).toFixed(0)} ms`);
  }
  const picture = compose(subject);
  mkdirSync(dirname(target), { recursive: true });
  const bytes = encodePng(picture);
  writeFileSync(target, bytes);
  console.log(`${target}: ${picture.width} x ${picture.height}, ${(bytes.length / 1024).toFixed(0)} KB`);
}

function compose(subject: VirtualSubject): Picture {
  const { grid, truth } = subject;
  const [nx, ny, nz] = grid.size;
  const path = columnPath(subject);
  const axial = ['T8', 'L2', 'L4', 'S1'].map((level) => {
    const v = truth.vertebrae.find((w) => w.level === level)!;
    const between = level === 'L4' ? -9 : 0;
    const k = Math.round(xyzToIjk(grid, [v.bodyCentroid[0], v.bodyCentroid[1], v.bodyCentroid[2] + between])[2]);
    return cut(subject, nx, ny, (u, v2) => u + nx * (v2 + ny * k), false);
  });
  const coronal = (tinted: boolean) =>
    cut(subject, nx, nz, (u, v) => u + nx * (path[nz - 1 - v][1] + ny * (nz - 1 - v)), tinted);
  const sagittal = (tinted: boolean) =>
    cut(subject, ny, nz, (u, v) => path[nz - 1 - v][0] + nx * (u + ny * (nz - 1 - v)), tinted);
  const columns = [[coronal(false)], [sagittal(false)], [sagittal(true)]];
  const width = nx + 2 * ny + nx + 3 * 6;
  const height = Math.max(
    nz,
    axial.reduce((sum, p) => sum + shrink(p).height + 4, 0),
  );
  const picture: Picture = { width, height, data: new Uint8Array(width * height) };
  let x = 0;
  for (const [part] of columns) {
    paste(picture, part, x, 0);
    x += part.width + 6;
  }
  let y = 0;
  for (const part of axial.map(shrink)) {
    paste(picture, part, x, y);
    y += part.height + 4;
  }
  return { ...picture, width };
}

/** i and j of the column's centre line in each axial slice, through the bodies' centroids. */
function columnPath({ grid, truth }: VirtualSubject): [number, number][] {
  const points = truth.vertebrae.map((v) => xyzToIjk(grid, v.bodyCentroid)).sort((a, b) => a[2] - b[2]);
  return Array.from({ length: grid.size[2] }, (_, k) => {
    const n = points.findIndex((p) => p[2] > k);
    if (n === 0) return [Math.round(points[0][0]), Math.round(points[0][1])];
    const b = points[n === -1 ? points.length - 1 : n];
    const a = points[(n === -1 ? points.length : n) - 1];
    const t = b === a ? 0 : (k - a[2]) / (b[2] - a[2]);
    return [Math.round(a[0] + t * (b[0] - a[0])), Math.round(a[1] + t * (b[1] - a[1]))];
  });
}

function cut(
  subject: VirtualSubject,
  width: number,
  height: number,
  at: (u: number, v: number) => number,
  tinted: boolean,
): Picture {
  const data = new Uint8Array(width * height);
  const { ct, vertebrae, discs } = subject;
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      const i = at(u, v);
      const grey = Math.min(1, Math.max(0, (ct.data[i] - LOW_HU) / (HIGH_HU - LOW_HU)));
      const label = tinted ? vertebrae.data[i] || (discs.data[i] ? 1 : 0) : 0;
      const tint = label === 1 ? TINTS - 1 : label ? (43 - label) % (TINTS - 1) : -1;
      data[u + width * v] =
        tint < 0 ? Math.round(grey * (GREYS - 1)) : GREYS + tint * SHADES + Math.round(grey * (SHADES - 1));
    }
  }
  return { width, height, data };
}

/** Takes the empty margins off an axial cut. */
function shrink(picture: Picture): Picture {
  const { width, data } = picture;
  const filled = (v: number) => data.subarray(v * width, (v + 1) * width).some((p) => p > 4);
  let [from, to] = [0, picture.height];
  while (from < to - 1 && !filled(from)) from++;
  while (to > from + 1 && !filled(to - 1)) to--;
  return { width, height: to - from, data: data.slice(from * width, to * width) };
}

function paste(into: Picture, part: Picture, x: number, y: number): void {
  for (let v = 0; v < part.height && y + v < into.height; v++) {
    into.data.set(part.data.subarray(v * part.width, (v + 1) * part.width), x + into.width * (y + v));
  }
}

function palette(): Buffer {
  const colours = Buffer.alloc(256 * 3);
  for (let g = 0; g < GREYS; g++) colours.fill(Math.round((255 * g) / (GREYS - 1)), 3 * g, 3 * g + 3);
  for (let t = 0; t < TINTS; t++) {
    for (let s = 0; s < SHADES; s++) {
      const light = 0.45 + (0.55 * s) / (SHADES - 1);
      for (let c = 0; c < 3; c++) {
        const wave = 0.62 + 0.38 * Math.cos(2 * Math.PI * (t * 0.381966 + c / 3));
        colours[3 * (GREYS + t * SHADES + s) + c] = Math.round(
          255 * light * (t === TINTS - 1 ? [1, 0.9, 0.35][c] : wave),
        );
      }
    }
  }
  return colours;
}

function encodePng({ width, height, data }: Picture): Buffer {
  const rows = Buffer.alloc(height * (width + 1));
  for (let v = 0; v < height; v++) rows.set(data.subarray(v * width, (v + 1) * width), v * (width + 1) + 1);
  const chunk = (type: string, body: Buffer) => {
    const frame = Buffer.alloc(12 + body.length);
    frame.writeUInt32BE(body.length, 0);
    frame.write(type, 4, 'latin1');
    body.copy(frame, 8);
    frame.writeUInt32BE(crc32(frame.subarray(4, 8 + body.length)), 8 + body.length);
    return frame;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const body = deflateSync(rows, { level: 9 });
  return Buffer.concat([
    magic,
    chunk('IHDR', head),
    chunk('PLTE', palette()),
    chunk('IDAT', body),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

main();
