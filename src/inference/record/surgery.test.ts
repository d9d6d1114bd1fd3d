import { describe, expect, it } from 'vitest';
import { type ClinicalFact, type ClinicalRecord, CODE_SYSTEM, isLoinc, isSnomed } from '../../model/index.ts';
import { FINDINGS } from '../rules/index.ts';
import { readClinical } from './clinical.ts';
import type { CodeSet } from './codes.ts';
import { codesOfFinding } from './from-conditions.ts';
import { surgeryOf } from './surgery.ts';
import { CONDITION_ROWS, DEGENERATIVE_LUMBAR, FINDING_CODES } from './tables/conditions.ts';
import { DRUG_CLASSES, DRUG_USE } from './tables/drugs.ts';
import { NOT_TAKEN, OBSERVATION_ROWS } from './tables/observations.ts';
import { EXCLUSIONS, ORDER_CODES, PROCEDURE_ROWS, SPINE_SURGERY } from './tables/procedures.ts';

const SYSTEMS = {
  ...{ snomed: CODE_SYSTEM.SNOMED, loinc: CODE_SYSTEM.LOINC, icd10: CODE_SYSTEM.ICD10, rxnorm: CODE_SYSTEM.RXNORM },
  ...{ cpt: 'http://www.ama-assn.org/go/cpt', pcs: 'http://www.cms.gov/Medicare/Coding/ICD10' },
  atc: 'http://www.whocc.no/atc',
} as const;

const concept = (system: keyof typeof SYSTEMS, code: string) => ({ codings: [{ system: SYSTEMS[system], code }] });

/** Every code of a set, as concepts. */
function conceptsOf(set: CodeSet) {
  return (Object.keys(SYSTEMS) as (keyof typeof SYSTEMS)[]).flatMap((system) =>
    (set[system] ?? []).map((code) => ({ code, concept: concept(system, code) })),
  );
}

const fact = (kind: ClinicalFact['kind'], more: Partial<ClinicalFact>): ClinicalFact => ({
  ...{ id: `${kind}-1`, kind, resource: 'Observation', scale: 'macro', place: 'entry[0]', from: '2026-02-20' },
  ...{ concept: { codings: [] } },
  ...more,
});

const record = (...facts: ClinicalFact[]): ClinicalRecord => ({
  ...{ person: {}, facts, skipped: [], withheld: [], synthetic: true },
});

const targets = (...facts: ClinicalFact[]): string[] =>
  readClinical([{ artifact: 'a', record: record(...facts) }], '2026-03-02').records.map(({ feature }) => feature);

describe('the tables of codes', () => {
  const sets = [
    ...[CONDITION_ROWS, OBSERVATION_ROWS, PROCEDURE_ROWS, DRUG_CLASSES, EXCLUSIONS, NOT_TAKEN].flatMap((rows) =>
      rows.map(({ codes }) => codes as CodeSet),
    ),
    ...[DEGENERATIVE_LUMBAR, SPINE_SURGERY, ...Object.values(FINDING_CODES), ...Object.values(ORDER_CODES)],
    ...FINDINGS.map(codesOfFinding),
  ];

  it('hold only codes with a right check digit', () => {
    const loinc = sets.flatMap((set) => set.loinc ?? []);
    const snomed = [
      ...sets.flatMap((set) => set.snomed ?? []),
      ...OBSERVATION_ROWS.flatMap(({ answers = [] }) => answers.flatMap(({ codes }) => codes)).filter((code) =>
        /^\d+$/.test(code),
      ),
    ];
    expect([loinc.length > 40, snomed.length > 60]).toEqual([true, true]);
    expect(loinc.filter((code) => !isLoinc(code))).toEqual([]);
    expect(snomed.filter((code) => !isSnomed(code))).toEqual([]);
  });

  it('name features or findings that exist', () => {
    const known = new Set(FINDINGS.map(({ id }) => id));
    for (const id of [...Object.keys(FINDING_CODES), ...Object.keys(ORDER_CODES)]) expect(known).toContain(id);
  });

  it('give a value for every code of every diagnosis', () => {
    const legs = [{ codings: [], text: 'Left leg' }];
    for (const { target, codes } of CONDITION_ROWS)
      for (const { code, concept: about } of conceptsOf(codes))
        expect(targets(fact('condition', { concept: about, status: 'active', bodySite: legs })), code).toContain(
          target,
        );
    for (const finding of FINDINGS.filter(({ id, form }) => form.kind === 'yes-no' && !id.startsWith('order.'))) {
      if (finding.id === 'care.surgeryConsidered') continue;
      for (const { code, concept: about } of conceptsOf({ ...codesOfFinding(finding), atc: [], loinc: [] }))
        expect(targets(fact('condition', { concept: about, status: 'active' })), code).toContain(finding.id);
    }
  });

  it('give a value for every code of every score, procedure, drug and order', () => {
    const answers = { codings: [], text: '8517006' };
    for (const { target, codes, range, units, plain, answers: coded, site, unit } of OBSERVATION_ROWS) {
      const given = Object.keys(units ?? {})[0] ?? unit ?? (plain ? '{score}' : undefined);
      for (const { code, concept: about } of conceptsOf(codes)) {
        const made = targets(
          fact('observation', {
            concept: about,
            value: coded
              ? { number: 2, concept: answers }
              : { number: given === '[degF]' ? 104 : range[0] + 1, unit: given ?? UNITS[target] },
            ...(site && { bodySite: [{ codings: [], text: site }] }),
          }),
        );
        if (target !== 'prom.startBack') expect(made, code).toContain(target);
      }
    }
    for (const { target, codes } of PROCEDURE_ROWS)
      for (const { code, concept: about } of conceptsOf(codes))
        expect(targets(fact('procedure', { concept: about, status: 'completed' })), code).toContain(target);
    for (const { target, of } of DRUG_USE)
      for (const { code, concept: about } of conceptsOf(DRUG_CLASSES.find(({ id }) => id === of)?.codes ?? {}))
        expect(targets(fact('medication', { concept: about, status: 'active' })), code).toContain(target);
    for (const [target, codes] of Object.entries(ORDER_CODES))
      for (const { code, concept: about } of conceptsOf(codes))
        expect(targets(fact('order', { concept: about, status: 'active' })), code).toContain(target);
  });
});

/** Units of rows that take no plain number. */
const UNITS: Readonly<Record<string, string>> = {
  ...{ 'person.bmi': 'kg/m2', 'lab.crp': 'mg/L', 'lab.esr': 'mm/h', 'lab.il6': 'pg/mL', 'lab.tnfAlpha': 'pg/mL' },
  ...{ 'lab.betaCtx': 'pg/mL', 'spine.cobb': 'deg' },
};

describe('surgery of the follow-up', () => {
  const operation = (from: string, more: Partial<ClinicalFact> = {}): ClinicalFact =>
    fact('procedure', { concept: concept('cpt', '63047'), status: 'completed', from, ...more });
  const outcome = (...facts: ClinicalFact[]) => surgeryOf(record(...facts), '2025-01-31', '2026-01-31');

  it('falls into the first or second half of the year, bounds with the first', () => {
    expect(outcome(operation('2025-07-31'))).toMatchObject({ kind: 'surgery', interval: '0-6', code: 'CPT 63047' });
    expect(outcome(operation('2025-08-01'))).toMatchObject({ interval: '6-12', placeStated: true });
    expect(outcome(operation('2026-01-31'))).toMatchObject({ interval: '6-12' });
    expect(outcome(operation('2025-01-31'))).toEqual({ kind: 'none', closed: true });
    expect(outcome(operation('2026-02-01'))).toEqual({ kind: 'none', closed: true });
    expect(outcome(operation('2025-11-01'), operation('2025-03-01'))).toMatchObject({ interval: '0-6' });
  });

  it('counts months by the calendar', () => {
    const outcomeFrom = (from: string, at: string) => surgeryOf(record(operation(at)), from, '2027-01-01');
    expect(outcomeFrom('2025-08-31', '2026-02-28')).toMatchObject({ interval: '0-6' });
    expect(outcomeFrom('2025-08-31', '2026-03-01')).toMatchObject({ interval: '6-12' });
  });

  it('is not known beyond the follow-up', () => {
    expect(surgeryOf(record(operation('2025-10-01')), '2025-01-31', '2025-06-30')).toEqual({
      kind: 'none',
      closed: false,
    });
    expect(() => surgeryOf(record(), '2025-01-31', '2024-01-01')).toThrow(/not before/);
    expect(() => surgeryOf(record(), 'soon', '2024-01-01')).toThrow(/ISO 8601/);
  });

  it('is not what was planned, of the neck, or for trauma, tumour, infection or the cauda equina', () => {
    expect(outcome(operation('2025-03-01', { status: 'not-done' }))).toEqual({ kind: 'none', closed: true });
    const neck = { concept: concept('snomed', '387731002'), bodySite: [{ codings: [], text: 'Cervical spine' }] };
    expect(outcome(operation('2025-03-01', neck))).toEqual({ kind: 'none', closed: true });
    for (const [code, reason] of [
      ['S32.010A', 'trauma'],
      ['C79.51', 'tumour'],
      ['M46.46', 'infection'],
      ['G83.4', 'cauda equina syndrome'],
    ]) {
      const why = { reason: [concept('icd10', code)] };
      expect(outcome(operation('2025-03-01', why))).toMatchObject({ kind: 'excluded', reason });
      const near = fact('condition', { concept: concept('icd10', code), from: '2025-02-20' });
      expect(outcome(operation('2025-03-01'), near)).toMatchObject({ kind: 'excluded', reason });
      expect(outcome(operation('2025-03-01'), { ...near, from: '2019-01-01' })).toMatchObject({ kind: 'surgery' });
      // what the surgeon states as the reason counts before what is merely close in time
      const wear = { reason: [concept('icd10', 'M48.061')] };
      expect(outcome(operation('2025-03-01', wear), near)).toMatchObject({ kind: 'surgery' });
    }
  });

  it('says when the code names no place', () => {
    expect(outcome(operation('2025-03-01', { concept: concept('snomed', '387731002') }))).toMatchObject({
      placeStated: false,
    });
    expect(outcome(operation('2025-03-01', { concept: concept('pcs', '0SB20ZZ') }))).toMatchObject({
      placeStated: true,
    });
  });
});
