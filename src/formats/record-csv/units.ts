/** Units as people write them, as UCUM codes. */

const WRITTEN: Readonly<Record<string, string>> = {
  ...{ '%': '%', percent: '%', '°': 'deg', degrees: 'deg', degree: 'deg', deg: 'deg', '°c': 'Cel', celsius: 'Cel' },
  ...{ '°f': '[degF]', fahrenheit: '[degF]', hu: "[hnsf'U]", months: 'mo', month: 'mo', mo: 'mo', weeks: 'wk' },
  ...{ week: 'wk', wk: 'wk', years: 'a', year: 'a', days: 'd', day: 'd', points: '{score}', score: '{score}' },
  ...{ '0-10': '{score}', '0–10': '{score}', '/10': '{score}', '/50': '{score}', '0-50': '{score}', '0-100': '%' },
  ...{ '/100': '%', metres: 'm', meters: 'm', 'kg/m²': 'kg/m2', 'kg/m^2': 'kg/m2', 'mm²': 'mm2', 'mm^2': 'mm2' },
  ...{ 'mm/1h': 'mm/h', 'mm/hr': 'mm/h', 't-score': '1', sd: '1' },
};

/**
 * The UCUM code of a unit as it is written.
 * @example ucumOf('µg/l') // 'ug/L'
 * @example ucumOf('points') // '{score}'
 */
export function ucumOf(text: string): string {
  const bare = text.trim();
  const written = WRITTEN[bare.toLowerCase()];
  if (written) return written;
  // litre and its parts: people write a small l, UCUM prefers the large one
  return bare.replace(/[µμ]/g, 'u').replace(/(^|\/)([dmunpf]?)l\b/gi, (_, before: string, prefix: string) => {
    return `${before}${prefix.toLowerCase()}L`;
  });
}

/** The unit that a column's name states in brackets or after a comma, as a UCUM code. */
export function unitInName(name: string): string | undefined {
  const found = /[([]\s*([^)\]]{1,20}?)\s*[)\]]\s*$/.exec(name)?.[1] ?? /\s(%|°)\s*$/.exec(name)?.[1];
  return found === undefined ? undefined : ucumOf(found);
}
