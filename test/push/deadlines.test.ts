// Slow peers in every phase of every listener over TCP: whatever trickles in, one octet at a time, there is a time for all
// of it, and then the connection is closed.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { HttpPushListener } from '../../src/push/http/index.ts';
import { ObexListener } from '../../src/push/obex/index.ts';
import { PapListener } from '../../src/push/pap/index.ts';
import { SipListener } from '../../src/push/sip/index.ts';
import { eventually, ManualClock } from '../../src/testing/index.ts';
import { deviceTls } from './http/device.ts';

/** A listener that runs on the clock. */
type Start = (clock: ManualClock) => {
  readonly start: () => Promise<number>;
  readonly close: () => Promise<void>;
  readonly tlsPort?: number | undefined;
};

const place = { port: 0, address: '127.0.0.1' };
const handler = (): void => {};

const http: Start = (clock) => {
  const listener = new HttpPushListener({ ...place, clock, handler });
  return { start: () => listener.start(), close: () => listener.close() };
};
const https: Start = (clock) => {
  const listener = new HttpPushListener({ ...place, clock, handler, tls: deviceTls });
  return { start: () => listener.start(), close: () => listener.close() };
};
const pap: Start = (clock) => {
  const handle = async () => ({ status: 401, headers: {}, body: new Uint8Array() });
  const listener = new PapListener({ ...place, clock, routes: { '/pap': { maxBody: 1000, handle } } });
  return { start: () => listener.start(), close: () => listener.close() };
};
const obex: Start = (clock) => {
  const listener = new ObexListener({ ...place, clock, handler });
  return { start: () => listener.start(), close: () => listener.close() };
};
const obexTls: Start = (clock) => {
  const listener = new ObexListener({ ...place, clock, handler, tls: deviceTls });
  return { start: () => listener.start(), close: () => listener.close() };
};
const sip: Start = (clock) => {
  const listener = new SipListener({ ...place, clock, handler, udp: false });
  return { start: () => listener.start(), close: () => listener.close() };
};
const sips: Start = (clock) => {
  const tls = { port: 0, options: deviceTls };
  const listener = new SipListener({ ...place, clock, handler, udp: false, tcp: false, tls });
  return { start: () => listener.start(), close: () => listener.close() };
};

const clientHello = '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03';
const type = 'application/vnd.syncml.dm.notification\x00';
const putBegin = `\x02\x00${String.fromCharCode(6 + type.length)}\x42\x00${String.fromCharCode(3 + type.length)}${type}`;
const message = 'MESSAGE sip:dev@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1\r\n';

/** Name, listener, what comes at once, what comes octet by octet, and the time for it in milliseconds. */
const rows: readonly (readonly [string, Start, string, string, number])[] = [
  ['HTTP: silence', http, '', '', 30_000],
  ['HTTP: a header', http, 'POST /wappush HTTP/1.1\r\nX: ', 'a', 30_000],
  ['HTTP: a body', http, 'POST /wappush HTTP/1.1\r\nHost: d\r\nContent-Length: 99999\r\n\r\n', 'a', 30_000],
  ['HTTP: requests for nothing', http, '', 'GET / HTTP/1.1\r\nHost: d\r\n\r\n', 30_000],
  ['HTTPS: a handshake', https, clientHello, 'a', 30_000],
  ['PAP: a header', pap, 'POST /pap HTTP/1.1\r\nX: ', 'a', 30_000],
  ['PAP: a body', pap, 'POST /pap HTTP/1.1\r\nHost: d\r\nContent-Length: 999\r\n\r\n', 'a', 30_000],
  ['PAP: requests without credentials', pap, '', 'POST /pap HTTP/1.1\r\nHost: d\r\n\r\n', 30_000],
  ['OBEX: silence', obex, '', '', 30_000],
  ['OBEX: a CONNECT', obex, '\x80\x1f\xff\x10', '\x00', 30_000],
  ['OBEX: a packet of a PUT', obex, '\x80\x00\x07\x10\x00\x20\x00\x02\x1f\xff', '\x00', 30_000],
  [
    'OBEX: packets of a PUT',
    obex,
    `\x80\x00\x07\x10\x00\x20\x00${putBegin}`,
    '\x02\x00\x07\x48\x00\x04x',
    300_000,
  ],
  ['OBEX: requests without a CONNECT', obex, '', '\x83\x00\x03', 30_000],
  ['OBEX over TLS: a handshake', obexTls, clientHello, 'a', 30_000],
  ['SIP: silence', sip, '', '', 32_000],
  ['SIP: keep-alives', sip, '', '\r\n\r\n', 32_000],
  ['SIP: a header', sip, `${message}X: `, 'a', 32_000],
  ['SIP: a body', sip, `${message}Content-Length: 60000\r\n\r\n`, 'a', 32_000],
  ['SIP over TLS: a handshake', sips, clientHello, 'a', 32_000],
];

/** In how many steps the time passes: in each another piece comes. */
const steps = 20;

async function slowPeer(t: TestContext, row: (typeof rows)[number]): Promise<void> {
  const [, start, first, trickle, limitMs] = row;
  const clock = new ManualClock();
  const listener = start(clock);
  const port = await listener.start();
  t.after(() => listener.close());
  const before = clock.waiting;
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'connect');
  await eventually(() => clock.waiting > before);
  // All octets have to be there before time passes.
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const send = async (text: string): Promise<void> => {
    if (text !== '') socket.write(Buffer.from(text, 'latin1'));
    await settle();
  };
  await send(first);
  for (let step = 1; step < steps; step += 1) {
    await send(trickle);
    clock.advance(limitMs / steps);
    await settle();
    assert.ok(
      !socket.readableEnded && !socket.destroyed,
      `closed after ${step} of ${steps} parts of the time`,
    );
  }
  await send(trickle);
  clock.advance(limitMs / steps);
  await eventually(() => socket.readableEnded || socket.destroyed);
}

describe('a peer that trickles has a time in all', () => {
  for (const row of rows) test(`${row[0]}, ${row[4] / 1000} s`, (t) => slowPeer(t, row));
});
