import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import fc from 'fast-check';
import {
  encodeSipMessage,
  headerValue,
  type SipHeader,
  type SipRequest,
} from '../../../src/codec/sip/index.ts';
import { bytesToHex, ConfigError, utf8ToBytes, ValueError } from '../../../src/core/index.ts';
import { contentTypes } from '../../../src/push/index.ts';
import {
  type ReceivedSipPush,
  type SipDropReason,
  SipListener,
  type SipListenerOptions,
} from '../../../src/push/sip/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { octetsOf, requestOf } from '../../codec/sip/support.ts';
import { hasIpv6 } from '../wap/udp-socket.ts';
import { RawStream, RawUdp } from './raw-client.ts';
import { awkward, type Bench, makeCertificates, never, pushErrorOf, pushOf, withBench } from './support.ts';

let count = 0;

interface MessageParts {
  readonly type?: string;
  readonly body?: Uint8Array;
  readonly branch?: string;
  readonly callId?: string;
  readonly method?: string;
  readonly requestUri?: string;
  readonly to?: string;
  readonly via?: string;
  readonly extra?: readonly SipHeader[];
}

const dm: SipHeader = { name: 'Accept-Contact', value: '*;+g.oma.eventappid="syncml.dm";require;explicit' };

/** A MESSAGE, new each time. */
function message(parts: MessageParts = {}): SipRequest {
  count += 1;
  const { method = 'MESSAGE', type = contentTypes['dm1.3'].mime, extra = [dm] } = parts;
  return requestOf({
    method,
    requestUri: parts.requestUri ?? 'sip:dev1@127.0.0.1',
    headers: [
      {
        name: 'Via',
        value: parts.via ?? `SIP/2.0/UDP 127.0.0.1;branch=${parts.branch ?? `z9hG4bK${count}`};rport`,
      },
      { name: 'From', value: '<sip:dms@example.com>;tag=1' },
      { name: 'To', value: parts.to ?? '<sip:dev1@example.com>' },
      { name: 'Call-ID', value: parts.callId ?? `call-${count}` },
      { name: 'CSeq', value: `1 ${method}` },
      ...(type === '' ? [] : [{ name: 'Content-Type', value: type }]),
      ...extra,
    ],
    body: parts.body ?? awkward(30),
  });
}

const octets = (parts?: MessageParts): Uint8Array => encodeSipMessage(message(parts));

interface Device {
  readonly listener: SipListener;
  readonly port: number;
  readonly pushes: ReceivedSipPush[];
  readonly peer: RawUdp;
  readonly drops: string[];
  readonly errors: unknown[];
}

async function deviceOf(bench: Bench, options: Partial<SipListenerOptions> = {}): Promise<Device> {
  const drops: string[] = [];
  const errors: unknown[] = [];
  const made = await bench.listener({
    onDrop: ({ reason, binding }) => void drops.push(`${binding} ${reason}`),
    onError: (error) => void errors.push(error),
    ...options,
  });
  const peer = await RawUdp.open();
  bench.later(() => peer.close());
  return { ...made, peer, drops, errors };
}

function assertSums(listener: SipListener): void {
  const { received, accepted, dropped } = listener.counters();
  assert.equal(received, accepted + Object.values(dropped).reduce((sum, one) => sum + one, 0));
}

const rows: readonly (readonly [keyof typeof contentTypes, string])[] = [
  ['dm1.3-2010', 'N10-C-006 DM-NOTI-1.3-2010 §7.3'],
  ['dm1.3', 'N13-C-022 DM-NOTI-1.3 §7.3'],
  ['dm+wbxml', 'PB-C-004 DM-PUSH §5.2'],
  ['dm+xml', 'PB-C-004 DM-PUSH §5.2'],
  ['dm1.2', 'spec-notes ruling 8'],
];
for (const [type, rule] of rows) {
  test(
    `${rule}: ${type} is answered 200 and handed over, octet for octet`,
    withBench(async (bench) => {
      const { listener, port, pushes, peer } = await deviceOf(bench);
      const { mime } = contentTypes[type];
      const request = message({ type: `${mime.toUpperCase()} ; charset="utf-8"`, callId: `c-${type}` });
      const response = await peer.ask(encodeSipMessage(request), port);
      assert.equal(response.status, 200);
      assert.match(headerValue(response, 'To') ?? '', /^<sip:dev1@example\.com>;tag=[0-9a-f]{12}$/);
      assert.equal(headerValue(response, 'Contact'), undefined);
      const [push] = pushes;
      assert.deepEqual(push, {
        binding: 'sip',
        from: `127.0.0.1:${peer.port}`,
        contentType: { mime, code: undefined },
        content: type.startsWith('dm1.') ? 'notification' : type,
        parameters: { charset: 'utf-8' },
        body: awkward(30),
        sender: 'sip:dms@example.com',
        requestUri: 'sip:dev1@127.0.0.1',
        callId: `c-${type}`,
      });
      assert.equal(listener.counters().accepted, 1);
      assertSums(listener);
    }),
  );
}

const feature = (value: string): readonly SipHeader[] => [{ name: 'Accept-Contact', value }];

test(
  'spec-notes ruling 9: the feature tag in any spelling, or none, is taken; another application is not',
  withBench(async (bench) => {
    const { port, pushes, peer } = await deviceOf(bench);
    for (const extra of [
      [],
      feature('*;audio'),
      feature('*;g.oma.eventappid="syncml.dm"'),
      feature('*;+g.oma.pusheventapp="mms.ua,SYNCML.DM"'),
      feature('*;+g.oma.eventappid="<syncml.dm>"'),
    ]) {
      assert.equal((await peer.ask(octets({ extra }), port)).status, 200);
    }
    assert.equal(pushes.length, 5);
    assert.equal(
      (await peer.ask(octets({ extra: feature('*;+g.oma.eventappid="mms.ua"') }), port)).status,
      480,
    );
    assert.equal(pushes.length, 5);
    const strict = await deviceOf(bench, { applicationIdRequired: true });
    assert.equal((await strict.peer.ask(octets({ extra: [] }), strict.port)).status, 480);
    assert.equal((await strict.peer.ask(octets(), strict.port)).status, 200);
  }),
);

interface Refusal {
  readonly name: string;
  readonly parts: MessageParts;
  readonly status: number;
  readonly reason: SipDropReason;
  readonly header?: readonly [string, RegExp];
}

const refusals: readonly Refusal[] = [
  {
    name: 'RFC 3428 §7: a foreign type',
    parts: { type: 'text/plain' },
    status: 415,
    reason: 'content-type',
    header: ['Accept', /application\/vnd\.syncml\.dm\.notification, .*dm\+wbxml/],
  },
  { name: 'no type', parts: { type: '' }, status: 415, reason: 'content-type', header: ['Accept', /syncml/] },
  { name: 'a type that cannot be read', parts: { type: 'text' }, status: 400, reason: 'malformed' },
  {
    name: 'RFC 3261 §20.12: a packed body',
    parts: { extra: [{ name: 'e', value: 'gzip' }] },
    status: 415,
    reason: 'content-encoding',
    header: ['Accept-Encoding', /^identity$/],
  },
  {
    name: 'another application',
    parts: { extra: feature('*;+g.oma.eventappid="mms.ua"') },
    status: 480,
    reason: 'application-id',
  },
  {
    name: 'RFC 3261 §8.2.2.3: an extension that is required',
    parts: { extra: [{ name: 'Require', value: 'gruu, 100rel, x' }] },
    status: 420,
    reason: 'extension',
    header: ['Unsupported', /^100rel, x$/],
  },
  { name: 'within a dialog', parts: { to: '<sip:dev1@example.com>;tag=9' }, status: 481, reason: 'dialog' },
  { name: 'BYE', parts: { method: 'BYE' }, status: 481, reason: 'dialog' },
  { name: 'CANCEL', parts: { method: 'CANCEL' }, status: 481, reason: 'dialog' },
  {
    name: 'RFC 3261 §8.2.1: INVITE',
    parts: { method: 'INVITE' },
    status: 405,
    reason: 'method',
    header: ['Allow', /^MESSAGE, OPTIONS$/],
  },
  {
    name: 'REGISTER',
    parts: { method: 'REGISTER' },
    status: 405,
    reason: 'method',
    header: ['Allow', /MESSAGE/],
  },
  { name: 'a method that nobody knows', parts: { method: 'NEWMETHOD' }, status: 501, reason: 'method' },
  {
    name: 'RFC 3261 §11.2: OPTIONS',
    parts: { method: 'OPTIONS', requestUri: 'sip:127.0.0.1' },
    status: 200,
    reason: 'options',
    header: ['Accept', /syncml/],
  },
  {
    name: 'RFC 3261 §8.2.2.1: another scheme',
    parts: { requestUri: 'tel:+491701234567' },
    status: 416,
    reason: 'request-uri',
  },
  {
    name: 'an address that cannot be read',
    parts: { requestUri: 'sip:@@' },
    status: 400,
    reason: 'request-uri',
  },
  {
    name: 'an address without a user',
    parts: { requestUri: 'sip:127.0.0.1' },
    status: 404,
    reason: 'request-uri',
  },
  { name: 'a body that is too large', parts: { body: awkward(101) }, status: 413, reason: 'too-large' },
];
for (const { name, parts, status, reason, header } of refusals) {
  test(
    `${name} is answered ${status}, counted and not handed over`,
    withBench(async (bench) => {
      const { listener, port, pushes, peer, drops } = await deviceOf(bench, { maxPayload: 100 });
      const response = await peer.ask(octets(parts), port);
      assert.equal(response.status, status);
      if (header !== undefined) assert.match(headerValue(response, header[0]) ?? '', header[1]);
      assert.deepEqual(pushes, []);
      assert.deepEqual(drops, [`sip ${reason}`]);
      assert.equal(listener.counters().dropped[reason], 1);
      assertSums(listener);
    }),
  );
}

test(
  'ACK is never answered; a response to no request of ours is dropped',
  withBench(async (bench) => {
    const { listener, port, peer, drops } = await deviceOf(bench);
    await peer.send(octets({ method: 'ACK' }), port);
    await peer.send(
      octetsOf([
        'SIP/2.0 200 OK',
        'v: SIP/2.0/UDP a;branch=z9hG4bKx',
        'f: <sip:a@b>',
        't: <sip:a@b>',
        'i: 1',
        'CSeq: 1 MESSAGE',
      ]),
      port,
    );
    await peer.send(utf8ToBytes('\r\n\r\n'), port);
    await peer.send(Uint8Array.of(0, 0, 0, 0), port);
    await eventually(() => drops.length === 2);
    assert.equal((await peer.ask(octets(), port)).status, 200);
    assert.deepEqual(drops, ['sip stray-response', 'sip stray-response']);
    assertSums(listener);
  }),
);

test(
  'RFC 3261 §17.2.2: a request that comes again gets the same answer and is handed over once',
  withBench(async (bench) => {
    const { listener, port, pushes, peer } = await deviceOf(bench);
    const request = octets();
    const answers: string[] = [];
    for (let index = 0; index < 4; index += 1) {
      await peer.send(request, port);
      answers.push(bytesToHex(await peer.nextOctets()));
    }
    assert.equal(new Set(answers).size, 1);
    assert.equal(pushes.length, 1);
    assert.equal(listener.counters().dropped.retransmission, 3);
    // With timer J the answer is forgotten; what comes then is a new request.
    bench.clock.advance(32_000);
    await peer.ask(request, port);
    assert.equal(pushes.length, 2);
    assertSums(listener);
  }),
);

test(
  'RFC 3261 §8.2.2.2: a request that comes by a second way is answered 200 and handed over once',
  withBench(async (bench) => {
    const { listener, port, pushes, peer } = await deviceOf(bench);
    for (const branch of ['z9hG4bKa', 'z9hG4bKb', 'z9hG4bKc']) {
      assert.equal((await peer.ask(octets({ branch, callId: 'same' }), port)).status, 200);
    }
    assert.equal(pushes.length, 1);
    assert.equal(listener.counters().dropped.duplicate, 2);
    assertSums(listener);
  }),
);

test(
  'RFC 3261 §17.2.3: a peer of the old kind, without the cookie, is told apart by everything else',
  withBench(async (bench) => {
    const { listener, port, pushes, peer } = await deviceOf(bench);
    const via = 'SIP/2.0/UDP 127.0.0.1;branch=1;rport';
    const request = octets({ via });
    await peer.ask(request, port);
    await peer.ask(request, port);
    await peer.ask(octets({ via }), port);
    assert.equal(pushes.length, 2);
    assert.equal(listener.counters().dropped.retransmission, 1);
  }),
);

test(
  'RFC 3428 §7: the answer goes out before the push is handled, and a handler that fails changes nothing',
  withBench(async (bench) => {
    let finish: () => void = () => {};
    const order: string[] = [];
    const { listener, port, peer, errors } = await deviceOf(bench, {
      handler: async () => {
        order.push('begun');
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        throw new Error('no session today');
      },
    });
    assert.equal((await peer.ask(octets(), port)).status, 200);
    order.push('answered');
    finish();
    await eventually(() => errors.length === 1);
    assert.deepEqual(order, ['begun', 'answered']);
    assert.equal(listener.counters().handlerErrors, 1);
    const broken = await deviceOf(bench, {
      handler: () => {
        throw new Error('at once');
      },
      onDrop: () => {
        throw new Error('a log that fails');
      },
    });
    assert.equal((await broken.peer.ask(octets(), broken.port)).status, 200);
    assert.equal((await broken.peer.ask(octets({ type: 'a/b' }), broken.port)).status, 415);
    assert.equal(broken.listener.counters().handlerErrors, 1);
  }),
);

test(
  'too many pushes at once are answered 503 with Retry-After, and taken when there is room again',
  withBench(async (bench) => {
    const finish: (() => void)[] = [];
    const { listener, port, peer } = await deviceOf(bench, {
      maxPending: 2,
      handler: () => new Promise<void>((resolve) => void finish.push(resolve)),
    });
    assert.equal((await peer.ask(octets(), port)).status, 200);
    assert.equal((await peer.ask(octets(), port)).status, 200);
    const full = await peer.ask(octets({ callId: 'again' }), port);
    assert.equal(full.status, 503);
    assert.equal(headerValue(full, 'Retry-After'), '10');
    assert.equal(listener.counters().dropped.busy, 1);
    for (const one of finish) one();
    await eventually(async () => (await peer.ask(octets({ callId: 'again' }), port)).status === 200);
    assertSums(listener);
  }),
);

test(
  'RFC 3261 §18.2.2, RFC 3581: the answer goes to the port of the packet with rport, else to that of the Via',
  withBench(async (bench) => {
    const { port, peer } = await deviceOf(bench);
    const other = await RawUdp.open();
    bench.later(() => other.close());
    const first = await peer.ask(octets({ via: 'SIP/2.0/UDP host.invalid:9;branch=z9hG4bKr1;rport' }), port);
    assert.equal(
      headerValue(first, 'Via'),
      `SIP/2.0/UDP host.invalid:9;branch=z9hG4bKr1;rport=${peer.port};received=127.0.0.1`,
    );
    await peer.send(octets({ via: `SIP/2.0/UDP 203.0.113.1:${other.port};branch=z9hG4bKr2` }), port);
    const second = await other.next();
    assert.match(headerValue(second, 'Via') ?? '', /;received=127\.0\.0\.1$/);
  }),
);

test(
  'RFC 3261 §18.3, §21.4.1: what cannot be read is answered 400 as far as it can be, else dropped',
  withBench(async (bench) => {
    const { listener, port, pushes, peer, drops } = await deviceOf(bench);
    const whole = octets({ body: awkward(50) });
    assert.equal((await peer.ask(whole.subarray(0, -1), port)).status, 400);
    const core = [
      'v: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKbad;rport',
      'f: <sip:a@b>;tag=1',
      't: <sip:dev1@b>',
      'i: 1',
    ];
    const line = 'MESSAGE sip:dev1@b SIP/2.0';
    assert.equal((await peer.ask(octetsOf([line, ...core, 'CSeq: 1 REGISTER']), port)).status, 400);
    assert.equal((await peer.ask(octetsOf([line, ...core, 'CSeq: x']), port)).status, 400);
    assert.equal(
      (await peer.ask(octetsOf([line, ...core, 'CSeq: 1 MESSAGE', 'l: 300000']), port)).status,
      413,
    );
    const unanswerable = [
      utf8ToBytes('hello'),
      Uint8Array.of(0, 1, 2, 3),
      octetsOf([line, 'v: x']),
      octetsOf([line]),
      octetsOf(['ACK sip:a@b SIP/2.0', ...core, 'CSeq: x']),
      octetsOf(['MESSAGE sip:dev1@b SIP/3.0', ...core, 'CSeq: 1 MESSAGE']),
    ];
    for (const one of unanswerable) await peer.send(one, port);
    await eventually(() => drops.length === 4 + unanswerable.length);
    assert.ok(drops.every((reason) => reason === 'sip malformed'));
    assert.equal((await peer.ask(octets(), port)).status, 200);
    assert.equal(pushes.length, 1);
    assertSums(listener);
  }),
);

test(
  'any datagram leaves the listener working',
  withBench(async (bench) => {
    const { listener, port, peer, errors } = await deviceOf(bench);
    const sample = octets();
    const sender = await RawUdp.open();
    bench.later(() => sender.close());
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.tuple(fc.nat(sample.length - 1), fc.nat(255)).map(([at, octet]) => {
            const changed = Uint8Array.from(sample);
            changed[at] = octet;
            return changed;
          }),
        ),
        async (datagram) => {
          await sender.send(datagram, port);
          // Else the system's buffer runs over before the listener has its turn.
          await new Promise((resolve) => setImmediate(resolve));
        },
      ),
      { numRuns: 200 },
    );
    assert.equal((await peer.ask(octets(), port)).status, 200);
    assertSums(listener);
    assert.deepEqual(errors, []);
  }),
);

test(
  'TCP: messages in pieces and together, a ping, and a body of 12 000 octets',
  withBench(async (bench) => {
    const { listener, port, pushes } = await deviceOf(bench);
    const peer = await RawStream.open(port);
    bench.later(() => peer.close());
    const via = (branch: string): string => `SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKt${branch};rport`;
    const first = octets({ via: via('1'), body: awkward(12_000), type: contentTypes['dm+wbxml'].mime });
    peer.send(first.subarray(0, 700));
    peer.send(first.subarray(700));
    peer.send('\r\n\r\n');
    peer.send(
      Buffer.concat([octets({ via: via('2') }), Buffer.from('\r\n'), octets({ via: via('3'), type: 'a/b' })]),
    );
    const statuses = [(await peer.next()).status, (await peer.next()).status, (await peer.next()).status];
    assert.deepEqual(statuses, [200, 200, 415]);
    assert.deepEqual(peer.kinds, ['message', 'pong', 'message', 'message']);
    assert.deepEqual(pushes[0]?.body, awkward(12_000));
    assert.equal(pushes.length, 2);
    assertSums(listener);
  }),
);

test(
  'TCP: what is no SIP ends the connection; others go on',
  withBench(async (bench) => {
    const { listener, port } = await deviceOf(bench);
    for (const nonsense of [
      'GET / HTTP/1.1\r\n\r\n',
      'MESSAGE sip:a@b SIP/2.0\r\n\r\n',
      '\rx',
      'x'.repeat(40_000),
    ]) {
      const peer = await RawStream.open(port);
      peer.send(nonsense);
      await peer.ended();
    }
    assert.equal(listener.counters().dropped.malformed, 4);
    const good = await RawStream.open(port);
    bench.later(() => good.close());
    good.send(octets({ via: 'SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKg' }));
    assert.equal((await good.next()).status, 200);
    assertSums(listener);
  }),
);

test(
  'TCP: a message that does not come to its end and an idle connection end; of too many the oldest without a request gives way',
  withBench(async (bench) => {
    const { listener, port } = await deviceOf(bench, { maxConnections: 2 });
    const slow = await RawStream.open(port);
    slow.send(octets().subarray(0, 100));
    await eventually(
      () => (bench.clock.nextTimerAt() ?? Number.POSITIVE_INFINITY) <= bench.clock.now() + 32_000,
    );
    // The octets have to be there before time passes.
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    bench.clock.advance(32_000);
    await slow.ended();
    assert.equal(listener.counters().dropped.timeout, 1);
    const served = await RawStream.open(port);
    served.send(octets({ via: 'SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKs' }));
    await served.next();
    const silent = await RawStream.open(port);
    const third = await RawStream.open(port);
    await silent.ended();
    assert.equal(listener.counters().dropped.busy, 1);
    bench.clock.advance(32_000);
    await third.ended();
    served.send(octets({ via: 'SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKt' }));
    await served.next();
    bench.clock.advance(300_000);
    await served.ended();
    assertSums(listener);
  }),
);

test(
  'TLS: the same as over TCP; a handshake that fails is counted',
  withBench(async (bench) => {
    const { ca, cert, key } = makeCertificates();
    const { listener, pushes } = await deviceOf(bench, {
      udp: false,
      tcp: false,
      tls: { port: 0, options: { cert, key } },
    });
    const { tlsPort } = listener;
    assert.ok(tlsPort !== undefined);
    const socket = connectTls({ host: '127.0.0.1', port: tlsPort, ca, servername: 'proxy.test' });
    await once(socket, 'secureConnect');
    const peer = new RawStream(socket);
    bench.later(() => peer.close());
    peer.send(octets({ via: 'SIP/2.0/TLS 127.0.0.1;branch=z9hG4bKtls' }));
    assert.equal((await peer.next()).status, 200);
    assert.equal(pushes.length, 1);
    const plain = await RawStream.open(tlsPort);
    plain.send('MESSAGE sip:a@b SIP/2.0\r\n\r\n');
    await plain.ended();
    await eventually(() => listener.counters().dropped.tls === 1);
    assertSums(listener);
  }),
);

test(
  'both versions of IP on one port',
  { skip: hasIpv6 ? false : 'this machine has no ::1' },
  withBench(async (bench) => {
    const { port, pushes, peer } = await deviceOf(bench, { address: undefined });
    const six = await RawUdp.open('::1');
    bench.later(() => six.close());
    assert.equal((await peer.ask(octets(), port)).status, 200);
    assert.equal(
      (await six.ask(octets({ via: 'SIP/2.0/UDP [::1];branch=z9hG4bK6;rport' }), port, '::1')).status,
      200,
    );
    for (const host of ['127.0.0.1', '::1']) {
      const stream = await RawStream.open(port, host);
      bench.later(() => stream.close());
      stream.send(octets({ via: 'SIP/2.0/TCP host.invalid;branch=z9hG4bK7', branch: host }));
      assert.equal((await stream.next()).status, 200);
    }
    assert.deepEqual(
      pushes.map(({ from }) => from.replace(/:[0-9]+$/, '')),
      ['127.0.0.1', '[::1]', '127.0.0.1', '[::1]'],
    );
  }),
);

test(
  'a port in use, a foreign address and settings that cannot be are errors that say what to do',
  withBench(async (bench) => {
    const { port } = await deviceOf(bench);
    const handler = (): void => {};
    const isConfig = (wanted: RegExp) => (error: unknown) =>
      error instanceof ConfigError && wanted.test(error.message);
    const start = async (options: Partial<SipListenerOptions>): Promise<number> => {
      const listener = new SipListener({ handler, address: '127.0.0.1', ...options });
      bench.later(() => listener.close());
      return listener.start();
    };
    await assert.rejects(start({ port }), isConfig(/UDP port .* is in use: stop/));
    await assert.rejects(start({ port, udp: false }), isConfig(/TCP port .* is in use: stop/));
    await assert.rejects(
      start({ port: 0, address: '203.0.113.1' }),
      isConfig(/not an address of this machine/),
    );
    await assert.rejects(start({ port: 70_000 }), isConfig(/^port: .*between 0 and 65535/));
    await assert.rejects(start({ port: Number.NaN }), isConfig(/^port: /));
    await assert.rejects(start({ tls: { port: -1, options: {} } }), isConfig(/^tls\.port: /));
    await assert.rejects(start({ address: 'localhost' }), isConfig(/not an IP address/));
    await assert.rejects(start({ udp: false, tcp: false }), isConfig(/choose/));
    await assert.rejects(
      start({ port: 0, tls: { port: 0, options: { cert: 'x', key: 'y' } } }),
      isConfig(/TLS/),
    );
    assert.throws(() => new SipListener({ handler, maxPending: 0 }), ValueError);
    assert.throws(() => new SipListener({ handler, maxPayload: 10_000_000 }), ValueError);
    const twice = new SipListener({ handler, port: 0 });
    bench.later(() => twice.close());
    await twice.start();
    await assert.rejects(twice.start(), isConfig(/started before/));
  }),
);

test(
  'close while busy: connections end, handlers go on, and nothing keeps the process',
  withBench(async (bench) => {
    let finish: () => void = () => {};
    const { listener, port, peer } = await deviceOf(bench, {
      handler: () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    });
    const stream = await RawStream.open(port);
    stream.send(octets({ via: 'SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKc' }));
    assert.equal((await stream.next()).status, 200);
    await peer.ask(octets(), port);
    await Promise.all([listener.close(), listener.close(), stream.ended()]);
    finish();
    assert.equal(bench.clock.nextTimerAt(), undefined);
    const again = new SipListener({ handler: () => {}, port, address: '127.0.0.1' });
    bench.later(() => again.close());
    assert.equal(await again.start(), port);
  }),
);

test(
  'one listener serves many devices, each with a registration of its own, and is off for some of them',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    const on = new Set(['d1', 'd2', 'd3']);
    const { listener, pushes } = await bench.listener({ serves: (user) => on.has(user) });
    for (const user of on) {
      const registration = listener.register({
        registrar: 'sip:example.com',
        outboundProxy: `sip:127.0.0.1:${registrar.port}`,
        addressOfRecord: `sip:${user}@example.com`,
        instanceId: `urn:uuid:00000000-0000-4000-8000-0000000000${user}`,
      });
      await registration.whenRegistered();
    }
    const sender = bench.sender(registrar.port);
    for (const user of ['d3', 'd1']) await sender.send(pushOf(), { uri: `sip:${user}@example.com` }, never);
    await eventually(() => pushes.length === 2);
    assert.deepEqual(
      pushes.map(({ requestUri }) => requestUri.replace(/^sip:|@.*$/g, '')),
      ['d3', 'd1'],
    );
    on.delete('d1');
    const refused = await pushErrorOf(sender.send(pushOf(), { uri: 'sip:d1@example.com' }, never));
    assert.match(refused.message, /404/);
    await listener.close();
    assert.deepEqual(
      [...registrar.bindings.values()].map(({ size }) => size),
      [0, 0, 0],
    );
  }),
);
