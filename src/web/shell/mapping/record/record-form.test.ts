import { describe, expect, it } from 'vitest';
import type { WireRecordProfile } from '../../../../contract/index.ts';
import { isRecord, recordFormOf, recordProfileOf } from './record-form.ts';

const NAMES = ['when', 'ODI', 'ODI', 'Disc', 'Surname'];

const WIDE: WireRecordProfile = {
  ...{ schemaVersion: 1, name: 'clinic', of: 'record', separator: 'semicolon', dates: 'day-first', date: 'when' },
  columns: [
    { column: 2, means: 'prom.odi', unit: '%' },
    { column: 'Disc', means: 'disc.height', unit: 'mm', level: 'L4-L5', posture: 'supine' },
  ],
};

const LONG: WireRecordProfile = {
  ...{ schemaVersion: 1, name: 'lab', of: 'record', date: 1 },
  long: { what: 'what', value: 'value', unit: 'unit', meanings: [{ name: 'X', means: 'lab.crp' }] },
};

describe('the form of a record mapping', () => {
  it('shows a mapping and gives the same one back', () => {
    expect(recordProfileOf(recordFormOf(NAMES, WIDE), NAMES, 'clinic')).toEqual(WIDE);
    const names = ['day', 'what', 'value', 'unit'];
    expect(recordProfileOf(recordFormOf(names, LONG), names, 'lab')).toEqual({ ...LONG, date: 'day' });
    expect([isRecord(WIDE), isRecord({ schemaVersion: 1, name: 'x', streams: [] })]).toEqual([true, false]);
  });

  it('is no mapping while the date or all meaning is missing', () => {
    const empty = recordFormOf(NAMES, undefined);
    expect(recordProfileOf(empty, NAMES, 'x')).toBeUndefined();
    expect(recordProfileOf({ ...empty, date: 1 }, NAMES, 'x')).toBeUndefined();
    expect(recordProfileOf({ ...empty, date: 1, shape: 'long' }, NAMES, 'x')).toBeUndefined();
    const rows = empty.rows.map((row, index) => (index === 3 ? { ...row, means: ' prom.odi ' } : row));
    expect(recordProfileOf({ ...empty, date: 1, rows }, NAMES, 'x')?.columns).toEqual([
      { column: 'Disc', means: 'prom.odi' },
    ]);
  });

  it('passes over columns that this table does not have', () => {
    const form = recordFormOf(['when', 'ODI'], { ...WIDE, columns: [{ column: 'gone', means: 'prom.odi' }] });
    expect(form.rows.every(({ means }) => means === '')).toBe(true);
  });
});
