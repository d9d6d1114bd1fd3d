/**
 * What a label's name says: structure, level, segment, side.
 *
 * Method: an ordered list of word patterns over the lower-cased name, the specific before the general (a rib before a level, so
 * `rib_l_5` is no fifth lumbar vertebra). Complexity: O(length) per name. Tried: reading any `L4`-like token anywhere; it turned
 * `T2w` in file names into a second thoracic vertebra, so a bare level counts only when nothing else stands beside it.
 */

import { type LabelStructure, parseLevel, shiftLevel, type VertebraLevel } from '../../model/index.ts';

/** What one label is. */
export interface LabelMeaning {
  /** name as the source or its table gives it */
  name: string;
  structure: LabelStructure;
  level?: VertebraLevel;
  /** `L4-L5`, for discs */
  segment?: string;
  side?: 'left' | 'right';
}

const LEVEL_TOKEN = /^(?:c[1-7]|th?(?:1[0-3]|[1-9])|l[1-6]|s[1-5]|coccyx)$/;
const PAIR = /(?:^|_)(c|th?|l)(\d{1,2})_+(c|th?|l|s)(\d{0,2})(?:_|$)/;

const STRUCTURE_WORDS: readonly (readonly [RegExp, LabelStructure])[] = [
  [/(^|_)ribs?(_|$)/, 'rib'],
  [/disc|disk|(^|_)ivds?(_|$)|intervertebral/, 'disc'],
  [/end_?plate/, 'endplate'],
  [/sacrum/, 'sacrum'],
  [/spinal_?cord|^cord$|myelon/, 'spinal-cord'],
  [/spinal_?canal|vertebral_canal|^canal$|^csf$/, 'spinal-canal'],
  [
    /arcus|spinosus|spinous|costal_process|articular|transverse_process|pedicle|lamina|posterior_elements|(^|_)dens/,
    'posterior-elements',
  ],
  [
    /corpus(?!_callosum)|vertebra[el]?_?bod|^body_(c|th?|l)\d|^(c|th?|l)\d{1,2}_(body|corpus|vb)$|centrum/,
    'vertebral-body',
  ],
  [/vertebra|(^|_)vert(_|$)/, 'vertebra'],
  [/femur/, 'femur'],
  [/(^|_)hips?(_left|_right|_l|_r)?$|pelvis|innominate|ilium/, 'hip'],
  [
    /skull|sternum|scapula|clavic|humerus|patella|tibia|fibula|tarsal|carpal|phalang|ulna|radius|coccyx|mandible|^bones?$|cortical|trabecular/,
    'bone',
  ],
  [/^body$|body_trunc|body_extremities|^skin$/, 'body'],
];

/**
 * True when a name says nothing: empty, a bare number, `label 7`.
 * @example isUnnamed('Label_7') // true
 */
export function isUnnamed(name: string | undefined): boolean {
  return !name || /^\s*(label|class|segment|value|structure|roi)?[\s_#-]*\d*\s*$/i.test(name);
}

/**
 * Reads a label's name.
 * @example meaningOfName('vertebrae_L4').level // 'L4'
 * @example meaningOfName('disc_T12_L1').segment // 'T12-L1'
 * @example meaningOfName('rib_left_12').structure // 'rib'
 */
export function meaningOfName(name: string): LabelMeaning {
  const text = name
    .trim()
    .toLowerCase()
    .replace(/[\s.\-/]+/g, '_');
  const meaning: LabelMeaning = { name: name.trim(), structure: structureOf(text) };
  if (/(^|_)left(_|$)|_l$/.test(text)) meaning.side = 'left';
  if (/(^|_)right(_|$)|_r$/.test(text)) meaning.side = 'right';
  switch (meaning.structure) {
    case 'disc':
      meaning.segment = segmentOf(text);
      break;
    case 'vertebra':
    case 'vertebral-body':
    case 'posterior-elements':
    case 'endplate':
      meaning.level = parseLevel(text);
      break;
    case 'sacrum':
      meaning.level = 'S1';
      break;
  }
  return meaning;
}

function structureOf(text: string): LabelStructure {
  if (LEVEL_TOKEN.test(text)) return text === 'coccyx' ? 'bone' : 'vertebra';
  if (PAIR.test(text) && /^[cthlsdivk0-9_]+$/.test(text)) return 'disc';
  for (const [pattern, structure] of STRUCTURE_WORDS) if (pattern.test(text)) return structure;
  return 'other';
}

/** Segment of a disc's name: `L4_L5`, `L5-S`, or the one below a single level (`L4_ivd`, as TPTBox writes). */
function segmentOf(text: string): string | undefined {
  const pair = PAIR.exec(text);
  if (pair) {
    const upper = parseLevel(`${pair[1]}${pair[2]}`);
    const lower = parseLevel(`${pair[3]}${pair[4] || '1'}`);
    return upper && lower ? `${upper}-${lower}` : undefined;
  }
  const upper = parseLevel(text.replace(/discs?|disks?|ivds?|intervertebral|below|_/g, ' '));
  return upper && segmentBelow(upper);
}

/**
 * The segment below a level in a regular column.
 * @example segmentBelow('L5') // 'L5-S1'
 */
export function segmentBelow(upper: VertebraLevel): string | undefined {
  const lower = upper === 'T13' ? 'L1' : upper === 'L6' ? 'S1' : shiftLevel(upper, 1);
  return lower && `${upper}-${lower}`;
}

/**
 * What the name of a one-class file says: `vertebrae_L4.nii.gz`, `femur_left.nii.gz`, `seg/L4.nii`.
 * @returns undefined when the name holds no structure
 * @example meaningOfFileName('masks/vertebrae_L4.nii.gz')?.level // 'L4'
 */
export function meaningOfFileName(file: string): LabelMeaning | undefined {
  const stem = stemOf(file);
  if (isUnnamed(stem)) return undefined;
  const meaning = meaningOfName(stem);
  return meaning.structure === 'other' && !KNOWN_ORGANS.test(stem) ? undefined : meaning;
}

const KNOWN_ORGANS =
  /spleen|kidney|gallbladder|liver|stomach|pancreas|gland|lung|esophagus|trachea|bowel|duodenum|colon|bladder|prostate|heart|aorta|vein|artery|vena|trunk|gluteus|autochthon|iliopsoas|brain|muscle|fat/i;

/**
 * File name without folders and endings.
 * @example stemOf('a/b/femur_left.nii.gz') // 'femur_left'
 */
export function stemOf(file: string): string {
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  return base.replace(/(\.seg)?\.(nii|nrrd|nhdr|mha|mhd|dcm|hdr|img)(\.gz)?$/i, '');
}
