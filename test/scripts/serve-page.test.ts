// The inspector's own server: any target of a request has an answer, and the server lives on.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { servePage } from '../../scripts/inspector/serve-page.ts';

test('a target that is no path of the page is refused, and the next is answered', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'page-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'index.html'), '<p>page</p>');
  const { server, address } = await servePage(folder, 0);
  t.after(() => server.close());
  const statusOf = (path: string): Promise<number | undefined> =>
    new Promise((done, fail) => {
      get(address, { path, agent: false }, (response) => {
        response.resume();
        response.once('end', () => done(response.statusCode));
      }).once('error', fail);
    });
  for (const path of ['//', '//:', '//a:b/', '///', 'http://a:99999/', '*', 'index.html']) {
    assert.equal(await statusOf(path), 400, path);
  }
  for (const path of ['/../secret.html', '/%2e%2e/secret.html', '/%00.html', '/%', '/folder/']) {
    assert.equal(await statusOf(path), 404, path);
  }
  assert.equal(await statusOf('/'), 200);
  assert.equal(await statusOf('/index.html?a=//'), 200);
});
