// The port where carriers report: paths, bodies, strangers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueError } from '../../../src/core/index.ts';
import type { RoadCallback, RoadCallbacks } from '../../../src/push/short-message/index.ts';
import { CallbackListener, type CallbackListenerOptions } from '../../../src/push/sms-routes/index.ts';

async function open(
  take: RoadCallbacks['take'],
  options: Partial<CallbackListenerOptions> = {},
  maxBody = 10,
): Promise<{ readonly url: string; readonly strangers: string[]; readonly listener: CallbackListener }> {
  const strangers: string[] = [];
  const listener = new CallbackListener({
    port: 0,
    address: '127.0.0.1',
    roads: new Map([['gw', { maxBody, take }]]),
    onStranger: (peer, status) => strangers.push(`${peer} ${status}`),
    ...options,
  });
  return { url: `http://127.0.0.1:${await listener.start()}`, strangers, listener };
}

test('a road gets what follows its path, the query, header fields and the body', async () => {
  const seen: RoadCallback[] = [];
  const { url, listener, strangers } = await open(async (request) => {
    seen.push(request);
    return { status: 200, text: 'taken', proved: true };
  });
  try {
    const response = await fetch(`${url}/sms/gw/token/more?d=1&a=x%20y`, {
      method: 'POST',
      headers: { 'X-Signature': 's' },
      body: 'body',
    });
    assert.deepEqual([response.status, await response.text()], [200, 'taken\n']);
    const [request] = seen;
    assert.ok(request !== undefined);
    const { method, path, query, body, peer } = request;
    assert.deepEqual([method, path, query.get('d'), query.get('a')], ['POST', 'token/more', '1', 'x y']);
    assert.deepEqual([request.header('x-signature'), Buffer.from(body).toString()], ['s', 'body']);
    assert.match(peer, /127\.0\.0\.1$/);
    assert.deepEqual(strangers, []);
  } finally {
    await listener.close();
  }
});

test('other paths are answered 404, bodies that are too long 413, and no road hears of them', async () => {
  let asked = 0;
  const { url, listener } = await open(async () => {
    asked += 1;
    return { status: 200, text: '', proved: true };
  });
  try {
    const status = async (path: string, body?: string): Promise<number> => {
      const response = await fetch(`${url}${path}`, body === undefined ? {} : { method: 'POST', body });
      await response.arrayBuffer();
      return response.status;
    };
    for (const path of ['/', '/sms', '/sms/', '/sms/other/x', '/other/gw/x', '/smsgw/x', '//sms/gw']) {
      assert.equal(await status(path), 404, path);
    }
    assert.equal(await status('/sms/gw/x', 'x'.repeat(11)), 413);
    assert.equal(asked, 0);
    assert.equal(await status('/sms/gw'), 200);
  } finally {
    await listener.close();
  }
});

test('who has no token is told so, and after too many tries nothing more; who had one is served all the same', async () => {
  const { url, listener, strangers } = await open(async ({ path }) =>
    path === 'known'
      ? { status: 200, text: 'taken', proved: true }
      : { status: 200, text: 'nobody waits for this', proved: false },
  );
  try {
    const status = async (path: string): Promise<number> => {
      const response = await fetch(`${url}/sms/gw/${path}`);
      await response.arrayBuffer();
      return response.status;
    };
    // What is allowed grows back slowly.
    let tries = 0;
    while ((await status('guess')) === 200) {
      tries += 1;
      assert.ok(tries < 1200, 'nobody is slowed down');
    }
    assert.ok(tries >= 1000);
    assert.equal(await status('guess'), 429);
    assert.equal(await status('known'), 200);
    assert.equal(strangers.length, tries + 2);
  } finally {
    await listener.close();
  }
});

test('a road that fails is a 500, and the listener goes on', async () => {
  const errors: unknown[] = [];
  const { url, listener } = await open(() => Promise.reject(new Error('broken')), {
    onError: (error) => errors.push(error),
  });
  try {
    for (let count = 0; count < 2; count += 1) {
      const response = await fetch(`${url}/sms/gw/x`);
      assert.deepEqual([response.status, await response.text()], [500, 'it could not be taken\n']);
    }
    assert.equal(errors.length, 2);
  } finally {
    await listener.close();
  }
});

test('a path that is none is refused', () => {
  for (const path of ['sms', '/a b', '/x?y', '/ü']) {
    const roads = new Map();
    assert.throws(
      () => new CallbackListener({ port: 0, address: '127.0.0.1', roads, path }),
      (error) => error instanceof ValueError && error.path === 'path',
    );
  }
});
