import { describe, expect, it } from 'vitest';
import { parseCdsHooksConfig } from './config.ts';

const KEY = { kid: 'k1', kty: 'EC', crv: 'P-384', x: 'a', y: 'b' };

describe('the file of CDS Hooks', () => {
  it('gives address, setting, origins and clients', () => {
    const options = {
      baseUrl: 'https://twin.example.org',
      setting: 'referred-chronic-back-pain',
      origins: ['https://ehr.example.org'],
      clients: [{ issuer: 'https://ehr.example.org', keys: [KEY] }],
    };
    expect(parseCdsHooksConfig(JSON.stringify(options), 'cds.json')).toEqual(options);
    expect(parseCdsHooksConfig('{}', 'cds.json')).toEqual({});
  });

  it.each([
    ['no JSON', '{', 'the whole of it', /no JSON/],
    ['an unknown word', '{"client":[]}', 'the whole of it', /client/],
    ['no address', '{"baseUrl":"twin"}', 'baseUrl', /./],
    ['a script for an address', '{"baseUrl":"javascript:alert(1)"}', 'baseUrl', /./],
    ['a client without keys', '{"clients":[{"issuer":"a","keys":[]}]}', 'clients.0.keys', /./],
    [
      'a shared secret',
      '{"clients":[{"issuer":"a","keys":[{"kid":"1","kty":"oct","k":"x"}]}]}',
      'clients.0.keys.0.kty',
      /./,
    ],
    [
      'a private key',
      JSON.stringify({ clients: [{ issuer: 'a', keys: [{ ...KEY, d: 'x' }] }] }),
      'clients.0.keys.0.d',
      /private/,
    ],
  ])('is refused for %s', (_, text, place, detail) => {
    expect(() => parseCdsHooksConfig(text, 'cds.json')).toThrow(
      expect.objectContaining({
        code: 'file.malformed',
        where: { file: 'cds.json', place },
        detail: expect.stringMatching(detail),
      }),
    );
  });
});
