/**
 * Headers of EDF and BDF files: fixed text fields, 256 bytes for the recording and 256 for every signal.
 * @see Kemp et al. 1992; Kemp and Olivan 2003, EDF+; BioSemi, BDF
 */

import { fileError, latin1, truncatedError } from '../bytes.ts';

const MAX_SIGNALS = 4096;

/** One signal of the file. */
export interface EdfSignal {
  label: string;
  transducer: string;
  dimension: string;
  physicalLow: number;
  physicalHigh: number;
  digitalLow: number;
  digitalHigh: number;
  prefilter: string;
  /** samples in one data record */
  samples: number;
}

/** A checked header. */
export interface EdfHeader {
  /** bytes of a sample */
  width: 2 | 3;
  /** `EDF+C`, `EDF+D`, `BDF+C` …, or nothing */
  variant: string;
  /** ISO 8601, as far as it is given */
  startedAt?: string;
  /** the field of the patient holds more than sex and the X of what is left out */
  namesPerson: boolean;
  records: number;
  recordS: number;
  signals: EdfSignal[];
  /** bytes of the header */
  length: number;
}

/** True for signals that hold texts. */
export function isAnnotation({ label }: EdfSignal): boolean {
  return /^(EDF|BDF) Annotations$/.test(label);
}

/**
 * Parses a header; a number of records that is unknown (-1), or larger than the file, becomes what the file holds.
 * @throws MsdtError `file.truncated`, `file.malformed`
 */
export function parseEdfHeader(bytes: Uint8Array, file: string): EdfHeader {
  if (bytes.length < 256) throw truncatedError(file, 'header', 256, bytes.length);
  const width = bytes[0] === 0xff ? 3 : 2;
  const field = (start: number, length: number): string => latin1(bytes, start, start + length).trim();
  const bad = (place: string, detail: string) =>
    fileError('file.malformed', file, 'The EDF header is not right', {
      place,
      detail,
      hint: 'Export the recording again from its source.',
    });
  const count = Number(field(252, 4));
  if (!Number.isInteger(count) || count < 1 || count > MAX_SIGNALS) throw bad('byte 252', `${field(252, 4)} signals`);
  const length = 256 * (count + 1);
  if (bytes.length < length) throw truncatedError(file, 'header of the signals', length, bytes.length);
  const recordS = Number(field(244, 8));
  if (!(recordS >= 0 && recordS < 1e6)) throw bad('byte 244', `records of "${field(244, 8)}" seconds`);
  const signals = readSignals(bytes, count);
  for (const [index, signal] of signals.entries()) {
    if (!Number.isInteger(signal.samples) || signal.samples < 0 || signal.samples > 1 << 24)
      throw bad(`signal ${index + 1}`, `${signal.samples} samples in a record`);
    if (!isAnnotation(signal) && !(signal.digitalHigh > signal.digitalLow))
      throw bad(`signal ${index + 1}`, `digital range ${signal.digitalLow} to ${signal.digitalHigh}`);
  }
  const recordBytes = width * signals.reduce((sum, { samples }) => sum + samples, 0);
  if (recordBytes === 0) throw bad('signal headers', 'no sample in a record');
  const said = Number(field(236, 8));
  const held = Math.floor((bytes.length - length) / recordBytes);
  if (!(said >= -1)) throw bad('byte 236', `${field(236, 8)} records`);
  const records = said < 0 ? held : said;
  if (records > held) throw truncatedError(file, 'data records', length + records * recordBytes, bytes.length);
  const startedAt = startOf(field(168, 8), field(176, 8), field(88, 80));
  return {
    width,
    variant: field(192, 44).split(' ')[0],
    ...(startedAt ? { startedAt } : {}),
    namesPerson: field(8, 80)
      .split(/\s+/)
      .some((word) => !/^[XFM]?$/.test(word)),
    records,
    recordS,
    signals,
    length,
  };
}

function readSignals(bytes: Uint8Array, count: number): EdfSignal[] {
  const widths = [16, 80, 8, 8, 8, 8, 8, 80, 8];
  const columns: string[][] = [];
  let at = 256;
  for (const width of widths) {
    columns.push(
      Array.from({ length: count }, (_, index) => latin1(bytes, at + index * width, at + (index + 1) * width).trim()),
    );
    at += width * count;
  }
  return Array.from({ length: count }, (_, index) => {
    const [label, transducer, dimension, low, high, digitalLow, digitalHigh, prefilter, samples] = columns.map(
      (column) => column[index],
    );
    return {
      label,
      transducer,
      dimension,
      physicalLow: Number(low),
      physicalHigh: Number(high),
      digitalLow: Number(digitalLow),
      digitalHigh: Number(digitalHigh),
      prefilter,
      samples: Number(samples),
    };
  });
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** `dd.mm.yy` and `hh.mm.ss`; years from 85 on are of the last century; EDF+ has the full year in words. */
function startOf(date: string, time: string, recording: string): string | undefined {
  const long = /^Startdate (\d{2})-([A-Z]{3})-(\d{4})/.exec(recording);
  const short = /^(\d{2})\.(\d{2})\.(\d{2})$/.exec(date);
  const clock = /^(\d{2})\.(\d{2})\.(\d{2})$/.exec(time);
  if (!short || !clock) return undefined;
  const year = long ? long[3] : `${Number(short[3]) >= 85 ? 19 : 20}${short[3]}`;
  const month = long && MONTHS.includes(long[2]) ? String(MONTHS.indexOf(long[2]) + 1).padStart(2, '0') : short[2];
  const day = long ? long[1] : short[1];
  return `${year}-${month}-${day}T${clock[1]}:${clock[2]}:${clock[3]}`;
}
