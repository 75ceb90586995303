// 200 datagrams a second from 64 addresses against each listener over UDP, and what comes back for each of them: nothing
// from WAP push, and from SIP no more than three times the octets that came, headers of IP and UDP counted.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, type TestContext, test } from 'node:test';
import { encodePush } from '../../../src/codec/wsp/index.ts';
import { contentTypes, type Push } from '../../../src/push/index.ts';
import { createSipSender, SipListener } from '../../../src/push/sip/index.ts';
import { createWapSender, WapListener } from '../../../src/push/wap/index.ts';
import { allServed, type FloodTally, startFlood, twoHundredDatagrams } from './flood.ts';

const honest = 50;
const never = new AbortController().signal;
const push: Push = { id: 'p', contentType: contentTypes['dm1.3'], body: new Uint8Array(60).fill(7) };

/** Octets of the headers of IPv4 and UDP. */
const headers = 28;

/** What came back for what was sent, as octets on the wire. */
function amplification({ octetsIn, datagramsIn, octetsOut, datagramsOut }: FloodTally): number {
  return (octetsIn + headers * datagramsIn) / (octetsOut + headers * datagramsOut);
}

async function sipDevice(t: TestContext): Promise<{ listener: SipListener; port: number }> {
  const listener = new SipListener({ port: 0, address: '127.0.0.1', tcp: false, handler: () => {} });
  const port = await listener.start();
  t.after(() => listener.close());
  return { listener, port };
}

describe('200 datagrams a second from 64 addresses', () => {
  for (const [name, octets] of [
    ['noise', Uint8Array.of(1, 2, 3)],
    [
      'pushes that look right',
      encodePush({ transactionId: 1, contentType: { code: 0x58 }, body: push.body }),
    ],
  ] as const) {
    test(`WAP listener, ${name}: honest pushes arrive, and nothing is ever answered`, async (t) => {
      const seen = new Set<number>();
      const listener = new WapListener({
        port: 0,
        address: '127.0.0.1',
        handler: async ({ body }) => {
          if (body.length === 61) seen.add(body[60] ?? -1);
          // Whoever verifies it takes its time.
          await new Promise((resolve) => setTimeout(resolve, 20));
        },
      });
      const port = await listener.start();
      t.after(() => listener.close());
      const end = await startFlood(t, twoHundredDatagrams(port, octets));
      const sender = createWapSender();
      t.after(() => sender.close());
      await allServed(honest, async (index) => {
        const body = Uint8Array.from([...push.body, index]);
        await sender.send({ ...push, body }, { host: '127.0.0.1', port }, never);
        // Nobody answers: a server sends again when nothing follows.
        for (let wait = 0; wait < 50 && !seen.has(index); wait += 1) {
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        assert.ok(seen.has(index));
      });
      const tally = await end();
      assert.ok(tally.datagramsOut >= 100, String(tally.datagramsOut));
      assert.deepEqual([tally.datagramsIn, tally.octetsIn], [0, 0]);
    });
  }

  const request = (method: string, via: string, more: string, sequenced = method): Uint8Array =>
    Buffer.from(
      `${method} sip:d SIP/2.0\r\nv:SIP/2.0/UDP ${via};branch=z9hG4bK@COUNT@;rport\r\nf:sip:a;tag=1\r\nt:sip:d\r\n` +
        `i:@COUNT@\r\nCSeq:1 ${sequenced}\r\n${more}\r\n`,
      'latin1',
    );
  for (const [name, octets] of [
    ['OPTIONS, whose answer has most to tell', request('OPTIONS', 'a', '')],
    [
      'MESSAGE of another type, answered with all that are taken',
      request('MESSAGE', 'a', 'c:text/plain\r\n'),
    ],
    ['a method that nobody knows', request('X', 'a', '')],
    ['a request whose fields contradict it', request('MESSAGE', 'a', '', 'INVITE')],
    ['a request that requires what there is not', request('MESSAGE', 'a', 'Require:x\r\n')],
  ] as const) {
    test(`SIP listener, ${name}: honest pushes are served, and what comes back is bounded`, async (t) => {
      const { port } = await sipDevice(t);
      const end = await startFlood(t, twoHundredDatagrams(port, octets));
      const sender = createSipSender({
        from: 'sip:dms@example.com',
        outboundProxy: `sip:127.0.0.1:${port};transport=udp`,
      });
      t.after(() => sender.close());
      await allServed(honest, async () => {
        await sender.send(push, { uri: 'sip:dev@example.com' }, never);
        await new Promise((resolve) => setTimeout(resolve, 20));
      });
      const tally = await end();
      assert.ok(tally.datagramsOut >= 100, String(tally.datagramsOut));
      assert.ok(tally.datagramsIn > 0, 'it is answered at all');
      const factor = amplification(tally);
      t.diagnostic(`${factor.toFixed(2)} times the octets that came`);
      assert.ok(factor <= 3, `${factor} times`);
    });
  }
});

describe('octets that one unauthenticated datagram calls forth from the SIP listener', () => {
  /** Sends datagrams from one socket and counts what comes back, until nothing does any more. */
  async function exchange(port: number, datagrams: readonly string[]): Promise<FloodTally> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const tally = { opened: 0, closedByPeer: 0, octetsOut: 0, octetsIn: 0, datagramsOut: 0, datagramsIn: 0 };
    socket.on('message', (message) => {
      tally.datagramsIn += 1;
      tally.octetsIn += message.length;
    });
    for (const text of datagrams) {
      const octets = Buffer.from(text, 'latin1');
      tally.datagramsOut += 1;
      tally.octetsOut += octets.length;
      socket.send(octets, port, '127.0.0.1');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.close();
    return tally;
  }

  const long = `OPTIONS sip:d SIP/2.0\r\nv:SIP/2.0/UDP a;branch=z9hG4bK1;rport\r\nf:sip:a;tag=1\r\nt:sip:d\r\ni:1\r\nCSeq:1 OPTIONS\r\nSubject: ${'s'.repeat(600)}\r\n\r\n`;
  const short =
    'OPTIONS sip:d SIP/2.0\r\nv:SIP/2.0/UDP a;branch=z9hG4bK1;rport\r\nf:sip:a;tag=1\r\nt:sip:d\r\ni:1\r\nCSeq:1 OPTIONS\r\n\r\n';

  test('a long request gets the whole answer; short ones of the same transaction do not get it again', async (t) => {
    const { port } = await sipDevice(t);
    const whole = await exchange(port, [long]);
    assert.ok(whole.octetsIn > 400, `${whole.octetsIn} octets`);
    const another = long.replace('z9hG4bK1', 'z9hG4bK2');
    const again = Array.from({ length: 60 }, () => short.replace('z9hG4bK1', 'z9hG4bK2'));
    const tally = await exchange(port, [another, ...again]);
    assert.ok(amplification(tally) <= 3, `${amplification(tally)} times`);
  });

  test('requests of no more than a line, keep-alives and responses call forth nothing beyond the bound', async (t) => {
    const { port } = await sipDevice(t);
    for (const text of ['OPTIONS sip:d SIP/2.0\r\n\r\n', '\r\n\r\n', 'x', 'SIP/2.0 200 OK\r\n\r\n', short]) {
      const tally = await exchange(port, [text]);
      assert.ok(amplification(tally) <= 3, `${JSON.stringify(text)}: ${amplification(tally)} times`);
    }
  });
});
