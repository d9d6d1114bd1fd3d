/**
 * What the rules ask of a patient beyond the feature dictionary: complaints, flags, history, care given, and what is planned.
 *
 * Ids are stable. A record whose `feature` is one of these ids answers it; yes and no are 1 and 0, in unit `1`.
 */

import { type AnswerForm, ArgumentError } from '../../model/index.ts';

/**
 * A code that speaks for a finding. ICD-10 and ATC codes stand for all codes that begin with them; `doubtful` ones have one weak
 * source and want a terminology server.
 */
export interface FindingCode {
  system: 'SNOMED' | 'LOINC' | 'ICD10' | 'ATC';
  code: string;
  doubtful?: boolean;
}

/** One entry of the rule vocabulary. */
export interface Finding {
  id: string;
  /** two to five words, for a list of reasons */
  name: string;
  /** as it is put to the person who fills it in */
  question: string;
  form: AnswerForm;
  /** days before the index date in which an answer counts; undefined: does not age */
  windowDays?: number;
  /** an emergency or urgent rule hangs on it */
  redFlag: boolean;
  codes: readonly FindingCode[];
  /** when the answer is yes, or what the number means */
  meaning: string;
}

const YES_NO: AnswerForm = { kind: 'yes-no' };

/** Days a sign of an emergency counts. */
const ACUTE_DAYS = 30;
/** Days a course of illness or care counts. */
const COURSE_DAYS = 90;

const snomed = (...codes: string[]): FindingCode[] => codes.map((code) => ({ system: 'SNOMED', code }));
const icd10 = (...codes: string[]): FindingCode[] => codes.map((code) => ({ system: 'ICD10', code }));
const atc = (...codes: string[]): FindingCode[] => codes.map((code) => ({ system: 'ATC', code }));
const loinc = (...codes: string[]): FindingCode[] => codes.map((code) => ({ system: 'LOINC', code }));

type Given = Pick<Finding, 'id' | 'name' | 'question' | 'meaning'> & Partial<Finding>;

const flag = (given: Given): Finding => ({
  ...{ form: YES_NO, windowDays: ACUTE_DAYS, redFlag: true, codes: [] },
  ...given,
});

const fact = (given: Given): Finding => ({
  ...{ form: YES_NO, windowDays: COURSE_DAYS, redFlag: false, codes: [] },
  ...given,
});

/** Signs that call for action within hours or days. */
const FLAGS: readonly Finding[] = [
  flag({
    ...{ id: 'flag.saddleNumbness', name: 'Saddle numbness' },
    question: 'Is feeling lost or changed between the legs, around the anus or the genitals?',
    meaning: 'New loss or change of feeling in the saddle area.',
  }),
  flag({
    ...{ id: 'flag.bladderDysfunction', name: 'New bladder trouble' },
    question: 'Is there new trouble passing, holding or feeling urine?',
    meaning: 'Retention, incontinence or lost sensation of the bladder that began with the present illness.',
    codes: icd10('R33', 'R32', 'R39.14', 'N31'),
  }),
  flag({
    ...{ id: 'flag.bowelDysfunction', name: 'New bowel trouble' },
    question: 'Is there new loss of control of the bowel, or of the feeling of passing stool?',
    meaning: 'Incontinence or lost sensation of the bowel that began with the present illness.',
    codes: icd10('R15'),
  }),
  flag({
    ...{ id: 'flag.sexualDysfunction', name: 'New loss of sexual function' },
    question: 'Has sexual function or genital feeling been lost since the present illness began?',
    meaning: 'New with the present illness; trouble of long standing does not count.',
  }),
  flag({
    ...{ id: 'flag.bilateralLegDeficit', name: 'Weak or numb in both legs' },
    question: 'Are both legs weak or numb, or does pain shoot into both legs?',
    meaning: 'Neurological signs or sciatica on both sides at once.',
    codes: icd10('G82.2'),
  }),
  flag({
    ...{ id: 'flag.progressiveWeakness', name: 'Weakness getting worse' },
    question: 'Is weakness of a leg or foot getting worse from day to day?',
    meaning: 'Strength falls between two examinations, or the patient reports it.',
  }),
  flag({
    ...{ id: 'flag.newWeakness', name: 'New weakness of a leg' },
    question: 'Has a leg or foot become weak within the last weeks?',
    meaning:
      'Paresis of a muscle group of the leg that began within the last six weeks: a foot that drops, a knee that gives way.',
    codes: [...icd10('M21.37')],
  }),
  flag({
    ...{ id: 'exam.weakestMuscle', name: 'Strength of the weakest leg muscle' },
    question: 'How strong is the weakest muscle group of the legs, 0 (no twitch) to 5 (full strength)?',
    form: { kind: 'number', unit: '{score}', min: 0, max: 5 },
    meaning: 'Grade of the Medical Research Council of the weakest muscle group.',
  }),
  flag({
    ...{ id: 'exam.postVoidResidual', name: 'Urine left after voiding' },
    question: 'How much urine is left in the bladder after voiding?',
    form: { kind: 'number', unit: 'mL', min: 0, max: 3000 },
    windowDays: 7,
    meaning: 'Post-void residual volume by bladder scan or catheter.',
  }),
  flag({
    ...{ id: 'diagnosis.caudaEquina', name: 'Cauda equina syndrome on record' },
    question: 'Is a cauda equina syndrome suspected or on record for the present illness?',
    meaning: 'Coded as a diagnosis, suspected or confirmed, within the window.',
    codes: [{ system: 'SNOMED', code: '192970008', doubtful: true }, ...icd10('G83.4')],
  }),
  flag({
    ...{ id: 'history.cancer', name: 'History of cancer' },
    question: 'Has there ever been a cancer other than of the skin (melanoma counts)?',
    windowDays: undefined,
    meaning: 'Any malignant disease in the history that can spread to bone.',
    codes: icd10('C', 'Z85'),
  }),
  flag({
    ...{ id: 'pain.newOrWorse', name: 'New or clearly worse pain' },
    question: 'Is the pain new, or has it become clearly worse within the last weeks?',
    meaning: 'Pain of the back or leg that began or grew within the last six weeks.',
  }),
  flag({
    ...{ id: 'flag.fever', name: 'Fever' },
    question: 'Is there fever, or have there been chills or sweats at night?',
    meaning: 'At or above 38 °C, or rigors, with the present illness.',
    codes: icd10('R50'),
  }),
  flag({
    ...{ id: 'flag.immunosuppression', name: 'Weak immune system' },
    question: 'Is the immune system weak, by illness or by drugs?',
    windowDays: 365,
    meaning: 'Immune deficiency, HIV with low counts, transplantation, chemotherapy, biologicals, long steroids.',
    codes: [...icd10('B20', 'D80', 'D81', 'D82', 'D83', 'D84', 'Z94'), ...atc('L04A')],
  }),
  flag({
    ...{ id: 'flag.intravenousDrugs', name: 'Drugs injected' },
    question: 'Have drugs been injected within the last year, other than by medical staff?',
    windowDays: 365,
    meaning: 'Intravenous drug use.',
  }),
  flag({
    ...{ id: 'flag.bacteraemia', name: 'Recent infection of the blood' },
    question: 'Has there been an infection of the blood or a serious bacterial infection within the last three months?',
    windowDays: 90,
    meaning: 'Bacteraemia, sepsis or endocarditis.',
    codes: icd10('A40', 'A41', 'R78.81', 'I33'),
  }),
  flag({
    ...{ id: 'flag.prolongedSteroids', name: 'Steroids for long' },
    question: 'Have steroid tablets been taken for three months or longer?',
    windowDays: 365,
    meaning: 'Systemic glucocorticoids for three months or longer, now or within the last year.',
    codes: [...atc('H02AB'), ...icd10('Z79.52')],
  }),
  flag({
    ...{ id: 'flag.trauma', name: 'Significant trauma' },
    question: 'Was there a fall from a height, a traffic accident, or at an older age even a fall from standing?',
    windowDays: 90,
    meaning: 'An injury that can break a vertebra, for the age of the patient.',
    codes: icd10('S32', 'S33', 'S34', 'V', 'W1'),
  }),
  flag({
    ...{ id: 'flag.contusion', name: 'Contusion or abrasion of the back' },
    question: 'Is there a bruise or abrasion over the spine?',
    windowDays: 30,
    meaning: 'Seen on examination.',
    codes: icd10('S30.0', 'S20.2'),
  }),
];

/** Complaints, history and what the imaging means. */
const STATE: readonly Finding[] = [
  fact({
    ...{ id: 'symptom.spinePain', name: 'Pain of lower back or leg' },
    question: 'Is there pain in the lower back, buttock or leg at present?',
    meaning: 'The complaint the rules are about. A pain score of 1 or more says the same.',
    codes: [...snomed('279039007', '278860009', '128196005', '307177001'), ...icd10('M54', 'M51')],
  }),
  fact({
    ...{ id: 'symptom.sciatica', name: 'Sciatica' },
    question: 'Does pain run from the back or buttock down the leg, below the knee or in the area of one nerve root?',
    meaning: 'Radicular leg pain.',
    codes: [...snomed('128196005', '307177001'), ...icd10('M54.1', 'M54.3', 'M54.4', 'M51.1')],
  }),
  fact({
    ...{ id: 'symptom.nightPain', name: 'Pain in the second half of the night' },
    question: 'Does back pain wake in the second half of the night?',
    meaning: 'Inflammatory pattern, together with morning stiffness.',
  }),
  fact({
    ...{ id: 'symptom.morningStiffness', name: 'Morning stiffness over half an hour' },
    question: 'Is the back stiff in the morning for more than half an hour, easing with movement?',
    meaning: 'Inflammatory pattern, together with pain at night.',
  }),
  fact({
    ...{ id: 'symptom.painOnMovement', name: 'Back pain on movement' },
    question: 'Is the back pain brought on by movement or standing up, and gone at rest?',
    meaning: 'Mechanical pain that may speak for instability.',
  }),
  fact({
    ...{ id: 'symptom.newSinceSurgery', name: 'New symptoms since the operation' },
    question: 'Have new symptoms of back or leg appeared since the last operation on the lumbar spine?',
    meaning: 'New or returning after earlier lumbar surgery.',
    codes: icd10('M96.1'),
  }),
  fact({
    ...{ id: 'imaging.concordant', name: 'Imaging fits the symptoms' },
    question: 'Does the imaging show a cause at the level and on the side that the symptoms point to?',
    windowDays: 365,
    meaning: 'Yes: level and side agree with complaint and examination. No: they disagree.',
  }),
  fact({
    ...{ id: 'imaging.structuralTarget', name: 'Structural target for surgery' },
    question: 'Is there a structural target for surgery: compression, slip, instability, deformity, fracture?',
    windowDays: 365,
    meaning: 'A finding that surgery could put right and that explains the complaint. Wear of a disc alone is none.',
  }),
  fact({
    ...{ id: 'imaging.lumbarMri', name: 'Lumbar MRI within the last year' },
    question: 'Has a lumbar MRI been made within the last twelve months?',
    windowDays: 365,
    meaning: 'Made and reported; an MRI among the acquisitions of the twin says the same.',
    codes: loinc('30679-5', '24967-2', '24968-0'),
  }),
  fact({
    ...{ id: 'diagnosis.stenosis', name: 'Lumbar spinal stenosis' },
    question: 'Has central stenosis of the lumbar canal been shown by imaging?',
    windowDays: undefined,
    meaning: 'Diagnosis on record or in the report of the imaging.',
    codes: [
      { system: 'SNOMED', code: '18347007', doubtful: true },
      ...icd10('M48.05', 'M48.06', 'M48.07', 'M48.08', 'M99.33', 'M99.43'),
    ],
  }),
  fact({
    ...{ id: 'diagnosis.osteoporosis', name: 'Osteoporosis' },
    question: 'Is osteoporosis known?',
    windowDays: undefined,
    meaning: 'Diagnosis on record, or treated for it.',
    codes: [...snomed('64859006'), ...icd10('M80', 'M81')],
  }),
  fact({
    ...{ id: 'history.fragilityFracture', name: 'Fragility fracture' },
    question: 'Has a bone broken after a fall from standing height or less, since the age of 50?',
    windowDays: undefined,
    meaning: 'Low-energy fracture of spine, hip, wrist or upper arm.',
    codes: [...snomed('443165006'), ...icd10('M80')],
  }),
  fact({
    ...{ id: 'history.diabetes', name: 'Diabetes' },
    question: 'Is diabetes known?',
    windowDays: undefined,
    meaning: 'Any type.',
    codes: icd10('E10', 'E11', 'E13', 'E14'),
  }),
  fact({
    ...{ id: 'history.neuropathy', name: 'Neuropathy' },
    question: 'Is a disease of the peripheral nerves known?',
    windowDays: undefined,
    meaning: 'Polyneuropathy or a nerve lesion outside the spine.',
    codes: icd10('G60', 'G61', 'G62', 'G63', 'E10.4', 'E11.4', 'G57'),
  }),
  fact({
    ...{ id: 'flag.mriContraindicated', name: 'MRI not possible' },
    question:
      'Does anything forbid an MRI: a pacemaker that is not safe, other metal or implants, severe claustrophobia?',
    windowDays: 365,
    meaning: 'The patient cannot be examined in the magnet.',
  }),
  fact({
    ...{ id: 'lab.haemoglobin', name: 'Haemoglobin' },
    question: 'What is the haemoglobin?',
    form: { kind: 'number', unit: 'g/dL', min: 2, max: 25 },
    windowDays: 90,
    meaning: 'In blood.',
    codes: loinc('718-7'),
  }),
];

/** Care so far. */
const CARE: readonly Finding[] = [
  fact({
    ...{ id: 'care.newEpisode', name: 'First contact of this episode' },
    question: 'Is this the first contact for this episode of pain?',
    windowDays: 30,
    meaning: 'A new episode, not a follow-up visit.',
  }),
  fact({
    ...{ id: 'care.weeksOfCare', name: 'Weeks of non-surgical care' },
    question: 'For how many weeks has non-surgical care been given in earnest?',
    form: { kind: 'number', unit: 'wk', min: 0, max: 1040 },
    meaning: 'Exercise, therapy and drugs as guidelines ask, in weeks up to the date of the answer.',
  }),
  fact({
    ...{ id: 'care.failed', name: 'Non-surgical care has failed' },
    question: 'Is it, despite that care, not clearly better?',
    meaning: 'Neither patient nor clinician sees an improvement that is enough.',
  }),
  fact({
    ...{ id: 'care.rehabFailed', name: 'Exercise and rehabilitation have failed' },
    question:
      'Have exercise, rehabilitation or other treatment without drugs been tried long enough, without enough effect?',
    meaning: 'Treatment without drugs completed and not enough.',
  }),
  fact({
    ...{ id: 'care.surgeryConsidered', name: 'Surgery or intervention considered' },
    question: 'Is surgery or another intervention on the spine being considered, and would the patient want it?',
    meaning: 'A candidate for surgery or intervention in the eyes of clinician and patient.',
    codes: snomed('770695002'),
  }),
  fact({
    ...{ id: 'care.specialist', name: 'Specialist setting' },
    question: 'Is the patient seen in a specialist setting?',
    windowDays: 365,
    meaning: 'Spine clinic, pain clinic, orthopaedics, neurosurgery, rheumatology: not first-contact care.',
  }),
  fact({
    ...{ id: 'care.gabapentinoid', name: 'Gabapentin or pregabalin in use' },
    question: 'Is gabapentin or pregabalin taken for the pain?',
    meaning: 'In use at the index date.',
    codes: atc('N02BF', 'N03AX12', 'N03AX16'),
  }),
  fact({
    ...{ id: 'care.oralSteroid', name: 'Steroid tablets for the pain' },
    question: 'Are steroid tablets taken for the pain?',
    windowDays: 30,
    meaning: 'Oral glucocorticoid against sciatica, in use at the index date. Not: steroids for another disease.',
  }),
  fact({
    ...{ id: 'exam.facetPattern', name: 'Pain from the facet joints' },
    question: 'Do history and examination point to the facet joints as the main source of pain?',
    meaning: 'Suspected facet source.',
  }),
  fact({
    ...{ id: 'exam.medialBranchBlock', name: 'Positive medial branch block' },
    question: 'Did a diagnostic block of the medial branches relieve the pain?',
    windowDays: 365,
    meaning: 'A controlled diagnostic block was positive. No: negative, or not made.',
  }),
];

const planned = (id: string, name: string, what: string, codes: readonly FindingCode[] = []): Finding =>
  fact({ id, name, question: `Is ${what} ordered or planned?`, meaning: `An open order or plan: ${what}.`, codes });

/** What is ordered or planned now; never asked for its own sake, but a "do not" is held against it. */
const ORDERS: readonly Finding[] = [
  planned(
    'order.lumbarImaging',
    'Lumbar imaging ordered',
    'imaging of the lumbar spine',
    loinc('30679-5', '24967-2', '24968-0', '30620-9', '24963-1', '24972-2', '24970-6', '24971-4', '24969-8'),
  ),
  planned(
    'order.lumbarMri',
    'Lumbar MRI ordered',
    'an MRI of the lumbar spine',
    loinc('30679-5', '24967-2', '24968-0'),
  ),
  planned('order.epidural', 'Epidural injection ordered', 'an epidural injection'),
  planned('order.spinalInjection', 'Injection ordered', 'a facet, trigger-point or intradiscal injection'),
  planned('order.opioid', 'Opioid ordered', 'an opioid', atc('N02A')),
  planned(
    'order.gabapentinoid',
    'Gabapentinoid ordered',
    'gabapentin or pregabalin',
    atc('N02BF', 'N03AX12', 'N03AX16'),
  ),
  planned('order.oralSteroid', 'Oral steroid ordered', 'a course of steroid tablets for the pain', atc('H02AB')),
  planned('order.fusion', 'Fusion or disc replacement ordered', 'a fusion or disc replacement of the lumbar spine', [
    { system: 'SNOMED', code: '122465003', doubtful: true },
    { system: 'SNOMED', code: '609588000', doubtful: true },
  ]),
  planned('order.spineSurgery', 'Lumbar surgery ordered', 'an operation on the lumbar spine', [
    { system: 'SNOMED', code: '387731002', doubtful: true },
    { system: 'SNOMED', code: '122465003', doubtful: true },
  ]),
];

/** Everything the rules need that the feature dictionary does not hold. */
export const FINDINGS: readonly Finding[] = [...FLAGS, ...STATE, ...CARE, ...ORDERS];

const BY_ID = new Map(FINDINGS.map((finding) => [finding.id, finding]));

/** The finding of an id, or undefined when the vocabulary does not hold it. */
export function findFinding(id: string): Finding | undefined {
  return BY_ID.get(id);
}

/**
 * The finding of an id.
 * @throws ArgumentError the vocabulary does not hold it
 */
export function findingOf(id: string): Finding {
  const finding = BY_ID.get(id);
  if (!finding) throw new ArgumentError('finding', id, 'an id of the rule vocabulary');
  return finding;
}
