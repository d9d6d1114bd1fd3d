/** Reads tables of samples: our own, those of others whose header speaks for itself, and any with a channel mapping. */

import type { QualityFlag, ReadItem, ReadOptions, ReadReport, SignalProfile, SourceFile } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { latin1, MAX_TEXT_BYTES } from '../bytes.ts';
import { clockOf, quantityOf, rateChoice, recordingItems, siteOf } from '../recording/index.ts';
import { asFileError } from '../report.ts';
import { guessProfile, rateIn } from './guess.ts';
import { ownItem } from './own.ts';
import { holdsPoints, pointsItem } from './points.ts';
import { PROFILE_MARK, parseProfile } from './profile.ts';
import { streamsOf } from './streams.ts';
import { columnsOf, headOf, noSamples, type SignalHead } from './table.ts';
import { OWN_MARK } from './write.ts';

/**
 * Reads tables; a mapping among the files, or in `choices.profile`, holds for all of them.
 */
export async function readTables(files: readonly SourceFile[], options: ReadOptions): Promise<ReadReport> {
  const report: ReadReport = { items: [], skipped: [], errors: [] };
  const tables: SourceFile[] = [];
  let profile: SignalProfile | undefined;
  let profileFile: string | undefined;
  for (const file of files) {
    options.signal?.throwIfAborted();
    if (!PROFILE_MARK.test(latin1(await file.head(1024)))) {
      tables.push(file);
      continue;
    }
    try {
      profile = parseProfile(new TextDecoder().decode(await readWhole(file, MAX_TEXT_BYTES)), file.name);
      profileFile = file.name;
    } catch (error) {
      report.errors.push({ file: file.name, error: asFileError(error, file.name) });
    }
  }
  const chosen = options.choices?.profile;
  for (const [index, file] of tables.entries()) {
    options.signal?.throwIfAborted();
    options.progress?.(index / tables.length, file.name);
    try {
      const mapping = chosen ? parseProfile(chosen, 'choices.profile') : profile;
      const bytes = await readWhole(file, MAX_TEXT_BYTES);
      const items = tableItems(bytes, file.name, mapping, options);
      if (profileFile && mapping === profile) for (const item of items) item.files.push(profileFile);
      report.items.push(...items);
    } catch (error) {
      report.errors.push({ file: file.name, error: asFileError(error, file.name) });
    }
  }
  if (profileFile && report.items.length === 0 && report.errors.length === 0)
    report.skipped.push({ file: profileFile, reason: 'a channel mapping without a table that it could be used on' });
  options.progress?.(1);
  return report;
}

function tableItems(
  bytes: Uint8Array,
  file: string,
  mapping: SignalProfile | undefined,
  options: ReadOptions,
): ReadItem[] {
  if (latin1(bytes, 0, OWN_MARK.length) === OWN_MARK) return [ownItem(bytes, file, options.signal)];
  const head = headOf(bytes, mapping);
  if (!head) throw noSamples(file);
  const simple = /^# Simple Text Format/.test(head.preamble[0] ?? latin1(bytes, 0, 20));
  const profile = mapping ?? (simple ? simpleProfile(bytes, head) : guessProfile(head));
  const quality: QualityFlag[] = [];
  const about = { file, signal: options.signal, quality };
  if (!mapping && !simple && holdsPoints(head)) {
    const item = pointsItem(file, head, columnsOf(bytes, head, about), options);
    return [{ ...item, quality: [...quality, ...item.quality] }];
  }
  const rateHz = rateChoice(options);
  if (rateHz) for (const stream of profile.streams) if (!stream.time) stream.rateHz ??= rateHz;
  const columns = columnsOf(bytes, head, about);
  const streams = streamsOf({ head, columns, file, clock: clockOf(file) }, profile, quality);
  return recordingItems({
    files: [file],
    format: 'CSV recording',
    streams,
    quality,
    metadata: { mapping: profile.name, rows: columns[0].length },
  });
}

/** Header lines `# Key:= value` of BioSPPy's text files; counts stay counts. */
function simpleProfile(bytes: Uint8Array, head: SignalHead): SignalProfile {
  const lines = latin1(bytes, 0, head.start).split(/\r?\n/);
  const value = (key: string): string | undefined =>
    lines
      .find((line) => line.startsWith(`# ${key}`))
      ?.split(':=')[1]
      ?.trim();
  const labels = value('Labels')?.split('\t') ?? [];
  const unit = /m\/s\^?2/.test(value('Units') ?? '') ? ('m/s2' as const) : ('{count}' as const);
  const rateHz = rateIn(lines);
  const channels = head.columns.map((_, index) => {
    const name = labels[index] ?? `column ${index + 1}`;
    const quantity = quantityOf(name, unit);
    const axis = /_([xyz])$/i.exec(name)?.[1].toLowerCase() as 'x' | undefined;
    return {
      column: index + 1,
      name,
      unit,
      quantity,
      ...(axis ? { axis, sensor: 'imu' } : {}),
      ...(quantity === 'emg' ? siteOf(name) : {}),
    };
  });
  return { schemaVersion: 1, name: 'Simple Text Format', streams: [{ ...(rateHz ? { rateHz } : {}), channels }] };
}
