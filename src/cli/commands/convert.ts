/** `msdt convert`: one file format into another. */

import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { catalogue } from '../../catalogue.ts';
import { type ArtifactDraft, type Format, MsdtError, type ReadItem, type WrittenFile } from '../../model/index.ts';
import { filesOf, loadAll, makeFolder, readFiles, writeWhole } from '../../runtime/index.ts';
import { readNamedChoices } from '../choices.ts';
import { abortOnInterrupt, collect, EXIT, printFlags, printResult, printTable } from '../terminal.ts';

interface ConvertOptions {
  to?: string;
  choice: string[];
  json?: boolean;
  list?: boolean;
}

export function addConvertCommand(program: Command): void {
  program
    .command('convert')
    .description('convert volumes, label maps, meshes and tables between formats')
    .argument('[input]', 'file or folder')
    .argument('[output]', 'file to write; its ending names the format')
    .option('--to <format>', 'format id, when the ending does not say')
    .option(
      '-c, --choice <name=value>',
      'override for readers and writers, e.g. frame=RAS, or profile=a saved channel mapping or its file',
      collect,
      [],
    )
    .option('--list', 'list the formats')
    .option('--json', 'print the result as JSON')
    .action(async (input: string | undefined, output: string | undefined, options: ConvertOptions) => {
      const formats = await loadAll(catalogue.formats);
      if (options.list || !input || !output) listFormats(formats, options.json === true);
      else process.exitCode = await convert(formats, input, output, options);
    });
}

async function convert(
  formats: readonly Format[],
  input: string,
  output: string,
  options: ConvertOptions,
): Promise<number> {
  const choices = await readNamedChoices(options.choice, {});
  const fitting = formatsOf(formats, output, options.to);
  const report = await readFiles(catalogue, await filesOf(input), { choices, signal: abortOnInterrupt() });
  const artifacts = report.items.flatMap((item) => item.artifacts.map((artifact) => ({ item, artifact })));
  // several formats may share an ending: what was read decides
  const writesSome = (format: Format): boolean =>
    artifacts.some(({ artifact }) => format.writes.includes(artifact.kind));
  const target = fitting.find(writesSome) ?? fitting[0];
  const able = artifacts.filter(({ artifact }) => target.writes.includes(artifact.kind));
  if (able.length === 0) {
    if (report.errors[0]) throw report.errors[0].error;
    throw new MsdtError('file.unsupported', `Nothing in ${basename(input)} can be written as ${target.title}`, {
      where: { file: basename(input) },
      detail: artifacts.map(({ artifact }) => artifact.kind).join(', ') || report.skipped[0]?.reason,
      hint: '`msdt convert --list` shows what each format holds.',
    });
  }
  await makeFolder(dirname(output));
  const written: string[] = [];
  const together = await writtenTogether(target, able, output, choices);
  for (const { name, bytes } of together ?? []) {
    const path = join(dirname(output), together?.length === 1 ? basename(output) : name);
    await writeWhole(path, bytes);
    written.push(path);
  }
  for (const [at, { artifact }] of together ? [] : able.entries()) {
    const stem = basename(output).replace(/\.(nii\.gz|seg\.nrrd|[^.]+)$/i, '');
    const name = able.length === 1 ? stem : `${stem}-${at + 1}`;
    const wantsGzip = output.toLowerCase().endsWith('.gz');
    const files = await target.write?.(
      { ...artifact, name },
      { choices: { ...choices, ...(wantsGzip && { compress: 'gzip' }) } },
    );
    for (const file of files ?? []) {
      const path = join(dirname(output), files?.length === 1 && able.length === 1 ? basename(output) : file.name);
      await writeWhole(path, file.bytes);
      written.push(path);
    }
  }
  const result = {
    written,
    skipped: report.skipped,
    errors: report.errors.map(({ file, error }) => ({ file, message: error.message, hint: error.hint })),
  };
  printResult(result, options.json === true, () => {
    printFlags(report.items.flatMap((item) => item.quality));
    for (const path of written) console.log(path);
    for (const { file, message } of result.errors) console.error(`! ${file}: ${message}`);
  });
  return report.errors.length ? EXIT.partly : EXIT.ok;
}

/** Several artifacts of one recording in one file, where the format can; one recording at a time. */
async function writtenTogether(
  target: Format,
  able: readonly { item: ReadItem; artifact: ArtifactDraft }[],
  output: string,
  choices: Record<string, string>,
): Promise<WrittenFile[] | undefined> {
  const items = [...new Set(able.map(({ item }) => item))];
  if (!target.writeTogether || able.length < 2) return undefined;
  const stem = basename(output).replace(/\.[^.]+$/, '');
  const files: WrittenFile[] = [];
  for (const [at, item] of items.entries()) {
    const own = able.filter((one) => one.item === item).map(({ artifact }) => artifact);
    files.push(...(await target.writeTogether(own, at ? `${stem}-item${at + 1}` : stem, { choices })));
  }
  return files;
}

/** Formats that can be written and fit the name, at least one. */
function formatsOf(formats: readonly Format[], output: string, id?: string): Format[] {
  const name = basename(output).toLowerCase();
  const fitting = formats.filter(
    (format) =>
      format.write && (id ? format.id === id : format.extensions.some((extension) => name.endsWith(extension))),
  );
  if (fitting.length > 0) return fitting;
  throw new MsdtError('file.unsupported', `No format that can be written is named by "${id ?? name}"`, {
    hint: '`msdt convert --list` shows the formats; --to names one.',
  });
}

function listFormats(formats: readonly Format[], json: boolean): void {
  const list = formats.map(({ id, title, extensions, reads, writes }) => ({
    id,
    title,
    extensions: extensions.join(' '),
    reads: reads.join(' '),
    writes: writes.join(' '),
  }));
  printResult(list, json, () => printTable(list));
}
