/** Signals as an OpenSim table: plain columns, or quaternions in one cell where all channels are orientations. */

import { type SignalChannel, type Signals, sampleCount, sampleTimeS, type WrittenFile } from '../../model/index.ts';
import { fileNameOf, utf8 } from '../bytes.ts';

/** How a table is written. */
export interface MotWriteOptions {
  extension: '.sto' | '.mot';
  kind: string;
}

/**
 * Writes signals. Angles stay in their unit, with the flag `inDegrees` for degrees; what else the channels know rides along in
 * one header line, which OpenSim passes over.
 */
export function writeMot(signals: Signals, name: string, { extension, kind }: MotWriteOptions): WrittenFile {
  const { channels } = signals;
  const rows = sampleCount(signals);
  const sensors = quaternionSensors(channels);
  const inDegrees = channels.some(({ unit, quantity }) => quantity === 'angle' && unit === 'deg');
  const title = kind === 'signal.angle' ? 'Coordinates' : fileNameOf(name);
  const lines = sensors
    ? [`DataRate=${signals.rateHz}`, 'DataType=Quaternion', 'version=3', 'OpenSimVersion=4.5']
    : [
        title,
        'version=1',
        `nRows=${rows}`,
        `nColumns=${channels.length + 1}`,
        `inDegrees=${inDegrees ? 'yes' : 'no'}`,
        `DataRate=${signals.rateHz}`,
        `msdtKind=${kind}`,
        `msdtChannels=${JSON.stringify(channels.map(aboutChannel)).replaceAll('=', '\\u003d')}`,
      ];
  const labels = (sensors ?? channels.map((channel) => channel.name)).map(labelOf);
  lines.push('endheader', ['time', ...labels].join('\t'));
  for (let row = 0; row < rows; row++) {
    const cells = channels.map(({ values }) => text(values[row], values instanceof Float32Array));
    const shown = sensors ? sensors.map((_, sensor) => cells.slice(4 * sensor, 4 * sensor + 4).join(',')) : cells;
    lines.push([String(sampleTimeS(signals, row)), ...shown].join('\t'));
  }
  const bytes = utf8(`${lines.join('\n')}\n`);
  return { name: `${fileNameOf(name)}${extension}`, bytes, mediaType: 'text/plain' };
}

/** Sensors whose four components follow each other throughout. */
function quaternionSensors(channels: readonly SignalChannel[]): string[] | undefined {
  if (channels.length === 0 || channels.length % 4 !== 0) return undefined;
  const whole = channels.every(
    ({ quantity, axis, sensor }, index) =>
      quantity === 'orientation' && axis === 'wxyz'[index % 4] && sensor === channels[index - (index % 4)].sensor,
  );
  const sensors = channels.filter((_, index) => index % 4 === 0).map(({ sensor }) => sensor ?? '');
  return whole && sensors.every(Boolean) ? sensors : undefined;
}

function aboutChannel({ values: _, name: __, ...about }: SignalChannel): Partial<SignalChannel> {
  return about;
}

/** A label cannot hold tabs or line ends. */
function labelOf(name: string): string {
  return name.replace(/[\t\r\n]+/g, ' ').trim() || 'column';
}

/** Digits that give the same number back. */
function text(value: number, single: boolean): string {
  if (Number.isNaN(value)) return 'nan';
  return single ? String(Number(value.toPrecision(9))) : String(value);
}
