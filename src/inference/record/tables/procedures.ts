/** Operations and injections on the lumbar spine, by code. Texts of CPT are under licence: codes only. */

import type { CodeSet } from '../codes.ts';

/** Removal of bone, ligament or disc to free nerves. SNOMED names the operation and not its place. */
export const DECOMPRESSION: CodeSet = {
  snomed: ['387731002'],
  cpt: [
    ...['63005', '63012', '63017', '63030', '63035', '63042', '63044', '63047', '63048', '63056', '63057'],
    ...['62380', '0275T'],
  ],
  pcs: ['00NY', '01NB', '0SB2', '0SB4', '0ST2', '0ST4'],
};

/** Joining of vertebrae. */
export const FUSION: CodeSet = {
  snomed: ['122465003', '609588000', '44946007', '87031008'],
  cpt: ['22533', '22558', '22612', '22630', '22633'],
  pcs: ['0SG0', '0SG1', '0SG3'],
};

/** Any operation of the outcome: first lumbar decompression, discectomy or fusion. */
export const SPINE_SURGERY: CodeSet = {
  snomed: [...(DECOMPRESSION.snomed ?? []), ...(FUSION.snomed ?? [])],
  cpt: [...(DECOMPRESSION.cpt ?? []), ...(FUSION.cpt ?? [])],
  pcs: [...(DECOMPRESSION.pcs ?? []), ...(FUSION.pcs ?? [])],
};

/** Steroid or anaesthetic into the lumbar epidural space, between the laminae or through a foramen. */
export const EPIDURAL: CodeSet = {
  cpt: ['62311', '62322', '62323', '64483', '64484'],
  pcs: ['3E0R33Z', '3E0S33Z'],
};

/** Injections into facet joints, trigger points and discs. */
export const SPINAL_INJECTION: CodeSet = { cpt: ['64493', '64494', '64495', '20552', '20553', '62290'] };

/** Procedures that give a feature its value. */
export const PROCEDURE_ROWS: readonly { target: string; value: number; codes: CodeSet; lumbarOnly?: boolean }[] = [
  { target: 'care.spineSurgery', value: 1, codes: SPINE_SURGERY, lumbarOnly: true },
  { target: 'care.epidural', value: 1, codes: EPIDURAL, lumbarOnly: true },
  {
    ...{ target: 'imaging.lumbarMri', value: 1 },
    codes: { cpt: ['72148', '72149', '72158'], loinc: ['30679-5', '24967-2', '24968-0'] },
  },
];

/** Codes of open orders beside those of the rule vocabulary. */
export const ORDER_CODES: Readonly<Record<string, CodeSet>> = {
  'order.epidural': EPIDURAL,
  'order.spinalInjection': SPINAL_INJECTION,
  'order.spineSurgery': SPINE_SURGERY,
  'order.fusion': FUSION,
  'order.lumbarMri': { cpt: ['72148', '72149', '72158'] },
  'order.lumbarImaging': { cpt: ['72148', '72149', '72158', '72131', '72100', '72110', '72114', '72120'] },
};

/** Why an operation is not the outcome: these patients need it for another reason than wear. */
export const EXCLUSIONS: readonly { reason: string; codes: CodeSet }[] = [
  {
    reason: 'trauma',
    codes: {
      icd10: ['S22', 'S32', 'S33.1', 'S34', 'T08', 'M48.4', 'M84.58', 'M80'],
      snomed: ['15724005', '443165006'],
    },
  },
  {
    reason: 'tumour',
    codes: {
      icd10: ['C41.2', 'C41.4', 'C70.1', 'C72.0', 'C72.1', 'C79.5', 'C90', 'D16.6', 'D32.1', 'D33.4', 'D42.1', 'M84.5'],
    },
  },
  {
    reason: 'infection',
    codes: { icd10: ['M46.2', 'M46.3', 'M46.4', 'M46.5', 'G06.1', 'A18.01'], snomed: ['202756004'] },
  },
  { reason: 'cauda equina syndrome', codes: { icd10: ['G83.4'], snomed: ['192970008'] } },
];
