/** Name and version of this software, as provenance carries them. */

import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

export const VERSION = version;
export const SOFTWARE = `msdt ${version}`;
