import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { test } from 'node:test';
import { decodePdu, encodePdu, PduReader, type SmppPdu, setSequence } from '../../../src/codec/smpp/index.ts';
import { bytesToHex, hexToBytes, PushError } from '../../../src/core/index.ts';
import { type RequestOutcome, SmppConnection } from '../../../src/push/sms/index.ts';
import { eventually, ManualClock } from '../../../src/testing/index.ts';
import { type Cleanup, scene } from './support.ts';

interface Pair {
  readonly clock: ManualClock;
  readonly connection: SmppConnection;
  readonly requests: SmppPdu[];
  readonly closed: PushError[];
  readonly outcomes: RequestOutcome[];
  /** The other end: bare octets. */
  readonly peer: Socket;
  /** PDUs that the other end has received. */
  readonly received: SmppPdu[];
  /** Sends a submit_sm; its outcome goes to `outcomes`. */
  submit(): void;
}

async function pair(cleanup: Cleanup, options: { readonly maxPduLength?: number } = {}): Promise<Pair> {
  const clock = new ManualClock();
  const server: Server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [peer] = (await once(server, 'connection')) as [Socket];
  await once(socket, 'connect');
  peer.on('error', () => {});
  const received: SmppPdu[] = [];
  const reader = new PduReader();
  peer.on('data', (chunk) => {
    reader.read(chunk, (octets) => {
      received.push(decodePdu(Uint8Array.from(octets)));
    });
  });
  const requests: SmppPdu[] = [];
  const closed: PushError[] = [];
  const outcomes: RequestOutcome[] = [];
  const connection = new SmppConnection(
    socket,
    { clock, responseMs: 10_000, enquireMs: 30_000, peer: 'sim', ...options },
    { onRequest: (request) => requests.push(request), onClose: (error) => closed.push(error) },
  );
  cleanup.add(async () => {
    connection.destroy(new PushError('LINK_LOST', 'the test is over', true));
    peer.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const submit = (): void => {
    connection.request(encodePdu({ command: 'submit_sm' }), (outcome) => outcomes.push(outcome));
  };
  return { clock, connection, requests, closed, outcomes, peer, received, submit };
}

test(
  'SMPP 3.4 §5.1.4: responses match by sequence number, in any order',
  scene(async (cleanup) => {
    const { connection, outcomes, peer, received, submit } = await pair(cleanup);
    for (let i = 0; i < 3; i += 1) submit();
    await eventually(() => received.length === 3);
    assert.deepEqual(
      received.map(({ sequence }) => sequence),
      [1, 2, 3],
    );
    assert.equal(connection.inFlight, 3);
    for (const sequence of [3, 1, 2]) {
      peer.write(encodePdu({ command: 'submit_sm_resp', sequence, messageId: `m${sequence}` }));
    }
    await eventually(() => outcomes.length === 3);
    assert.deepEqual(
      outcomes.map((outcome) => 'messageId' in outcome && outcome.messageId),
      ['m3', 'm1', 'm2'],
    );
    assert.equal(connection.inFlight, 0);
  }),
);

test(
  'SMPP 3.4 §4.11: the peer’s enquire_link is answered, and ours goes out after silence; two unanswered end the link',
  scene(async (cleanup) => {
    const { clock, closed, connection, peer, received } = await pair(cleanup);
    connection.keepAlive();
    peer.write(encodePdu({ command: 'enquire_link', sequence: 77 }));
    await eventually(() => received.find(({ command }) => command === 'enquire_link_resp')?.sequence === 77);
    received.length = 0;
    clock.advance(30_000);
    const first = await eventually(() => received.find(({ command }) => command === 'enquire_link'));
    peer.write(encodePdu({ command: 'enquire_link_resp', sequence: first.sequence }));
    await new Promise((resolve) => setImmediate(resolve));
    // What was answered is no sign of trouble.
    received.length = 0;
    await eventually(() => {
      clock.advance(1000);
      return received.find(({ command }) => command === 'enquire_link');
    });
    clock.advance(10_000);
    await eventually(() => received.filter(({ command }) => command === 'enquire_link').length >= 2);
    clock.advance(10_000);
    assert.equal(closed.length, 1);
    assert.match(closed[0]?.message ?? '', /2 enquire_link unanswered/);
  }),
);

test(
  'SMPP 3.4 §2.3: no enquire_link of ours before the session is bound, nor once one end unbinds',
  scene(async (cleanup) => {
    for (const unbind of ['ours', 'theirs'] as const) {
      const { clock, connection, peer, received, requests } = await pair(cleanup);
      const enquiries = (): number => received.filter(({ command }) => command === 'enquire_link').length;
      /** Longer than the silence after which it asks, while the peer proves that it is there. */
      const wait = async (sequence: number, ms = 70_000): Promise<void> => {
        clock.advance(ms);
        peer.write(encodePdu({ command: 'enquire_link', sequence }));
        await eventually(() => received.some((pdu) => pdu.sequence === sequence));
      };
      await wait(101);
      assert.equal(enquiries(), 0);
      connection.keepAlive();
      await wait(102, 31_000);
      assert.equal(enquiries(), 1);
      const asked = received.find(({ command }) => command === 'enquire_link');
      peer.write(encodePdu({ command: 'enquire_link_resp', sequence: asked?.sequence ?? 0 }));
      if (unbind === 'ours') {
        connection.request(encodePdu({ command: 'unbind' }), () => {});
        await eventually(() => received.some(({ command }) => command === 'unbind'));
        clock.advance(5000);
        peer.write(encodePdu({ command: 'enquire_link', sequence: 103 }));
        await eventually(() => received.some(({ sequence }) => sequence === 103));
      } else {
        peer.write(encodePdu({ command: 'unbind', sequence: 9 }));
        await eventually(() => requests.length === 1);
        connection.respond({ command: 'unbind_resp', sequence: 9 });
        await wait(103);
      }
      assert.equal(enquiries(), 1);
    }
  }),
);

test(
  'SMPP 3.4 §7.2: no response in time: the request fails, the link stays as long as anything comes',
  scene(async (cleanup) => {
    const { clock, closed, outcomes, peer, received, submit } = await pair(cleanup);
    submit();
    submit();
    await eventually(() => received.length === 2);
    clock.advance(5000);
    peer.write(encodePdu({ command: 'submit_sm_resp', sequence: 2 }));
    await eventually(() => outcomes.length === 1);
    clock.advance(5000);
    assert.equal(outcomes.length, 2);
    assert.ok(outcomes[1] instanceof PushError && outcomes[1].code === 'NO_RESPONSE');
    assert.deepEqual(closed, []);
    // Late: nobody waits for it any more.
    peer.write(encodePdu({ command: 'submit_sm_resp', sequence: 1 }));
    submit();
    await eventually(() => received.length === 3);
    peer.write(encodePdu({ command: 'submit_sm_resp', sequence: 3 }));
    await eventually(() => outcomes.length === 3);
  }),
);

test(
  'silence for the whole wait ends the link: everything in flight is in doubt',
  scene(async (cleanup) => {
    const { clock, closed, outcomes, received, submit } = await pair(cleanup);
    submit();
    submit();
    await eventually(() => received.length === 2);
    clock.advance(10_000);
    assert.equal(closed.length, 1);
    assert.ok(outcomes.length === 2);
    for (const outcome of outcomes) assert.ok(outcome instanceof PushError && outcome.code === 'LINK_LOST');
  }),
);

test(
  'SMPP 3.4 §4.3: an unknown command and an unreadable body are refused with generic_nack, and the link goes on',
  scene(async (cleanup) => {
    const { closed, peer, received, requests } = await pair(cleanup);
    peer.write(hexToBytes('00000010000000770000000000000005'));
    peer.write(hexToBytes('00000012000000050000000000000006' + '4142'));
    peer.write(encodePdu({ command: 'deliver_sm', sequence: 7 }));
    await eventually(() => received.length === 2 && requests.length === 1);
    assert.deepEqual(
      received.map(({ command, status, sequence }) => [command, status, sequence]),
      [
        ['generic_nack', 3, 5],
        ['generic_nack', 2, 6],
      ],
    );
    assert.deepEqual(closed, []);
  }),
);

const nonsense: readonly (readonly [string, string])[] = [
  ['a length of 0', `00000000${'00'.repeat(12)}`],
  ['a length below the header', `0000000f${'00'.repeat(11)}`],
  ['a length beyond all bounds', 'ffffffff80000004'],
  ['HTTP', bytesToHex(new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n\r\n'))],
];
for (const [name, hex] of nonsense) {
  test(
    `a peer that sends ${name}: the link ends with an error that says so, and what is in flight is in doubt`,
    scene(async (cleanup) => {
      const { closed, outcomes, peer, received, submit } = await pair(cleanup);
      submit();
      await eventually(() => received.length === 1);
      peer.write(hexToBytes(hex));
      await eventually(() => closed.length === 1);
      assert.equal(closed[0]?.code, 'PROTOCOL');
      assert.equal(closed[0]?.retryable, true);
      assert.ok(outcomes[0] instanceof PushError && outcomes[0].code === 'LINK_LOST');
    }),
  );
}

test(
  'SMPP 3.4 §4.3: a generic_nack answers a request',
  scene(async (cleanup) => {
    const { outcomes, peer, received, submit } = await pair(cleanup);
    submit();
    await eventually(() => received.length === 1);
    peer.write(encodePdu({ command: 'generic_nack', status: 8, sequence: 1 }));
    await eventually(() => outcomes.length === 1);
    assert.ok(outcomes[0] !== undefined && 'command' in outcomes[0] && outcomes[0].status === 8);
  }),
);

test(
  'a connection that breaks, at any octet of a response, tells every request once',
  scene(async (cleanup) => {
    const response = encodePdu({ command: 'submit_sm_resp', messageId: 'abc' });
    for (let cut = 0; cut < response.length; cut += 5) {
      const { closed, outcomes, peer, received, submit } = await pair(cleanup);
      submit();
      await eventually(() => received.length === 1);
      setSequence(response, 1);
      peer.end(response.subarray(0, cut));
      await eventually(() => closed.length === 1);
      assert.equal(outcomes.length, 1);
      assert.ok(outcomes[0] instanceof PushError && outcomes[0].code === 'LINK_LOST');
      submit();
      assert.ok(outcomes[1] instanceof PushError);
    }
  }),
);

test(
  'many requests in one turn leave in one write, and a peer that does not read makes the link congested',
  scene(async (cleanup) => {
    const { connection, outcomes, peer, received, submit } = await pair(cleanup);
    for (let i = 0; i < 100; i += 1) submit();
    await eventually(() => received.length === 100);
    peer.pause();
    const large = encodePdu({ command: 'data_sm', parameters: { messagePayload: new Uint8Array(60_000) } });
    for (let i = 0; i < 200 && !connection.congested; i += 1) {
      connection.request(large.slice(), (outcome) => outcomes.push(outcome));
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(connection.congested);
    peer.resume();
    await eventually(() => !connection.congested);
    assert.equal(outcomes.length, 0);
  }),
);

test(
  'end: what is written goes out, then the connection closes; a peer that does not close is not waited for',
  scene(async (cleanup) => {
    const { clock, connection, closed, peer, received } = await pair(cleanup);
    connection.respond({ command: 'deliver_sm_resp', sequence: 9 });
    connection.end();
    assert.equal(connection.open, false);
    await eventually(() => received.length === 1);
    peer.pause();
    clock.advance(10_000);
    await eventually(() => closed.length === 1);
  }),
);
