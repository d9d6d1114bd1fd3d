/** Age and sex. */

import type { ClinicalFact } from '../../model/index.ts';
import type { Reading } from './reading.ts';

/** The year alone is known: the day of birth lies anywhere in it. */
const AGE_SD = 1 / Math.sqrt(12);

const YEAR_MS = 365.25 * 86_400_000;

/** Age at the index date, and sex. */
export function personRecords(reading: Reading): void {
  const { record, moments, indexDate } = reading;
  const { sex, birthYear } = record.person;
  const patient: ClinicalFact = {
    ...{ id: 'person', kind: 'observation', resource: 'Patient', scale: 'macro', place: 'Patient' },
    concept: { codings: [], text: 'Person' },
  };
  if (birthYear !== undefined) {
    const middle = Date.UTC(birthYear, 6, 2, 12);
    const age = (moments.index - middle) / YEAR_MS;
    if (age >= 0 && age < 130)
      reading.tell(patient, 'person.age', {
        ...{ value: Number(age.toFixed(1)), sd: AGE_SD, time: indexDate },
        note: `from the year of birth`,
      });
    else reading.leave(patient, `a birth in ${birthYear} gives no age at the index date`, 'person.age');
  }
  if (sex === 'female' || sex === 'male') reading.tell(patient, 'person.female', { value: sex === 'female' ? 1 : 0 });
  else if (sex) reading.leave(patient, `sex is "${sex}"`, 'person.female');
}
