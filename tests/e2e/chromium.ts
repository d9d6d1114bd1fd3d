/** Stories told in a real Chromium on a server of their own. */

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { TwinView, WireArtifact } from '../../src/contract/index.ts';
import { CHROMIUM, type RunningServer, startBrowser, startServer, visit, WEB_BUILT } from '../support/application.ts';
import { ANALYSIS_MS, downloadOf } from './pages.ts';

/** A whole story: two analyses and what is looked at in between. */
export const STORY_MS = 2 * ANALYSIS_MS;

/** A laptop's screen. */
export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export interface Sight {
  size?: { width: number; height: number };
  theme?: 'dark' | 'light';
}

/** Opens the application on a page of its own for as long as `act` runs; the page must have logged no error by then. */
export type Tell = (act: (page: Page, server: RunningServer) => Promise<void>, sight?: Sight) => Promise<void>;

/** `describe` with a browser and a server; skipped, with the reason in its name, where one of them cannot be. */
export function describeStories(title: string, serverArgs: readonly string[], body: (tell: Tell) => void): void {
  const why = whyNot();
  describe.skipIf(why !== '')(`${title} in Chromium${why}`, () => {
    let browser: Browser | undefined;
    let server: RunningServer | undefined;

    beforeAll(async () => {
      browser = await startBrowser();
      server = await startServer(serverArgs);
    });
    afterAll(async () => {
      await browser?.close();
      await server?.stop();
    });

    body(async (act, { size = WIDE, theme = 'dark' } = {}) => {
      if (!browser || !server) throw new Error('browser or server did not start');
      const { page, errors } = await visit(browser, server.url, size, theme);
      try {
        await act(page, server);
        expect(errors).toEqual([]);
      } finally {
        await page.context().close();
      }
    });
  });
}

function whyNot(): string {
  if (!CHROMIUM) return ' (no Chromium: set MSDT_CHROMIUM)';
  return WEB_BUILT ? '' : ' (the web application is not built: npm run build)';
}

/** Drops files on whatever is on the screen. */
export async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const files = await Promise.all(
    paths.map(async (path) => [basename(path), (await readFile(path)).toString('base64')] as const),
  );
  const transfer = await page.evaluateHandle((given) => {
    const data = new DataTransfer();
    for (const [name, text] of given)
      data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
    return data;
  }, files);
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
}

/** Holds back the bytes of some artifacts of all twins until the returned function is called. */
export async function holdBytes(
  page: Page,
  server: RunningServer,
  held: (artifact: WireArtifact) => boolean,
): Promise<() => void> {
  const gate = Promise.withResolvers<void>();
  await page.route('**/api/blobs/*', async (route) => {
    const hash = route.request().url().split('/').at(-1);
    const artifacts = await artifactsOf(server);
    const owners = artifacts.filter(({ blobs }) => blobs.some(({ sha256 }) => sha256 === hash));
    if (owners.some(held)) await gate.promise;
    await route.continue();
  });
  return gate.resolve;
}

async function artifactsOf({ address, token }: RunningServer): Promise<WireArtifact[]> {
  const headers = { authorization: `Bearer ${token}` };
  const ask = async (path: string) => (await fetch(`${address}${path}`, { headers })).json();
  const { twins } = (await ask('/api/twins')) as { twins: { id: string }[] };
  const views = (await Promise.all(twins.map(({ id }) => ask(`/api/twins/${id}`)))) as TwinView[];
  return views.flatMap(({ artifacts }) => artifacts);
}

/** Text of what the browser saves when `act` is done. */
export async function savedText(page: Page, act: () => Promise<void>): Promise<string> {
  return readFile(await (await downloadOf(page, act)).path(), 'utf8');
}

/** Nothing on the screen runs off its side. */
export async function expectToFit(page: Page, message?: string): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), { message })
    .toBeLessThanOrEqual(0);
}
