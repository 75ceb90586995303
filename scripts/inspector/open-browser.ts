// Debian's Chromium, driven by playwright-core, and an account of everything that a page does that it should not.
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** What a page did that it should not have done. */
export interface Misdeeds {
  /** Requests to anywhere but its origin; those that its policy blocked are among them where the browser tells. */
  readonly foreign: string[];
  /** What its policy of content security blocked: such requests are never seen as requests. */
  readonly blocked: string[];
  /** Errors and warnings in its console, and exceptions that nobody caught. */
  readonly console: string[];
}

/** A page, and what it did wrong so far. */
export interface WatchedPage {
  readonly page: Page;
  readonly misdeeds: Misdeeds;
}

/** Starts the browser; the caller closes it. */
export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: '/usr/bin/chromium',
    // Root has no sandbox, and shared memory may be small where tests run.
    args: [
      ...['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-background-networking'],
      // Letters in shades of grey: pictures stay small, and the same on every screen.
      ...['--disable-lcd-text', '--font-render-hinting=none'],
    ],
  });
}

/** A page in a profile of its own, at an address. Only its origin can be reached. */
export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, ...options });
  const misdeeds: Misdeeds = { foreign: [], blocked: [], console: [] };
  const { origin } = new URL(address);
  await context.route('**', async (route) => {
    const url = route.request().url();
    if (url.startsWith(`${origin}/`) || url.startsWith('data:') || url.startsWith('blob:')) {
      return await route.continue();
    }
    misdeeds.foreign.push(url);
    return await route.abort();
  });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) misdeeds.console.push(message.text());
  });
  page.on('pageerror', (error) => misdeeds.console.push(String(error)));
  await page.exposeFunction('tellBlocked', (what: string) => {
    misdeeds.blocked.push(what);
  });
  await page.addInitScript(
    `addEventListener('securitypolicyviolation', (event) => tellBlocked(event.violatedDirective + ' ' + event.blockedURI));`,
  );
  await page.goto(address);
  return { page, misdeeds };
}
