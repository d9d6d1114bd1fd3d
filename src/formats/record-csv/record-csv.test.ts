import { describe, expect, it } from 'vitest';
import { memoryFile } from '../../../tests/support/formats/formats.ts';
import { expectRobust } from '../../../tests/support/formats/robust.ts';
import type { ClinicalFact, ClinicalRecord, ReadReport, RecordProfile } from '../../model/index.ts';
import { cellDate, cellValue } from './cells.ts';
import { guessRecordProfile, recordCsv } from './index.ts';
import { meaningOf, personal } from './names.ts';
import { ucumOf } from './units.ts';

const file = (text: string, name = 'visits.csv') => memoryFile(name, new TextEncoder().encode(text));
const sniff = (text: string, name = 'visits.csv') =>
  recordCsv.sniff(new TextEncoder().encode(text).subarray(0, 1024), name);
const read = (text: string, profile?: object) =>
  recordCsv.read([file(text)], profile ? { choices: { profile: JSON.stringify(profile) } } : {});
const recordIn = ({ items }: ReadReport) => items[0].artifacts[0].payload as ClinicalRecord;
const short = ({ from, concept, value, place }: ClinicalFact) => [from, concept.codings[0].code, value, place];

const WIDE = `Date,Patient name,ODI (%),Leg pain NRS,CRP (mg/dL),Smoker,Comment
2026-01-10,Jane Doe,44,7,<0.5,yes,walks badly
2026-02-20,Jane Doe,38,,1.2,no,
`;

const LONG = `date;what;value;unit
10.01.2026;ODI;44,5;%
10.01.2026;4548-4;48;mmol/mol
20.02.2026;prom.phq9;11;
20.02.2026;Hair colour;brown;
`;

describe('a table with one row a visit', () => {
  it('becomes dated facts, without the person', async () => {
    expect(sniff(WIDE)).toBe('yes');
    const report = await read(WIDE);
    expect(report.errors).toEqual([]);
    const record = recordIn(report);
    expect(record.facts.map(short)).toEqual([
      ['2026-01-10', 'prom.odi', { number: 44, unit: '%' }, 'row 2, column ODI (%)'],
      ['2026-01-10', 'pain.leg', { number: 7, unit: '{score}' }, 'row 2, column Leg pain NRS'],
      ['2026-01-10', 'lab.crp', { number: 0.5, comparator: '<', unit: 'mg/dL' }, 'row 2, column CRP (mg/dL)'],
      ['2026-01-10', 'person.smoker', { truth: true }, 'row 2, column Smoker'],
      ['2026-02-20', 'prom.odi', { number: 38, unit: '%' }, 'row 3, column ODI (%)'],
      ['2026-02-20', 'lab.crp', { number: 1.2, unit: 'mg/dL' }, 'row 3, column CRP (mg/dL)'],
      ['2026-02-20', 'person.smoker', { truth: false }, 'row 3, column Smoker'],
    ]);
    expect(record.facts[2].scale).toBe('nano');
    expect(JSON.stringify(record)).not.toMatch(/Jane|Doe|walks/);
    expect(record.withheld).toEqual([
      { what: 'Patient name', reason: 'may identify a person', count: 2 },
      { what: 'Comment', reason: 'the mapping gives it no meaning', count: 1 },
    ]);
    expect(report.items[0]).toMatchObject({ modality: 'record', takenAt: '2026-02-20', namesPerson: true });
    expect(report.items[0].quality.map(({ code }) => code)).toEqual(['record.identity', 'record.unmapped']);
  });

  it('gives an error for every bad cell, and goes on', async () => {
    const report = await read(
      'date,ODI (%),CRP (mg/L)\n2026-01-10,much,3\n2026-02-30,40,4\n2026-03-01,12,5.5.5\n2026-03-02,20,6\n',
    );
    expect(report.errors.map(({ error }) => [error.code, error.where.file, error.where.place])).toEqual([
      ['file.malformed', 'visits.csv', 'row 2, column ODI (%)'],
      ['file.malformed', 'visits.csv', 'row 3, column date'],
      ['file.malformed', 'visits.csv', 'row 4, column CRP (mg/L)'],
    ]);
    expect(JSON.stringify(report.errors.map(({ error }) => error.detail))).not.toContain('much');
    expect(
      recordIn(report)
        .facts.map(short)
        .map(([from, what]) => [from, what]),
    ).toEqual([
      ['2026-01-10', 'lab.crp'],
      ['2026-03-01', 'prom.odi'],
      ['2026-03-02', 'prom.odi'],
      ['2026-03-02', 'lab.crp'],
    ]);
  });

  it('wants a number where there is a unit', async () => {
    const report = await read('date,ODI (%),Fever\n2026-01-10,C,yes\n2026-01-11,x,no\n2026-01-12,30,x\n');
    expect(report.errors.map(({ error }) => [error.where.place, error.detail])).toEqual([
      ['row 2, column ODI (%)', 'a number in % is needed'],
      ['row 3, column ODI (%)', '"x" is no number, no yes or no, and no grade'],
      ['row 4, column Fever', '"x" is no number, no yes or no, and no grade'],
    ]);
  });

  it('counts bad cells beyond a hundred in one line', async () => {
    const rows = Array.from({ length: 300 }, () => '2026-01-10,x?').join('\n');
    const report = await read(`date,ODI (%)\n${rows}\n2026-01-11,40\n`);
    expect(report.errors).toHaveLength(101);
    expect(report.errors[100].error.message).toMatch(/^200 more/);
    expect(recordIn(report).facts).toHaveLength(1);
  });

  it('takes year of birth and sex, and refuses rows of several people', async () => {
    const about = (second: string) =>
      `Visit date,Date of birth,Sex,MRN,BMI\n2026-01-10,02.03.1961,F,4711,31\n2026-02-10,${second},F,4711,30\n`;
    const record = recordIn(await read(about('02.03.1961')));
    expect(record.person).toEqual({ birthYear: 1961, sex: 'female' });
    expect(JSON.stringify(record)).not.toMatch(/4711|02\.03/);
    const several = await read(about('05.03.1970'));
    expect(several.items).toEqual([]);
    expect(several.errors[0].error).toMatchObject({
      code: 'file.unsupported',
      where: { place: 'column Date of birth' },
    });
  });

  it('asks for the order of day and month where the dates leave it open', async () => {
    const open = 'date,BMI\n03/04/2026,31\n';
    expect((await read(open)).errors[0].error).toMatchObject({ where: { place: 'column date' }, message: /month/ });
    const profile = (dates: string) => ({
      schemaVersion: 1,
      name: 'x',
      of: 'record',
      dates,
      date: 'date',
      columns: [{ column: 'BMI', means: 'person.bmi', unit: 'kg/m2' }],
    });
    expect(recordIn(await read(open, profile('day-first'))).facts[0].from).toBe('2026-04-03');
    expect(recordIn(await read(open, profile('month-first'))).facts[0].from).toBe('2026-03-04');
    expect(recordIn(await read('date,BMI\n03/04/2026,31\n25/04/2026,30\n')).facts[0].from).toBe('2026-04-03');
  });
});

describe('a table with one row a fact', () => {
  it('becomes dated facts, each with its own unit', async () => {
    expect(sniff(LONG)).toBe('yes');
    const report = await read(LONG);
    expect(recordIn(report).facts.map(short)).toEqual([
      ['2026-01-10', 'prom.odi', { number: 44.5, unit: '%' }, 'row 2, column value'],
      ['2026-01-10', '4548-4', { number: 48, unit: 'mmol/mol' }, 'row 3, column value'],
      ['2026-02-20', 'prom.phq9', { number: 11 }, 'row 4, column value'],
    ]);
    expect(recordIn(report).facts[1].concept.codings[0].system).toBe('http://loinc.org');
    expect(JSON.stringify(report.items)).not.toMatch(/Hair|brown/);
  });

  it('takes names of its own by the mapping', async () => {
    const profile: RecordProfile = {
      ...{ schemaVersion: 1, name: 'lab', of: 'record', date: 1 },
      long: { what: 2, value: 3, meanings: [{ name: 'Disc 4/5', means: 'disc.height', unit: 'mm', level: 'L4-L5' }] },
    };
    const [fact] = recordIn(await read('when,thing,how\n2026-01-10,disc 4/5,9.5\n', profile)).facts;
    expect(fact).toMatchObject({ value: { number: 9.5, unit: 'mm' }, bodySite: [{ text: 'L4-L5' }] });
  });
});

describe('damage', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  it('is met with an error that helps, or passed over', async () => {
    await expectRobust(recordCsv, [{ name: 'wide.csv', bytes: bytes(WIDE) }]);
    await expectRobust(recordCsv, [{ name: 'long.csv', bytes: bytes(LONG) }], 8);
    const mapping = { schemaVersion: 1, name: 'm', of: 'record', date: 1, columns: [{ column: 3, means: 'prom.odi' }] };
    await expectRobust(recordCsv, [
      { name: 'map.json', bytes: bytes(JSON.stringify(mapping)) },
      { name: 'wide.csv', bytes: bytes(WIDE) },
    ]);
  });

  it('of a hundred thousand rows takes no longer than they deserve', { timeout: 120_000 }, async () => {
    // own processor time, which the load of the machine does not change, a row
    const costOf = async (count: number) => {
      const rows = Array.from(
        { length: count },
        (_, at) => `2026-01-${String((at % 28) + 1).padStart(2, '0')},${at % 100},3`,
      );
      const start = process.threadCpuUsage();
      const record = recordIn(await read(`date,ODI (%),BMI\n${rows.join('\n')}\n`));
      expect(record.facts).toHaveLength(2 * count);
      return process.threadCpuUsage(start).user / count;
    };
    await costOf(10_000);
    // a step that goes over all rows for each row would cost ten times as much
    expect((await costOf(100_000)) / (await costOf(10_000))).toBeLessThan(5);
  });
});

describe('mappings', () => {
  const table = 'when,a,b\n2026-01-10,44,7\n';
  const mapping = (more: object) => ({ schemaVersion: 1, name: 'mine', of: 'record', date: 'when', ...more });

  it('give meaning to any column, from a choice or a file beside it', async () => {
    expect(sniff(table)).toBe('no');
    expect((await read(table)).errors[0].error).toMatchObject({ code: 'input.missing', where: { place: 'row 1' } });
    const profile = mapping({
      columns: [
        { column: 2, means: 'prom.odi', unit: '%' },
        { column: 'b', means: '72514-3', unit: '{score}', side: 'left' },
      ],
    });
    const facts = recordIn(await read(table, profile)).facts;
    expect(facts.map(({ concept, bodySite }) => [concept.codings[0].code, bodySite?.[0].text])).toEqual([
      ['prom.odi', undefined],
      ['72514-3', 'left'],
    ]);
    const beside = await recordCsv.read([file(JSON.stringify(profile), 'map.json'), file(table)]);
    expect(beside.items[0].files).toEqual(['visits.csv', 'map.json']);
    expect(sniff(JSON.stringify(profile), 'map.json')).toBe('yes');
  });

  it.each([
    [{ columns: [{ column: 2, means: 'no meaning' }] }, 'columns[0].means'],
    [{ columns: [{ column: 2, means: '4548-5' }] }, 'columns[0].means'],
    [{ columns: [{ column: 0, means: 'prom.odi' }] }, 'columns[0].column'],
    [{ columns: [] }, 'columns'],
    [{}, 'columns'],
    [{ columns: [{ column: 2, means: 'prom.odi' }], dates: 'later' }, 'dates'],
    [{ long: { what: 2 } }, 'long.value'],
  ])('that are wrong say where: %j', async (more, place) => {
    const { errors } = await read(table, mapping(more));
    expect(errors[0].error).toMatchObject({ code: 'parameter.invalid', where: { place } });
  });

  it('of another table say which column is missing', async () => {
    const { errors } = await read(table, mapping({ columns: [{ column: 'ODI', means: 'prom.odi' }] }));
    expect(errors[0].error).toMatchObject({ code: 'input.missing', message: 'The table has no column "ODI"' });
  });

  it('never take a column that identifies the person', async () => {
    const named = 'when,Surname\n2026-01-10,44\n';
    const report = await read(named, mapping({ columns: [{ column: 2, means: 'prom.odi', unit: '%' }] }));
    expect(report.items).toEqual([]);
  });

  it('are guessed with unit, level and posture', () => {
    const names = ['Visit date', 'ODI', 'Lordosis standing (°)', 'Pfirrmann L4-L5', 'CRP', 'ID', 'hba1c [mmol/mol]'];
    expect(guessRecordProfile(names, [['2026-01-01', '62']])?.columns).toEqual([
      { column: 2, means: 'prom.odi', unit: '%' },
      { column: 3, means: 'spine.lordosis', unit: 'deg', posture: 'standing' },
      { column: 4, means: 'disc.pfirrmann', unit: '1', level: 'L4-L5' },
      { column: 5, means: 'lab.crp' },
      { column: 7, means: 'lab.hba1c', unit: 'mmol/mol' },
    ]);
    expect(guessRecordProfile(['ODI', 'CRP'])).toBeUndefined();
  });
});

describe('names, cells and units', () => {
  it.each(['Name', 'patient_id', 'Last name', 'MRN', 'E-Mail', 'PatientID', 'Subject', 'Address'])(
    '%s identifies',
    (name) => {
      expect(personal(name)).toBe('identity');
    },
  );
  it.each(['ODI', 'Back pain', 'CRP (mg/L)', 'Level', 'Side'])('%s does not', (name) => {
    expect(personal(name)).toBeUndefined();
  });
  it.each([
    ['Oswestry Disability Index', 'prom.odi'],
    ['VAS leg', 'pain.leg'],
    ['back pain (NRS)', 'pain.back'],
    ['hsCRP', 'lab.crp'],
    ['C-reactive protein', 'lab.crp'],
    ['25-OH vitamin D', 'lab.vitaminD'],
    ['LOINC 1988-5', '1988-5'],
    ['Foraminal stenosis (Lee)', 'stenosis.foraminal'],
    ['Lee grade', 'stenosis.lee'],
    ['flag.fever', 'flag.fever'],
  ])('%s means %s', (name, means) => expect(meaningOf(name)?.means).toBe(means));

  it.each([
    ['2026-03-04', undefined, '2026-03-04'],
    ['2026-3-4 10:30', undefined, '2026-03-04'],
    ['2026-03', undefined, '2026-03'],
    ['4.3.2026', undefined, '2026-03-04'],
    ['03/04/2026', 'month-first', '2026-03-04'],
  ] as const)('%s (%s) is the day %s', (cell, order, day) => expect(cellDate(cell, order)).toBe(day));
  it.each(['2026-02-30', '45000', '4.3.26', 'yesterday', '2026-13-01', '', '0026-01-01'])('"%s" is no day', (cell) => {
    expect(cellDate(cell, 'day-first')).toHaveProperty('reason');
  });
  it.each([
    ['3,5', true, { number: 3.5 }],
    ['>= 38', false, { number: 38, comparator: '>=' }],
    ['ja', false, { truth: true }],
    ['C', false, { concept: { codings: [], text: 'C' } }],
    ['Medium', false, { concept: { codings: [], text: 'medium' } }],
    ['1e-3', false, { number: 0.001 }],
  ])('%s is a value', (cell, comma, value) => expect(cellValue(cell, comma)).toEqual(value));
  it.each(['Jane Doe', '1.2.3', '5-10', '1e999', '1,234.5'])('%s is none', (cell) => {
    expect(cellValue(cell, false)).toHaveProperty('reason');
  });
  it.each([
    ['µg/l', 'ug/L'],
    ['ng/ml', 'ng/mL'],
    ['mmol/mol', 'mmol/mol'],
    ['Points', '{score}'],
    ['kg/m²', 'kg/m2'],
    ['mg/dl', 'mg/dL'],
  ])('%s is %s', (text, unit) => expect(ucumOf(text)).toBe(unit));
});
