/** The application as a person meets it: a real server on a data folder of its own, and a real Chromium. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { ROOT } from './source-tree.ts';

const CHROMIUM_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of a Chromium on this machine. */
export const CHROMIUM = [process.env.MSDT_CHROMIUM, ...CHROMIUM_PATHS].find((path) => path && existsSync(path));

/** Built web application; browser stories need it. */
export const WEB_BUILT = existsSync(join(ROOT, 'dist/web/index.html'));

export interface RunningServer {
  url: string;
  address: string;
  token: string;
  stop(): Promise<void>;
}

/** Starts `msdt serve` on a fresh data folder. */
export async function startServer(args: readonly string[] = []): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'msdt-e2e-'));
  const child = spawn(
    process.execPath,
    [join(ROOT, 'src/cli/main.ts'), 'serve', '--data', folder, '--port', '0', '--json', ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const line = await firstLine(child);
  const { url, address, token } = JSON.parse(line) as { url: string; address: string; token: string };
  return {
    url,
    address,
    token,
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await new Promise((done) => child.once('exit', done));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString();
      if (text.includes('\n')) resolve(text.split('\n')[0]);
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)));
  });
}

/** Starts Chromium, offline but for this machine. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
    ],
  });
}

export interface Visit {
  page: Page;
  /** errors the page logged or threw */
  errors: string[];
}

/** Opens a page and gathers what goes wrong in it. The application is dark until somebody chooses: light is chosen here. */
export async function visit(
  browser: Browser,
  url: string,
  size = { width: 1440, height: 900 },
  colorScheme: 'dark' | 'light' = 'dark',
): Promise<Visit> {
  const context = await browser.newContext({ viewport: size, colorScheme, acceptDownloads: true });
  if (colorScheme === 'light')
    await context.addInitScript(() => localStorage.setItem('mantine-color-scheme-value', 'light'));
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(url);
  return { page, errors };
}
