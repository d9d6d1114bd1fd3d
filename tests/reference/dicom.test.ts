/** DICOM as independent programs see it: dcmjs, pydicom with its own test files, DCMTK and GDCM. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import dcmjs from 'dcmjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DecodedFrames, decodeFrames, writeSeries } from '../../src/formats/dicom/index.ts';
import { HOUNSFIELD, ijkToXyz, isMsdtError, type Volume } from '../../src/model/index.ts';
import { dataPath } from '../support/data.ts';

const PYTHON = '/usr/bin/python3';
const SCRIPT = fileURLToPath(new URL('dicom_pydicom.py', import.meta.url));
const SET = 'dicom-transfer-syntaxes';

function works(command: string, ...args: string[]): boolean {
  return spawnSync(command, args).status === 0;
}

/** `describe` that is skipped by name and reason. */
function describeWith(there: boolean, name: string, reason: string, body: () => void): void {
  if (there) describe(name, body);
  else describe.skip(`${name} (${reason})`, body);
}

const folder = mkdtempSync(join(tmpdir(), 'msdt-dicom-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const VOLUME: Volume = {
  size: [9, 7, 5],
  spacing: [0.7, 0.9, 1.5],
  origin: [-12.25, 33.5, 871.125],
  direction: [0.8, -0.36, 0.48, 0.6, 0.48, -0.64, 0, 0.8, 0.6],
  data: Int16Array.from({ length: 315 }, (_, n) => n * 11 - 1000),
  unit: HOUNSFIELD,
};

const written = writeSeries('volume.ct', VOLUME, 'reference', { synthetic: true });

describe('dcmjs', () => {
  it('reads a written series as it was meant', () => {
    for (const [k, { bytes }] of written.entries()) {
      const { dict, meta } = dcmjs.data.DicomMessage.readFile(bytes.slice().buffer);
      const data = dcmjs.data.DicomMetaDictionary.naturalizeDataset(dict);
      expect(dcmjs.data.DicomMetaDictionary.naturalizeDataset(meta).TransferSyntaxUID).toBe('1.2.840.10008.1.2.1');
      expect([data.Rows, data.Columns, data.RescaleIntercept, data.RescaleSlope]).toEqual([7, 9, -1024, 1]);
      ijkToXyz(VOLUME, [0, 0, k]).forEach((v, axis) => {
        expect(data.ImagePositionPatient[axis]).toBeCloseTo(v, 6);
      });
      expect(data.PixelSpacing).toEqual([0.9, 0.7]);
      const words = new Int16Array(data.PixelData[0].slice(0));
      expect([...words].map((w) => w - 1024)).toEqual([...VOLUME.data.subarray(63 * k, 63 * (k + 1))]);
    }
  });
});

interface PythonLine {
  file: string;
  position: number[];
  slope: number;
  intercept: number;
  type?: string;
  raw?: string;
  error?: string;
}

const TYPES: Record<string, new (buffer: ArrayBuffer) => ArrayLike<number>> = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
};

function pydicom(files: string[]): PythonLine[] {
  const out = mkdtempSync(join(folder, 'py-'));
  const done = spawnSync(PYTHON, [SCRIPT, out, ...files], { encoding: 'utf8', maxBuffer: 1 << 26 });
  return done.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PythonLine);
}

function pixelsOf({ raw, type }: PythonLine): ArrayLike<number> {
  return new TYPES[type ?? 'uint8'](new Uint8Array(readFileSync(raw ?? '')).buffer);
}

/** Largest difference; infinite when the lengths differ. */
function farthest(frames: DecodedFrames['frames'], reference: ArrayLike<number>): number {
  if (frames.reduce((sum, frame) => sum + frame.length, 0) !== reference.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  let at = 0;
  for (const frame of frames) for (const value of frame) most = Math.max(most, Math.abs(value - reference[at++]));
  return most;
}

describeWith(
  works(PYTHON, '-c', 'import pydicom, numpy'),
  'pydicom',
  'python3 with pydicom and numpy is not there',
  () => {
    it('reads a written series as it was meant', () => {
      mkdirSync(join(folder, 'series'));
      const paths = written.map(({ name, bytes }) => {
        const path = join(folder, 'series', basename(name));
        writeFileSync(path, bytes);
        return path;
      });
      for (const [k, line] of pydicom(paths).entries()) {
        ijkToXyz(VOLUME, [0, 0, k]).forEach((v, axis) => {
          expect(line.position[axis]).toBeCloseTo(v, 6);
        });
        const values = Array.from(pixelsOf(line), (stored) => stored * line.slope + line.intercept);
        expect(values).toEqual([...VOLUME.data.subarray(63 * k, 63 * (k + 1))]);
      }
    });

    const tests = spawnSync(
      PYTHON,
      ['-c', 'import os, pydicom; print(os.path.join(os.path.dirname(pydicom.__file__), "data/test_files"))'],
      { encoding: 'utf8' },
    ).stdout.trim();

    describeWith(existsSync(tests), 'its own test files', 'not installed with the package', () => {
      const files = existsSync(tests) ? readdirSync(tests).filter((name) => name.endsWith('.dcm')) : [];
      let lines: PythonLine[] = [];
      beforeAll(() => {
        lines = pydicom(files.map((name) => join(tests, name)));
      });

      it('decode to the same pixels wherever both can', async () => {
        const apart: string[] = [];
        let compared = 0;
        for (const line of lines.filter(({ raw }) => raw)) {
          const name = basename(line.file);
          const ours = await decodeFrames(new Uint8Array(readFileSync(line.file)), name).catch(
            (error: unknown) => error,
          );
          if (ours instanceof Error) {
            // a code stream whose size field was overwritten on purpose
            if (name !== 'JPEG2000-embedded-sequence-delimiter.dcm') apart.push(`${name}: ${ours.message}`);
            continue;
          }
          compared++;
          // luma and chroma to RGB may be rounded the other way
          const allowed = (ours as DecodedFrames).samples === 3 ? 1 : 0;
          const most = farthest((ours as DecodedFrames).frames, pixelsOf(line));
          if (most > allowed) apart.push(`${name}: ${most}`);
        }
        expect(apart).toEqual([]);
        expect(compared).toBeGreaterThan(40);
      });

      it('give an error of the house where they are no image', async () => {
        for (const { file } of lines) {
          const error = await decodeFrames(new Uint8Array(readFileSync(file)), basename(file)).then(
            () => undefined,
            (reason: unknown) => reason,
          );
          if (error !== undefined) expect(isMsdtError(error), `${file}: ${error}`).toBe(true);
        }
      });
    });
  },
);

describeWith(existsSync(dataPath(SET)), 'DCMTK and GDCM', `no data set ${SET}`, () => {
  const inputs = existsSync(dataPath(SET)) ? readdirSync(dataPath(SET)).filter((name) => /JPEG|J2K/.test(name)) : [];

  async function compare(name: string, converted: string): Promise<number> {
    const ours = await decodeFrames(new Uint8Array(readFileSync(dataPath(SET, name))), name);
    const theirs = await decodeFrames(new Uint8Array(readFileSync(converted)), name);
    return farthest(ours.frames, theirs.frames[0]);
  }

  // colour JPEG: GDCM leaves luma and chroma as they are, DCMTK turns them into RGB as we do
  const forGdcm = inputs.filter((name) => !/YBR/.test(name));
  const gdcm = works('gdcmconv', '--version');
  (gdcm ? it : it.skip).each(forGdcm)(
    `gdcmconv --raw gives the same samples${gdcm ? '' : ' (gdcmconv is not installed)'}: %s`,
    async (name) => {
      const path = join(folder, `gdcm-${name}`);
      expect(works('gdcmconv', '--raw', dataPath(SET, name), path)).toBe(true);
      expect(await compare(name, path)).toBe(0);
    },
  );

  const forDcmtk = inputs.filter((name) => /Process|Baseline|JPEG-Lossless/.test(name));
  const dcmtk = works('dcmdjpeg', '--version');
  (dcmtk ? it : it.skip).each(forDcmtk)(
    `dcmdjpeg gives the same samples${dcmtk ? '' : ' (dcmdjpeg is not installed)'}: %s`,
    async (name) => {
      const path = join(folder, `dcmtk-${name}`);
      expect(works('dcmdjpeg', dataPath(SET, name), path)).toBe(true);
      expect(await compare(name, path)).toBe(0);
    },
  );
});
