/** Addresses of a FHIR server: what may be called, and that a token never leaves for another host. */

import { ArgumentError, MsdtError } from '../../model/index.ts';

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The base address of a server, without a slash at its end.
 * @param withToken - a secret travels along: refused over plain HTTP to another machine
 * @throws ArgumentError it is no http or https address, or carries a password
 * @throws MsdtError `access.denied` the token would travel unencrypted
 * @example baseAddress('https://fhir.example.org/r4/').href // 'https://fhir.example.org/r4'
 */
export function baseAddress(text: string, withToken = false): { href: string; origin: string; path: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
    throw new ArgumentError(
      'baseUrl',
      withoutSecrets(text),
      'an address like https://server/fhir, without user and query',
    );
  if (withToken && url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
    throw new MsdtError('access.denied', 'The token would travel unencrypted', {
      detail: `${url.origin} is not reached over TLS`,
      hint: 'Use the https address of the server.',
    });
  const path = url.pathname.replace(/\/+$/, '');
  return { href: `${url.origin}${path}`, origin: url.origin, path };
}

/**
 * Where a link of the server leads, below its base. Servers behind a proxy often write links with their inner host: the path counts.
 * @throws MsdtError `file.unsafe` it leads elsewhere
 * @example linkTarget('https://a.org/fhir', 'https://inner:8080/fhir?page=2') // 'https://a.org/fhir?page=2'
 */
export function linkTarget(baseUrl: string, link: string): string {
  const base = baseAddress(baseUrl);
  const url = URL.canParse(link, `${base.href}/`) ? new URL(link, `${base.href}/`) : undefined;
  const below =
    url && (url.pathname === base.path || url.pathname === `${base.path}/` || url.pathname.startsWith(`${base.path}/`));
  if (url && below && /^https?:$/.test(url.protocol)) return `${base.origin}${url.pathname}${url.search}`;
  throw new MsdtError('file.unsafe', 'A link of the server leads away from it', {
    where: { place: 'Bundle.link[next]' },
    detail: url ? `to ${url.origin}` : 'it is no address',
    hint: 'Give the address that the server itself uses, or have its base address set right.',
  });
}

/** The address without what may be a password. */
function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//…@').slice(0, 200);
}
