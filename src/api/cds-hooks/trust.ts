/**
 * Who may call the services: a record system on the list that signs its calls (JSON Web Token, as CDS Hooks has it), or whoever
 * holds the server's own token. With an empty list only the latter.
 */

import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { MsdtError } from '../../model/index.ts';

/** A record system that is trusted. */
export interface TrustedClient {
  /** `iss` of its tokens */
  issuer: string;
  /** its public keys (JWK), each with `kid` */
  keys: readonly (JsonWebKey & { kid?: string })[];
}

interface Algorithm {
  hash: string;
  type: string;
  curve?: string;
}

/** Signatures that are accepted: asymmetric ones only. */
const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map([
  ['ES256', { hash: 'sha256', type: 'EC', curve: 'P-256' }],
  ['ES384', { hash: 'sha384', type: 'EC', curve: 'P-384' }],
  ['RS256', { hash: 'sha256', type: 'RSA' }],
  ['RS384', { hash: 'sha384', type: 'RSA' }],
]);

/** Clocks may differ by this much · s */
const SLACK_S = 60;
/** Longest life of a token: it is made for one call · s */
const MOST_LIFE_S = 15 * 60;
const MOST_REMEMBERED = 100_000;

/** Remembers tokens that were used, so that none is used twice. */
export interface TokenGate {
  /**
   * Lets a signed call in.
   * @param audience - address that was called
   * @param nowS - s since 1970
   * @throws MsdtError `access.denied`
   */
  admit(token: string, audience: string, nowS: number): TrustedClient;
}

/** A gate for the clients of a list. */
export function createTokenGate(clients: readonly TrustedClient[]): TokenGate {
  const used = new Map<string, number>();
  return {
    admit(token, audience, nowS) {
      const { header, claims, signed, signature } = parseToken(token);
      const client = clients.find(({ issuer }) => issuer === claims.iss);
      const key = client?.keys.find(({ kid }) => kid !== undefined && kid === header.kid);
      const algorithm = ALGORITHMS.get(String(header.alg));
      if (!client || !key || !algorithm) throw denied('it is signed by nobody on the list of trusted clients');
      if (key.kty !== algorithm.type || (algorithm.curve && key.crv !== algorithm.curve))
        throw denied('its key does not fit its algorithm');
      const publicKey = createPublicKey({ key, format: 'jwk' });
      const dsaEncoding = algorithm.type === 'EC' ? 'ieee-p1363' : undefined;
      if (!verify(algorithm.hash, signed, { key: publicKey, dsaEncoding }, signature))
        throw denied('its signature is wrong');
      const { exp, iat, jti } = timesOf(claims);
      if (exp + SLACK_S < nowS || iat - SLACK_S > nowS || exp - iat > MOST_LIFE_S)
        throw denied('it is not for now: expired, of the future, or made to last too long');
      const audiences = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
      if (!audiences.some((one) => typeof one === 'string' && sameAddress(one, audience)))
        throw denied(`it is for another address than ${audience}`);
      for (const [id, until] of used) if (until + SLACK_S < nowS) used.delete(id);
      const id = `${client.issuer}\n${jti}`;
      if (used.has(id)) throw denied('it was used before');
      if (used.size >= MOST_REMEMBERED) throw denied('too many calls at once');
      used.set(id, exp);
      return client;
    },
  };
}

function parseToken(token: string) {
  const [head, body, mark, ...more] = token.split('.');
  if (!head || !body || !mark || more.length) throw denied('it is no signed token');
  try {
    const part = (text: string): Record<string, unknown> => {
      const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
      if (typeof value !== 'object' || value === null) throw new TypeError('no object');
      return value as Record<string, unknown>;
    };
    const signed = Buffer.from(`${head}.${body}`);
    return { header: part(head), claims: part(body), signed, signature: Buffer.from(mark, 'base64url') };
  } catch {
    throw denied('it is no JSON Web Token');
  }
}

function timesOf({ exp, iat, jti }: Record<string, unknown>) {
  if (typeof exp !== 'number' || typeof iat !== 'number' || typeof jti !== 'string' || jti === '')
    throw denied('exp, iat and jti are needed');
  return { exp, iat, jti };
}

function sameAddress(a: string, b: string): boolean {
  return a.replace(/\/+$/, '') === b.replace(/\/+$/, '');
}

function denied(detail: string): MsdtError {
  return new MsdtError('access.denied', 'The signed token of this call is not accepted', {
    detail,
    hint: 'Register the record system in the list of trusted clients, or call with the token of this server.',
  });
}
