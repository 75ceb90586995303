// `npm run screenshots`: the pictures of docs/inspector.md, made of the page as it is by Debian's Chromium.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { buildPage } from './inspector/build-page.ts';
import { openBrowser, openPage } from './inspector/open-browser.ts';
import { servePage } from './inspector/serve-page.ts';
import { withUsage } from './usage.ts';

const usage = `npm run screenshots [-- --out DIR]
Builds the inspector's page and writes the pictures of its documentation to docs/images, or to DIR.`;
const { values } = withUsage(usage, () => parseArgs({ options: { out: { type: 'string' } } }));

/** One picture: the example that it shows, and what is done to it before. */
interface Picture {
  readonly file: string;
  readonly example: string;
  readonly colorScheme: 'light' | 'dark';
  readonly height: number;
  readonly solve: (page: Page) => Promise<void>;
}

const showPlace = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /^Show octet/ }).click();
};

const pictures: readonly Picture[] = [
  { file: 'wrong-port', example: 'Wrong port', colorScheme: 'light', height: 600, solve: showPlace },
  {
    file: 'wrong-nonce',
    example: 'Wrong nonce',
    colorScheme: 'dark',
    height: 610,
    solve: async (page) => {
      await page.getByLabel('Secret').fill('secret');
      await page.getByLabel('Nonce (Base64)').fill('Tm9uY2U=');
      await page.getByRole('button', { name: 'Check digest' }).click();
      await page.locator('.chip.good').waitFor();
      await page.locator('[data-field=digest]').click();
    },
  },
  {
    file: 'missing-application-id',
    example: 'Missing application id',
    colorScheme: 'light',
    height: 620,
    solve: async (page) => await page.locator('[data-field=headersLength]').click(),
  },
  { file: 'reserved-bits', example: 'Reserved bits', colorScheme: 'light', height: 600, solve: showPlace },
  { file: 'cut-part', example: 'A cut part', colorScheme: 'dark', height: 660, solve: showPlace },
];

const out = resolve(
  process.env.INIT_CWD ?? '.',
  values.out ?? resolve(import.meta.dirname, '../docs/images'),
);
mkdirSync(out, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'reveille-screenshots-'));
await buildPage(folder);
const { server, address } = await servePage(folder, 0);
const browser = await openBrowser();
try {
  for (const { file, example, colorScheme, height, solve } of pictures) {
    const { page } = await openPage(browser, address, {
      colorScheme,
      viewport: { width: 1200, height },
      reducedMotion: 'reduce',
    });
    await page.getByRole('button', { name: example, exact: true }).click();
    await page.locator('article').waitFor();
    await solve(page);
    await page.mouse.move(0, 0);
    await page.screenshot({ path: join(out, `inspector-${file}.png`) });
    await page.context().close();
  }
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
}
console.log(`${pictures.length} pictures are in ${out}`);
