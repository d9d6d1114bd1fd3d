/** Names of columns that tables of scores, laboratory values and findings use, and what they mean. */

/** What a name means. */
interface Known {
  means: string;
  name: RegExp;
  /** unit of values where the table states none: only where no other is in use */
  unit?: string;
}

const known = (means: string, name: RegExp, unit?: string): Known => ({ means, name, ...(unit && { unit }) });

/** First that fits. Laboratory values have no unit of their own: CRP comes in mg/L and mg/dL. */
const KNOWN: readonly Known[] = [
  known('prom.odi', /\b(odi|oswestry)\b/),
  known('prom.roland', /\b(rmdq|rdq|roland( ?morris)?)\b/, '{score}'),
  known('prom.phq9', /\bphq ?9\b/, '{score}'),
  known('prom.startBack', /\bstart ?back\b/, '1'),
  known('pain.leg', /\b(leg|sciatic\w*)\b.*\b(pain|nrs|vas)\b|\b(pain|nrs|vas)\b.*\b(leg|sciatic\w*)\b/, '{score}'),
  known('pain.back', /\bback\b.*\b(pain|nrs|vas)\b|\b(pain|nrs|vas)\b.*\bback\b/, '{score}'),
  known('walking.distance', /\bwalking distance\b/),
  known('symptom.duration', /\b(symptom|pain)s? duration\b|\bduration of (symptoms|pain)\b/),
  known('symptom.claudication', /\bclaudication\b/, '1'),
  known('symptom.paresthesia', /\bpara?esthesia\b/, '1'),
  known('person.bmi', /\b(bmi|body mass index)\b/, 'kg/m2'),
  known('person.smoker', /\b(smok\w*|tobacco)\b/, '1'),
  known('person.sleepDisorder', /\bsleep (disorder|problem)s?\b/, '1'),
  known('person.compensation', /\b(compensation|litigation)\b/, '1'),
  known('person.drivingWork', /\bdriving\b/, '1'),
  known('care.opioid', /\bopioids?\b/, '1'),
  known('care.epidural', /\bepidural\b/, '1'),
  known('care.spineSurgery', /\b(previous|prior|earlier) (lumbar |spinal? )?surgery\b/, '1'),
  known('care.weeksOfCare', /\bweeks of (conservative |non ?surgical )?care\b/, 'wk'),
  known('stenosis.foraminal', /\bforamin\w*\b/, '1'),
  known('stenosis.lee', /\blee\b|\bcentral stenosis\b/, '1'),
  known('stenosis.schizas', /\bschizas\b/, '1'),
  known('stenosis.duralArea', /\bdural\b.*\b(area|csa)\b|\bdsca\b/),
  known('stenosis.canalDiameter', /\bcanal\b.*\bdiameter\b/),
  known('herniation.canalShare', /\bcanal compromise\b/, '%'),
  known('herniation.level', /\bherniation level\b/, '1'),
  known('disc.pfirrmann', /\bpfirrmann\b/, '1'),
  known('endplate.modic', /\bmodic\b/, '1'),
  known('facet.arthrosis', /\bfacet\b/, '1'),
  known('segment.slip', /\b(slip|listhesis|spondylolisthesis)\b/),
  known('spine.cobb', /\bcobb\b/, 'deg'),
  known('spine.lordosis', /\blordosis\b/, 'deg'),
  known('pelvis.incidence', /\bpelvic incidence\b/, 'deg'),
  known('pelvis.tilt', /\bpelvic tilt\b/, 'deg'),
  known('bone.tScore', /\blumbar t ?score\b/, '1'),
  known('bone.l1Attenuation', /\bl1\b.*\b(hu|attenuation)\b/, "[hnsf'U]"),
  known('bone.genant', /\bgenant\b/, '1'),
  known('muscle.goutallier', /\bgoutallier\b/, '1'),
  known('muscle.multifidusFat', /\bmultifidus fat\b/, '%'),
  known('lab.crp', /\b(hs ?)?crp\b|\bc reactive protein\b/),
  known('lab.esr', /\besr\b|\bsedimentation\b/, 'mm/h'),
  known('lab.il6', /\bil ?6\b|\binterleukin 6\b/),
  known('lab.tnfAlpha', /\btnf\b/),
  known('lab.betaCtx', /\b(beta )?ctx\b(?!.*ii)/),
  known('lab.vitaminD', /\bvitamin d\b|\b25 ?\(?oh\)?/),
  known('lab.hba1c', /\bhba1c\b/),
  known('lab.haemoglobin', /^(ha?emoglobin|hb|hgb)\b/),
  known('8310-5', /\b(body )?temperature\b/),
  known('exam.weakestMuscle', /\bweakest muscle\b|\bmrc\b/, '{score}'),
  known('exam.postVoidResidual', /\b(post ?void|pvr)\b/),
  known('flag.saddleNumbness', /\bsaddle\b/, '1'),
  known('flag.bladderDysfunction', /\bbladder\b/, '1'),
  known('flag.bowelDysfunction', /\bbowel\b/, '1'),
  known('flag.fever', /\bfever\b/, '1'),
  known('history.cancer', /\b(history of )?cancer\b/, '1'),
  known('flag.trauma', /\btrauma\b/, '1'),
];

/** Every meaning that a name can have. */
export const KNOWN_MEANINGS: readonly string[] = KNOWN.map(({ means }) => means);

/** Names of people, their numbers, addresses and days. */
const IDENTITY =
  /\b((first|last|given|family|sur|middle|full|maiden|patient|doctor|physician|surgeon)s? ?name|surname|forename|name|nom|vorname|nachname|initials|mrn|ssn|medical record|hospital (id|no|number)|(patient|subject|person|case|insurance|study|record)s? ?(id|no|nr|number|code)?|id|nhs|address|street|city|zip|post ?code|phone|telephone|mobile|e ?mail|insurance|employer|kin)\b/;

const BIRTH = /\b(birth ?(date|day)?|date of birth|dob|born|geburtsdatum|geboren)\b/;
const SEX = /^(sex|gender|geschlecht)$/;
const BIRTH_YEAR = /\b(birth ?year|year of birth|yob)\b/;

/** What a column says of the person rather than of a finding; undefined for all others. */
export function personal(name: string): 'birth' | 'sex' | 'identity' | undefined {
  const text = plain(name);
  if (BIRTH_YEAR.test(text) || BIRTH.test(text)) return 'birth';
  if (SEX.test(text)) return 'sex';
  if (meaningOf(name)) return undefined;
  return IDENTITY.test(text) ? 'identity' : undefined;
}

/**
 * True for a column whose cells may identify the person.
 * @example identifies('Last name') // true
 * @example identifies('ODI (%)') // false
 */
export function identifies(name: string): boolean {
  const role = personal(name);
  return role === 'identity' || role === 'birth';
}

/**
 * True for a column of days.
 * @example isDate('Visit date') // true
 * @example isDate('update') // false
 */
export function isDate(name: string): boolean {
  return /^((visit|exam\w*|test|measure\w*|sample|collection|record\w*|assessment|result)s? ?)?(date|day|datum|when)( of (visit|exam\w*|test|measurement|sample))?$|^time ?stamp$|^date ?time$/.test(
    plain(name),
  );
}

/** Columns of a table with one row a fact. */
export function longRole(name: string): 'what' | 'value' | 'unit' | undefined {
  const text = plain(name);
  if (
    /^(what|test|test name|measure|measurement|parameter|variable|item|analyte|feature|finding|code|loinc|loinc code|observation|questionnaire|score name|name)$/.test(
      text,
    )
  )
    return 'what';
  if (/^(value|result|score|answer|reading|wert)$/.test(text)) return 'value';
  return /^(units?|uom|einheit)$/.test(text) ? 'unit' : undefined;
}

/** A name without case, punctuation and the unit it states. */
function plain(name: string): string {
  return name
    .replace(/[([][^)\]]*[)\]]/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-z0-9äöüéè]+/g, ' ')
    .trim();
}

/** Feature or finding ids, and LOINC codes, as they stand. */
const OWN_ID = /^[a-z]+\.[a-zA-Z0-9]+$/;
const LOINC = /^(?:loinc[ :]*)?(\d{3,6}-\d)$/i;

/** What a name means, with its usual unit; undefined where nobody knows. */
export function meaningOf(name: string): { means: string; unit?: string } | undefined {
  const text = name.trim();
  const bare = text.replace(/\s*[([][^)\]]*[)\]]\s*$/, '');
  if (OWN_ID.test(bare)) return { means: bare };
  const loinc = LOINC.exec(bare)?.[1];
  if (loinc) return { means: loinc };
  const found = KNOWN.find((one) => one.name.test(plain(text)));
  return found && { means: found.means, ...(found.unit && { unit: found.unit }) };
}
