import { describe, expect, it } from 'vitest';
import { memoryFile } from '../../tests/support/formats/formats.ts';
import { utf8 } from './bytes.ts';
import { plainText } from './plain-text.ts';

const TEXT = 'Name\tµV\n1\t2,5\r\n';

function wide(text: string, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(2 * at, text.charCodeAt(at), littleEndian);
  return bytes;
}

const plainOf = async (bytes: Uint8Array) => {
  const file = memoryFile('a/x.txt', bytes);
  const plain = await plainText(file);
  return { plain, same: plain === file, text: new TextDecoder().decode(await plain.read()) };
};

describe('plain text', () => {
  it.each([
    ['UTF-16, low byte first', wide(`\ufeff${TEXT}`, true)],
    ['UTF-16, high byte first', wide(`\ufeff${TEXT}`, false)],
    ['UTF-8 behind a mark', utf8(`\ufeff${TEXT}`)],
  ])('comes out of %s', async (_, bytes) => {
    const { plain, text } = await plainOf(bytes);
    expect(text).toBe(TEXT);
    expect(plain).toMatchObject({ name: 'a/x.txt', bytes: utf8(TEXT).length });
    expect(new TextDecoder().decode(await plain.head(4))).toBe('Name');
    expect(new TextDecoder().decode(await plain.slice(5, 8))).toBe('µV');
  });

  it('has line feeds where an old system wrote returns', async () => {
    expect((await plainOf(utf8('a\rb\rc\r'))).text).toBe('a\nb\nc\n');
    expect((await plainOf(utf8('\ufeffa\rb\r\nc'))).text).toBe('a\nb\r\nc');
  });

  it('is the file itself for everything else', async () => {
    for (const bytes of [
      utf8(TEXT),
      new Uint8Array(0),
      // the first bytes of UTF-16, then numbers of a machine
      new Uint8Array([0xff, 0xfe, 1, 0, 2, 0, 3, 0]),
      // a text header that ends in returns, then binary data
      new Uint8Array([...utf8(`ply\r${'comment '.repeat(150)}\r`), 0, 13, 1, 10]),
      // half of a CRLF at the end of what is seen
      utf8(`${'a'.repeat(1023)}\r\nb`),
    ])
      expect((await plainOf(bytes)).same).toBe(true);
  });
});
