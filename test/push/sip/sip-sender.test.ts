import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  encodeSipMessage,
  headersOf,
  headerValue,
  readCoreFields,
  readCredentials,
  type SipRequest,
} from '../../../src/codec/sip/index.ts';
import { PushError, ValueError } from '../../../src/core/index.ts';
import { contentTypes } from '../../../src/push/index.ts';
import { createSipSender, maxUdpRequest } from '../../../src/push/sip/index.ts';
import { eventually, type SimulatedRegistrar } from '../../../src/testing/index.ts';
import { awkward, device, never, pushErrorOf, pushOf, withBench } from './support.ts';

const ok = (registrar: SimulatedRegistrar): void => {
  registrar.behave = () => ({ status: 200 });
};

function only(requests: readonly SipRequest[]): SipRequest {
  const [request] = requests;
  assert.ok(request !== undefined);
  return request;
}

const rows: readonly (readonly [keyof typeof contentTypes, string])[] = [
  ['dm1.3-2010', 'N10-S-007 DM-NOTI-1.3-2010 §7.3'],
  ['dm1.3', 'N13-S-014 DM-NOTI-1.3 §7.3'],
  ['dm+wbxml', 'PB-S-004 DM-PUSH §5.2'],
  ['dm+xml', 'PB-S-004 DM-PUSH §5.2'],
  ['dm1.2', 'DM-NOTI-1.2 §6'],
];
for (const transport of ['udp', 'tcp'] as const) {
  for (const [type, rule] of rows) {
    test(
      `${rule}: ${type} as MESSAGE over ${transport}, with the feature tag and its octets as they are`,
      withBench(async (bench) => {
        const registrar = await bench.registrar();
        ok(registrar);
        const push = pushOf(40, type);
        const receipt = await bench.sender(registrar.port, {}, transport).send(push, { uri: device }, never);
        const request = only(registrar.requests);
        assert.deepEqual(receipt, { outcome: 'delivered', reference: headerValue(request, 'Call-ID') });
        assert.equal(request.method, 'MESSAGE');
        assert.equal(request.requestUri, device);
        assert.deepEqual(request.body, push.body);
        assert.equal(headerValue(request, 'Content-Type'), contentTypes[type].mime);
        assert.equal(
          headerValue(request, 'Accept-Contact'),
          '*;+g.oma.eventappid="syncml.dm";require;explicit',
        );
        assert.equal(headerValue(request, 'To'), `<${device}>`);
        assert.match(headerValue(request, 'From') ?? '', /^<sip:dms@example\.com>;tag=[0-9a-f]{12}$/);
        assert.equal(headerValue(request, 'CSeq'), '1 MESSAGE');
        assert.equal(headerValue(request, 'Max-Forwards'), '70');
        const [via] = readCoreFields(request).vias;
        assert.equal(via.transport, transport.toUpperCase());
        assert.equal(via.host, '127.0.0.1');
        assert.equal(via.parameters.get('rport'), null);
        assert.match(via.parameters.get('branch') ?? '', /^z9hG4bK[0-9a-f]{24}$/);
        // RFC 3428 §4: no Contact, for there is no dialog.
        assert.equal(headerValue(request, 'Contact'), undefined);
      }),
    );
  }
}

test(
  'RFC 5627: a GRUU is the Request-URI as it is; transport and headers stay out of To',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    ok(registrar);
    const sender = bench.sender(registrar.port);
    const gruu = 'sip:dev1@example.com;gr=urn:uuid:F81D4FAE-7dec-11d0-a765-00a0c91e6bf6';
    await sender.send(pushOf(), { uri: gruu }, never);
    await sender.send(pushOf(), { uri: 'sip:tgruu.1@example.com;gr' }, never);
    await sender.send(pushOf(), { uri: 'sip:d@example.com:5070;transport=udp?Subject=x' }, never);
    assert.deepEqual(
      registrar.requests.map((request) => [request.requestUri, headerValue(request, 'To')]),
      [
        [gruu, `<${gruu}>`],
        ['sip:tgruu.1@example.com;gr', '<sip:tgruu.1@example.com;gr>'],
        ['sip:d@example.com:5070;transport=udp', '<sip:d@example.com>'],
      ],
    );
  }),
);

test(
  'spec-notes ruling 9: the deployed spelling of the feature tag, and header fields by option',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    ok(registrar);
    const headers = [{ name: 'P-Preferred-Service', value: 'urn:urn-7:oma.dm' }];
    await bench
      .sender(registrar.port, { featureTag: 'deployed', headers })
      .send(pushOf(), { uri: device }, never);
    const request = only(registrar.requests);
    assert.equal(headerValue(request, 'a'), '*;+g.oma.pusheventapp="syncml.dm";require;explicit');
    assert.equal(headerValue(request, 'P-Preferred-Service'), 'urn:urn-7:oma.dm');
  }),
);

const outcomes: readonly (readonly [number, string])[] = [
  [200, 'delivered'],
  [202, 'accepted'],
  [204, 'delivered'],
  [299, 'delivered'],
];
for (const [status, outcome] of outcomes) {
  test(
    `RFC 3428 §7: ${status} is ${outcome}`,
    withBench(async (bench) => {
      const registrar = await bench.registrar();
      registrar.behave = () => ({ status });
      const receipt = await bench.sender(registrar.port).send(pushOf(), { uri: device }, never);
      const reference = headerValue(only(registrar.requests), 'Call-ID');
      assert.deepEqual(receipt, { outcome, reference });
    }),
  );
}

const lasting = [
  300, 301, 302, 305, 380, 399, 400, 402, 403, 405, 406, 410, 413, 414, 415, 416, 420, 421, 423, 481, 482,
  483, 484, 485, 488, 493, 499, 501, 505, 513, 580, 600, 603, 604, 606, 699,
];
const passing = [404, 408, 430, 480, 486, 487, 491, 500, 502, 503, 504, 599];

test(
  'RFC 3261 §21: every other response class is an error that says whether to try again',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    const sender = bench.sender(registrar.port);
    for (const status of [...lasting, ...passing]) {
      registrar.behave = () => ({ status });
      const error = await pushErrorOf(sender.send(pushOf(), { uri: device }, never));
      assert.equal(error.code, `SIP_${status}`);
      assert.equal(error.status, status);
      assert.equal(error.retryable, passing.includes(status), String(status));
      assert.equal(error.retryAfterMs, undefined);
      assert.match(error.message, new RegExp(`^sip:dev1@example\\.com by way of 127.*: answered ${status} `));
    }
  }),
);

const refusals: readonly (readonly [number, readonly (readonly [string, string])[], RegExp])[] = [
  [415, [['Accept', 'text/plain']], /: it does not take this content type; it takes: text\/plain$/],
  [415, [], /content type; it does not say which it takes$/],
  [415, [['Accept', '']], /content type; it takes: none$/],
  [
    415,
    [
      ['Accept', 'text/plain, message/cpim'],
      ['Accept', 'a/b'],
      ['Accept-Encoding', 'gzip'],
      ['Accept-Language', 'eo'],
    ],
    /it takes: text\/plain, message\/cpim, a\/b; encodings that it takes: gzip; languages that it takes: eo$/,
  ],
  [405, [['Allow', 'INVITE, ACK, BYE']], /it takes no MESSAGE; methods that it takes: INVITE, ACK, BYE$/],
  [406, [['Accept', 'text/plain']], /; it takes: text\/plain$/],
  [420, [['Unsupported', 'foo']], /; extensions that it lacks: foo$/],
  [421, [['Require', 'sec-agree']], /; extensions that it wants: sec-agree$/],
  [
    488,
    [['Warning', '304 dm.example "Media type not available"']],
    /content; its warning: 304 dm\.example "Media type/,
  ],
  [606, [['Accept', 'text/plain']], /; it takes: text\/plain$/],
  [513, [['Warning', '399 dm.example "at most 300 octets"']], /too large for it; its warning: 399 dm/],
  [403, [['Accept', 'text/plain']], /refuses pushes from us$/],
];
for (const [status, fields, message] of refusals) {
  const shown = fields.map(([name, value]) => `${name}: ${value}`).join(', ');
  test(
    `RFC 3261 §21.4: what ${status} says would be taken is told: ${shown || 'nothing'}`,
    withBench(async (bench) => {
      const registrar = await bench.registrar();
      registrar.behave = () => ({ status, headers: fields.map(([name, value]) => ({ name, value })) });
      const error = await pushErrorOf(bench.sender(registrar.port).send(pushOf(), { uri: device }, never));
      assert.match(error.message, message);
    }),
  );
}

test(
  'RFC 3261 §20.33: Retry-After is in the error; 413 with it may pass, 603 may not',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    const sender = bench.sender(registrar.port);
    for (const [status, retryable] of [
      [503, true],
      [413, true],
      [486, true],
      [603, false],
    ] as const) {
      registrar.behave = () => ({ status, headers: [{ name: 'Retry-After', value: '90 (later)' }] });
      const error = await pushErrorOf(sender.send(pushOf(), { uri: device }, never));
      assert.equal(error.retryAfterMs, 90_000);
      assert.equal(error.retryable, retryable);
    }
  }),
);

test(
  'RFC 3261 §21.3: a redirection is not followed, but told',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    registrar.behave = () => ({ status: 302, headers: [{ name: 'm', value: '<sip:x@other.test>' }] });
    const error = await pushErrorOf(bench.sender(registrar.port).send(pushOf(), { uri: device }, never));
    assert.match(error.message, /points to <sip:x@other\.test>/);
    assert.equal(registrar.requests.length, 1);
  }),
);

const users = { dms: 'bench' };
const credentials = { username: 'dms', password: 'bench' };

for (const algorithms of [['MD5'], ['SHA-256'], ['SHA-256', 'MD5'], ['MD5', 'SHA-256']] as const) {
  test(
    `RFC 7616, RFC 8760: a proxy's 407 with ${algorithms.join(' and ')} is answered, the first first`,
    withBench(async (bench) => {
      const registrar = await bench.registrar({ users, algorithms, authenticateMessages: true });
      const { pushes } = await registeredDevice(bench, registrar);
      const sender = bench.sender(registrar.port, { credentials });
      await sender.send(pushOf(), { uri: device }, never);
      await sender.send(pushOf(), { uri: device }, never);
      await eventually(() => pushes.length === 2);
      const messages = registrar.requests.filter(({ method }) => method === 'MESSAGE');
      assert.deepEqual(
        messages.map((request) => headerValue(request, 'CSeq')),
        ['1 MESSAGE', '2 MESSAGE', '1 MESSAGE'],
      );
      const [first, second, third] = messages;
      assert.ok(first !== undefined && second !== undefined && third !== undefined);
      for (const name of ['Call-ID', 'From', 'To']) {
        assert.equal(headerValue(second, name), headerValue(first, name));
      }
      const proofs = [second, third].map((request) => {
        const [field] = headersOf(request, 'Proxy-Authorization');
        return readCredentials({ text: field?.value ?? '', path: '', offset: 0 });
      });
      assert.deepEqual(
        proofs.map((proof) => [proof?.algorithm, proof?.nc, proof?.uri]),
        [
          [algorithms[0], '00000001', device],
          [algorithms[0], '00000002', device],
        ],
      );
      assert.notEqual(proofs[0]?.cnonce, proofs[1]?.cnonce);
      assert.ok(!messages.some((request) => JSON.stringify(request.headers).includes('bench')));
      // A proxy that forgot its nonces calls them stale; the password is not to blame.
      registrar.forgetNonces();
      await sender.send(pushOf(), { uri: device }, never);
    }),
  );
}

/** A device that has registered without further ado. */
async function registeredDevice(
  bench: Parameters<Parameters<typeof withBench>[0]>[0],
  registrar: SimulatedRegistrar,
): ReturnType<typeof bench.listener> {
  const made = await bench.listener();
  const contact = `sip:dev1@127.0.0.1:${made.port}`;
  const flow = { protocol: 'UDP', address: '', port: 0, send: () => {}, destroy: () => {} } as const;
  const binding = { contact, instanceId: undefined, parameters: new Map(), expiresSeconds: 60, flow };
  registrar.bindings.set('dev1', new Map([[contact, binding]]));
  return made;
}

test(
  'RFC 3261 §22: no credentials, wrong ones, and challenges that cannot be answered are permanent errors',
  withBench(async (bench) => {
    const registrar = await bench.registrar({ users, authenticateMessages: true });
    const codeWith = async (options: Parameters<typeof bench.sender>[1]): Promise<string> => {
      const error = await pushErrorOf(
        bench.sender(registrar.port, options).send(pushOf(), { uri: device }, never),
      );
      assert.ok(!error.retryable);
      assert.ok(!/bench|wrong/.test(error.message));
      return `${error.code} ${error.status}`;
    };
    assert.equal(await codeWith({}), 'CREDENTIALS_MISSING 407');
    assert.equal(
      await codeWith({ credentials: { ...credentials, realm: 'other.test' } }),
      'CREDENTIALS_MISSING 407',
    );
    const before = registrar.requests.length;
    assert.equal(
      await codeWith({ credentials: { username: 'dms', password: 'wrong' } }),
      'CREDENTIALS_REFUSED 407',
    );
    assert.equal(registrar.requests.length - before, 2);
    assert.equal(await codeWith({ credentials, algorithms: ['SHA-256'] }), 'CHALLENGE_UNSUPPORTED 407');
    registrar.behave = () => ({
      status: 401,
      headers: [{ name: 'WWW-Authenticate', value: 'Bearer x="1"' }],
    });
    assert.equal(await codeWith({ credentials }), 'CHALLENGE_UNSUPPORTED 401');
    const stale = { name: 'WWW-Authenticate', value: 'Digest realm="r", nonce="n", stale=true' };
    registrar.behave = () => ({ status: 401, headers: [stale] });
    assert.equal(await codeWith({ credentials }), 'CREDENTIALS_REFUSED 401');
  }),
);

test(
  'RFC 3261 §22.3: a proxy and a server that both ask are both answered',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    const challenge = (realm: string): string => `Digest realm="${realm}", nonce="${realm}-n", qop="auth"`;
    registrar.behave = (request) => {
      if (headerValue(request, 'Proxy-Authorization') === undefined) {
        return { status: 407, headers: [{ name: 'Proxy-Authenticate', value: challenge('proxy') }] };
      }
      if (headerValue(request, 'Authorization') === undefined) {
        return { status: 401, headers: [{ name: 'WWW-Authenticate', value: challenge('server') }] };
      }
      return { status: 200 };
    };
    const both = [
      { username: 'a', password: '1', realm: 'proxy' },
      { username: 'b', password: '2' },
    ];
    const sender = bench.sender(registrar.port, { credentials: both });
    await sender.send(pushOf(), { uri: device }, never);
    const last = registrar.requests.at(-1);
    assert.ok(last !== undefined);
    assert.match(headerValue(last, 'Proxy-Authorization') ?? '', /username="a".*nc=00000002/);
    assert.match(headerValue(last, 'Authorization') ?? '', /username="b".*nc=00000001/);
    // The proxy's is sent unasked the next time, the server's is not.
    await sender.send(pushOf(), { uri: device }, never);
    const unasked = registrar.requests[3];
    assert.ok(unasked !== undefined);
    assert.match(headerValue(unasked, 'Proxy-Authorization') ?? '', /nc=00000003/);
    assert.equal(headerValue(unasked, 'Authorization'), undefined);
  }),
);

test(
  'RFC 3261 §17.1.2: a lost datagram is sent again, octet for octet, with the same branch',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    registrar.behave = () => (registrar.requests.length < 4 ? 'drop' : { status: 200 });
    const sending = bench.sender(registrar.port).send(pushOf(), { uri: device }, never);
    for (const [count, waitMs] of [
      [1, 500],
      [2, 1000],
      [3, 2000],
    ] as const) {
      await eventually(() => registrar.requests.length === count);
      bench.clock.advance(waitMs - 1);
      assert.equal(registrar.requests.length, count);
      bench.clock.advance(1);
    }
    assert.equal((await sending).outcome, 'delivered');
    const octets = registrar.requests.map((request) =>
      Buffer.from(encodeSipMessage(request)).toString('hex'),
    );
    assert.equal(octets.length, 4);
    assert.equal(new Set(octets).size, 1);
  }),
);

test(
  'RFC 3261 §17.1.2.2: silence is a retryable error after 64 T1',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    registrar.behave = () => 'drop';
    for (const transport of ['udp', 'tcp'] as const) {
      const arrived = (): number =>
        registrar.requests.filter((one) => headerValue(one, 'Via')?.includes(transport.toUpperCase())).length;
      const sending = pushErrorOf(
        bench.sender(registrar.port, {}, transport).send(pushOf(), { uri: device }, never),
      );
      await eventually(() => arrived() > 0);
      bench.clock.advance(32_000);
      const error = await sending;
      assert.equal(error.code, 'TIMEOUT');
      assert.ok(error.retryable);
      assert.match(error.message, /no final answer within 32000 ms/);
      if (transport === 'tcp') assert.equal(arrived(), 1);
    }
  }),
);

test(
  'RFC 3261 §18.1.1: up to 1300 octets go over UDP, more over TCP',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    const protocols: string[] = [];
    registrar.behave = (_request, flow) => {
      protocols.push(flow.protocol);
      return { status: 200 };
    };
    const sender = bench.sender(registrar.port);
    await sender.send(pushOf(100), { uri: device }, never);
    const overhead = encodeSipMessage(only(registrar.requests)).length - 100;
    // Content-Length has one digit more for the largest one.
    const fits = maxUdpRequest - overhead - (maxUdpRequest - overhead > 999 ? 1 : 0);
    await sender.send(pushOf(fits), { uri: device }, never);
    const largest = registrar.requests[1];
    assert.ok(largest !== undefined);
    assert.equal(encodeSipMessage(largest).length, maxUdpRequest);
    await sender.send(pushOf(fits + 1), { uri: device }, never);
    await sender.send(pushOf(12_000, 'dm+wbxml'), { uri: device }, never);
    assert.deepEqual(protocols, ['UDP', 'UDP', 'TCP', 'TCP']);
    assert.deepEqual(registrar.requests[3]?.body, awkward(12_000));
    // One connection for both.
    const [, , third, fourth] = registrar.requests;
    assert.ok(third !== undefined && fourth !== undefined);
    assert.equal(readCoreFields(third).vias[0].port, readCoreFields(fourth).vias[0].port);
  }),
);

test(
  'RFC 3261 §18.1.1: beyond 1300 octets a hop of UDP only is refused before anything is sent',
  withBench(async (bench) => {
    const registrar = await bench.registrar({ users, authenticateMessages: true });
    const sender = bench.sender(registrar.port, {}, 'udp');
    await assert.rejects(
      sender.send(pushOf(1200), { uri: device }, never),
      (error) =>
        error instanceof ValueError &&
        error.code === 'TOO_LONG' &&
        /the request has 1[0-9]{3} octets, at most 1300 go over UDP/.test(error.message),
    );
    assert.equal(registrar.requests.length, 0);
    assert.ok(sender.maxPayload > 650 && sender.maxPayload < 1000, String(sender.maxPayload));
    // With room for the proof of a password, the largest push gets through; without it, it is the carrier's refusal.
    await registeredDevice(bench, registrar);
    const roomy = bench.sender(registrar.port, { credentials }, 'udp');
    const receipt = await roomy.send(pushOf(roomy.maxPayload), { uri: device }, never);
    assert.equal(receipt.outcome, 'delivered');
    const other = bench.sender(registrar.port, { credentials }, 'udp');
    const error = await pushErrorOf(other.send(pushOf(sender.maxPayload), { uri: device }, never));
    assert.equal(error.code, 'TOO_LONG');
    assert.ok(!error.retryable);
  }),
);

test(
  'payloads from 0 octets to the limit, and one more',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    ok(registrar);
    const sender = bench.sender(registrar.port, { maxPayload: 20_000 });
    assert.equal(sender.maxPayload, 20_000);
    for (const length of [
      0, 1, 2, 48, 255, 256, 700, 999, 1000, 1001, 1299, 1300, 1301, 8191, 19_999, 20_000,
    ]) {
      await sender.send(pushOf(length), { uri: device }, never);
      assert.deepEqual(registrar.requests.at(-1)?.body, awkward(length));
    }
    const count = registrar.requests.length;
    await assert.rejects(
      sender.send(pushOf(20_001), { uri: device }, never),
      (error) =>
        error instanceof ValueError &&
        error.code === 'TOO_LONG' &&
        /20001 octets, at most 20000/.test(error.message),
    );
    assert.equal(registrar.requests.length, count);
  }),
);

test(
  'an aborted push: before it starts, while it waits for an answer, and while it waits for a connection',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    registrar.behave = () => 'drop';
    const sender = bench.sender(registrar.port);
    const early = await pushErrorOf(sender.send(pushOf(), { uri: device }, AbortSignal.abort()));
    assert.equal(`${early.code} ${early.retryable}`, 'ABORTED true');
    assert.equal(registrar.requests.length, 0);
    const controller = new AbortController();
    const sending = pushErrorOf(sender.send(pushOf(), { uri: device }, controller.signal));
    await eventually(() => registrar.requests.length === 1);
    controller.abort(new Error('enough'));
    assert.equal((await sending).code, 'ABORTED');
    bench.clock.advance(60_000);
    assert.equal(bench.clock.nextTimerAt(), undefined);
    const resolving = new AbortController();
    const unknown = bench.sender(1, {
      outboundProxy: 'sip:proxy.test',
      resolve: () => {
        resolving.abort();
        return new Promise(() => {});
      },
    });
    assert.equal(
      (await pushErrorOf(unknown.send(pushOf(), { uri: device }, resolving.signal))).code,
      'ABORTED',
    );
  }),
);

test(
  'a peer that is down: refused over TCP at once, silent over UDP; when it is back it is served',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    const { port } = registrar;
    const tcp = bench.sender(port, {}, 'tcp');
    const udp = bench.sender(port, {}, 'udp');
    ok(registrar);
    assert.equal((await tcp.send(pushOf(), { uri: device }, never)).outcome, 'delivered');
    await registrar.close();
    const refused = await pushErrorOf(tcp.send(pushOf(), { uri: device }, never));
    assert.ok(['ECONNREFUSED', 'ECONNRESET', 'LINK_LOST'].includes(refused.code), refused.code);
    assert.ok(refused.retryable);
    const silent = pushErrorOf(udp.send(pushOf(), { uri: device }, never));
    await eventually(() => bench.clock.nextTimerAt() !== undefined);
    bench.clock.advance(32_000);
    assert.equal((await silent).code, 'TIMEOUT');
    const again = await bench.registrar({ port });
    ok(again);
    for (const sender of [tcp, udp]) {
      assert.equal((await sender.send(pushOf(), { uri: device }, never)).outcome, 'delivered');
    }
  }),
);

test(
  'a connection that breaks while an answer is waited for is a retryable error, and the next push opens another',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    registrar.behave = () => 'disconnect';
    const sender = bench.sender(registrar.port, {}, 'tcp');
    const sending = [pushOf(), pushOf(), pushOf()].map((push) =>
      pushErrorOf(sender.send(push, { uri: device }, never)),
    );
    for (const error of await Promise.all(sending)) {
      assert.ok(['LINK_LOST', 'ECONNRESET'].includes(error.code), error.code);
      assert.ok(error.retryable);
    }
    ok(registrar);
    assert.equal((await sender.send(pushOf(), { uri: device }, never)).outcome, 'delivered');
  }),
);

test(
  'a peer that answers nonsense: an error over TCP, ignored over UDP until the time is up',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    registrar.behave = () => Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
    const tcp = await pushErrorOf(
      bench.sender(registrar.port, {}, 'tcp').send(pushOf(), { uri: device }, never),
    );
    assert.equal(`${tcp.code} ${tcp.retryable}`, 'PROTOCOL false');
    const before = registrar.requests.length;
    const udp = pushErrorOf(bench.sender(registrar.port, {}, 'udp').send(pushOf(), { uri: device }, never));
    await eventually(() => registrar.requests.length > before);
    bench.clock.advance(32_000);
    assert.equal((await udp).code, 'TIMEOUT');
  }),
);

test(
  'an answer with another branch or method is not taken for ours',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    let count = 0;
    registrar.behave = (request, flow) => {
      count += 1;
      if (count > 1) return { status: 480 };
      for (const [from, to] of [
        ['z9hG4bK', 'z9hG4bKx'],
        ['1 MESSAGE', '1 REGISTER'],
      ] as const) {
        const headers = request.headers.map(({ name, value }) => ({ name, value: value.replace(from, to) }));
        const forged = {
          kind: 'response',
          status: 200,
          reason: 'OK',
          headers,
          body: new Uint8Array(),
        } as const;
        flow.send(forged);
      }
      return 'drop';
    };
    const sending = pushErrorOf(bench.sender(registrar.port).send(pushOf(), { uri: device }, never));
    await eventually(() => count === 1);
    bench.clock.advance(500);
    assert.equal((await sending).code, 'SIP_480');
  }),
);

test(
  'close waits for pushes in flight, and what comes later is refused as retryable',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    registrar.behave = () => 'drop';
    const sender = bench.sender(registrar.port);
    const order: string[] = [];
    const sending = sender.send(pushOf(), { uri: device }, never).then(() => order.push('sent'));
    await eventually(() => registrar.requests.length === 1);
    const closing = sender.close().then(() => order.push('closed'));
    await assert.rejects(
      sender.send(pushOf(), { uri: device }, never),
      (error) => error instanceof PushError && error.code === 'CLOSED' && error.retryable,
    );
    ok(registrar);
    bench.clock.advance(500);
    await Promise.all([sending, closing]);
    assert.deepEqual(order, ['sent', 'closed']);
    assert.equal(bench.clock.nextTimerAt(), undefined);
  }),
);

test(
  'many pushes at once all arrive, over each transport',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    ok(registrar);
    for (const transport of ['udp', 'tcp'] as const) {
      const sender = bench.sender(registrar.port, {}, transport);
      const receipts = await Promise.all(
        Array.from({ length: 100 }, () => sender.send(pushOf(), { uri: device }, never)),
      );
      assert.equal(new Set(receipts.map((receipt) => 'reference' in receipt && receipt.reference)).size, 100);
    }
  }),
);

test(
  'without a proxy the host of the address is the first hop; a sips: address is never sent in the clear',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    ok(registrar);
    const direct = createSipSender({ from: 'sip:dms@example.com', clock: bench.clock });
    bench.later(() => direct.close());
    await direct.send(pushOf(), { uri: `sip:dev1@127.0.0.1:${registrar.port}` }, never);
    await direct.send(pushOf(), { uri: `sip:dev1@127.0.0.1:${registrar.port};transport=tcp` }, never);
    assert.equal(registrar.requests.length, 2);
    const isRefused = (error: unknown): boolean => error instanceof ValueError && /TLS/.test(error.message);
    await assert.rejects(bench.sender(registrar.port).send(pushOf(), { uri: 'sips:a@b' }, never), isRefused);
  }),
);

test(
  'a target that cannot be is refused; a password in it is not repeated',
  withBench(async (bench) => {
    const sender = bench.sender(5060);
    for (const uri of [
      '',
      'tel:+49',
      'sip:example.com',
      'sip:a b@c',
      'sip:a:secret@b',
      'sip:a@b;transport=sctp@',
    ]) {
      await assert.rejects(
        sender.send(pushOf(), { uri }, never),
        (error) => error instanceof ValueError && error.path === 'uri' && !error.message.includes('secret'),
        uri,
      );
    }
  }),
);

test('options that cannot be are refused', () => {
  const from = 'sip:dms@example.com';
  for (const options of [
    { from: 'dms' },
    { from: 'sip:example.com' },
    { from: 'sip:dms@example.com;x=1' },
    { from, outboundProxy: 'proxy.example' },
    { from, outboundProxy: 'sip:user@proxy.example' },
    { from, outboundProxy: 'sip:proxy.example;transport=ws' },
    { from, outboundProxy: 'sips:proxy.example;transport=udp' },
    { from, maxPayload: 0 },
    { from, connectMs: 1.5 },
    { from, timers: { t1Ms: 0 } },
    { from, algorithms: [] },
    { from, credentials: { username: '', password: 'x' } },
    { from, credentials: { username: 'a\r\nb', password: 'x' } },
    { from, headers: [{ name: 'v', value: 'x' }] },
    { from, headers: [{ name: 'X Y', value: 'x' }] },
    { from, headers: [{ name: 'X', value: 'a\r\nb' }] },
  ]) {
    assert.throws(() => createSipSender(options), ValueError, JSON.stringify(options));
  }
});
