/**
 * Names of files that tell of nobody.
 *
 * People call files after people (`DOE_JOHN_1957.zip`). Words of the field, levels and short numbers stay; whatever else stands in
 * a name gives way to a stand-in, the same one for the same words, so that `Erika_squat.trc` and `Erika_squat.mot` still belong
 * together as `name-1_squat`. What a stand-in stands for is part of the identity of the twin, and is kept only there.
 */

import { NAME_WORDS } from './name-words.ts';

/** Stand-in → the words it stands for. */
export type GivenWords = Readonly<Record<string, string>>;

/** Gives names to files, and tells what stand-ins stand for. */
export interface FileNamer {
  /** all stand-ins so far */
  readonly words: GivenWords;
  /** takes up stand-ins that were given elsewhere */
  learn(words: GivenWords): void;
  /**
   * Names that tell of nobody, in the same order; folders are parts of a name.
   * @param names - that came together: where several differ in one number only, it counts them and stays
   */
  neutral(names: readonly string[]): string[];
  /** a text with every word that has a stand-in replaced by it */
  hide(text: string): string;
  /** the opposite of `hide` */
  show(text: string): string;
}

/** Endings of file formats, so that `jane.doe` has none. */
const ENDINGS =
  /(\.(dcm|dicom|ima|nii|hdr|img|nrrd|nhdr|mha|mhd|raw|zraw|seg|stl|ply|obj|mtl|glb|gltf|vtp|vtk|pcd|xyz|xyzrgb|xyzn|pts|c3d|trc|mot|sto|bvh|anc|xdf|edf|bdf|rec|mat|h5|hdf5|hdf|parquet|csv|tsv|txt|json|mrk|jsonld|graphml|fhir|ndjson|jsonl|xml|osim|npz|npy|png|jpg|jpeg|zip|gz|bz2|tgz|tar|dat|bin))+$/i;

/** Xsens calls its files by the number of the receiver, the trial and the sensor. */
const MADE_BY_DEVICE = /^MT_[0-9A-F]{8}([-_]\d{3}){1,2}([-_][0-9A-F]{8})?$/i;

const STAND_IN = /(?:name|inside)-\d+(?!\d)/g;

/** Parts of a name: an identifier made by a machine, a date, day, month and year in any order; letters and digits; what stands between. */
const PARTS =
  /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|(?<!\d)\d{1,4}([-._ ])\d{1,2}\1\d{1,4}(?!\d)|[\p{L}\p{M}\d]+|[^\p{L}\p{M}\d]+/gu;

/** Words run together, told apart by their capitals, and numbers. */
const WORDS = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{M}]+|\p{Lu}|\d+/gu;

/** Names of so many files that differ in one number are a series. */
const SERIES = 3;
const SHORTEST_HIDDEN = 3;

/**
 * A namer for the files of one twin.
 * @param called - what stand-ins are called; those of two namers that work at the same time must differ
 * @param known - stand-ins of earlier files
 */
export function createFileNamer(called: 'name' | 'inside', known: GivenWords = {}): FileNamer {
  const given = new Map<string, string>();
  const standIns = new Map<string, string>();
  let hideable: { of: number; longestFirst: [string, string][] } = { of: 0, longestFirst: [] };
  const learn = (words: GivenWords): void => {
    for (const [standIn, word] of Object.entries(words)) {
      given.set(standIn, word);
      standIns.set(word, standIn);
    }
  };
  learn(known);
  const standInFor = (words: string): string => {
    const there = standIns.get(words);
    if (there) return there;
    let number = given.size + 1;
    while (given.has(`${called}-${number}`)) number++;
    learn({ [`${called}-${number}`]: words });
    return `${called}-${number}`;
  };
  return {
    get words() {
      return Object.fromEntries(given);
    },
    learn,
    neutral(names) {
      const sizes = new Map<string, number>();
      const series = names.map(seriesOf);
      for (const one of series) sizes.set(one, (sizes.get(one) ?? 0) + 1);
      return names.map((name, at) => {
        const folders = name.split('/');
        const counts = (sizes.get(series[at]) ?? 0) >= SERIES;
        return folders.map((part, at) => neutralPart(part, counts && at === folders.length - 1, standInFor)).join('/');
      });
    },
    hide(text) {
      let hidden = text;
      if (hideable.of !== given.size) {
        const long = [...standIns].filter(([words]) => words.length >= SHORTEST_HIDDEN);
        hideable = { of: given.size, longestFirst: long.sort(([a], [b]) => b.length - a.length) };
      }
      for (const [words, standIn] of hideable.longestFirst) hidden = hidden.replaceAll(words, standIn);
      return hidden;
    },
    show: (text) => text.replace(STAND_IN, (standIn) => given.get(standIn) ?? standIn),
  };
}

/** A name without its last number. */
function seriesOf(name: string): string {
  const [, before, after] = /^(.*?)\d+(\D*)$/s.exec(name) ?? ['', name, ''];
  return `${before}#${after}`;
}

function neutralPart(part: string, counts: boolean, standInFor: (words: string) => string): string {
  const ending = ENDINGS.exec(part)?.[0] ?? '';
  const stem = part.slice(0, part.length - ending.length);
  if (stem === '' || MADE_BY_DEVICE.test(stem)) return part;
  return `${neutralWords(stem, counts, standInFor)}${ending}`;
}

/** A number right after a stand-in would lengthen its own. */
function joint(before: string, next: string): string {
  return /(?:name|inside)-\d+$/.test(before) && /^\d/.test(next) ? '-' : '';
}

/** Runs of words that are not known, with what stands between them, as one stand-in each. */
function neutralWords(text: string, counts: boolean, standInFor: (words: string) => string): string {
  const parts = (text.match(PARTS) ?? []).flatMap((part) => (isWhole(part) ? [part] : (part.match(WORDS) ?? [part])));
  const plain = plainParts(parts, counts ? parts.findLastIndex(isNumber) : -1);
  if (plain.every(Boolean)) return text;
  // nothing but numbers, of a hospital or of a file made by a machine
  if (!/\p{L}/u.test(text) && !counts) return standInFor(text);
  let out = '';
  for (let at = 0; at < parts.length; ) {
    if (plain[at]) {
      out += joint(out, parts[at]) + parts[at++];
      continue;
    }
    let end = at + 1;
    for (let next = end; next < parts.length && (!plain[next] || isBetween(parts[next])); next++)
      if (!plain[next]) end = next + 1;
    out += standInFor(parts.slice(at, end).join(''));
    at = end;
  }
  return out;
}

function isNumber(part: string): boolean {
  return /^\d+$/.test(part);
}

function isBetween(part: string): boolean {
  return !/[\p{L}\p{M}\d]/u.test(part);
}

/** What is no word run together with others. */
function isWhole(part: string): boolean {
  return isBetween(part) || /[-._ ]/.test(part) || NAME_WORDS.has(part.toLowerCase());
}

/**
 * Words of the field, a letter with its number (`L4`, `P-001`), numbers below a thousand, and what stands between.
 * @param counter - place of the number that counts the files of a series
 */
function plainParts(parts: readonly string[], counter: number): boolean[] {
  const plain = parts.map((part, at) => {
    if (isBetween(part) || at === counter) return true;
    if (isNumber(part)) return Number(part) < 1000 && part.length <= 6;
    if (NAME_WORDS.has(part.toLowerCase())) return true;
    const next = /^[-_]$/.test(parts[at + 1] ?? '') ? parts[at + 2] : parts[at + 1];
    return part.length === 1 && /^\d{1,3}$/.test(next ?? '');
  });
  // the one letter of `slow_rotation_A` counts; two would be initials
  const unknown = parts.filter((_, at) => !plain[at]);
  const isCounter = unknown.length === 1 && unknown[0].length === 1;
  return isCounter && parts.some((part) => NAME_WORDS.has(part.toLowerCase())) ? plain.map(() => true) : plain;
}
