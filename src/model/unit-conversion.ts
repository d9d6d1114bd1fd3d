/**
 * Conversion between UCUM units of the same dimension, exact to the last bit of a double for decimal factors.
 *
 * Knows what clinical records hold: metric prefixes, products, quotients, powers, annotations, and the inch and pound. Amount of
 * substance and mass are different dimensions: molar units need the molar mass, which is for the caller to know.
 */

/** Exponents of m, g, s, mol, rad, Cel, V; a unit is `mantissa · 10^power` of them. */
interface Measure {
  mantissa: number;
  power: number;
  dimension: readonly number[];
}

const BASES = ['m', 'g', 's', 'mol', 'rad', 'Cel', 'V', 'N'] as const;

const PREFIX: Readonly<Record<string, number>> = {
  ...{ G: 9, M: 6, k: 3, h: 2, da: 1, d: -1, c: -2, m: -3, u: -6, n: -9, p: -12, f: -15 },
};

function atom(mantissa: number, power: number, of: Partial<Record<(typeof BASES)[number], number>>): Measure {
  return { mantissa, power, dimension: BASES.map((base) => of[base] ?? 0) };
}

const ONE = atom(1, 0, {});

/** Units that take prefixes. */
const METRIC: Readonly<Record<string, Measure>> = {
  ...{ m: atom(1, 0, { m: 1 }), g: atom(1, 0, { g: 1 }), s: atom(1, 0, { s: 1 }), mol: atom(1, 0, { mol: 1 }) },
  ...{ L: atom(1, -3, { m: 3 }), l: atom(1, -3, { m: 3 }), rad: atom(1, 0, { rad: 1 }), Hz: atom(1, 0, { s: -1 }) },
  ...{ V: atom(1, 0, { V: 1 }), N: atom(1, 0, { N: 1 }) },
};

/** Units that take none. A month is the mean of the Julian year, 30.4375 d, as UCUM says. */
const PLAIN: Readonly<Record<string, Measure>> = {
  ...{ '1': ONE, '%': atom(1, -2, {}), '[ppm]': atom(1, -6, {}), deg: atom(Math.PI / 180, 0, { rad: 1 }) },
  ...{ min: atom(6, 1, { s: 1 }), h: atom(36, 2, { s: 1 }), d: atom(864, 2, { s: 1 }), wk: atom(6048, 2, { s: 1 }) },
  ...{ mo: atom(26298, 2, { s: 1 }), a: atom(315576, 2, { s: 1 }), Cel: atom(1, 0, { Cel: 1 }) },
  ...{ '[in_i]': atom(254, -4, { m: 1 }), '[lb_av]': atom(45359237, -5, { g: 1 }), '[ft_i]': atom(3048, -4, { m: 1 }) },
};

/**
 * Factor from one UCUM unit to another, or undefined where they have no common dimension or are not known.
 *
 * Annotations (`{score}`, `{T-score}`) count as 1.
 * @example unitFactor('mg/dL', 'mg/L') // 10
 * @example unitFactor('ug/L', 'ng/mL') // 1
 * @example unitFactor('nmol/L', 'ng/mL') // undefined
 */
export function unitFactor(from: string, to: string): number | undefined {
  if (from === to && from !== '') return 1;
  const [a, b] = [measureOf(from), measureOf(to)];
  if (!a || !b || a.dimension.some((exponent, at) => exponent !== b.dimension[at])) return undefined;
  const ratio = a.mantissa / b.mantissa;
  const power = a.power - b.power;
  return power < 0 ? ratio / 10 ** -power : ratio * 10 ** power;
}

function measureOf(text: string): Measure | undefined {
  // a slash binds only what follows it, so that mL/min/{1.73_m2} is read from the left
  const parts = text.replace(/\{[^{}]*\}/g, '1').split(/(?=[/.])/);
  if (parts.length > 8) return undefined;
  let all: Measure = ONE;
  for (const part of parts) {
    const divided = part.startsWith('/');
    const term = part.replace(/^[/.]/, '');
    const measure = term === '' && divided ? undefined : termOf(term);
    if (!measure) return undefined;
    const sign = divided ? -1 : 1;
    all = {
      mantissa: divided ? all.mantissa / measure.mantissa : all.mantissa * measure.mantissa,
      power: all.power + sign * measure.power,
      dimension: all.dimension.map((exponent, at) => exponent + sign * measure.dimension[at]),
    };
  }
  return all;
}

function termOf(term: string): Measure | undefined {
  // "g1" of an annotated unit: mg{total}
  const text = term.length > 1 && term.endsWith('1') && !/\d1$/.test(term) ? term.slice(0, -1) : term;
  const ten = /^10[*^](-?\d{1,2})$/.exec(text);
  if (ten) return atom(1, Number(ten[1]), {});
  const match = /^(\[[^\]]+\]|%|1|[A-Za-z]+)(-?\d)?$/.exec(text);
  if (!match) return undefined;
  const base = baseOf(match[1]);
  const exponent = Number(match[2] ?? 1);
  return (
    base && {
      mantissa: base.mantissa ** exponent,
      power: base.power * exponent,
      dimension: base.dimension.map((one) => one * exponent),
    }
  );
}

function baseOf(name: string): Measure | undefined {
  if (Object.hasOwn(PLAIN, name)) return PLAIN[name];
  if (Object.hasOwn(METRIC, name)) return METRIC[name];
  for (const length of [1, 2]) {
    const [prefix, rest] = [name.slice(0, length), name.slice(length)];
    if (Object.hasOwn(PREFIX, prefix) && Object.hasOwn(METRIC, rest)) {
      const known = METRIC[rest];
      return { ...known, power: known.power + PREFIX[prefix] };
    }
  }
  return undefined;
}
