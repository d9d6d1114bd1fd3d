/** Units on the wire are UCUM codes; this table gives the text a person reads. */

export const UNIT_TEXT = {
  '1': '',
  '%': '%',
  mm: 'mm',
  mm2: 'mm²',
  cm2: 'cm²',
  mm3: 'mm³',
  cm3: 'cm³',
  m: 'm',
  deg: '°',
  rad: 'rad',
  '/mm': '1/mm',
  'deg/mm': '°/mm',
  "[hnsf'U]": 'HU',
  s: 's',
  Hz: 'Hz',
  uV: 'µV',
  mV: 'mV',
  V: 'V',
  N: 'N',
  a: 'a',
  'kg/m2': 'kg/m²',
  ms: 'ms',
  cm: 'cm',
  '/min': '1/min',
  'm/s': 'm/s',
  'mm/s': 'mm/s',
  'm/s2': 'm/s²',
  '[g]': 'g',
  'deg/s': '°/s',
  'rad/s': 'rad/s',
  uT: 'µT',
  G: 'G',
  kPa: 'kPa',
  Cel: '°C',
  uS: 'µS',
  'N.m': 'N·m',
  'N.mm': 'N·mm',
  'Hz/s': 'Hz/s',
  '%/s': '%/s',
  'uV.s': 'µV·s',
  'uV2/Hz': 'µV²/Hz',
  'uV.s/deg': 'µV·s/°',
  '[ppm]': 'ppm',
  '{count}': '',
  '{arb}': 'a.u.',
  '{score}': '',
  'mg/L': 'mg/L',
  'mg/cm3': 'mg/cm³',
  'mm/h': 'mm/h',
  'pg/mL': 'pg/mL',
  'ng/mL': 'ng/mL',
  'ng/mmol': 'ng/mmol',
  mo: 'mo',
  wk: 'wk',
  mL: 'mL',
  'g/dL': 'g/dL',
} as const;

/** A UCUM code known to the system. */
export type Unit = keyof typeof UNIT_TEXT;

/** UCUM code of the Hounsfield unit. */
export const HOUNSFIELD: Unit = "[hnsf'U]";

/**
 * The text of a unit for a person.
 * @example unitText('deg') // '°'
 */
export function unitText(unit: Unit): string {
  return UNIT_TEXT[unit];
}

/** Decimals that an uncertainty justifies: one digit below its leading digit, never more than `most`. */
export function decimalsFor(sd: number | undefined, most = 2): number {
  if (sd === undefined || !Number.isFinite(sd) || sd <= 0) return Math.min(1, most);
  const digits = -Math.floor(Math.log10(sd));
  return Math.max(0, Math.min(most, digits));
}
