import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Format, MsdtError, type ReadItem, type SourceFile } from '../../model/index.ts';
import type { Catalogue } from '../catalogue-types.ts';
import { fileInMemory } from './files.ts';
import { type AdoptingFormat, type ArchiveFormat, readFiles } from './read.ts';

const text = (value: string) => new TextEncoder().encode(value);
const item = (files: string[]): ReadItem => ({ modality: 'table', artifacts: [], files, quality: [], metadata: {} });
const starts = (head: Uint8Array, magic: string) => new TextDecoder().decode(head).startsWith(magic);

const base = { extensions: [], mediaType: 'x/y', reads: [], writes: [] } as const;
const letters: Format = {
  ...base,
  id: 'letters',
  title: 'Letters',
  sniff: (head) => (starts(head, 'L') ? 'yes' : 'no'),
  read: async (files) => ({ items: [item(files.map((file) => file.name))], skipped: [], errors: [] }),
};
const broken: Format = {
  ...base,
  id: 'broken',
  title: 'Broken',
  sniff: (head) => (starts(head, 'B') ? 'yes' : 'no'),
  read: async () => {
    throw new TypeError('undefined is not a function');
  },
};
const box: ArchiveFormat = {
  ...base,
  id: 'box',
  title: 'Box',
  sniff: (head) => (starts(head, 'Z') ? 'yes' : 'no'),
  read: async () => ({ items: [], skipped: [], errors: [] }),
  open: async (file: SourceFile) => {
    const content = new TextDecoder().decode(await file.read()).slice(1);
    if (content === '!') throw new MsdtError('file.unsafe', 'bomb', { where: { file: file.name } });
    return [fileInMemory(`${file.name}/inner`, text(content))];
  },
};
const guess: Format = { ...letters, id: 'guess', sniff: () => 'maybe' };
const catalogue = (formats: Format[]): Pick<Catalogue, 'formats'> => ({
  formats: formats.map((format) => ({ id: format.id, load: async () => format })),
});

describe('readFiles', () => {
  it('knows a text in UTF-16 as it knows it plain', async () => {
    const wide = Uint8Array.from([0xff, 0xfe, ...[...'L1,2\n'].flatMap((letter) => [letter.charCodeAt(0), 0])]);
    const report = await readFiles(catalogue([letters]), [fileInMemory('a.txt', wide)]);
    expect(report.items.map(({ files }) => files)).toEqual([['a.txt']]);
  });

  it('unpacks a single file where no format takes it packed', async () => {
    const packed = new Uint8Array(gzipSync(text('L1,2')));
    const report = await readFiles(catalogue([letters]), [
      fileInMemory('s/a.txt.gz', packed),
      fileInMemory('b.gz', packed.slice(0, 15)),
      fileInMemory('c.gz', new Uint8Array(gzipSync(text('none')))),
    ]);
    expect(report.items.map(({ files }) => files)).toEqual([['s/a.txt.gz/a.txt']]);
    expect(report.errors.map(({ file }) => file)).toEqual(['b.gz']);
    expect(report.skipped.map(({ file }) => file)).toEqual(['c.gz/c']);
  });

  it('hands files over to a format that is told how to read them', async () => {
    const mapped: AdoptingFormat = {
      ...letters,
      id: 'mapped',
      sniff: () => 'no',
      adopts: (other, _, options) => other.id === 'letters' && options.choices?.profile !== undefined,
      read: async (group) => ({
        items: [{ ...item(group.map(({ name }) => name)), modality: 'emg' }],
        skipped: [],
        errors: [],
      }),
    };
    const table = [fileInMemory('a', text('L1'))];
    const plain = await readFiles(catalogue([letters, mapped]), table);
    const told = await readFiles(catalogue([letters, mapped]), table, { choices: { profile: '{}' } });
    expect([plain, told].map(({ items }) => items.map(({ modality }) => modality))).toEqual([['table'], ['emg']]);
  });

  const files = [
    fileInMemory('a', text('L1')),
    fileInMemory('b', text('B')),
    fileInMemory('c', text('L2')),
    fileInMemory('d', text('?')),
    fileInMemory('e', text('')),
    fileInMemory('z', text('ZL')),
    fileInMemory('bomb', text('Z!')),
  ];

  it('gathers, opens archives, reports what fails and goes on', async () => {
    const report = await readFiles(catalogue([letters, broken, box]), files);
    expect(report.items.map((read) => read.files)).toEqual([['a', 'c'], ['z/inner']]);
    expect(report.skipped.map(({ file, reason }) => [file, reason])).toEqual([
      ['d', 'no known format recognises it'],
      ['e', 'the file is empty'],
    ]);
    expect(report.errors.map(({ file, error }) => [file, error.code])).toEqual([
      ['b', 'file.malformed'],
      ['bomb', 'file.unsafe'],
    ]);
  });

  it('prefers a proof to a guess, whatever the order', async () => {
    const report = await readFiles(catalogue([guess, broken]), [fileInMemory('b', text('B'))]);
    expect(report.errors.map(({ file }) => file)).toEqual(['b']);
  });

  it('gives a data file without a mark to the format whose header has its name', async () => {
    const companion = (id: string, mark: string): Format => ({
      ...letters,
      id,
      sniff: (head, name) => (starts(head, mark) ? 'yes' : name.endsWith('.raw') ? 'maybe' : 'no'),
      read: async (group) => ({ items: [item(group.map(({ name }) => `${id}:${name}`))], skipped: [], errors: [] }),
    });
    const both = catalogue([companion('one', '1'), companion('two', '2')]);
    const read = async (names: Record<string, string>) =>
      (
        await readFiles(
          both,
          Object.entries(names).map(([name, content]) => fileInMemory(name, text(content))),
        )
      ).items.map((found) => found.files);
    expect(await read({ 'd/a.raw': 'x', 'd/a.two': '2' })).toEqual([['two:d/a.two', 'two:d/a.raw']]);
    expect(await read({ 'a.raw': 'x', 'b.raw': 'y', 'a.one': '1', 'b.two': '2' })).toEqual([
      ['one:a.one', 'one:a.raw'],
      ['two:b.two', 'two:b.raw'],
    ]);
    expect(await read({ 'c.raw': 'x' })).toEqual([['one:c.raw']]);
  });

  it('opens archives two levels deep and no deeper', async () => {
    const report = await readFiles(catalogue([letters, box]), [fileInMemory('deep', text('ZZZL'))]);
    expect(report.items).toEqual([]);
    expect(report.skipped[0]?.reason).toContain('archive');
  });
});
