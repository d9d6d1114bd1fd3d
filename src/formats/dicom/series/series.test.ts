import { describe, expect, it } from 'vitest';
import {
  memoryFile,
  type SliceSpec,
  seriesFiles,
  sliceBytes,
  sliceFile,
} from '../../../../tests/support/formats/dicom.ts';
import { ijkToXyz, type ReadItem, type ReadReport, type SourceFile, type Volume } from '../../../model/index.ts';
import { readDicom } from '../read.ts';

async function read(files: SourceFile[]): Promise<ReadReport> {
  // the order of the files must not matter
  return readDicom([...files].reverse());
}

function volumeOf(item: ReadItem): Volume {
  return item.artifacts[0].payload as Volume;
}

function codes(item: ReadItem): string[] {
  return item.quality.map((flag) => flag.code).filter((code) => code !== 'dicom.hu-check');
}

function flag(item: ReadItem, code: string) {
  const found = item.quality.find((f) => f.code === code);
  if (!found) throw new Error(`no flag ${code} among ${codes(item)}`);
  return found;
}

/** A grey value that is a straight function of the place in the patient, so that any geometry can be checked by value. */
const FIELD = (x: number, y: number, z: number): number => Math.round(2000 + 10 * x + 7 * y + 5 * z);

/** A slice whose words follow `FIELD`. */
function fieldSlice(spec: SliceSpec): SliceSpec {
  const [px, py, pz] = spec.position ?? [0, 0, 0];
  const o = spec.orientation ?? [1, 0, 0, 0, 1, 0];
  const [sj, si] = spec.pixelSpacing ?? [0.5, 0.75];
  const at = (axis: number, i: number, j: number) => o[axis] * i * si + o[axis + 3] * j * sj;
  const pixels = (i: number, j: number) => FIELD(px + at(0, i, j), py + at(1, i, j), pz + at(2, i, j)) + 1024;
  return { ...spec, pixels };
}

function expectField(
  volume: Volume,
  tolerance: number,
  inside: (xyz: readonly number[]) => boolean = () => true,
): void {
  const [ni, nj, nk] = volume.size;
  let checked = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++) {
        const [x, y, z] = ijkToXyz(volume, [i, j, k]);
        if (!inside([x, y, z])) continue;
        checked++;
        const value = volume.data[i + ni * (j + nj * k)];
        expect(Math.abs(value - FIELD(x, y, z)), `voxel ${i}, ${j}, ${k}`).toBeLessThanOrEqual(tolerance);
      }
    }
  }
  expect(checked).toBeGreaterThan(50);
}

describe('geometry of a series', () => {
  it('takes spacing from positions, never from thickness', async () => {
    const { items, errors } = await read(
      seriesFiles(5, (n) => fieldSlice({ position: [3, -4, 10 + n * 1.25], thickness: 5 })),
    );
    expect(errors).toEqual([]);
    const volume = volumeOf(items[0]);
    expect(volume.size).toEqual([10, 8, 5]);
    expect(volume.spacing).toEqual([0.75, 0.5, 1.25]);
    expect(volume.origin).toEqual([3, -4, 10]);
    expect(volume.data).toBeInstanceOf(Int16Array);
    expect(flag(items[0], 'dicom.thickness-differs').where).toContain('5 mm');
    expectField(volume, 1);
  });

  it.each([
    ['sagittal', [0, 1, 0, 0, 0, -1], (n: number) => [n * 2, 0, 0]],
    ['coronal', [1, 0, 0, 0, 0, -1], (n: number) => [0, n * 2, 0]],
    ['feet first order', [1, 0, 0, 0, 1, 0], (n: number) => [0, 0, -n * 2]],
    ['prone', [-1, 0, 0, 0, -1, 0], (n: number) => [0, 0, n * 2]],
    ['oblique', [0.8, 0.6, 0, -0.36, 0.48, 0.8], (n: number) => [0.48 * 2 * n, -0.64 * 2 * n, 0.6 * 2 * n]],
  ] as [string, number[], (n: number) => [number, number, number]][])(
    'puts every voxel where it belongs: %s',
    async (_, orientation, place) => {
      const { items } = await read(seriesFiles(6, (n) => fieldSlice({ orientation, position: place(n) })));
      const volume = volumeOf(items[0]);
      expect(volume.spacing[2]).toBeCloseTo(2, 5);
      expect(codes(items[0])).toEqual([]);
      expectField(volume, 1);
    },
  );

  it('reports missing slices with their place and keeps lengths right', async () => {
    const files = seriesFiles(10, (n) => fieldSlice({ position: [0, 0, n * 2] }));
    const { items } = await read(files.filter((_, n) => n !== 3 && n !== 6 && n !== 7));
    const volume = volumeOf(items[0]);
    expect(volume.size[2]).toBe(10);
    expect(volume.spacing[2]).toBe(2);
    expect(flag(items[0], 'dicom.missing-slice')).toMatchObject({
      severity: 'doubt',
      message: expect.stringContaining('3 slices are missing'),
      where: expect.stringMatching(/1 between z = 4\.0 mm \(s003\.dcm\) and 8\.0 mm; 2 between z = 10\.0 mm/),
    });
    expectField(volume, 1);
  });

  it('resamples uneven spacing', async () => {
    const depths = [0, 2, 4, 6, 8, 9.2, 11.3, 13.3, 15.3];
    const { items } = await read(seriesFiles(depths.length, (n) => fieldSlice({ position: [0, 0, depths[n]] })));
    const volume = volumeOf(items[0]);
    expect(volume.spacing[2]).toBeCloseTo(15.3 / 8, 5);
    expect(flag(items[0], 'dicom.uneven-spacing').where).toContain('1.20 mm at z = 8.0 mm');
    expectField(volume, 2);
  });

  it('forgives rounding of positions', async () => {
    const { items } = await read(
      seriesFiles(40, (n) => fieldSlice({ position: [0, 0, Number((n * 0.625).toFixed(2))], thickness: 0.6 })),
    );
    expect(codes(items[0])).toEqual([]);
    expect(volumeOf(items[0]).spacing[2]).toBeCloseTo(0.625, 3);
  });

  it('straightens a tilted gantry', async () => {
    const tilt = (15 * Math.PI) / 180;
    // the table moves along z, the slices lean
    const orientation = [1, 0, 0, 0, Math.cos(tilt), Math.sin(tilt)];
    const { items } = await read(
      seriesFiles(12, (n) => fieldSlice({ orientation, position: [0, 0, n * 2], rows: 30, columns: 8 })),
    );
    const volume = volumeOf(items[0]);
    expect(flag(items[0], 'dicom.gantry-tilt')).toMatchObject({
      severity: 'info',
      where: expect.stringContaining('15.0°'),
    });
    expect(volume.spacing[2]).toBeCloseTo(2 * Math.cos(tilt), 5);
    expect(volume.size[1]).toBeGreaterThan(30);
    // voxels that the sheared slices cover; others are air
    const covered = ([, y, z]: readonly number[]) => {
      const down = y / Math.cos(tilt);
      const along = z - down * Math.sin(tilt);
      return down > 0.5 && down < 14 && along >= 0 && along <= 22;
    };
    expectField(volume, 3, covered);
    expect(Math.min(...volume.data)).toBe(-1000);
  });

  it('refuses a stack that leans absurdly', async () => {
    const { items, errors } = await read(seriesFiles(5, (n) => ({ position: [n * 500, 0, n * 2] })));
    expect(items).toEqual([]);
    expect(errors[0].error).toMatchObject({ code: 'series.inconsistent', where: { file: 's001.dcm' } });
  });

  it('flags a slice that stands aside', async () => {
    const { items } = await read(seriesFiles(9, (n) => ({ position: [n === 4 ? 6 : 0, 0, n * 2] })));
    expect(flag(items[0], 'dicom.position-jitter').where).toBe('s005.dcm');
  });

  it('flags a single slice', async () => {
    const { items } = await read([sliceFile({ thickness: 4 })]);
    expect(volumeOf(items[0]).size).toEqual([10, 8, 1]);
    expect(flag(items[0], 'dicom.single-slice').severity).toBe('doubt');
  });
});

describe('sorting files into series', () => {
  it('separates mixed series, orientations and sizes', async () => {
    const a = seriesFiles(4, () => ({ series: '1' }));
    const b = seriesFiles(3, (n) => ({ series: '2', modality: 'MR', position: [0, 0, n * 3] }));
    const c = seriesFiles(3, (n) => ({
      series: '1',
      sop: `9.${n}`,
      orientation: [0, 1, 0, 0, 0, -1],
      position: [n, 0, 0],
    }));
    const { items, errors } = await readDicom([a[2], b[1], c[0], a[0], c[2], a[3], b[0], c[1], a[1], b[2]]);
    expect(errors).toEqual([]);
    expect(items.map((item) => [item.modality, volumeOf(item).size[2]]).sort()).toEqual([
      ['ct', 3],
      ['ct', 4],
      ['mr', 3],
    ]);
    expect(items.filter((item) => codes(item).includes('dicom.split-series'))).toHaveLength(2);
    const mr = items.find((item) => item.modality === 'mr') as ReadItem;
    expect(mr.artifacts[0].kind).toBe('volume.mr');
    expect(volumeOf(mr).unit).toBe('{arb}');
  });

  it('separates echoes, not slices that merely differ in a tag', async () => {
    const echo = (which: number) =>
      seriesFiles(5, (n) => ({
        modality: 'MR',
        sop: `${which}.${n}`,
        extra: [[0x00180081, 'DS', String(which * 10)]],
      }));
    const { items } = await read([...echo(1), ...echo(2)]);
    expect(items.map((item) => volumeOf(item).size[2])).toEqual([5, 5]);
    const varied = seriesFiles(5, (n) => ({ extra: [[0x00200012, 'IS', String(n)]] }));
    expect((await read(varied)).items).toHaveLength(1);
  });

  it('keeps together what a de-identifier gave a frame of reference per slice', async () => {
    const { items } = await read(seriesFiles(5, (n) => ({ extra: [[0x00200052, 'UI', `1.2.${n + 1}`]] })));
    expect(items).toHaveLength(1);
    expect(items[0].frameOfReference).toBeUndefined();
    expect(codes(items[0])).toContain('dicom.frame-of-reference');
  });

  it('drops doubles and names them', async () => {
    const files = seriesFiles(5);
    const copy = memoryFile('copy of s002.dcm', sliceBytes({ instance: 2 }));
    const rival = memoryFile('rival.dcm', sliceBytes({ instance: 4, sop: '7.7' }));
    const { items, skipped } = await readDicom([...files, copy, rival]);
    expect(volumeOf(items[0]).size[2]).toBe(5);
    expect(skipped).toEqual([
      { file: 'rival.dcm', reason: expect.stringContaining('s004.dcm') },
      { file: 'copy of s002.dcm', reason: 'the same image in a second file' },
    ]);
    const duplicates = items[0].quality.filter((f) => f.code === 'dicom.duplicate-slice').map((f) => f.where);
    expect(duplicates.sort()).toEqual(['z = 4.0 mm, copy of s002.dcm', 'z = 8.0 mm, rival.dcm']);
  });

  it('keeps the slice without losses of two at one place', async () => {
    const lossy = sliceFile({ instance: 1, sop: '7.7', extra: [[0x00282110, 'CS', '01']] }, 'lossy.dcm');
    const { skipped, items } = await readDicom([
      lossy,
      ...seriesFiles(3).map((file, n) =>
        n === 0 ? sliceFile({ instance: 8, position: [0, 0, 2] }, 'true.dcm') : file,
      ),
    ]);
    expect(skipped.map(({ file }) => file)).toEqual(['lossy.dcm']);
    expect(codes(items[0])).toEqual(['dicom.duplicate-slice']);
  });

  it('says why other objects are no volume', async () => {
    const localizer = sliceFile(
      { sop: '5.5', series: '8', extra: [[0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\LOCALIZER']] },
      'scout.dcm',
    );
    const capture = sliceFile({ sopClass: '1.2.840.10008.5.1.4.1.1.7' }, 'screen.dcm');
    const report = sliceFile({ sopClass: '1.2.840.10008.5.1.4.1.1.88.33' }, 'report.dcm');
    const { items, skipped, errors } = await readDicom([localizer, capture, report]);
    expect([items, errors]).toEqual([[], []]);
    expect(skipped.map(({ file }) => file).sort()).toEqual(['report.dcm', 'scout.dcm', 'screen.dcm']);
    expect(skipped.find(({ file }) => file === 'scout.dcm')?.reason).toContain('localizer');
  });

  it('goes on past bad files', async () => {
    const files = seriesFiles(6);
    files[2] = memoryFile('s003.dcm', sliceBytes({ instance: 3 }).slice(0, -20));
    files.push(memoryFile('noise.dcm', new Uint8Array(1000).fill(3)));
    files.push(sliceFile({ instance: 99, extra: [[0x00200032, undefined]] }, 'nowhere.dcm'));
    const { items, errors } = await readDicom(files);
    expect(errors.map(({ file, error }) => [file, error.code])).toEqual([
      ['s003.dcm', 'file.truncated'],
      ['noise.dcm', 'file.unrecognised'],
      ['nowhere.dcm', 'series.inconsistent'],
    ]);
    for (const { error } of errors) expect(error.hint.length).toBeGreaterThan(10);
    expect(volumeOf(items[0]).size[2]).toBe(6);
    expect(codes(items[0])).toContain('dicom.missing-slice');
  });
});

describe('values', () => {
  it('applies slope and intercept of every slice', async () => {
    const { items } = await read(
      seriesFiles(3, (n) => ({ modality: 'MR', slope: 0.5 * (n + 1), intercept: 10, pixels: () => 100 })),
    );
    const { data } = volumeOf(items[0]);
    expect(data).toBeInstanceOf(Float32Array);
    expect([data[0], data[80], data[160]]).toEqual([60, 110, 160]);
  });

  it('keeps integers where a whole slope allows it', async () => {
    const { items } = await read(seriesFiles(2, () => ({ slope: 2, intercept: -1000, pixels: () => 300 })));
    expect(volumeOf(items[0]).data).toEqual(new Int16Array(160).fill(-400));
  });

  it.each([
    ['12 bit unsigned', { bitsStored: 12, signed: false, pixels: () => 0xf123 }, 0x123 - 1024],
    ['12 bit signed', { bitsStored: 12, signed: true, pixels: () => 0x0f00 }, -256 - 1024],
    ['16 bit unsigned', { signed: false, pixels: () => 33_000 }, 33_000 - 1024],
    ['16 bit signed', { signed: true, pixels: () => 0xff00 }, -256 - 1024],
  ] as [string, SliceSpec, number][])('reads %s', async (_, spec, value) => {
    const { items } = await read(seriesFiles(2, () => spec));
    expect(volumeOf(items[0]).data).toEqual(new Int16Array(160).fill(value));
  });

  it('widens MR values that do not fit, and saturates CT padding with a flag', async () => {
    const mr = (
      await read(seriesFiles(2, () => ({ modality: 'MR', signed: false, intercept: 0, pixels: () => 60_000 })))
    ).items[0];
    expect(volumeOf(mr).data).toEqual(new Float32Array(160).fill(60_000));
    const padded: SliceSpec = {
      pixels: (x) => (x < 2 ? 0x8000 : 24),
      extra: [[0x00280120, 'SS', [-32768]]],
    };
    const ct = (await read(seriesFiles(4, () => padded))).items[0];
    expect(volumeOf(ct).data[0]).toBe(-32768);
    expect(flag(ct, 'dicom.padding').where).toContain('20.0 %');
    expect(ct.metadata).toMatchObject({ paddingValue: -32768, airHu: -1000 });
    expect(codes(ct)).not.toContain('dicom.saturated');
    const misstated: SliceSpec = {
      ...padded,
      pixels: (x) => (x < 2 ? 0xf830 : 24),
      extra: [[0x00280120, 'US', [63_536]]],
    };
    expect((await read(seriesFiles(4, () => misstated))).items[0].metadata.paddingValue).toBe(-3024);
    const hot = (await read(seriesFiles(2, () => ({ signed: false, pixels: (x) => (x === 0 ? 65_000 : 24) }))))
      .items[0];
    expect(volumeOf(hot).data[0]).toBe(32767);
    expect(codes(hot)).toContain('dicom.saturated');
  });

  it('checks that air is air', async () => {
    const good = (await read(seriesFiles(3, () => ({ pixels: (x) => (x < 3 ? 24 : 1060) })))).items[0];
    expect(good.quality.some((f) => f.code === 'dicom.hu-check')).toBe(false);
    expect(good.metadata.airHu).toBe(-1000);
    const bad = (await read(seriesFiles(3, () => ({ intercept: 0, pixels: (x) => (x < 3 ? 24 : 1060) })))).items[0];
    expect(flag(bad, 'dicom.hu-check')).toMatchObject({ severity: 'doubt', where: expect.stringContaining('24 HU') });
  });

  it('puts voxels where the caller wants them', async () => {
    const given: SharedArrayBuffer[] = [];
    const { items } = await readDicom(seriesFiles(3), {
      allocate: (type, length) => {
        const buffer = new SharedArrayBuffer(length * 2);
        given.push(buffer);
        return new type(buffer, 0, length);
      },
    });
    expect(volumeOf(items[0]).data.buffer).toBe(given[0]);
    expect(given).toHaveLength(1);
  });
});

describe('a long read', () => {
  it('stops when it is cancelled', async () => {
    const aborted = AbortSignal.abort();
    await expect(readDicom(seriesFiles(3), { signal: aborted })).rejects.toMatchObject({ name: 'AbortError' });
    const controller = new AbortController();
    const files = seriesFiles(3).map((file) => ({
      ...file,
      slice: (start: number, end: number) => {
        controller.abort();
        return file.slice(start, end);
      },
    }));
    await expect(readDicom(files, { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('tells how far it is, ending at the end', async () => {
    const told: number[] = [];
    await readDicom(seriesFiles(3), { progress: (fraction) => told.push(fraction) });
    expect(told.at(-1)).toBe(1);
    expect(told.every((fraction, n) => fraction >= (told[n - 1] ?? 0) && fraction <= 1)).toBe(true);
  });
});

describe('facts', () => {
  it('carries device, protocol and posture, and no identity', async () => {
    const { items } = await read(
      seriesFiles(2, () => ({
        extra: [
          [0x00100010, 'PN', 'Doe^Jane'],
          [0x00100020, 'LO', 'ID-4711'],
          [0x00100030, 'DA', '19610203'],
          [0x00080090, 'PN', 'Referrer^Rita'],
          [0x0008103e, 'LO', 'Doe Jane follow-up'],
          [0x00080022, 'DA', '20240307'],
          [0x00080070, 'LO', 'ACME'],
          [0x00081090, 'LO', 'Scan 9'],
          [0x00180015, 'CS', 'LSPINE'],
          [0x00180060, 'DS', '120'],
          [0x00181210, 'SH', 'B60f'],
          [0x00181030, 'LO', 'Spine low dose'],
          [0x00185100, 'CS', 'FFP'],
          [0x00180010, 'LO', 'Omnipaque'],
          [0x0008001c, 'CS', 'YES'],
        ],
      })),
    );
    expect(items[0]).toMatchObject({
      modality: 'ct',
      posture: 'prone',
      takenAt: '2024-03-07',
      device: 'ACME Scan 9',
      protocol: 'Spine low dose',
      region: 'lspine',
      frameOfReference: '1.2.3.9',
      synthetic: true,
      metadata: { kVp: 120, kernel: 'B60f', contrast: true, sliceThicknessMm: 2, sliceSpacingMm: 2, slices: 2 },
    });
    const { artifacts, files, ...rest } = items[0];
    expect(files).toEqual(['s001.dcm', 's002.dcm']);
    expect(JSON.stringify([rest, artifacts[0].name])).not.toMatch(/Doe|Jane|4711|1961|Rita/);
    expect(rest.namesPerson).toBe(true);
  });

  it('tells whether the files themselves name the person', async () => {
    const named = async (extra: NonNullable<SliceSpec['extra']>) => {
      const none: [number, undefined][] = [
        [0x00100010, undefined],
        [0x00100020, undefined],
      ];
      const { items } = await read(seriesFiles(2, () => ({ extra: [...none, ...extra] })));
      return items[0].namesPerson;
    };
    expect(await named([])).toBeUndefined();
    expect(await named([[0x00100010, 'PN', '']])).toBeUndefined();
    expect(await named([[0x00100020, 'LO', 'ID-4711']])).toBe(true);
    expect(await named([[0x00100030, 'DA', '19610203']])).toBe(true);
    const removed: NonNullable<SliceSpec['extra']> = [
      [0x00100010, 'PN', 'P^001'],
      [0x00120062, 'CS', 'YES'],
    ];
    expect(await named(removed)).toBeUndefined();
  });
});
