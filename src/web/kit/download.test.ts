import { describe, expect, it } from 'vitest';
import { safeFileName, toCsv } from './download.ts';

describe('toCsv', () => {
  it('quotes what needs quotes', () => {
    const rows = [
      ['a', 'b,c'],
      ['say "x"', 1.5],
      [null, true],
    ];
    expect(toCsv(rows)).toBe('a,"b,c"\r\n"say ""x""",1.5\r\n,true\r\n');
  });

  it('never hands a formula to a spreadsheet', () => {
    expect(toCsv([['=1+1', '@x', '+3', '-cmd', '-3 mm']])).toBe("'=1+1,'@x,'+3,'-cmd,-3 mm\r\n");
  });
});

describe('safeFileName', () => {
  it('takes only what every file system takes', () => {
    expect(safeFileName('../P-1 <b>L4</b>: left.png')).toBe('_P-1 _b_L4_b_ left.png');
    expect(safeFileName('...')).toBe('msdt');
  });
});
