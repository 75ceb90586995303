// Answers with header fields that nobody can read count by their status (RFC 3261 §8.1.3); what was left out is in the error.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import {
  createResponse,
  decodeSipMessage,
  encodeSipMessage,
  type SipMessage,
  SipStreamReader,
} from '../../../src/codec/sip/index.ts';
import { type Bench, device, never, pushErrorOf, pushOf, withBench } from './support.ts';

type Answer = (request: SipMessage) => Uint8Array;

/** A proxy over UDP or TCP that answers every request with these octets; its port. */
async function proxy(bench: Bench, transport: 'udp' | 'tcp', answer: Answer): Promise<number> {
  if (transport === 'udp') {
    const socket = createSocket('udp4');
    socket.on('message', (octets, { port, address }) => {
      socket.send(answer(decodeSipMessage(octets)), port, address);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    bench.later(() => new Promise((resolve) => socket.close(() => resolve())));
    return socket.address().port;
  }
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const reader = new SipStreamReader();
    socket.on('error', () => {});
    socket.on('data', (octets: Uint8Array) => {
      reader.push(octets);
      const item = reader.next();
      if (item?.kind === 'message') socket.write(answer(item.message));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  bench.later(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return (server.address() as AddressInfo).port;
}

/** A response, with these octets (Latin-1) behind its status line. */
function answering(status: number, line: string, change = (text: string) => text): Answer {
  return (request) => {
    assert.equal(request.kind, 'request');
    if (request.kind !== 'request') return new Uint8Array();
    const plain = Buffer.from(encodeSipMessage(createResponse(request, status, { toTag: 'x' })));
    const text = plain.toString('latin1');
    const at = text.indexOf('\r\n') + 2;
    return Buffer.from(change(`${text.slice(0, at)}${line}${text.slice(at)}`), 'latin1');
  };
}

const rows: readonly (readonly [string, string, RegExp])[] = [
  ['control characters in Accept', 'Accept: text/\x01plain\r\n', /left out: Accept$/],
  ['a zero in a field that nobody knows', 'X-Odd: a\0b\r\n', /left out: X-Odd$/],
  ['octets that are no UTF-8', 'Warning: 399 x "\xff\xfe"\r\n', /left out: Warning$/],
  ['a bare line feed', 'Accept: a/b,\n c/d\r\n', /left out: Accept$/],
  ['a control character in what is folded', 'Accept: a/b,\r\n \x07c/d\r\n', /left out: Accept$/],
  ['a line without a name', 'this is no field\r\n', /left out: a line without a name$/],
  ['several of them', 'Server: \x02\r\nAccept: \x03\r\nServer: \x04\r\n', /left out: Server, Accept$/],
];
for (const transport of ['udp', 'tcp'] as const) {
  for (const [name, line, told] of rows) {
    test(
      `RFC 3261 §8.1.3: a 415 over ${transport} with ${name} is a 415, at once`,
      withBench(async (bench) => {
        const port = await proxy(bench, transport, answering(415, line));
        const sending = bench.sender(port, {}, transport).send(pushOf(), { uri: device }, never);
        const error = await pushErrorOf(sending);
        assert.equal(error.code, 'SIP_415');
        assert.equal(error.retryable, false);
        assert.match(error.message, told);
        if (/Accept/.test(String(told))) assert.doesNotMatch(error.message, /does not say/);
      }),
    );
    test(
      `a 200 over ${transport} with ${name} is a delivery`,
      withBench(async (bench) => {
        const port = await proxy(bench, transport, answering(200, line));
        const { outcome } = await bench.sender(port, {}, transport).send(pushOf(), { uri: device }, never);
        assert.equal(outcome, 'delivered');
      }),
    );
  }
}

const heads: readonly (readonly [string, (text: string) => string])[] = [
  [
    'a reason phrase with control characters',
    (text) => text.replace(/^(SIP\/2\.0 415) [^\r]*/, '$1 No\x01pe'),
  ],
  ['no reason phrase, and no space', (text) => text.replace(/^(SIP\/2\.0 415) [^\r]*/, '$1')],
  [
    'a Content-Length that is no number',
    (text) => text.replace(/Content-Length: *0/i, 'Content-Length: none'),
  ],
  [
    'a Content-Length beyond the datagram',
    (text) => text.replace(/Content-Length: *0/i, 'Content-Length: 40'),
  ],
];
for (const [name, change] of heads) {
  test(
    `a 415 with ${name} is a 415`,
    withBench(async (bench) => {
      const port = await proxy(bench, 'udp', answering(415, '', change));
      const error = await pushErrorOf(bench.sender(port, {}, 'udp').send(pushOf(), { uri: device }, never));
      assert.equal(error.code, 'SIP_415');
    }),
  );
}
