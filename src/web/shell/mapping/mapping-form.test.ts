import { describe, expect, it } from 'vitest';
import type { WireProfile } from '../../../contract/index.ts';
import { asksFor, copiedDown, formOf, lastAlike, profileOf, rowAt, unitsOf, withMeaning } from './mapping-form.ts';

const COLUMNS = [{ name: 't' }, { name: 'Ch1' }, { name: 'Ch2' }, { name: 'AccX', unit: '[g]' }, { name: 'AccX' }];

const PROFILE: WireProfile = {
  schemaVersion: 1,
  name: 'lab',
  separator: 'semicolon',
  streams: [
    {
      rateHz: 2000,
      channels: [
        { column: 'Ch1', name: 'EMG1', unit: 'mV', quantity: 'emg', scale: 0.001, site: 'erectorSpinae', level: 'L4' },
        { column: 'Ch2', name: 'EMG2', unit: 'mV', quantity: 'emg', offset: -1, side: 'left' },
      ],
    },
    {
      rateHz: 142,
      startS: 0.5,
      channels: [
        { column: 4, name: 'x', unit: '[g]', quantity: 'acceleration', axis: 'x', sensor: 'IMU1', segment: 'lumbar' },
      ],
    },
  ],
};

describe('the form of a mapping', () => {
  it('shows a mapping and gives the same one back', () => {
    const { form, missing } = formOf(COLUMNS, PROFILE);
    expect(missing).toEqual([]);
    expect(form.rate).toBe('2000');
    expect(form.rows.map(({ meaning }) => meaning)).toEqual(['leave-out', 'emg', 'emg', 'acceleration', 'leave-out']);
    expect(form.rows[3].rate).toBe('142');
    expect(profileOf(form, COLUMNS, 'lab').profile).toEqual(PROFILE);
  });

  it('names the columns that the table does not have', () => {
    expect(formOf([{ name: 'Ch1' }], PROFILE).missing).toEqual(['Ch2', '4']);
  });

  it('lets a time column govern what follows it, and the only one everything', () => {
    const { form } = formOf(COLUMNS, PROFILE);
    const timed = { ...form, rows: form.rows.map((row, i) => (i === 4 ? withMeaning(row, 'time:ms') : row)) };
    const { profile, rowsOf } = profileOf(timed, COLUMNS, 'lab');
    // the general rate is that of columns without times
    expect(profile.streams.map(({ time, rateHz }) => [time, rateHz])).toEqual([
      [{ column: 5, unit: 'ms' }, undefined],
      [{ column: 5, unit: 'ms' }, 142],
    ]);
    expect(rowsOf).toEqual([[1, 2], [3]]);
    const two = { ...timed, rows: timed.rows.map((row, i) => (i === 2 ? withMeaning(row, 'time:s') : row)) };
    expect(profileOf(two, COLUMNS, 'lab').profile.streams.map(({ time }) => time?.column)).toEqual(['Ch2', 'Ch2']);
  });

  it('keeps what is no number as it was typed, and takes a decimal comma', () => {
    const { form } = formOf(COLUMNS, PROFILE);
    const scaled = (scale: string) =>
      profileOf({ ...form, rows: form.rows.map((row) => ({ ...row, scale })) }, COLUMNS, '').profile.streams[0]
        .channels[0].scale;
    expect(scaled('0,25')).toBe(0.25);
    expect(scaled('1e-3')).toBe(0.001);
    expect(scaled('abc')).toBe('abc');
    expect(scaled(' ')).toBeUndefined();
  });

  it('offers units that fit, changes one that does not, and asks for what belongs to the quantity', () => {
    expect(unitsOf('emg').usual[0]).toBe('mV');
    expect([...unitsOf('force').usual, ...unitsOf('force').others].filter((unit) => unit === 'N')).toHaveLength(1);
    const [, row] = formOf(COLUMNS, PROFILE).form.rows;
    expect(withMeaning(row, 'acceleration').unit).toBe('m/s2');
    expect(withMeaning({ ...row, unit: 'uV' }, 'emg').unit).toBe('uV');
    expect(asksFor('emg', 'site') && asksFor('acceleration', 'axis')).toBe(true);
    expect(asksFor('emg', 'axis') || asksFor('time:s', 'side')).toBe(false);
  });

  it('finds the row that a message speaks of', () => {
    expect(rowAt('streams[1].channels[0].unit', [[1, 2], [3]])).toEqual([3, 'unit']);
    expect(rowAt('streams', [[1]])).toBeUndefined();
    expect(rowAt('streams[4].channels[0].unit', [[1]])).toBeUndefined();
  });
});

describe('copying a row down', () => {
  it('stops where the columns measure something else', () => {
    const { form } = formOf(COLUMNS, PROFILE);
    const plain = form.rows.map((row, i) => (i < 3 ? withMeaning({ ...row, side: '' }, 'other') : row));
    const first = { ...withMeaning(plain[0], 'emg'), scale: '0.5', side: 'left' };
    const copied = copiedDown([first, ...plain.slice(1)], 0);
    expect(copied.map(({ meaning }) => meaning)).toEqual(['emg', 'emg', 'emg', 'acceleration', 'leave-out']);
    expect(copied.map(({ scale }) => scale)).toEqual(['0.5', '0.5', '0.5', '', '']);
    expect(copied[1]).toMatchObject({ side: '', name: 'EMG1' });
    expect(lastAlike(copied, 3)).toBe(4);
    expect(lastAlike(copied, 4)).toBe(4);
  });
});
