import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeSipMessage,
  headersOf,
  headerValue,
  listOf,
  parameter,
  readCredentials,
  readNameAddr,
  type SipRequest,
} from '../../../src/codec/sip/index.ts';
import { ValueError } from '../../../src/core/index.ts';
import {
  SipListener,
  type SipListenerOptions,
  type SipRegistration,
  type SipRegistrationOptions,
  type SipRegistrationStatus,
} from '../../../src/push/sip/index.ts';
import {
  eventually,
  type SimulatedRegistrar,
  type SimulatedRegistrarOptions,
} from '../../../src/testing/index.ts';
import { hasIpv6, UdpSocket } from '../wap/udp-socket.ts';
import {
  awkward,
  type Bench,
  device,
  instanceId,
  makeCertificates,
  never,
  pushErrorOf,
  pushOf,
  withBench,
} from './support.ts';

const gruu = `${device};gr=${instanceId}`;

interface Registered {
  readonly registrar: SimulatedRegistrar;
  readonly listener: SipListener;
  readonly registration: SipRegistration;
  readonly port: number;
  readonly states: string[];
  readonly pushes: Awaited<ReturnType<Bench['listener']>>['pushes'];
}

/** A device whose registration has begun. */
async function deviceOf(
  bench: Bench,
  options: {
    readonly registrar?: SimulatedRegistrarOptions;
    readonly behave?: SimulatedRegistrar['behave'];
    readonly registration?: Partial<SipRegistrationOptions>;
    readonly listener?: Partial<SipListenerOptions>;
    readonly transport?: 'tcp' | 'udp' | 'tls';
  } = {},
): Promise<Registered> {
  const registrar = await bench.registrar(options.registrar ?? {});
  if (options.behave !== undefined) registrar.behave = options.behave;
  const states: string[] = [];
  const { transport = 'udp' } = options;
  const proxyPort = transport === 'tls' ? registrar.tlsPort : registrar.port;
  const made = await bench.listener({
    registration: {
      registrar: 'sip:example.com',
      addressOfRecord: device,
      instanceId,
      outboundProxy: `sip:127.0.0.1:${proxyPort};transport=${transport}`,
      addressCheckMs: 0,
      onChange: ({ state }) => void states.push(state),
      ...options.registration,
    },
    ...options.listener,
  });
  const { registration } = made.listener;
  assert.ok(registration !== undefined);
  return { ...made, registrar, registration, states };
}

const registers = ({ requests }: SimulatedRegistrar): readonly SipRequest[] =>
  requests.filter(({ method }) => method === 'REGISTER');

const state = ({ registration }: Registered): SipRegistrationStatus['state'] => registration.status().state;

test(
  'N10-C-006 N13-C-022 PB-C-004 RFC 5627 §4.1: the device registers at its start, with instance id, feature tag and GRUU',
  withBench(async (bench) => {
    const made = await deviceOf(bench);
    await made.registration.whenRegistered();
    const [request, second] = registers(made.registrar);
    assert.ok(request !== undefined && second === undefined);
    assert.equal(request.requestUri, 'sip:example.com');
    assert.equal(headerValue(request, 'To'), `<${device}>`);
    assert.match(headerValue(request, 'From') ?? '', /^<sip:dev1@example\.com>;tag=/);
    assert.equal(headerValue(request, 'Supported'), 'gruu, path');
    assert.equal(headerValue(request, 'Allow'), 'MESSAGE, OPTIONS');
    assert.equal(headerValue(request, 'Expires'), '600');
    assert.equal(headerValue(request, 'CSeq'), '1 REGISTER');
    assert.equal(
      headerValue(request, 'Contact'),
      `<sip:dev1@127.0.0.1:${made.port};transport=udp>;+sip.instance="<${instanceId}>";` +
        '+g.oma.eventappid="syncml.dm";methods="MESSAGE"',
    );
    const status = made.registration.status();
    assert.deepEqual(status, {
      state: 'registered',
      expiresAt: bench.clock.now() + 600_000,
      contact: `sip:dev1@127.0.0.1:${made.port};transport=udp`,
      publicGruu: gruu,
      temporaryGruus: ['sip:tgruu.1@example.com;gr'],
      problem: undefined,
    });
    assert.deepEqual(made.states, ['registering', 'registered']);
  }),
);

test(
  'N10-S-007 N13-S-014 PB-S-004: our MESSAGE reaches our device by AOR, public and temporary GRUU, unchanged',
  withBench(async (bench) => {
    const made = await deviceOf(bench);
    await made.registration.whenRegistered();
    const sender = bench.sender(made.registrar.port);
    const [temporary = ''] = made.registration.status().temporaryGruus;
    for (const [uri, type, length] of [
      [device, 'dm1.3', 40],
      [gruu, 'dm+wbxml', 12_000],
      [temporary, 'dm+xml', 300],
    ] as const) {
      assert.equal((await sender.send(pushOf(length, type), { uri }, never)).outcome, 'delivered');
      assert.deepEqual(made.pushes.at(-1)?.body, awkward(length));
      assert.equal(made.pushes.at(-1)?.contentType.mime, pushOf(0, type).contentType.mime);
    }
    const unknown = await pushErrorOf(sender.send(pushOf(), { uri: 'sip:nobody@example.com' }, never));
    assert.equal(`${unknown.code} ${unknown.retryable}`, 'SIP_404 true');
  }),
);

test(
  'spec-notes ruling 9: the deployed spelling of the feature tag by option, or both',
  withBench(async (bench) => {
    const made = await deviceOf(bench, { registration: { featureTags: ['specified', 'deployed'] } });
    await made.registration.whenRegistered();
    const [request] = registers(made.registrar);
    assert.match(
      headerValue(request ?? { headers: [] }, 'Contact') ?? '',
      /;\+g\.oma\.eventappid="syncml\.dm";\+g\.oma\.pusheventapp="syncml\.dm";/,
    );
  }),
);

test(
  'pushes for somebody else are answered 404',
  withBench(async (bench) => {
    const made = await deviceOf(bench);
    await made.registration.whenRegistered();
    const direct = bench.sender(made.port);
    const error = await pushErrorOf(direct.send(pushOf(), { uri: 'sip:dev2@example.com' }, never));
    assert.equal(error.code, 'SIP_404');
    for (const uri of ['sip:dev1@10.0.0.1', 'sip:de%761@example.com', 'sip:tgruu.1@example.com;gr']) {
      assert.equal((await direct.send(pushOf(), { uri }, never)).outcome, 'delivered', uri);
    }
  }),
);

const users = { dev1: 'bench' };
const credentials = { username: 'dev1', password: 'bench' };

for (const algorithm of ['MD5', 'SHA-256'] as const) {
  test(
    `RFC 7616, RFC 8760: a registrar's challenge with ${algorithm}; the nonce is used again; a stale one is replaced`,
    withBench(async (bench) => {
      const made = await deviceOf(bench, {
        registrar: { users, algorithms: [algorithm] },
        registration: { credentials },
      });
      await made.registration.whenRegistered();
      const proof = (index: number) => {
        const [field] = headersOf(registers(made.registrar)[index] ?? { headers: [] }, 'Authorization');
        return field === undefined ? undefined : readCredentials({ text: field.value, path: '', offset: 0 });
      };
      assert.equal(proof(0), undefined);
      assert.equal(proof(1)?.algorithm, algorithm);
      assert.equal(proof(1)?.uri, 'sip:example.com');
      assert.equal(proof(1)?.nc, '00000001');
      bench.clock.advance(300_000);
      await eventually(() => registers(made.registrar).length === 3);
      assert.equal(proof(2)?.nc, '00000002');
      assert.equal(proof(2)?.nonce, proof(1)?.nonce);
      await eventually(() => made.registration.status().temporaryGruus.length === 2);
      made.registrar.forgetNonces();
      bench.clock.advance(300_000);
      await eventually(() => made.registration.status().temporaryGruus.length === 3);
      assert.equal(proof(3)?.nc, '00000003');
      assert.equal(proof(4)?.nc, '00000001');
      assert.notEqual(proof(4)?.nonce, proof(1)?.nonce);
      const ids = registers(made.registrar).map((request) => headerValue(request, 'Call-ID'));
      assert.equal(new Set(ids).size, 1);
      assert.deepEqual(
        registers(made.registrar).map((request) => headerValue(request, 'CSeq')),
        [1, 2, 3, 4, 5].map((number) => `${number} REGISTER`),
      );
    }),
  );
}

test(
  'a wrong password or a 403 stops the registration until somebody asks again; the password is in no message',
  withBench(async (bench) => {
    const made = await deviceOf(bench, {
      registrar: { users },
      registration: { credentials: { username: 'dev1', password: 'wrong' } },
    });
    const error = await pushErrorOf(made.registration.whenRegistered());
    assert.equal(error.code, 'CREDENTIALS_REFUSED');
    assert.equal(state(made), 'refused');
    assert.ok(!/wrong|bench/.test(made.registration.status().problem ?? ''));
    assert.equal(registers(made.registrar).length, 2);
    bench.clock.advance(7_200_000);
    assert.equal(registers(made.registrar).length, 2);
    made.registrar.behave = () => ({ status: 403 });
    made.registration.refresh();
    await eventually(() => /403/.test(made.registration.status().problem ?? ''));
    assert.equal(state(made), 'refused');
    made.registrar.behave = () => ({ status: 200 });
    made.registration.refresh();
    await made.registration.whenRegistered();
  }),
);

test(
  'RFC 3261 §10.3: 423 is answered with the interval that the registrar wants, from then on',
  withBench(async (bench) => {
    const made = await deviceOf(bench, { registrar: { minExpires: 1800 } });
    await made.registration.whenRegistered();
    made.registration.refresh();
    await eventually(() => registers(made.registrar).length === 3);
    assert.deepEqual(
      registers(made.registrar).map((request) => headerValue(request, 'Expires')),
      ['600', '1800', '1800'],
    );
    assert.equal(made.registration.status().expiresAt, bench.clock.now() + 1_800_000);
    for (const headers of [
      [],
      [{ name: 'Min-Expires', value: '1' }],
      [{ name: 'Min-Expires', value: 'x' }],
    ]) {
      made.registrar.behave = () => ({ status: 423, headers });
      const before = registers(made.registrar).length;
      made.registration.refresh();
      await eventually(() => registers(made.registrar).length > before && state(made) === 'waiting');
      assert.equal(registers(made.registrar).length, before + 1);
      made.registrar.behave = () => undefined;
      made.registration.refresh();
      await eventually(() => state(made) === 'registered');
    }
  }),
);

for (const [maxExpires, refreshMs] of [
  [600, 300_000],
  [100, 40_000],
  [60, 20_000],
  [3, 1000],
] as const) {
  test(
    `a registration for ${maxExpires} s is refreshed after ${refreshMs / 1000} s, and all temporary GRUUs are kept`,
    withBench(async (bench) => {
      const made = await deviceOf(bench, { registrar: { maxExpires } });
      await made.registration.whenRegistered();
      bench.clock.advance(refreshMs - 1);
      assert.equal(registers(made.registrar).length, 1);
      bench.clock.advance(1);
      await eventually(() => made.registration.status().temporaryGruus.length === 2);
      assert.equal(registers(made.registrar).length, 2);
      assert.deepEqual(made.states, ['registering', 'registered', 'registered']);
    }),
  );
}

test(
  'after failures the pauses grow from 30 s to 30 min, with jitter; Retry-After makes them longer',
  withBench(async (bench) => {
    const made = await deviceOf(bench, { behave: () => ({ status: 503 }) });
    let longest = 30_000;
    for (let failure = 1; failure <= 9; failure += 1) {
      await eventually(() => registers(made.registrar).length === failure && state(made) === 'waiting');
      const pause = (bench.clock.nextTimerAt() ?? 0) - bench.clock.now();
      // Timer K of the last transaction is shorter than any pause.
      bench.clock.advance(5000);
      const rest = (bench.clock.nextTimerAt() ?? 0) - bench.clock.now();
      assert.ok(
        pause === 5000 && rest + 5000 >= longest / 2 && rest + 5000 <= longest,
        `${failure}: ${rest}`,
      );
      bench.clock.advance(rest);
      longest = Math.min(longest * 2, 1_800_000);
    }
    await eventually(() => registers(made.registrar).length === 10);
    made.registrar.behave = () => ({ status: 503, headers: [{ name: 'Retry-After', value: '86400' }] });
    made.registration.refresh();
    await eventually(() => registers(made.registrar).length === 11 && state(made) === 'waiting');
    bench.clock.advance(86_399_999);
    assert.equal(registers(made.registrar).length, 11);
    made.registrar.behave = () => undefined;
    bench.clock.advance(1);
    await made.registration.whenRegistered();
    assert.equal(made.registration.status().problem, undefined);
  }),
);

test(
  'a registrar that is silent: sent again by timer E, given up after 32 s, tried again until it is back',
  withBench(async (bench) => {
    const made = await deviceOf(bench, { behave: () => 'drop' });
    await eventually(() => registers(made.registrar).length === 1);
    bench.clock.advance(32_000);
    await eventually(() => state(made) === 'waiting');
    assert.match(made.registration.status().problem ?? '', /no final answer within 32000 ms/);
    made.registrar.behave = () => undefined;
    bench.clock.advance(30_000);
    await made.registration.whenRegistered();
  }),
);

test(
  'RFC 5627 §4.2: a registrar without GRUUs, one that says less, and one that keeps nothing',
  withBench(async (bench) => {
    const made = await deviceOf(bench, { registrar: { gruu: false } });
    await made.registration.whenRegistered();
    assert.equal(made.registration.status().publicGruu, undefined);
    assert.deepEqual(made.registration.status().temporaryGruus, []);
    const refreshed = async (
      headers: readonly { name: string; value: string }[],
    ): Promise<SipRegistrationStatus> => {
      made.registrar.behave = () => ({ status: 200, headers });
      const before = made.states.length;
      made.registration.refresh();
      await eventually(() => made.states.length > before);
      return made.registration.status();
    };
    const contact = `<sip:dev1@127.0.0.1:${made.port};transport=udp>`;
    const seconds = ({ expiresAt = 0 }: SipRegistrationStatus): number =>
      (expiresAt - bench.clock.now()) / 1000;
    assert.equal(seconds(await refreshed([])), 600);
    assert.equal(seconds(await refreshed([{ name: 'Expires', value: '120' }])), 120);
    const others = `"broken, <sip:x@y>;expires=1`;
    assert.equal(seconds(await refreshed([{ name: 'Contact', value: others }])), 600);
    const several = `<sip:>, <sip:other@b>;expires=7, ${contact};expires=77;pub-gruu="tel:1";temp-gruu="sip:t@b;gr"`;
    const status = await refreshed([{ name: 'm', value: several }]);
    assert.equal(seconds(status), 77);
    assert.equal(status.publicGruu, undefined);
    assert.deepEqual(status.temporaryGruus, ['sip:t@b;gr']);
    const byInstance = `<sip:dev1@nat.example:9>;+sip.instance="<${instanceId}>";expires=88;pub-gruu="${gruu}"`;
    const natted = await refreshed([{ name: 'Contact', value: byInstance }]);
    assert.equal(seconds(natted), 88);
    assert.equal(natted.publicGruu, gruu);
    const nothing = await refreshed([{ name: 'Contact', value: `${contact};expires=0` }]);
    assert.equal(nothing.state, 'waiting');
    assert.match(nothing.problem ?? '', /keeps no binding/);
  }),
);

test(
  'RFC 3261 §10.2.2: close takes the binding back; without an answer it waits no longer than stopMs',
  withBench(async (bench) => {
    const made = await deviceOf(bench, { registrar: { users }, registration: { credentials } });
    await made.registration.whenRegistered();
    assert.equal(made.registrar.bindings.get('dev1')?.size, 1);
    await made.listener.close();
    assert.equal(made.registrar.bindings.get('dev1')?.size, 0);
    const last = registers(made.registrar).at(-1);
    assert.ok(last !== undefined);
    assert.equal(headerValue(last, 'Expires'), '0');
    assert.equal(state(made), 'stopped');
    assert.equal(bench.clock.nextTimerAt(), undefined);

    const silent = await deviceOf(bench);
    await silent.registration.whenRegistered();
    silent.registrar.behave = () => 'drop';
    const closing = silent.listener.close();
    await eventually(() => registers(silent.registrar).length === 2);
    bench.clock.advance(2000);
    await closing;
    assert.equal(state(silent), 'stopped');
    assert.equal(bench.clock.nextTimerAt(), undefined);
  }),
);

test(
  'close in the middle of registering, before it, and twice',
  withBench(async (bench) => {
    const made = await deviceOf(bench, { behave: () => 'drop', registration: { stopMs: 0 } });
    await eventually(() => registers(made.registrar).length === 1);
    const waiting = assert.rejects(made.registration.whenRegistered());
    await Promise.all([made.listener.close(), made.listener.close(), waiting]);
    made.registration.refresh();
    await assert.rejects(made.registration.whenRegistered());
    assert.equal(bench.clock.nextTimerAt(), undefined);
    const { registrar, listener } = made;
    assert.equal(registers(registrar).length, 1);
    assert.equal(listener.registration, made.registration);
    const unused = new SipListener({
      handler: () => {},
      clock: bench.clock,
      registration: { registrar: 'sip:a.test', addressOfRecord: device, instanceId },
    });
    assert.equal(unused.registration?.status().state, 'idle');
    await unused.close();
    assert.equal(unused.registration?.status().state, 'stopped');
    await assert.rejects(made.registration.whenRegistered(AbortSignal.abort()));
  }),
);

test(
  'over TCP: one connection for all, and a new registration soon after it was lost',
  withBench(async (bench) => {
    const made = await deviceOf(bench, { transport: 'tcp' });
    await made.registration.whenRegistered();
    made.registration.refresh();
    await eventually(() => made.registration.status().temporaryGruus.length === 2);
    assert.equal(made.registration.status().contact, `sip:dev1@127.0.0.1:${made.port};transport=tcp`);
    const sender = bench.sender(made.registrar.port);
    await sender.send(pushOf(12_000, 'dm+xml'), { uri: device }, never);
    assert.deepEqual(made.pushes[0]?.body, awkward(12_000));
    made.registrar.dropConnections();
    await eventually(() => made.registration.status().problem !== undefined);
    assert.match(made.registration.status().problem ?? '', /connection to the registrar/);
    bench.clock.advance(30_000);
    await eventually(() => made.registration.status().temporaryGruus.length === 3);
    assert.equal(made.registration.status().problem, undefined);
  }),
);

test(
  'over TLS: the registrar is verified, and pushes come by the connection that the device opened',
  withBench(async (bench) => {
    const { ca, cert, key } = makeCertificates();
    const made = await deviceOf(bench, {
      registrar: { tls: { cert, key } },
      transport: 'tls',
      listener: { tlsClient: { ca }, udp: false, tcp: true },
    });
    await made.registration.whenRegistered();
    assert.match(made.registration.status().contact ?? '', /;transport=tls$/);
    await bench.sender(made.registrar.port).send(pushOf(), { uri: gruu }, never);
    assert.equal(made.pushes.length, 1);
    const strange = await deviceOf(bench, { registrar: { tls: { cert, key } }, transport: 'tls' });
    await eventually(() => state(strange) === 'waiting');
    assert.match(strange.registration.status().problem ?? '', /TLS connection was not made/);
  }),
);

test(
  'a new address is registered at once, and the old binding taken back',
  { skip: hasIpv6 ? false : 'this machine has no ::1' },
  withBench(async (bench) => {
    const six = await UdpSocket.open('::1');
    bench.later(() => six.close());
    let address = '127.0.0.1';
    const registrar = await bench.registrar({ port: six.port });
    const { listener, port } = await bench.listener({
      address: undefined,
      resolve: async () => ({ address }),
      registration: {
        registrar: 'sip:example.com',
        addressOfRecord: device,
        instanceId,
        outboundProxy: `sip:proxy.test:${registrar.port}`,
        stopMs: 0,
      },
    });
    await listener.registration?.whenRegistered();
    bench.clock.advance(30_000);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(registers(registrar).length, 1);
    address = '::1';
    let octets: Uint8Array | undefined;
    void six.next().then((datagram) => {
      octets = datagram.octets;
    });
    const message = decodeSipMessage(
      await eventually(() => {
        bench.clock.advance(100);
        return octets;
      }),
    );
    const contacts = listOf(message, 'Contact').map(readNameAddr);
    assert.deepEqual(
      contacts.map(({ uri, parameters }) => [uri, parameter(parameters, 'expires')]),
      [
        [`sip:dev1@[::1]:${port};transport=udp`, undefined],
        [`sip:dev1@127.0.0.1:${port};transport=udp`, '0'],
      ],
    );
  }),
);

test(
  'a contact by option stands in place of our own address',
  withBench(async (bench) => {
    const made = await deviceOf(bench, { registration: { contact: { host: 'nat.example', port: 40_000 } } });
    await made.registration.whenRegistered();
    assert.equal(made.registration.status().contact, 'sip:dev1@nat.example:40000;transport=udp');
  }),
);

test(
  'an observer that fails does not stop the registration',
  withBench(async (bench) => {
    const errors: unknown[] = [];
    const made = await deviceOf(bench, {
      registration: {
        onChange: () => {
          throw new Error('a log that fails');
        },
      },
      listener: { onError: (error) => void errors.push(error) },
    });
    await made.registration.whenRegistered();
    assert.equal(errors.length, 2);
  }),
);

test('settings that cannot be are refused', () => {
  const good = { registrar: 'sip:example.com', addressOfRecord: device, instanceId };
  const cases: readonly Partial<SipRegistrationOptions>[] = [
    { registrar: 'example.com' },
    { registrar: 'sip:user@example.com' },
    { registrar: 'sip:example.com;transport=sctp' },
    { addressOfRecord: 'sip:example.com' },
    { addressOfRecord: 'sip:a:pw@example.com' },
    { addressOfRecord: `${device};gr` },
    { instanceId: 'f81d4fae' },
    { instanceId: 'urn:uuid:"x"' },
    { outboundProxy: 'proxy' },
    { expiresSeconds: 59 },
    { expiresSeconds: 2 ** 32 },
    { retryFirstMs: 0 },
    { contact: { host: 'a b' } },
    { contact: { host: 'a', port: 0 } },
    { headers: [{ name: 'Contact', value: 'x' }] },
    { algorithms: [] },
  ];
  for (const registration of cases) {
    assert.throws(
      () => new SipListener({ handler: () => {}, registration: { ...good, ...registration } }),
      ValueError,
      JSON.stringify(registration),
    );
  }
});
