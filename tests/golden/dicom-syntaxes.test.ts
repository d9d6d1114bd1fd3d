/** One CT slice in every transfer syntax, test patterns in every colour coding, a calibrated ultrasound image. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type DecodedFrames, decodeFrames } from '../../src/formats/dicom/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';

const SET = 'dicom-transfer-syntaxes';

function decode(name: string): Promise<DecodedFrames> {
  return decodeFrames(new Uint8Array(readFileSync(dataPath(SET, name))), name);
}

/** Hounsfield units of a decoded slice. */
function hounsfield({ frames, slope, intercept }: DecodedFrames): Float64Array {
  return Float64Array.from(frames[0], (stored) => stored * slope + intercept);
}

function difference(a: ArrayLike<number>, b: ArrayLike<number>): { most: number; mean: number } {
  expect(a.length).toBe(b.length);
  let most = 0;
  let sum = 0;
  for (let n = 0; n < a.length; n++) {
    const off = Math.abs(a[n] - b[n]);
    sum += off;
    if (off > most) most = off;
  }
  return { most, mean: sum / a.length };
}

/** Ending of the file name → largest and mean difference in HU from the uncompressed slice. */
const CT: [ending: string, most: number, mean: number][] = [
  ['LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm', 0, 0],
  ['LittleEndianImplicitTransferSyntax_1.2.840.10008.1.2.dcm', 0, 0],
  ['BigEndianExplicitTransferSyntax_1.2.840.10008.1.2.2.dcm', 0, 0],
  ['RLELosslessTransferSyntax_1.2.840.10008.1.2.5.dcm', 0, 0],
  ['JPEGProcess14TransferSyntax_1.2.840.10008.1.2.4.57.dcm', 0, 0],
  ['JPEGProcess14SV1TransferSyntax_1.2.840.10008.1.2.4.70.dcm', 0, 0],
  ['JPEG2000LosslessOnlyTransferSyntax_1.2.840.10008.1.2.4.90.dcm', 0, 0],
  // near-lossless with a stated error of 1
  ['JPEGLSLossyTransferSyntax_1.2.840.10008.1.2.4.81.dcm', 1, 0.7],
  ['JPEG2000TransferSyntax_1.2.840.10008.1.2.4.91.dcm', 5, 0.6],
  // 12 bits over 8192 HU: one stored step is 2 HU, the rest is the quantisation of the coder
  ['JPEGProcess2_4TransferSyntax_1.2.840.10008.1.2.4.51.dcm', 36, 4],
  ['JPEGProcess6_8TransferSyntax_1.2.840.10008.1.2.4.53.dcm', 36, 4],
  ['JPEGProcess10_12TransferSyntax_1.2.840.10008.1.2.4.55.dcm', 36, 4],
  // 8 bits over the same range: a step is 32 HU
  ['JPEGProcess1TransferSyntax_1.2.840.10008.1.2.4.50.dcm', 65, 20],
];

describeWithData(SET, () => {
  it('decodes every file of the set', async () => {
    const names = readdirSync(dataPath(SET)).filter((name) => !/\.md$|LICENSE/.test(name));
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) {
      const { frames, rows, columns, samples } = await decode(name);
      expect(frames, name).toHaveLength(1);
      expect(frames[0].length, name).toBe(rows * columns * samples);
    }
  });

  it.each(CT)('CT slice: %s differs by at most %s HU', async (ending, most, mean) => {
    const reference = hounsfield(await decode('CTImage.dcm'));
    const found = difference(hounsfield(await decode(`CTImage.dcm_${ending}`)), reference);
    expect(found.most).toBeLessThanOrEqual(most);
    expect(found.mean).toBeLessThanOrEqual(mean);
  });

  it('marks what was compressed with loss', async () => {
    for (const [ending, most] of CT) expect((await decode(`CTImage.dcm_${ending}`)).lossy, ending).toBe(most > 0);
  });

  it('agrees to the last bit with what DCMTK 3.6.7 and GDCM 3.0 make of the lossy codings', async () => {
    const hashes = await Promise.all(
      Object.keys(LOSSY).map(async (name) => {
        const { frames } = await decode(name);
        const { buffer, byteOffset, byteLength } = frames[0];
        return [
          name,
          createHash('sha256')
            .update(new Uint8Array(buffer, byteOffset, byteLength))
            .digest('hex')
            .slice(0, 16),
        ];
      }),
    );
    expect(Object.fromEntries(hashes)).toEqual(LOSSY);
  });

  describe('colour patterns', () => {
    const pattern = async (name: string) => (await decode(`TestPattern_${name}.dcm`)).frames[0];

    it('are the same picture in every lossless coding', async () => {
      const reference = await pattern('RGB');
      expect(difference(await pattern('JPEG-LS-Lossless'), reference).most).toBe(0);
      expect(difference(await pattern('JPEG-Lossless_RGB'), reference).most).toBe(0);
    });

    it.each([
      ['JPEG-Baseline_YBRFull', 0.7],
      ['JPEG-Baseline_YBR422', 1],
      // 256 colours
      ['Palette', 0.5],
    ])('%s is close to it', async (name, mean) => {
      expect(difference(await pattern(name), await pattern('RGB')).mean).toBeLessThan(mean);
    });
  });

  it('reads the calibration of the ultrasound image', async () => {
    const { regions, samples } = await decode('US-YBR_FULL_422-EVRLE.dcm');
    expect(samples).toBe(3);
    expect(regions).toHaveLength(1);
    expect(regions[0]).toMatchObject({ dataType: 1, format: 1, x0: 184, y0: 75, x1: 799, y1: 554 });
    expect(regions[0].mmPerPixelX).toBeCloseTo(0.0616, 6);
    expect(regions[0].mmPerPixelY).toBeCloseTo(0.0616, 6);
  });
});

/**
 * SHA-256 (first 16 digits) of the samples, little endian, as `dcmdjpeg` and `gdcmconv --raw` write them
 * (tests/reference/dicom-toolkits.test.ts makes the comparison again where the tools are installed).
 */
const LOSSY: Record<string, string> = {
  'CTImage.dcm_JPEGProcess1TransferSyntax_1.2.840.10008.1.2.4.50.dcm': '61a9117dd2cb9f8a',
  'CTImage.dcm_JPEGProcess2_4TransferSyntax_1.2.840.10008.1.2.4.51.dcm': '85e3b617e00dc755',
  'CTImage.dcm_JPEGProcess6_8TransferSyntax_1.2.840.10008.1.2.4.53.dcm': '85e3b617e00dc755',
  'CTImage.dcm_JPEGProcess10_12TransferSyntax_1.2.840.10008.1.2.4.55.dcm': '85e3b617e00dc755',
  'CTImage.dcm_JPEGLSLossyTransferSyntax_1.2.840.10008.1.2.4.81.dcm': '9595c2a8a59647d6',
  'CTImage.dcm_JPEG2000TransferSyntax_1.2.840.10008.1.2.4.91.dcm': 'ca3472c2d32b272f',
  CT1_J2KR: '1add6ede29758c6f',
  'TestPattern_JPEG-Baseline_YBRFull.dcm': '1ba91b409f0cecc9',
  'TestPattern_JPEG-Baseline_YBR422.dcm': 'f8b3f1c75e9ac773',
};
