/** The stand-ins in names of files of every twin: kept with the identity of the subject, and nowhere else. */

import type { Job, TwinStore } from '../../twin/index.ts';
import { createFileNamer, type FileNamer } from './file-names.ts';

export interface NameBook {
  /** @throws MsdtError `store.not-found` there is no such twin */
  of(twin: string): Promise<FileNamer>;
  /** Writes new stand-ins beside what else is known of the person; before any row that holds one. */
  save(twin: string): Promise<void>;
  /** A job as a person sees it who dropped the files: by the names they gave. */
  shown(job: Job): Job;
  /** What a job says, as it is kept. */
  hidden<T>(twin: string | undefined, said: T): T;
}

/** Opens the book over the store's identities. */
export function createNameBook(twins: Pick<TwinStore, 'getIdentity' | 'setIdentity'>): NameBook {
  const namers = new Map<string, FileNamer>();
  const saved = new Map<string, number>();
  const writing = new Map<string, Promise<void>>();

  const write = async (twin: string): Promise<void> => {
    const words = namers.get(twin)?.words ?? {};
    const count = Object.keys(words).length;
    if (saved.get(twin) === count) return;
    await twins.setIdentity(twin, { ...(await twins.getIdentity(twin)), fileWords: words });
    saved.set(twin, count);
  };

  return {
    async of(twin) {
      const identity = await twins.getIdentity(twin);
      const there = namers.get(twin);
      if (there) return there;
      const words = identity?.fileWords ?? {};
      const namer = createFileNamer('name', words);
      namers.set(twin, namer);
      saved.set(twin, Object.keys(words).length);
      return namer;
    },
    async save(twin) {
      const last = (writing.get(twin) ?? Promise.resolve()).catch(() => undefined).then(() => write(twin));
      writing.set(twin, last);
      await last;
    },
    shown(job) {
      const namer = job.twin === undefined ? undefined : namers.get(job.twin);
      if (!namer) return job;
      const items = job.items.map((line) => {
        const seen = mapTexts(line, namer.show);
        const isOther = job.kind === 'ingest' && line.status === 'ok' && seen.item !== line.item;
        return isOther ? { ...seen, message: `${seen.message ?? ''}; in the twin: ${line.item}` } : seen;
      });
      return { ...mapTexts({ ...job, items: [] }, namer.show), items };
    },
    hidden(twin, said) {
      const namer = twin === undefined ? undefined : namers.get(twin);
      return namer ? mapTexts(said, namer.hide) : said;
    },
  };
}

/** A copy in which every text is another. */
function mapTexts<T>(value: T, change: (text: string) => string): T {
  const of = (part: unknown): unknown => {
    if (typeof part === 'string') return change(part);
    if (Array.isArray(part)) return part.map(of);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, of(item)]));
  };
  return of(value) as T;
}
