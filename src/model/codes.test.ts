import { describe, expect, it } from 'vitest';
import { isLoinc, isSnomed } from './codes.ts';

describe('check digits', () => {
  it.each(['1988-5', '30679-5', '97909-6', '72514-3', '4548-4', '24966-4', '62337-1'])('LOINC %s holds', (code) => {
    expect(isLoinc(code)).toBe(true);
  });

  it('finds every single wrong digit and every swap of unlike neighbours but 09 and 90 in LOINC', () => {
    const code = '30679-5';
    for (const at of [0, 1, 2, 3, 4]) {
      for (let digit = 0; digit < 10; digit++) {
        if (String(digit) === code[at]) continue;
        expect(isLoinc(code.slice(0, at) + digit + code.slice(at + 1))).toBe(false);
      }
    }
    expect(isLoinc('36079-5')).toBe(false);
    expect(isLoinc('30679')).toBe(false);
  });

  it.each(['18347007', '128196005', '278860009', '387731002', '770695002', '1290953004'])('SNOMED %s holds', (code) => {
    expect(isSnomed(code)).toBe(true);
  });

  it.each(['447764006', '112737006', '11585007', '42515009', '427371002'])(
    'SNOMED %s, met in public lists, is refused',
    (code) => {
      expect(isSnomed(code)).toBe(false);
    },
  );

  it('finds every single wrong digit and every swap of unlike neighbours in SNOMED', () => {
    const code = '128196005';
    for (let at = 0; at < code.length; at++) {
      for (let digit = 0; digit < 10; digit++) {
        if (String(digit) !== code[at]) expect(isSnomed(code.slice(0, at) + digit + code.slice(at + 1))).toBe(false);
      }
      if (at && code[at] !== code[at - 1])
        expect(isSnomed(code.slice(0, at - 1) + code[at] + code[at - 1] + code.slice(at + 1))).toBe(false);
    }
  });
});
