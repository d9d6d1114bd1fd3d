import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleOf } from '../../../tests/support/formats/formats.ts';
import { csv, parquet } from '../../formats/index.ts';
import { defineCapability } from '../../model/index.ts';
import type { WorkCatalogue } from '../catalogue-types.ts';
import { runOnFiles } from './run-on-files.ts';

/** Tells what it was given. */
const listing = defineCapability({
  id: 'listing',
  version: 1,
  title: 'Listing',
  summary: 'Tells what it was given.',
  scales: ['macro'],
  inputs: { train: 'sequence.*[]', trainImu: 'signal.imu[]?' },
  params: {},
  outputs: { rows: 'table.record' },
  features: [],
  run: (_, { train, trainImu }) => {
    const all = [...train, ...(trainImu ?? [])];
    const column = (name: string) => ({ name, values: all.map(({ metadata }) => metadata?.[name] ?? null) });
    const columns = [
      { name: 'kind', values: all.map(({ kind }) => kind) },
      ...['row', 'label', 'subject', 'path'].map(column),
    ];
    return { outputs: { rows: { kind: 'table.record', name: 'rows', payload: { columns } } }, features: [] };
  },
});

const catalogue: WorkCatalogue = {
  formats: [
    { id: 'csv', load: async () => csv },
    { id: 'parquet', load: async () => parquet },
  ],
  capabilities: [{ id: 'listing', load: async () => listing as never }],
};

const hooks = { signal: new AbortController().signal, progress: () => undefined, log: () => undefined };

describe('a list of files', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'msdt-list-'));
    for (const kind of ['sequence.skeleton', 'signal.imu'] as const) {
      const [file] = (await parquet.write?.({ kind, payload: sampleOf(kind).payload, name: kind.slice(-3) })) ?? [];
      await writeFile(join(folder, file.name), file.bytes);
    }
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const run = async (text: string) => {
    await writeFile(join(folder, 'list.csv'), text);
    const inputs = { train: [join(folder, 'list.csv')] };
    return runOnFiles(catalogue, { capability: 'listing', inputs, params: {} }, hooks);
  };

  it('fills a role row by row, with the columns beside the path, and the roles named after it', async () => {
    const { outputs } = await run(
      'path,imu_path,label,subject\nton.parquet,imu.parquet,squat,7\nton.parquet,,bend,8\n',
    );
    const { columns } = outputs[0].draft.payload as { columns: { name: string; values: unknown[] }[] };
    expect(Object.fromEntries(columns.map(({ name, values }) => [name, values]))).toEqual({
      kind: ['sequence.skeleton', 'sequence.skeleton', 'signal.imu'],
      row: [0, 1, 0],
      label: ['squat', 'bend', 'squat'],
      subject: [7, 8, 7],
      path: ['ton.parquet', 'ton.parquet', 'ton.parquet'],
    });
  });

  it('goes on past a row that cannot be read, and says which', async () => {
    const { outputs, quality } = await run('path,label\nmissing.parquet,a\nton.parquet,b\n');
    expect((outputs[0].draft.payload as { columns: { values: unknown[] }[] }).columns[0].values).toHaveLength(1);
    expect(quality.find(({ code }) => code === 'list.row')?.message).toMatch(/^row 1, missing.parquet: /);
  });

  it('says when no row can be read', async () => {
    await expect(run('path\nmissing.parquet\n')).rejects.toMatchObject({ code: 'input.missing' });
  });
});
