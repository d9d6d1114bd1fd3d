import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { ctVolume, GRID, labelmap, memoryFile, readOne, roundTrip } from '../../../tests/support/formats/formats.ts';
import { type Labelmap, sameGrid, type Volume } from '../../model/index.ts';
import { concatBytes, utf8 } from '../bytes.ts';
import { mha } from './index.ts';

const VALUES = Int16Array.from({ length: 24 }, (_, index) => index * 100 - 1100);
const RAW = new Uint8Array(VALUES.buffer);

/** A 4×3×2 file of known values; fields may be added, replaced or left out. */
function file(fields: Record<string, string> = {}, data: Uint8Array = RAW): Uint8Array {
  const all: Record<string, string> = {
    ObjectType: 'Image',
    NDims: '3',
    BinaryData: 'True',
    BinaryDataByteOrderMSB: 'False',
    CompressedData: 'False',
    TransformMatrix: '1 0 0 0 1 0 0 0 1',
    Offset: '10 20 30',
    AnatomicalOrientation: 'RAI',
    ElementSpacing: '2 3 4',
    DimSize: '4 3 2',
    ElementType: 'MET_SHORT',
    ...fields,
    ElementDataFile: fields.ElementDataFile ?? 'LOCAL',
  };
  const lines = Object.entries(all)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key} = ${value}\n`);
  return concatBytes([utf8(lines.join('')), data]);
}

async function read(bytes: Uint8Array, name = 'x_ct.mha', others: [string, Uint8Array][] = []) {
  const files = [memoryFile(name, bytes), ...others.map(([other, data]) => memoryFile(other, data))];
  const item = await readOne(mha, files);
  return { item, volume: item.artifacts[0].payload as Volume };
}

describe('MetaImage', () => {
  it('reads raw, zlib and text data alike', async () => {
    const packed = zlibSync(RAW);
    const forms: [Record<string, string>, Uint8Array][] = [
      [{}, RAW],
      [{ CompressedData: 'True', CompressedDataSize: String(packed.length) }, packed],
      [{ CompressedData: 'True' }, packed],
      [{ BinaryData: 'False' }, utf8(VALUES.join(' '))],
      [{ BinaryDataByteOrderMSB: 'True' }, new Uint8Array(RAW.length).map((_, at) => RAW[at ^ 1])],
      [{ HeaderSize: '-1' }, concatBytes([new Uint8Array(50), RAW])],
    ];
    for (const [fields, data] of forms) {
      const { volume, item } = await read(file(fields, data));
      expect(volume.data).toEqual(VALUES);
      expect(volume.origin).toEqual([10, 20, 30]);
      expect(volume.spacing).toEqual([2, 3, 4]);
      expect(item.quality).toEqual([]);
    }
  });

  it('takes each three of the matrix as the direction of one axis, and ignores AnatomicalOrientation', async () => {
    // axis i points posterior, j inferior, k right
    const { volume, item } = await read(file({ TransformMatrix: '0 1 0 0 0 -1 -1 0 0', AnatomicalOrientation: 'ASL' }));
    expect(volume.direction).toEqual([0, 0, -1, 1, 0, 0, 0, -1, 0]);
    expect(item.metadata.axes).toBe('PIR');
  });

  it('round trips an oblique grid exactly, attached and detached', async () => {
    const ways: Record<string, string>[] = [
      {},
      { compress: 'none' },
      { detached: 'yes' },
      { detached: 'yes', compress: 'none' },
    ];
    for (const choices of ways) {
      const item = await roundTrip(mha, { kind: 'volume.ct', payload: ctVolume(), name: 'x' }, choices);
      const volume = item.artifacts[0].payload as Volume;
      expect(volume.data).toEqual(ctVolume().data);
      expect(sameGrid(volume, GRID, 1e-9)).toBe(true);
    }
  });

  it('keeps label names', async () => {
    const item = await roundTrip(mha, { kind: 'labelmap.bodies', payload: labelmap(), name: 'x' });
    expect((item.artifacts[0].payload as Labelmap).labels).toEqual(labelmap().labels);
    expect(item.metadata.writtenAs).toBe('labelmap.bodies');
  });

  it('believes the modality of the header', async () => {
    const { item } = await read(file({ Modality: 'MET_MOD_MR' }), 'x.mha');
    expect(item.modality).toBe('mr');
  });

  it('takes the first channel and the first volume, and says so', async () => {
    const pairs = Int16Array.from({ length: 48 }, (_, index) => (index % 2 === 0 ? VALUES[index / 2] : 9));
    const channels = await read(file({ ElementNumberOfChannels: '2' }, new Uint8Array(pairs.buffer)));
    const volumes = await read(
      file(
        {
          NDims: '4',
          DimSize: '4 3 2 2',
          ElementSpacing: '2 3 4 1',
          Offset: '10 20 30 0',
          TransformMatrix: '1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1',
        },
        concatBytes([RAW, RAW]),
      ),
    );
    for (const { volume, item } of [channels, volumes]) {
      expect(volume.data).toEqual(VALUES);
      expect(item.quality.map(({ code }) => code)).toEqual(['volume.first-of-many']);
    }
  });

  it('says when the file does not place its axes', async () => {
    const { item } = await read(file({ TransformMatrix: '' }));
    expect(item.quality[0]).toMatchObject({ code: 'mha.no-orientation', severity: 'fault' });
  });

  it('names what is wrong', async () => {
    const cases: [Uint8Array, string][] = [
      [file({}, RAW.subarray(0, 30)), 'file.truncated'],
      [file({ CompressedData: 'True' }, zlibSync(RAW).subarray(0, 20)), 'file.truncated'],
      [file({ CompressedData: 'True' }, RAW), 'file.malformed'],
      [file({ ObjectType: 'Mesh' }), 'file.unsupported'],
      [file({ ElementType: 'MET_STRING' }), 'file.unsupported'],
      [file({ DimSize: '4 3' }), 'file.malformed'],
      [file({ DimSize: '4 3 0' }), 'file.malformed'],
      [file({ DimSize: '40000 30000 20000' }), 'file.too-large'],
      [file({ TransformMatrix: '1 0 0 1 0 0 0 0 1' }), 'geometry.degenerate'],
      [file({ ElementDataFile: 'gone.raw' }), 'input.missing'],
      [utf8('ObjectType = Image\nNDims = 3\n'), 'file.truncated'],
      [utf8('ObjectType = Image\nrubbish\n'), 'file.malformed'],
    ];
    for (const [bytes, code] of cases) {
      const { errors } = await mha.read([memoryFile('x.mha', bytes)]);
      expect(errors[0].error.code).toBe(code);
      expect(errors[0].error.where.place).toBeTruthy();
      expect(errors[0].error.hint).not.toBe('');
    }
  });
});
