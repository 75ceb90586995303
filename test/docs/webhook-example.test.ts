// The receiver in docs/webhooks.md takes what is signed, and nothing else.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { systemClock } from '../../src/core/index.ts';
import { newWebhookSecret, signedHeaders } from '../../src/server/webhook/webhook-signature.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'reveille-webhook-example-'));
after(() => rmSync(folder, { recursive: true }));

test('the receiver of the page verifies, and passes over what came before', async (context) => {
  const [, code] = /```js\n(.*?)```/s.exec(readFileSync(join(root, 'docs/webhooks.md'), 'utf8')) ?? [];
  assert.ok(code);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const file = join(folder, 'receiver.mjs');
  writeFileSync(file, code);
  const secret = newWebhookSecret();
  process.env.REVEILLE_WEBHOOK_SECRET = secret;
  const told: unknown[] = [];
  context.mock.method(console, 'log', (...words: unknown[]) => told.push(words));
  const { receiver } = (await import(file)) as { readonly receiver: Server };
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  try {
    const { port } = receiver.address() as AddressInfo;
    const body = JSON.stringify({ type: 'job.failed', data: { job: 'j' } });
    const send = async (headers: object, text = body) =>
      (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers: { ...headers }, body: text }))
        .status;
    const signed = signedHeaders('evt_n1_1', body, { current: secret }, systemClock().now());
    assert.equal(await send(signed), 204);
    assert.equal(await send(signed), 204);
    assert.equal(await send(signed, `${body} `), 401);
    assert.equal(await send({}), 401);
    assert.deepEqual(told, [['job.failed', { job: 'j' }]]);
  } finally {
    receiver.closeAllConnections();
    await new Promise((done) => receiver.close(done));
  }
});
