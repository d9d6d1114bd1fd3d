/** Channel mappings: saved, listed, tried on the first bytes of a table. */

import type { z } from 'zod';
import type { lookAtTable as lookRequest, putProfile, tableLook, WireSavedProfile } from '../contract/index.ts';
import { MsdtError } from '../model/index.ts';
import { checkTableProfile, type Engine, lookAtTable } from '../runtime/index.ts';

/** Handlers of the routes of channel mappings. */
export function profileHandlers(engine: Engine) {
  const { profiles } = engine.store;
  return {
    listProfiles: async () => ({ profiles: await profiles.list() }),
    getProfile: async ({ params }: { params: { name: string } }): Promise<WireSavedProfile> => {
      const saved = await profiles.get(params.name);
      if (saved) return saved;
      throw new MsdtError('store.not-found', `There is no channel mapping "${params.name}"`, {
        hint: 'GET /api/profiles lists them.',
      });
    },
    putProfile: ({ params, body }: { params: { name: string }; body: z.output<typeof putProfile> }) =>
      profiles.put(
        { ...checkTableProfile(body.profile, `the mapping "${params.name}"`), name: params.name },
        { baseVersion: body.baseVersion },
      ),
    removeProfile: async ({ params }: { params: { name: string } }) => {
      await profiles.remove(params.name);
      return { removed: params.name };
    },
    lookAtTable: async ({ body }: { body: z.output<typeof lookRequest> }): Promise<z.input<typeof tableLook>> => {
      const { name, bytes, head, profile } = body;
      return lookAtTable(engine.catalogue, { name, bytes, head: Buffer.from(head, 'base64') }, profile);
    },
  };
}
