/** The file that says how record systems reach the CDS Hooks services. */

import { z } from 'zod';
import { MsdtError } from '../../model/index.ts';
import type { CdsHooksOptions } from './index.ts';

const key = z.looseObject({ kid: z.string().min(1), kty: z.enum(['EC', 'RSA']), d: z.undefined().optional() });

const config = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  setting: z.string().optional(),
  origins: z.array(z.url()).optional(),
  clients: z.array(z.strictObject({ issuer: z.string().min(1), keys: z.array(key).min(1) })).optional(),
});

/**
 * The options of a file: `{ "baseUrl", "setting", "origins": […], "clients": [{ "issuer", "keys": [JWK, …] }] }`, all optional.
 * @param name - of the file, for messages
 * @throws MsdtError `file.malformed` it is no JSON, holds something else, or a private key
 */
export function parseCdsHooksConfig(text: string, name: string): CdsHooksOptions {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw wrong(name, 'the whole of it', 'it is no JSON');
  }
  const { data, error } = config.safeParse(json);
  if (data) return data as CdsHooksOptions;
  const [issue] = error.issues;
  const place = issue.path.join('.') || 'the whole of it';
  throw wrong(name, place, issue.path.at(-1) === 'd' ? 'a private key has no place here' : issue.message);
}

function wrong(file: string, place: string, detail: string): MsdtError {
  return new MsdtError('file.malformed', 'The file of CDS Hooks is not right', {
    where: { file, place },
    detail,
    hint: 'docs/fhir.md shows one.',
  });
}
