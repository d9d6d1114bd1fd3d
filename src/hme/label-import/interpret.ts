/**
 * From a label map as a file gave it to labels with a meaning.
 *
 * Names inside the file come first, then the name of a one-class file, then a table of numbers; each step says what it assumed.
 */

import { type ArtifactValue, type Labelmap, MsdtError, type QualityFlag } from '../../model/index.ts';
import { judgeSchemes, placeLabels, type SchemeVerdict } from './detect.ts';
import { contactShare, type LabelMeasure, measureLabels } from './measure.ts';
import { isUnnamed, type LabelMeaning, meaningOfFileName, meaningOfName, stemOf } from './names.ts';
import { type LabelScheme, SCHEMES, type SchemeChoice } from './schemes/index.ts';

/** A label map whose values have meanings. */
export interface InterpretedSource {
  /** file name, or a running number when it has none */
  file: string;
  map: Labelmap;
  measures: LabelMeasure[];
  meanings: Map<number, LabelMeaning>;
  /** how the meanings were found: `names`, `file name`, or a scheme id */
  basis: string;
  flags: QualityFlag[];
}

/** Fraction of its box above which a labelled vertebra can only be a body: bodies fill 0.36-0.56, whole vertebrae 0.12-0.31. */
const BODY_FILL = 0.33;

/** Margin of the best table below which the choice is in doubt. */
const SURE_MARGIN = 0.12;

/**
 * Gives the values of one source their meanings.
 * @param choice - what the user said the numbers mean
 * @throws MsdtError `labels.unknown` when no table fits and the file names nothing
 */
export function interpretSource(
  value: ArtifactValue<'labelmap.source'>,
  position: number,
  choice: SchemeChoice,
): InterpretedSource {
  const map = value.payload;
  const file = value.name || `label map ${position + 1}`;
  const measures = measureLabels(map);
  if (measures.length === 0) {
    throw new MsdtError('input.empty', `${file} holds no label`, {
      where: { file },
      detail: 'every voxel is 0',
      hint: 'Give a label map with at least one labelled structure.',
    });
  }
  const named = namesOf(map, file, measures);
  const found =
    named && !overridden(named, measures, choice)
      ? fromNames(named, measures, choice)
      : fromTable(measures, map, choice, file);
  const source: InterpretedSource = { file, map, measures, ...found };
  settleBodies(source);
  return source;
}

type Found = Pick<InterpretedSource, 'meanings' | 'basis' | 'flags'>;

interface Named {
  meanings: Map<number, LabelMeaning>;
  basis: string;
}

function namesOf(map: Labelmap, file: string, measures: readonly LabelMeasure[]): Named | undefined {
  const meanings = new Map<number, LabelMeaning>();
  for (const { value } of measures) {
    const entry = map.labels.find((label) => label.value === value);
    if (!entry || isUnnamed(entry.name)) continue;
    meanings.set(value, meaningOfName(entry.name));
  }
  if (meanings.size > 0) return { meanings, basis: 'names' };
  if (measures.length === 1) {
    const meaning = meaningOfFileName(file);
    if (meaning) return { meanings: new Map([[measures[0].value, meaning]]), basis: 'file name' };
  }
  return undefined;
}

/** The user's table wins over names only where it does not contradict them: then it says more than the names do. */
function overridden(named: Named, measures: readonly LabelMeasure[], choice: SchemeChoice): boolean {
  if (choice === 'auto' || choice === 'names') return false;
  const table = SCHEMES.find((scheme) => scheme.choice === choice);
  if (!table) return false;
  return placeLabels(measures, table.meanings).length === measures.length && agreement(named, table) >= 0.5;
}

function agreement(named: Named, table: LabelScheme): number {
  let same = 0;
  for (const [value, meaning] of named.meanings) {
    const other = table.meanings.get(value);
    if (other && other.structure === meaning.structure && other.level === meaning.level) same++;
  }
  return same / named.meanings.size;
}

function fromNames(named: Named, measures: readonly LabelMeasure[], choice: SchemeChoice): Found {
  const flags: QualityFlag[] = [];
  const nameless = measures.filter(({ value }) => !named.meanings.has(value)).map(({ value }) => value);
  for (const value of nameless) named.meanings.set(value, { name: `label ${value}`, structure: 'other' });
  if (nameless.length > 0) {
    flags.push({
      code: 'labels.unknown-values',
      severity: 'doubt',
      where: nameless.join(', '),
      message: `${nameless.length} label values have no name in the file; they were kept as other anatomy.`,
    });
  }
  const table = SCHEMES.find((scheme) => scheme.choice === choice);
  if (table && agreement(named, table) < 0.5) {
    flags.push({
      code: 'labels.scheme-not-used',
      severity: 'info',
      message: `The file names its labels itself and they are not those of ${table.title}; the file's names were used.`,
    });
  }
  return { ...named, flags };
}

function fromTable(measures: readonly LabelMeasure[], map: Labelmap, choice: SchemeChoice, file: string): Found {
  const candidates = choice === 'auto' ? SCHEMES : SCHEMES.filter((scheme) => scheme.choice === choice);
  const verdicts = choice === 'names' ? [] : judgeSchemes(measures, candidates, file);
  if (verdicts.length === 0) throw unknownLabels(measures, choice, file);
  const best = chooseS1OrL6(verdicts, measures, map);
  const rival = verdicts.find((other) => other !== best && !sameReading(other.scheme, best.scheme, measures));
  const flags = choice === 'auto' ? [assumedFlag(best, rival)] : chosenFlags(best);
  const unknown = measures.filter(({ value }) => !best.scheme.meanings.has(value)).map(({ value }) => value);
  if (unknown.length > 0) {
    flags.push({
      code: 'labels.unknown-values',
      severity: 'doubt',
      where: unknown.join(', '),
      message: `${unknown.length} label values are not in the table of ${best.scheme.title}; they were kept as other anatomy.`,
    });
  }
  const meanings = new Map<number, LabelMeaning>();
  for (const { value } of measures) {
    meanings.set(value, best.scheme.meanings.get(value) ?? { name: `label ${value}`, structure: 'other' });
  }
  return { meanings, basis: best.scheme.id, flags };
}

/** Versions 2 and 3 differ in class 26 alone: S1 grows on the sacrum (25), L6 stands off it by a disc. Without a sacrum, S1. */
function chooseS1OrL6(
  verdicts: readonly SchemeVerdict[],
  measures: readonly LabelMeasure[],
  map: Labelmap,
): SchemeVerdict {
  const version = (id: string) => verdicts.find(({ scheme }) => scheme.id === `totalsegmentator-${id}`);
  const [v2, v3] = [version('v2'), version('v3')];
  const s1 = measures.find(({ value }) => value === 26);
  if (!v2 || !v3 || (verdicts[0] !== v2 && verdicts[0] !== v3)) return verdicts[0];
  const hasSacrum = measures.some(({ value }) => value === 25);
  return s1 && hasSacrum && contactShare(map, 26, 25, s1) < 0.02 ? v3 : v2;
}

/** True when two tables read these labels alike; S1 or L6 counts as settled where the sacrum is there to tell. */
function sameReading(a: LabelScheme, b: LabelScheme, measures: readonly LabelMeasure[]): boolean {
  const settled =
    measures.some(({ value }) => value === 25) && [a, b].every(({ id }) => /totalsegmentator-v[23]/.test(id));
  return measures.every(({ value }) => {
    const one = a.meanings.get(value);
    const two = b.meanings.get(value);
    return (one?.structure === two?.structure && one?.level === two?.level) || (settled && value === 26);
  });
}

function assumedFlag(best: SchemeVerdict, rival: SchemeVerdict | undefined): QualityFlag {
  const margin = rival ? best.score - rival.score : 1;
  const sure = margin >= SURE_MARGIN && best.score > 0.6;
  const other = rival ? `; next best ${rival.scheme.title} (${percent(rival.score)})` : '';
  return {
    code: 'labels.scheme-assumed',
    severity: sure ? 'info' : 'doubt',
    where: best.scheme.id,
    message:
      `The file has numbers without names. They were read as ${best.scheme.title} (agreement ${percent(best.score)}${other}), because ` +
      `${best.reasons.join('; ')}. Set "scheme" if that is wrong.`,
  };
}

function chosenFlags(best: SchemeVerdict): QualityFlag[] {
  if (best.score > 0.6) return [];
  return [
    {
      code: 'labels.scheme-doubtful',
      severity: 'doubt',
      where: best.scheme.id,
      message: `The labels do not lie as ${best.scheme.title} would have them: ${best.reasons.join('; ')}.`,
    },
  ];
}

function percent(score: number): string {
  return `${Math.round(100 * score)} %`;
}

function unknownLabels(measures: readonly LabelMeasure[], choice: SchemeChoice, file: string): MsdtError {
  const values = measures.map(({ value }) => value);
  const shown = values.length > 12 ? `${values.slice(0, 12).join(', ')} …` : values.join(', ');
  return new MsdtError('labels.unknown', 'The labels of this file are numbers without names', {
    where: { file, place: `label values ${shown}` },
    detail: choice === 'names' ? 'names were asked for and the file holds none' : 'no known table has these numbers',
    hint: 'Choose the tool that made the file under "scheme", or give a file that carries its label names.',
  });
}

/** `vertebrae_L4` may mean the whole vertebra or its body; the shape tells. */
function settleBodies(source: InterpretedSource): void {
  const vertebrae = source.measures.filter(({ value }) => {
    const meaning = source.meanings.get(value);
    return meaning?.structure === 'vertebra' && meaning.level !== undefined && meaning.level !== 'S1';
  });
  const uncut = vertebrae.filter((measure) => !measure.touchesBorder);
  const judged = uncut.length > 0 ? uncut : vertebrae;
  if (judged.length === 0) return;
  const fills = judged.map(({ fill }) => fill).sort((a, b) => a - b);
  const bodies = fills[fills.length >> 1] > BODY_FILL || /vertebrae_(pp_refined|bod)/i.test(stemOf(source.file));
  if (!bodies) return;
  for (const { value } of vertebrae) {
    source.meanings.set(value, { ...source.meanings.get(value)!, structure: 'vertebral-body' });
  }
}
