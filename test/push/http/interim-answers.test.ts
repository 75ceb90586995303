// Interim answers that nobody asked for (RFC 9110 §15.2): passed over, however they come, and nothing is sent twice.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { bytesToDisplayText, PushError, utf8ToBytes } from '../../../src/core/index.ts';
import { HttpClient } from '../../../src/push/http/index.ts';
import { never } from './device.ts';
import { answer, type Script, startPeer } from './scripted-peer.ts';

async function clientOf(t: TestContext, script: Script) {
  const peer = await startPeer(t, script);
  const client = new HttpClient({ maxConnections: 1 });
  t.after(() => client.close());
  const ask = async (body = 'x'): Promise<readonly [number, string]> => {
    const request = { method: 'POST', url: new URL(`${peer.origin}/send`), headers: {} } as const;
    const got = await client.exchange({ ...request, body: utf8ToBytes(body) }, never);
    return [got.status, bytesToDisplayText(got.body)];
  };
  return { peer, ask };
}

const interims = {
  'a 100': 'HTTP/1.1 100 Continue\r\n\r\n',
  'a 100 without a reason': 'HTTP/1.1 100\r\n\r\n',
  'a 100 with fields': 'HTTP/1.1 100 Continue\r\nServer: old\r\nX: y\r\n\r\n',
  'a 100 of HTTP/1.0': 'HTTP/1.0 100 Continue\r\n\r\n',
  'two 100': 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n',
  'a 102, a 103 and a 100':
    'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n',
  'a 199': 'HTTP/1.1 199 Whatever\r\n\r\n',
};

for (const [name, interim] of Object.entries(interims)) {
  test(`${name} before each answer, on a connection that is kept`, async (t) => {
    const { peer, ask } = await clientOf(t, (_, index) => interim + answer('200 OK', {}, `taken ${index}`));
    assert.deepEqual(
      [await ask(), await ask(), await ask()],
      [0, 1, 2].map((index) => [200, `taken ${index}`]),
    );
    assert.equal(peer.requests.length, 3);
  });

  test(`${name}, octet by octet`, async (t) => {
    const { peer, ask } = await clientOf(t, (_request, _index, socket) => {
      const octets = [...(interim + answer('200 OK', {}, 'taken'))];
      const next = (): void => {
        const octet = octets.shift();
        if (octet === undefined) return;
        socket.write(octet, 'latin1');
        setImmediate(next);
      };
      next();
      return undefined;
    });
    assert.deepEqual(await ask(), [200, 'taken']);
    assert.equal(peer.requests.length, 1);
  });
}

test('a body that looks like an interim answer is a body', async (t) => {
  const body = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n';
  const { ask } = await clientOf(t, (_request, _index, socket) => {
    socket.write(answer('200 OK', {}, body).slice(0, -body.length));
    setImmediate(() => socket.write(body));
    return undefined;
  });
  assert.deepEqual(await ask(), [200, body]);
});

for (const [name, said] of Object.entries({
  'an interim answer and no other': 'HTTP/1.1 100 Continue\r\n\r\n',
  'half an interim answer': 'HTTP/1.1 100 Con',
  'the start of a status line': 'HTT',
})) {
  test(`${name}, and the end: no answer`, async (t) => {
    const { peer, ask } = await clientOf(t, (_request, _index, socket) => {
      socket.end(said);
      return undefined;
    });
    await assert.rejects(ask(), (error) => error instanceof PushError && !error.notTaken);
    assert.equal(peer.requests.length, 1);
  });
}

test('an interim answer without an end is none', async (t) => {
  const { ask } = await clientOf(t, () => `HTTP/1.1 100 Continue\r\n${'X: yyyyyyyy\r\n'.repeat(10_000)}`);
  await assert.rejects(ask(), PushError);
});
