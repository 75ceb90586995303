// The page of the API in Debian's Chromium: every operation is there, one is tried with a token, nothing is asked of anybody else, and
// nothing is kept. Alone, and below the path of a proxy. And the client in that browser.
import assert from 'node:assert/strict';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { rolldown } from 'rolldown';
import { openBrowser, openPage } from '../../scripts/inspector/open-browser.ts';
import { openapiDocument } from '../../scripts/openapi/document.ts';
import { sampleDevice } from '../../src/testing/index.ts';
import { withApi } from '../api/api-bench.ts';

const token = 'a-token-of-operators';

/** What axe finds in Swagger UI itself, whoever uses it: its colours, buttons in buttons, lists without labels. */
const upstream = ['color-contrast', 'nested-interactive', 'select-name'];

/** The client as one script, which makes `reveille` of it. */
async function clientScript(): Promise<string> {
  const bundle = await rolldown({
    input: resolve(import.meta.dirname, '../../src/client/index.ts'),
    platform: 'browser',
  });
  const { output } = await bundle.generate({ format: 'iife', name: 'reveille' });
  await bundle.close();
  return `${output[0].code}\nglobalThis.reveille = reveille;`;
}

/** A proxy that has the API below `/dm/`. */
async function proxyTo(port: number): Promise<Server> {
  const server = createServer((asked, response) => {
    const path = (asked.url ?? '').replace(/^\/dm\//, '/');
    const headers = { ...asked.headers, host: `127.0.0.1:${port}` };
    const sent = request({ host: '127.0.0.1', port, method: asked.method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    asked.pipe(sent);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

describe('the page of the API', () => {
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser.close());

  const shown = async (base: string): Promise<void> => {
    const { page, misdeeds } = await openPage(browser, `${base}docs/`);
    await page.locator('.opblock').first().waitFor();
    const { paths } = (await openapiDocument()) as { readonly paths: Readonly<Record<string, object>> };
    const wanted = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const found = await page.locator('.opblock-summary').evaluateAll((blocks) =>
      blocks.map((block) => {
        const method = block.querySelector('.opblock-summary-method')?.textContent;
        return `${method} ${block.querySelector('.opblock-summary-path')?.getAttribute('data-path')}`;
      }),
    );
    assert.deepEqual(found.sort(), wanted.sort());

    await page.getByRole('button', { name: 'Authorize' }).first().click();
    await page.locator('.auth-container input').fill(token);
    await page.locator('.auth-btn-wrapper button[type=submit]').click();
    await page.locator('.btn-done').click();
    const block = page.locator('#operations-tokens-getCaller');
    await block.locator('button.opblock-summary-control').click();
    await block.locator('.try-out__btn').click();
    await block.locator('.execute').click();
    const answer = block.locator('.live-responses-table');
    await answer.waitFor();
    assert.match(await answer.innerText(), /200[\s\S]*"owner": "operator"/);
    assert.match(await block.locator('.request-url').innerText(), new RegExp(`${base}v1/whoami`));

    const { violations } = await new AxeBuilder({ page }).analyze();
    const grave = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id }) => id);
    assert.deepEqual(
      grave.filter((id) => !upstream.includes(id)),
      [],
    );
    const kept = await page.evaluate(
      'JSON.stringify([Object.values(localStorage), Object.values(sessionStorage), document.cookie])',
    );
    assert.equal(kept, '[[],[],""]');
    assert.deepEqual(misdeeds, { foreign: [], blocked: [], console: [] });
    await page.reload();
    await page.locator('.opblock').first().waitFor();
    assert.doesNotMatch(await page.content(), new RegExp(token));
    await page.context().close();
  };

  it('lets a page of the same origin use the client', () =>
    withApi(
      async ({ app }) => {
        await app.listen({ host: '127.0.0.1', port: 0 });
        const { port } = app.server.address() as AddressInfo;
        const base = `http://127.0.0.1:${port}`;
        const { page, misdeeds } = await openPage(browser, `${base}/docs/`);
        await page.evaluate(await clientScript());
        const { id } = sampleDevice();
        const watched = page.evaluate(`(async () => {
          const client = reveille.createClient({ url: ${JSON.stringify(base)}, token: ${JSON.stringify(token)} });
          const told = [];
          const refused = await client.get('/v1/jobs/{id}', { params: { path: { id: 'none' } } }).catch((error) => error);
          told.push(refused instanceof reveille.ApiProblem, refused.code);
          for await (const { id } of client.items('/v1/devices', { limit: 1 })) told.push(id);
          const { id } = await client.post('/v1/notifications', { body: { device: ${JSON.stringify(id)} } });
          for await (const { event } of client.watch(id)) {
            told.push(event);
            if (event === 'queued') await client.post('/v1/notifications/{id}/cancel', { params: { path: { id } } });
          }
          for await (const { length } of client.octets('/v1/devices/export')) told.push(length > 10);
          return told;
        })()`);
        assert.deepEqual(await watched, [true, 'NOT_FOUND', id, 'queued', 'cancelled', true]);
        // The console tells of every answer that is no success.
        assert.deepEqual([misdeeds.foreign, misdeeds.blocked], [[], []]);
        await page.context().close();
      },
      { tokens: [token] },
    ));

  it('shows and tries everything', () =>
    withApi(
      async ({ app }) => {
        await app.listen({ host: '127.0.0.1', port: 0 });
        const { port } = app.server.address() as AddressInfo;
        await shown(`http://127.0.0.1:${port}/`);
      },
      { tokens: [token] },
    ));

  it('does so below the path of a proxy', () =>
    withApi(
      async ({ app }) => {
        await app.listen({ host: '127.0.0.1', port: 0 });
        const proxy = await proxyTo((app.server.address() as AddressInfo).port);
        try {
          await shown(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}/dm/`);
        } finally {
          proxy.closeAllConnections();
          proxy.close();
        }
      },
      { tokens: [token] },
    ));
});
