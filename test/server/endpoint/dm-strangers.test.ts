// The DM endpoint towards those who are not who they say, or say nothing that can be read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eventually, sampleDevice } from '../../../src/testing/index.ts';
import { withServer } from '../server-bench.ts';

const deviceId = sampleDevice().id;

/** An answer with what differs by chance taken out. */
function shapeOf(body: Uint8Array, ...names: string[]): string {
  let text = Buffer.from(body)
    .toString()
    .replace(/<NextNonce[^<]*<\/NextNonce>/g, '<NextNonce/>')
    .replace(/s=[0-9a-f]{32}/g, 's=TOKEN');
  for (const name of names) text = text.replaceAll(name, 'DEVICE');
  return text;
}

test('a device that does not exist is answered like one whose credentials are wrong', () =>
  withServer({}, async ({ deviceLike, device }) => {
    const wrong = { ...device.state.client, secret: 'guessed' };
    const known = deviceLike({ client: wrong }, { peer: '192.0.2.2' });
    const unknown = deviceLike({ client: wrong, deviceId: 'IMEI:000000000000000' }, { peer: '192.0.2.3' });
    const runs = await Promise.all([known, unknown].map((each) => each.run({ sessionId: 77 })));
    const [ofKnown, ofUnknown] = runs.map(({ responses }) =>
      responses.map(({ status, headers, body }) => ({
        status,
        headers,
        shape: shapeOf(body, deviceId, 'IMEI:000000000000000'),
      })),
    );
    assert.deepEqual(ofUnknown, ofKnown);
    assert.equal(ofKnown?.length, 2);
    assert.match(ofKnown[0]?.shape ?? '', /<Data>401<\/Data>/);
    assert.match(ofKnown[0]?.shape ?? '', /syncml:auth-md5/);
    assert.doesNotMatch(ofKnown[1]?.shape ?? '', /<Chal>/);
  }));

test('without credentials the answer is 407 and a challenge, whoever asks', () =>
  withServer({}, async ({ deviceLike, server }) => {
    for (const id of [deviceId, 'IMEI:000000000000000']) {
      const asking = deviceLike({ deviceId: id });
      const first = asking.open({
        sessionId: 78,
        account: { serverId: 'x', serverUri: asking.state.serverUri },
      });
      const step = first.start();
      assert.ok(step.send);
      const response = await server.endpoint.handle(asking.request(step.send));
      assert.match(asking.statusesOf(response), /^SyncHdr=407 Alert=407 Replace=407$/);
    }
  }));

test('a session that fails to authenticate leaves the notification as it was, and its reason tells what to check', () =>
  withServer({}, async ({ deviceLike, device, push, reaches, store, story, clock, wap }) => {
    const id = await push();
    await reaches(id, 'sent');
    const stranger = deviceLike({ client: { ...device.state.client, secret: 'guessed' } });
    await stranger.run({ sessionId: 1 });
    assert.equal((await store.push(id))?.state, 'sent');
    // The answer does not wait for the note, so that its time tells nothing.
    await eventually(async () => (await story(id)).length > 3);
    assert.deepEqual(await story(id), ['queued', 'sending', 'sent', 'session-failed']);
    const before = sampleDevice().clientCredentials.nonce;
    assert.deepEqual((await store.device(deviceId))?.clientCredentials?.nonce, before);
    for (let sent = 1; sent < 3; sent += 1) {
      clock.advance(4_800_000);
      await eventually(() => wap.pushes.length > sent);
      await reaches(id, 'sent');
    }
    clock.advance(4_800_000);
    await reaches(id, 'failed');
    assert.equal(
      (await store.push(id))?.reason,
      'no answer after 3 pushes; met on the way: a session did not authenticate: ' +
        "the credentials of the client do not hold: check the client's name and secret on both ends",
    );
  }));

test('attempts that fail are bounded per device and peer, and the others are let in', () =>
  withServer(
    { server: { endpoint: { attempts: { pair: { maxFailures: 4, windowMs: 60_000 } } } } },
    async ({ deviceLike, device, push, clock, reaches }) => {
      const stranger = deviceLike(
        { client: { ...device.state.client, secret: 'guessed' } },
        { peer: '203.0.113.9' },
      );
      for (const statuses of [[200, 200], [200, 200], [429]]) {
        const run = await stranger.run({ sessionId: 79 });
        assert.deepEqual(
          run.responses.map((response) => response.status),
          statuses,
        );
        if (statuses.length === 1) assert.equal(run.responses[0]?.headers['retry-after'], '60');
      }
      const id = await push();
      await reaches(id, 'sent');
      assert.deepEqual((await device.run({ sessionId: 1 })).end, { outcome: 'completed' });
      clock.advance(60_000);
      assert.equal((await stranger.run({ sessionId: 80 })).responses[0]?.status, 200);
    },
  ));

test('a peer that tries many devices is bounded too', () =>
  withServer(
    { server: { endpoint: { attempts: { peer: { maxFailures: 4, windowMs: 60_000 } } } } },
    async ({ deviceLike, device }) => {
      const statuses: (number | undefined)[] = [];
      for (let count = 0; count < 3; count += 1) {
        const stranger = deviceLike({
          deviceId: `IMEI:${count}`,
          client: { ...device.state.client, secret: 'guessed' },
        });
        statuses.push((await stranger.run({ sessionId: 81 })).responses.at(-1)?.status);
      }
      assert.deepEqual(statuses, [200, 200, 429]);
    },
  ));

test('sessions that never authenticate cannot crowd out those that do', () =>
  withServer(
    { server: { endpoint: { maxPending: 5 } } },
    async ({ deviceLike, device, server, taken, push }) => {
      for (let count = 0; count < 50; count += 1) {
        const stranger = deviceLike({ deviceId: `IMEI:${count}` }, { peer: `203.0.113.${count}` });
        const step = stranger
          .open({ sessionId: 82, account: { serverId: 'x', serverUri: 'http://x/' } })
          .start();
        assert.ok(step.send);
        assert.equal((await server.endpoint.handle(stranger.request(step.send))).status, 200);
      }
      await push();
      assert.deepEqual((await taken(0))?.end, { outcome: 'completed' });
      assert.deepEqual(device.verdicts, ['given']);
    },
  ));

test('requests that are no DM messages are refused in one line each', () =>
  withServer({ server: { endpoint: { maxBody: 1000 } } }, async ({ server, device }) => {
    const step = device.open({ sessionId: 1 }).start();
    assert.ok(step.send);
    const good = device.request(step.send);
    const { message } = step.send;
    const named = (sessionId: string) =>
      device.request({ message: { ...message, header: { ...message.header, sessionId } } });
    const xml = 'application/vnd.syncml.dm+xml';
    const text = (body: string, contentType = xml) => ({ ...good, contentType, body: Buffer.from(body) });
    for (const [request, status, words] of [
      [{ ...good, method: 'GET' }, 405, /POST/],
      [{ ...good, contentType: undefined, body: Buffer.from('hello') }, 415, /dm\+xml or \+wbxml/],
      [{ ...good, contentType: 'text/html' }, 415, /dm\+xml or \+wbxml/],
      [{ ...good, body: new Uint8Array(1001) }, 413, /at most 1000 octets/],
      [text(''), 400, /cannot be read/],
      [text('<SyncML>'), 400, /cannot be read/],
      [text('<!DOCTYPE a [<!ENTITY b "c">]><SyncML>&b;</SyncML>'), 400, /cannot be read/],
      [text('\u0003\u0001'), 400, /cannot be read/],
      [text('\u0002', 'application/vnd.syncml.dm+wbxml'), 400, /cannot be read/],
      [named(' '), 400, /SessionID/],
      [named('1'.repeat(65)), 400, /SessionID/],
    ] as const) {
      const response = await server.endpoint.handle(request);
      assert.equal(response.status, status);
      const said = Buffer.from(response.body).toString();
      assert.match(said, words);
      assert.match(said, /^[^\n]+\n$/);
      assert.match(response.headers['content-type'] ?? '', /text\/plain/);
    }
  }));

test('property: any octets get an answer that is a refusal', () =>
  withServer({}, async ({ server }) => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('application/vnd.syncml.dm+xml', 'application/vnd.syncml.dm+wbxml'),
        fc.option(fc.string(), { nil: undefined }),
        async (body, contentType, hmac) => {
          const response = await server.endpoint.handle({
            method: 'POST',
            contentType,
            body,
            peer: 'p',
            ...(hmac !== undefined && { hmac }),
          });
          assert.equal(response.status, 400);
        },
      ),
    );
  }));
