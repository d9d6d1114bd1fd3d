/** Keeps the browsable folders in step with the twins: one after the other, soon after a change, never in its way. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMsdtError, messageOf } from '../../model/index.ts';
import type { TwinState } from '../../twin/index.ts';
import { makeFolder, removeTree } from '../folder/files.ts';
import { readStamp, stampOfState, type ViewOptions, writeView } from './folder-view.ts';
import { safeName } from './names.ts';

/** Changes that come this close together make one new folder · ms */
const SETTLE_MS = 300;

export interface ViewWorld extends ViewOptions {
  /** folder that holds a folder per twin */
  root: string;
  blobPath(sha256: string): string;
  state(twin: string): Promise<TwinState>;
  log(message: string): void;
}

export class Views {
  private readonly world: ViewWorld;
  private readonly due = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(world: ViewWorld) {
    this.world = world;
  }

  /** A twin changed: its folder will follow. */
  schedule(twin: string): void {
    if (this.closed) return;
    this.due.add(twin);
    this.timer ??= setTimeout(() => void this.flush(), SETTLE_MS).unref();
  }

  /** Resolves when every folder shows what is current. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.working = this.working.then(() => this.work());
    await this.working;
  }

  /**
   * Folders that are missing or old are made again; those of twins that are gone, and unfinished ones, are taken away.
   * @param stamps - twin → stamp of what it shows now, without loading the whole of it
   */
  async refresh(stamps: ReadonlyMap<string, string>): Promise<void> {
    const { root } = this.world;
    await makeFolder(root);
    const names = new Set([...stamps.keys()].map((twin) => safeName(twin)));
    for (const entry of await readdir(root)) {
      const left = /^\.(new|old)-[0-9a-f]{16}$/.test(entry) || (/^t-[a-z0-9]{12}$/.test(entry) && !names.has(entry));
      if (left) await removeTree(join(root, entry));
    }
    for (const [twin, stamp] of stamps) if ((await readStamp(join(root, safeName(twin)))) !== stamp) this.due.add(twin);
    await this.flush();
  }

  async close(): Promise<void> {
    await this.flush();
    this.closed = true;
    clearTimeout(this.timer);
  }

  private async work(): Promise<void> {
    for (const twin of [...this.due]) {
      this.due.delete(twin);
      await this.update(twin).catch((error: unknown) => {
        this.world.log(`the folder of twin ${twin} could not be written: ${messageOf(error)}`);
      });
    }
  }

  private async update(twin: string): Promise<void> {
    const folder = join(this.world.root, safeName(twin));
    let state: TwinState;
    try {
      state = await this.world.state(twin);
    } catch (error) {
      if (isMsdtError(error, 'store.not-found')) return removeTree(folder);
      throw error;
    }
    const { identified, blobPath } = this.world;
    if ((await readStamp(folder)) === stampOfState(state, { identified })) return;
    await makeFolder(this.world.root);
    await writeView(folder, state, { identified, blobPath });
  }
}
