/**
 * Check digits of the code systems: a mistyped or invented code is refused before it reaches a record.
 *
 * A right check digit does not say that the code means what is claimed, only that it was copied without a slip.
 */

/** Multiplication table of the dihedral group D5. */
const TIMES = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
  [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
  [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
  [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
  [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
  [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
  [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
  [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
  [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];

/** Permutation applied once a position; its powers come by repetition. */
const STEP = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/**
 * True when the text is a LOINC code whose last digit is the modulus-10 (Luhn) check digit of those before the hyphen.
 * @see LOINC Users' Guide, appendix on check digits
 * @example isLoinc('1988-5') // true
 * @example isLoinc('1988-6') // false
 */
export function isLoinc(code: string): boolean {
  const match = /^(\d{1,7})-(\d)$/.exec(code);
  if (!match) return false;
  const digits = [...match[1]].reverse().map(Number);
  const sum = digits.reduce((total, digit, at) => {
    const twice = at % 2 === 0 ? 2 * digit : digit;
    return total + (twice > 9 ? twice - 9 : twice);
  }, 0);
  return (10 - (sum % 10)) % 10 === Number(match[2]);
}

/**
 * True when the text is a SNOMED CT identifier (6 to 18 digits, no leading zero) whose last digit is its Verhoeff check digit.
 * @see Verhoeff 1969; SNOMED CT Technical Implementation Guide, check-digit computation
 * @example isSnomed('285285000') // true
 * @example isSnomed('285285001') // false
 */
export function isSnomed(code: string): boolean {
  if (!/^[1-9]\d{5,17}$/.test(code)) return false;
  let check = 0;
  [...code].reverse().forEach((digit, at) => {
    let moved = Number(digit);
    for (let step = 0; step < at % 8; step++) moved = STEP[moved];
    check = TIMES[check][moved];
  });
  return check === 0;
}
