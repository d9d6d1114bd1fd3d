/** ANC: analog channels of Motion Analysis systems as text, whole numbers with a range per channel. */

import {
  type Format,
  muscleOf,
  type QualityFlag,
  type Quantity,
  type ReadItem,
  type SignalChannel,
  type SourceFile,
} from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { fileError, latin1, MAX_TEXT_BYTES, truncatedError } from '../bytes.ts';
import { clockOf, quantityOf, recordingItems } from '../recording/index.ts';
import { readEach } from '../report.ts';
import { numberHint, parseRows } from '../text-numbers.ts';

/** Lines among which the header ends. */
const HEADER_LINES = 40;

/** The ANC format. */
export const anc: Format = {
  id: 'anc',
  title: 'ANC analog',
  extensions: ['.anc'],
  mediaType: 'text/plain',
  reads: ['signal.emg', 'signal.force', 'signal.other'],
  writes: [],

  sniff(head) {
    return /^\s*File_Type:\s*Analog R\/C ASCII/i.test(latin1(head)) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, readAnc);
  },
};

interface AncHead {
  fields: Map<string, string>;
  names: string[];
  rates: number[];
  ranges: number[];
  end: number;
}

async function readAnc(file: SourceFile): Promise<ReadItem[]> {
  const bytes = await readWhole(file, MAX_TEXT_BYTES);
  const head = headOf(bytes, file.name);
  const perRow = 1 + head.names.length;
  const { values: numbers, rows, bad } = parseRows(bytes, perRow, { start: head.end });
  if (rows === 0 && bad?.text)
    throw fileError('file.malformed', file.name, 'The first row is no row of numbers', {
      place: 'row 1',
      detail: bad.text,
      hint: numberHint(bad.text, 'Export the analog channels as ANC again.'),
    });
  if (rows === 0) throw truncatedError(file.name, 'first row of numbers', bytes.length + 1, bytes.length);
  const stated = Number(head.fields.get('preciserate')) || head.rates[0];
  const flags: QualityFlag[] = [];
  if (bad)
    flags.push({
      code: 'anc.cut',
      severity: 'fault',
      where: `row ${bad.row}`,
      message: `Row ${bad.row} does not hold ${perRow} numbers; it and what follows were left out.`,
    });
  const bits = Number(head.fields.get('bitdepth')) || 16;
  const channels = head.names.map((name, index): SignalChannel => {
    // volts are ± range over the whole span of the converter
    const step = head.ranges[index] > 0 ? head.ranges[index] / 2 ** (bits - 1) : 1;
    const values = Float32Array.from({ length: rows }, (_, row) => numbers[row * perRow + 1 + index] * step);
    const plate = /^[FM](\d)[XYZ]$/i.exec(name);
    const muscle = plate ? undefined : muscleOf(name);
    const known = quantityOf(name);
    const quantity: Quantity = plate ? 'other' : muscle || known === 'emg' ? 'emg' : 'other';
    const unit = head.ranges[index] > 0 ? 'mV' : '{arb}';
    return { name, unit, values, quantity, ...muscle, ...(plate && { sensor: `plate ${plate[1]}` }) };
  });
  if (channels.some(({ sensor }) => sensor))
    flags.push({
      code: 'anc.uncalibrated',
      severity: 'info',
      message: 'The force plates are voltages: their calibration stands in no file of this format.',
    });
  return recordingItems({
    files: [file.name],
    streams: [{ clock: clockOf(file.name), startS: numbers[0], rateHz: stated, channels }],
    device: head.fields.get('board_type'),
    quality: flags,
    metadata: { bits, rows },
    format: 'ANC',
  });
}

function headOf(bytes: Uint8Array, file: string): AncHead {
  const fields = new Map<string, string>();
  const head: AncHead = { fields, names: [], rates: [], ranges: [], end: 0 };
  let at = 0;
  for (let line = 0; line < HEADER_LINES && at < bytes.length; line++) {
    let end = at;
    while (end < bytes.length && bytes[end] !== 10 && bytes[end] !== 13) end++;
    const cells = latin1(bytes, at, end)
      .split('\t')
      .map((cell) => cell.trim());
    at = bytes[end] === 13 && bytes[end + 1] === 10 ? end + 2 : end + 1;
    const values = cells.slice(1).filter((cell) => cell !== '');
    if (/^name$/i.test(cells[0])) head.names = values;
    else if (/^rate$/i.test(cells[0])) head.rates = values.map(Number);
    else if (/^range$/i.test(cells[0])) {
      head.ranges = values.map(Number);
      head.end = at;
      break;
    } else
      for (let cell = 0; cell + 1 < cells.length; cell += 2)
        fields.set(cells[cell].replace(/:$/, '').toLowerCase(), cells[cell + 1]);
  }
  const rate = Number(fields.get('preciserate')) || head.rates[0];
  if (head.names.length === 0 || head.end === 0 || !(rate > 0))
    throw fileError('file.malformed', file, 'The header of the ANC file is damaged', {
      place: 'lines Name, Rate, Range',
      detail: `${head.names.length} names, ${rate > 0 ? `rate ${rate}` : 'no rate'}`,
      hint: 'Export the analog channels as ANC again.',
    });
  if (head.rates.some((own) => own !== head.rates[0]))
    throw fileError('file.unsupported', file, 'The channels have different rates', {
      place: 'line Rate',
      detail: [...new Set(head.rates)].join(', '),
      hint: 'Export channels of one rate per file.',
    });
  return head;
}
