/**
 * From a clinical record to a risk that explains itself, and what moves it. SYNTHETIC throughout.
 *
 * Run: `node examples/risk-of-a-virtual-patient.ts`
 */

import { RECORDS, simulateRecord } from '../fixtures/synth/index.ts';
import { inferenceEngine } from '../src/inference/index.ts';

const records = [{ artifact: 'record', record: simulateRecord(RECORDS.demo) }];
const patient = { twin: 'virtual', at: '2026-03-10', features: [], acquisitions: [], records, synthetic: true };
const percent = (p: number): string => `${(100 * p).toFixed(0)} %`;

for (const setting of ['referred-chronic-back-pain', 'hospital-sciatica']) {
  const { risk } = inferenceEngine.assess({ ...patient, setting, answers: [] });
  const [year] = risk.horizons;
  console.log(`SYNTHETIC  ${risk.setting.name}: ${percent(year.low)} to ${percent(year.high)} within 12 months`);
  for (const { name, mean, sd } of risk.contributions.filter(({ observed, held }) => observed && !held).slice(0, 3))
    console.log(`  ${mean >= 0 ? '+' : '−'}${Math.abs(mean).toFixed(2)} ± ${sd.toFixed(2)}  ${name}`);
}

const answers = [{ finding: 'flag.saddleNumbness', value: 1, at: '2026-03-10' }];
const [first] = inferenceEngine.assess({ ...patient, answers }).suggestions;
console.log(`SYNTHETIC  with numbness of the saddle: ${first.rule} [${first.strength}] ${first.title}`);
