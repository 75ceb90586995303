// What datagrams of strangers call forth: nothing from WAP push, and from SIP no more than three times the octets that came,
// the headers of IP and UDP counted.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, type TestContext, test } from 'node:test';
import { encodePush } from '../../src/codec/wsp/index.ts';
import { SipListener } from '../../src/push/sip/index.ts';
import { WapListener } from '../../src/push/wap/index.ts';

/** Octets of the headers of IPv4 and UDP. */
const headers = 28;

interface Tally {
  octetsOut: number;
  octetsIn: number;
  datagramsOut: number;
  datagramsIn: number;
}

/** What came back for what was sent, as octets on the wire. */
function amplification({ octetsIn, datagramsIn, octetsOut, datagramsOut }: Tally): number {
  return (octetsIn + headers * datagramsIn) / (octetsOut + headers * datagramsOut);
}

/** Sends datagrams from one socket and counts what comes back, until nothing does any more. */
async function exchange(port: number, datagrams: readonly (string | Uint8Array)[]): Promise<Tally> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const tally = { octetsOut: 0, octetsIn: 0, datagramsOut: 0, datagramsIn: 0 };
  socket.on('message', (message) => {
    tally.datagramsIn += 1;
    tally.octetsIn += message.length;
  });
  for (const datagram of datagrams) {
    const octets = typeof datagram === 'string' ? Buffer.from(datagram, 'latin1') : datagram;
    tally.datagramsOut += 1;
    tally.octetsOut += octets.length;
    socket.send(octets, port, '127.0.0.1');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  socket.close();
  return tally;
}

async function sipDevice(t: TestContext): Promise<number> {
  const listener = new SipListener({ port: 0, address: '127.0.0.1', tcp: false, handler: () => {} });
  const port = await listener.start();
  t.after(() => listener.close());
  return port;
}

test('a WAP listener answers nothing: no noise, and no push', async (t) => {
  const listener = new WapListener({ port: 0, address: '127.0.0.1', handler: () => {} });
  const port = await listener.start();
  t.after(() => listener.close());
  const push = encodePush({ transactionId: 1, contentType: { code: 0x58 }, body: new Uint8Array(60) });
  const tally = await exchange(port, [
    Uint8Array.of(1, 2, 3),
    'x',
    push,
    push.subarray(0, 9),
    new Uint8Array(1400),
  ]);
  assert.deepEqual([tally.datagramsIn, tally.octetsIn], [0, 0]);
  assert.equal(listener.counters().received, 5);
});

describe('octets that unauthenticated datagrams call forth from the SIP listener', () => {
  /** As short as a request can be written. */
  const request = (method: string, count: number, more = '', sequenced = method): string =>
    `${method} sip:d SIP/2.0\r\nv:SIP/2.0/UDP a;branch=z9hG4bK${count};rport\r\nf:sip:a;tag=1\r\nt:sip:d\r\n` +
    `i:${count}\r\nCSeq:1 ${sequenced}\r\n${more}\r\n`;

  for (const [name, make] of [
    ['OPTIONS, whose answer has most to tell', (count: number) => request('OPTIONS', count)],
    [
      'MESSAGE of another type, answered with all that are taken',
      (count: number) => request('MESSAGE', count, 'c:text/plain\r\n'),
    ],
    ['a method that nobody knows', (count: number) => request('X', count)],
    ['a request whose fields contradict it', (count: number) => request('MESSAGE', count, '', 'INVITE')],
    [
      'a request that requires what there is not',
      (count: number) => request('MESSAGE', count, 'Require:x\r\n'),
    ],
    ['the same request again and again', () => request('OPTIONS', 1)],
  ] as const) {
    test(`${name}: it is answered, with no more than three times as many`, async (t) => {
      const tally = await exchange(
        await sipDevice(t),
        Array.from({ length: 20 }, (_, count) => make(count)),
      );
      assert.ok(tally.datagramsIn > 0);
      assert.ok(amplification(tally) <= 3, `${amplification(tally)} times`);
    });
  }

  const long = `OPTIONS sip:d SIP/2.0\r\nv:SIP/2.0/UDP a;branch=z9hG4bK1;rport\r\nf:sip:a;tag=1\r\nt:sip:d\r\ni:1\r\nCSeq:1 OPTIONS\r\nSubject: ${'s'.repeat(600)}\r\n\r\n`;
  const short =
    'OPTIONS sip:d SIP/2.0\r\nv:SIP/2.0/UDP a;branch=z9hG4bK1;rport\r\nf:sip:a;tag=1\r\nt:sip:d\r\ni:1\r\nCSeq:1 OPTIONS\r\n\r\n';

  test('a long request gets the whole answer; short ones of the same transaction do not get it again', async (t) => {
    const port = await sipDevice(t);
    const whole = await exchange(port, [long]);
    assert.ok(whole.octetsIn > 400, `${whole.octetsIn} octets`);
    const another = long.replace('z9hG4bK1', 'z9hG4bK2');
    const again = Array.from({ length: 60 }, () => short.replace('z9hG4bK1', 'z9hG4bK2'));
    const tally = await exchange(port, [another, ...again]);
    assert.ok(amplification(tally) <= 3, `${amplification(tally)} times`);
  });

  test('requests of no more than a line, keep-alives and responses call forth nothing beyond the bound', async (t) => {
    const port = await sipDevice(t);
    for (const text of ['OPTIONS sip:d SIP/2.0\r\n\r\n', '\r\n\r\n', 'x', 'SIP/2.0 200 OK\r\n\r\n', short]) {
      const tally = await exchange(port, [text]);
      assert.ok(amplification(tally) <= 3, `${JSON.stringify(text)}: ${amplification(tally)} times`);
    }
  });
});
