// The inspector's page, built and served for a test, in Debian's Chromium.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { buildPage } from '../../scripts/inspector/build-page.ts';
import { openBrowser, openPage, type WatchedPage } from '../../scripts/inspector/open-browser.ts';
import { type ServedPage, servePage } from '../../scripts/inspector/serve-page.ts';

/** A browser, and the page that it opens. */
export interface Inspector {
  readonly browser: Browser;
  readonly served: ServedPage;
  /** The page anew, in a profile of its own; `fragment` with its `#`. */
  open(options?: BrowserContextOptions, fragment?: string): Promise<WatchedPage>;
  close(): Promise<void>;
}

/** Builds the page, serves it and starts the browser. */
export async function startInspector(): Promise<Inspector> {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-inspector-'));
  await buildPage(folder);
  const served = await servePage(folder, 0);
  const browser = await openBrowser();
  return {
    browser,
    served,
    open: (options, fragment = '') => openPage(browser, served.address + fragment, options),
    close: async () => {
      await browser.close();
      served.server.closeAllConnections();
      served.server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Types a text in and has it explained. */
export async function explain(page: Page, text: string): Promise<void> {
  const again = page.getByRole('button', { name: 'New input' });
  if (await again.isVisible()) await again.click();
  await page.locator('#octets').fill(text);
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  await page.locator('article, [role=alert], .nothing').first().waitFor();
  await page.locator('[data-state=done]').waitFor();
}

/** Types a secret and a nonce in, and waits for the verdict. */
export async function checkDigest(page: Page, secret: string, nonce = ''): Promise<string> {
  await page.getByLabel('Secret').fill(secret);
  await page.getByLabel('Nonce (Base64)').fill(nonce);
  await page.getByRole('button', { name: 'Check digest' }).click();
  const chip = page.locator('.chip', { hasText: /holds|does not hold/ });
  await chip.waitFor();
  return await chip.innerText();
}

/** Fails when axe finds something serious or critical in what the page shows now. */
export async function requireAccessible(page: Page, state: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${state}: ${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ; ')}`);
  assert.deepEqual(grave, []);
}

/** Fails when the page did something that it should not have done. */
export function requireGoodConduct({ misdeeds }: WatchedPage): void {
  assert.deepEqual(misdeeds, { foreign: [], blocked: [], console: [] });
}
