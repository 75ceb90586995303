// Answers in a content coding that nobody asked for (RFC 9110 §8.4.1).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { bytesToDisplayText, PushError } from '../../../src/core/index.ts';
import { HttpClient, type HttpResponse } from '../../../src/push/http/index.ts';
import { never } from './device.ts';
import { answer, fieldOf, startPeer } from './scripted-peer.ts';

async function exchange(
  t: TestContext,
  octets: Buffer,
  headers: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>> = {},
  status = '200 OK',
): Promise<{ readonly got: HttpResponse; readonly asked: string | undefined }> {
  const fields = { ...headers, 'Content-Length': String(octets.length) };
  const head = answer(status, fields).replace('Content-Length: 0\r\n', '');
  const peer = await startPeer(t, () => head + octets.toString('latin1'));
  const client = new HttpClient({ maxResponseSize: 2000 });
  t.after(() => client.close());
  const url = new URL(`${peer.origin}/send`);
  const got = await client.exchange({ method: 'GET', url, headers: own, keepRefusal: true }, never);
  const [request] = peer.requests;
  return { got, asked: request === undefined ? undefined : fieldOf(request, 'accept-encoding') };
}

const text = '{"id":"1001"}';

test('no coding is asked for, unless a request has its own wish', async (t) => {
  const plain = await exchange(t, Buffer.from(text), {});
  assert.equal(plain.asked, 'identity');
  const other = await exchange(t, Buffer.from(text), {}, { 'Accept-Encoding': 'br' });
  assert.equal(other.asked, 'br');
});

for (const [name, octets] of [
  ['gzip', gzipSync(text)],
  ['X-GZIP', gzipSync(text)],
  ['deflate', deflateSync(text)],
  ['deflate', deflateRawSync(text)],
  ['br', brotliCompressSync(text)],
  ['identity', Buffer.from(text)],
] as const) {
  test(`${name}: ${octets.length} octets are read, of refusals too`, async (t) => {
    for (const status of ['200 OK', '400 Bad Request']) {
      const { got } = await exchange(t, octets, { 'Content-Encoding': name }, {}, status);
      assert.equal(bytesToDisplayText(got.body), text);
      if (name !== 'identity') assert.equal(got.header('content-encoding'), undefined);
    }
  });
}

test('what is no such coding, or one that nobody knows, is left as it is', async (t) => {
  for (const name of ['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip']) {
    const { got } = await exchange(t, Buffer.from(text), { 'Content-Encoding': name });
    assert.equal(bytesToDisplayText(got.body), text, name);
    assert.equal(got.header('content-encoding'), name);
  }
});

test('a small answer that becomes a large one is too long', async (t) => {
  const bomb = gzipSync(Buffer.alloc(1_000_000));
  assert.ok(bomb.length < 2000);
  await assert.rejects(
    exchange(t, bomb, { 'Content-Encoding': 'gzip' }),
    (error) =>
      error instanceof PushError && error.code === 'PROTOCOL' && /longer than 2000/.test(error.message),
  );
});
