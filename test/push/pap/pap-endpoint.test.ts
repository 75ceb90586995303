// The endpoint for push initiators: requests in, answers out.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type MimePart,
  type PapMessage,
  type PapVersion,
  type PushMessage,
  papCodes,
  readPapEntities,
  writePapEntities,
} from '../../../src/codec/pap/index.ts';
import { utf8ToBytes, ValueError } from '../../../src/core/index.ts';
import type { DeliveryReport } from '../../../src/push/index.ts';
import {
  createPapSender,
  PapEndpoint,
  type PapEndpointOptions,
  type PapHttpRequest,
  type PapHttpResponse,
  type PapInitiator,
  PapNotifier,
  type RefusedPapRequest,
} from '../../../src/push/pap/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { papMessage } from '../../codec/pap/arbitrary.ts';
import { isPushError } from '../http/errors.ts';
import { answer, startPeer } from '../http/scripted-peer.ts';
import { never, papAnswer, plmn, pushOf } from './gateway.ts';
import { MemoryHost, serve } from './memory-host.ts';

const local: PapInitiator = { name: 'local', from: ['127.0.0.1'], notifyTo: ['http://127.0.0.1/results'] };
const now = Date.UTC(2026, 0, 1);

function endpointOf(options: Partial<PapEndpointOptions> = {}) {
  const host = new MemoryHost();
  const refused: RefusedPapRequest[] = [];
  const errors: unknown[] = [];
  const endpoint = new PapEndpoint({
    host,
    initiators: [local],
    clock: new ManualClock(now),
    onRefused: (each) => refused.push(each),
    onError: (error) => errors.push(error),
    ...options,
  });
  return { endpoint, host, refused, errors };
}

const push: PushMessage = { element: 'push-message', pushId: '1@pi', addresses: [plmn] };
const content: MimePart = {
  headers: [
    ['Content-Type', 'application/vnd.syncml.dm.notification'],
    ['X-Wap-Application-Id', 'x-wap-application:syncml.dm'],
  ],
  body: Uint8Array.of(1, 13, 10, 0),
};

function requestOf(
  message: PapMessage,
  part: MimePart | undefined = message.element === 'push-message' ? content : undefined,
  change: Partial<PapHttpRequest> = {},
  version?: PapVersion,
): PapHttpRequest {
  const document = { message };
  const written = writePapEntities(part === undefined ? { document } : { document, content: part }, version);
  return {
    method: 'POST',
    target: '/pap',
    authorization: undefined,
    tls: false,
    peer: '127.0.0.1',
    ...written,
    ...change,
  };
}

/** The message of an answer. */
function messageOf({ headers, body }: PapHttpResponse): PapMessage {
  const type = headers['Content-Type'];
  return readPapEntities(typeof type === 'string' ? type : undefined, body).document.message;
}

/** Code and description of the answer to a push. */
function resultOf(response: PapHttpResponse): readonly [number, string | undefined] {
  const message = messageOf(response);
  if (message.element === 'badmessage-response') return [message.code, message.desc];
  assert.ok(message.element === 'push-response', message.element);
  return [message.responseResult.code, message.responseResult.desc];
}

describe('PAP 2.0: pushes', () => {
  test('a push is handed to the host, whole, and accepted', async () => {
    const { endpoint, host, refused } = endpointOf({
      senderName: 'reveille',
      senderAddress: 'https://dm.example/pap',
    });
    const qualityOfService = { deliveryMethod: 'unconfirmed', bearer: 'SMS' } as const;
    const response = await endpoint.handle(
      requestOf({
        ...push,
        addresses: [plmn, 'WAPPUSH=10.0.0.2/TYPE=IPv4@ppg.example'],
        deliverBeforeTimestamp: now + 2000,
        deliverAfterTimestamp: now + 1000,
        sourceReference: 'x',
        ppgNotifyRequestedTo: 'http://127.0.0.1/results?of=7',
        progressNotesRequested: true,
        qualityOfService,
      }),
    );
    assert.deepEqual([response.status, response.headers], [202, { 'Content-Type': 'application/xml' }]);
    assert.deepEqual(messageOf(response), {
      element: 'push-response',
      pushId: '1@pi',
      senderAddress: 'https://dm.example/pap',
      senderName: 'reveille',
      replyTime: now,
      progressNotes: [{ stage: 'checked', time: 0 }],
      responseResult: { code: 1001, desc: 'accepted, the outcome is not known yet' },
    });
    assert.deepEqual(host.submissions, [
      {
        initiator: 'local',
        pushId: '1@pi',
        recipients: [
          { value: '+491701234567', type: 'PLMN', gateway: 'ppg.example', text: plmn },
          {
            value: '10.0.0.2',
            type: 'IPv4',
            gateway: 'ppg.example',
            text: 'WAPPUSH=10.0.0.2/TYPE=IPv4@ppg.example',
          },
        ],
        kind: 'notification',
        contentType: { mime: 'application/vnd.syncml.dm.notification', parameters: {} },
        body: content.body,
        deliverBefore: now + 2000,
        deliverAfter: now + 1000,
        qualityOfService,
        sourceReference: 'x',
        notifyTo: 'http://127.0.0.1/results?of=7',
        progressNotesRequested: true,
      },
    ]);
    assert.deepEqual(refused, []);
  });

  test('answers go in the version of the request; progress notes only when wanted', async () => {
    const { endpoint } = endpointOf();
    for (const version of ['1.0', '2.0'] as const) {
      const response = await endpoint.handle(requestOf({ ...push, pushId: version }, undefined, {}, version));
      const { document } = readPapEntities('application/xml', response.body);
      assert.equal(document.version, version);
      assert.ok(document.message.element === 'push-response' && document.message.progressNotes.length === 0);
    }
  });

  test('DM messages, either name of Package #0, application ids in each form, Base64', async () => {
    const { endpoint, host } = endpointOf();
    const types: readonly [string, string][] = [
      ['application/vnd.syncml.notification', 'notification'],
      ['Application/vnd.syncml.DM.notification; x=y', 'notification'],
      ['application/vnd.syncml.dm+wbxml; SEC=USERPIN', 'dm+wbxml'],
      ['application/vnd.syncml.dm+xml; charset=utf-8', 'dm+xml'],
    ];
    const ids = ['x-wap-application:syncml.dm', 'syncml.dm', '7', 'X-WAP-Application:SYNCML.dm'];
    for (const [index, [type]] of types.entries()) {
      const headers = [
        ['Content-Type', type],
        ['X-Wap-Application-Id', ids[index] ?? ''],
      ] as const;
      const part = {
        headers: [...headers, ['Content-Transfer-Encoding', 'base64'] as const],
        body: utf8ToBytes('AQ0KAA=='),
      };
      assert.equal(resultOf(await endpoint.handle(requestOf({ ...push, pushId: type }, part)))[0], 1001);
    }
    assert.deepEqual(
      host.submissions.map(({ kind }) => kind),
      types.map(([, kind]) => kind),
    );
    assert.deepEqual(host.submissions[2]?.contentType.parameters, { sec: 'USERPIN' });
    for (const { body } of host.submissions) assert.deepEqual(body, content.body);
  });

  const part = (type: string | undefined, more: readonly (readonly [string, string])[] = []): MimePart => ({
    headers: [...(type === undefined ? [] : [['Content-Type', type] as const]), ...more],
    body: content.body,
  });
  const dm = 'application/vnd.syncml.dm.notification';
  const refusals: readonly [
    string,
    Partial<PushMessage>,
    MimePart | undefined,
    number,
    RegExp,
    Partial<PapEndpointOptions>?,
  ][] = [
    ['content that is not ours', {}, part('text/vnd.wap.si'), papCodes.forbidden, /OMA DM only/],
    [
      'data synchronisation',
      {},
      part('application/vnd.syncml.ds.notification'),
      papCodes.forbidden,
      /OMA DM only/,
    ],
    [
      'another application',
      {},
      part(dm, [['X-Wap-Application-Id', 'x-wap-application:wml.ua']]),
      papCodes.forbidden,
      /DM client only/,
    ],
    ['a type that is none', {}, part('x'), papCodes.badRequest, /no media type/],
    ['compressed content', {}, part(dm, [['Content-Encoding', 'gzip']]), papCodes.forbidden, /encoded/],
    [
      'an address that is none',
      { addresses: [plmn, '+491701234567'] },
      undefined,
      papCodes.addressError,
      /not an address/,
    ],
    [
      'another gateway',
      {},
      undefined,
      papCodes.addressError,
      /another gateway/,
      { gatewayNames: ['dm.example'] },
    ],
    [
      'a name without a gateway',
      { addresses: ['WAPPUSH=joe/TYPE=USER'] },
      undefined,
      papCodes.addressError,
      /not an address/,
    ],
    [
      'too many addresses',
      { addresses: [plmn, plmn, plmn] },
      undefined,
      papCodes.multipleAddressesNotSupported,
      /at most 2/,
      { maxAddresses: 2 },
    ],
    ['too much content', {}, undefined, papCodes.forbidden, /4 octets, at most 3/, { maxPayload: 3 }],
    ['a time that has passed', { deliverBeforeTimestamp: now }, undefined, papCodes.forbidden, /has passed/],
    [
      'times the wrong way round',
      { deliverBeforeTimestamp: now + 1000, deliverAfterTimestamp: now + 1000 },
      undefined,
      papCodes.badRequest,
      /not before/,
    ],
    [
      'results to a URL that is not allowed',
      { ppgNotifyRequestedTo: 'http://127.0.0.1/other' },
      undefined,
      papCodes.forbidden,
      /ppg-notify-requested-to/,
    ],
    [
      'an address that the initiator may not use',
      {},
      undefined,
      papCodes.forbidden,
      /may not be pushed to/,
      { initiators: [{ ...local, addresses: ['PLMN:+44*', 'IPv4:*'] }] },
    ],
    [
      'a kind that the initiator may not push',
      {},
      undefined,
      papCodes.forbidden,
      /kind of content/,
      { initiators: [{ ...local, kinds: ['dm+wbxml'] }] },
    ],
    [
      'replacing what is not there',
      { replacePushId: 'x' },
      undefined,
      papCodes.pushIdNotFound,
      /nothing to replace/,
    ],
  ];
  for (const [name, change, body, code, desc, options] of refusals) {
    test(`refused with ${code}: ${name}`, async () => {
      const { endpoint, host, refused } = endpointOf(options);
      const response = await endpoint.handle(requestOf({ ...push, ...change }, body));
      assert.equal(response.status, 202);
      const [said, why] = resultOf(response);
      assert.equal(said, code, why);
      assert.match(why ?? '', desc);
      assert.equal(host.submissions.length, 0);
      assert.deepEqual(
        refused.map((each) => [each.initiator, each.code]),
        [['local', code]],
      );
    });
  }

  test('a push without content is a bad request', async () => {
    const { endpoint } = endpointOf();
    const request = { ...requestOf({ element: 'cancel-message', pushId: '1', addresses: [] }) };
    const { contentType, body } = writePapEntities({ document: { message: push } });
    assert.equal(resultOf(await endpoint.handle({ ...request, contentType, body }))[0], papCodes.badRequest);
  });

  test('the same push-id twice, and a replacement', async () => {
    const { endpoint, host } = endpointOf();
    assert.equal(resultOf(await endpoint.handle(requestOf(push)))[0], 1001);
    assert.equal(resultOf(await endpoint.handle(requestOf(push)))[0], papCodes.duplicatePushId);
    const replacing = { ...push, pushId: '2@pi', replacePushId: '1@pi' };
    assert.equal(resultOf(await endpoint.handle(requestOf(replacing)))[0], 1001);
    const [, second] = host.submissions;
    assert.ok(second !== undefined && 'replaces' in second);
    assert.deepEqual(second.replaces, { pushId: '1@pi', method: 'all' });
    const { submit, cancel, query } = host;
    const plain = { submit: submit.bind(host), cancel: cancel.bind(host), query: query.bind(host) };
    const other = endpointOf({ host: plain });
    assert.equal(
      resultOf(await other.endpoint.handle(requestOf({ ...replacing, pushId: '3@pi' })))[0],
      papCodes.replacementNotSupported,
    );
  });
});

describe('PAP 2.0: cancel, status, capabilities', () => {
  test('cancel and status, for some addresses and for all, and for a push that is not there', async () => {
    const { endpoint } = endpointOf();
    await endpoint.handle(requestOf(push));
    const ask = async (message: PapMessage) => messageOf(await endpoint.handle(requestOf(message)));
    assert.deepEqual(await ask({ element: 'statusquery-message', pushId: '1@pi', addresses: [plmn] }), {
      element: 'statusquery-response',
      pushId: '1@pi',
      results: [
        {
          eventTime: 0,
          messageState: 'pending',
          code: 1000,
          desc: 'done',
          addresses: [plmn],
          qualityOfService: { bearer: 'SMS' },
        },
      ],
    });
    assert.deepEqual(await ask({ element: 'cancel-message', pushId: '1@pi', addresses: [] }), {
      element: 'cancel-response',
      pushId: '1@pi',
      results: [{ code: 1000, desc: 'done', addresses: [] }],
    });
    const again = await ask({ element: 'cancel-message', pushId: '1@pi', addresses: [] });
    assert.ok(
      again.element === 'cancel-response' && again.results[0]?.code === papCodes.cancellationNotPossible,
    );
    const none = await ask({ element: 'cancel-message', pushId: 'x', addresses: [plmn] });
    assert.ok(none.element === 'cancel-response');
    assert.deepEqual(none.results, [{ code: 2004, desc: 'the push-id is not known', addresses: [plmn] }]);
    const unknown = await ask({ element: 'statusquery-message', pushId: 'x', addresses: [] });
    assert.ok(unknown.element === 'statusquery-response');
    assert.deepEqual(unknown.results, [
      { messageState: 'unknown', code: 2004, desc: 'the push-id is not known', addresses: [] },
    ]);
  });

  test('an initiator does not see the pushes of another', async () => {
    const { endpoint } = endpointOf({ initiators: [local, { name: 'other', from: ['10.0.0.0/8'] }] });
    await endpoint.handle(requestOf(push));
    const query = requestOf({ element: 'statusquery-message', pushId: '1@pi', addresses: [] }, undefined, {
      peer: '10.1.2.3',
    });
    const message = messageOf(await endpoint.handle(query));
    assert.ok(message.element === 'statusquery-response' && message.results[0]?.code === 2004);
    assert.equal(resultOf(await endpoint.handle(requestOf(push, undefined, { peer: '10.1.2.3' })))[0], 1001);
  });

  test('capabilities: not implemented unless the host knows them', async () => {
    const ccq: PapMessage = { element: 'ccq-message', queryId: 'q', address: plmn };
    const { endpoint, host } = endpointOf();
    const none = messageOf(await endpoint.handle(requestOf(ccq)));
    assert.deepEqual(none, {
      element: 'ccq-response',
      queryId: 'q',
      code: 3001,
      desc: 'the operation is not implemented',
      address: plmn,
    });
    const capabilities: MimePart = {
      headers: [['Content-Type', 'application/rdf+xml']],
      body: utf8ToBytes('<rdf/>'),
    };
    const knowing = endpointOf({
      host: Object.assign(Object.create(host) as MemoryHost, {
        capabilities: async () => ({ code: 'ok' as const, capabilities }),
      }),
    });
    const response = await knowing.endpoint.handle(requestOf(ccq));
    const read = readPapEntities(String(response.headers['Content-Type']), response.body);
    assert.deepEqual(read.content, capabilities);
    const bad = messageOf(await knowing.endpoint.handle(requestOf({ ...ccq, address: 'x' })));
    assert.ok(bad.element === 'ccq-response' && bad.code === papCodes.addressError);
  });

  test('a host that fails: internal server error in the form of the request, and reported', async () => {
    const { endpoint, host, errors } = endpointOf();
    host.fault = new Error('disk full');
    assert.equal(resultOf(await endpoint.handle(requestOf(push)))[0], 3000);
    const cancelled = messageOf(
      await endpoint.handle(requestOf({ element: 'cancel-message', pushId: '1', addresses: [] })),
    );
    assert.ok(cancelled.element === 'cancel-response' && cancelled.results[0]?.code === 3000);
    const queried = messageOf(
      await endpoint.handle(requestOf({ element: 'statusquery-message', pushId: '1', addresses: [] })),
    );
    assert.ok(queried.element === 'statusquery-response' && queried.results[0]?.code === 3000);
    assert.equal(errors.length, 3);
  });
});

describe('what is not understood', () => {
  const rows: readonly [string, Partial<PapHttpRequest>, number, RegExp][] = [
    ['no XML', { contentType: 'application/xml', body: utf8ToBytes('pap') }, 2000, /outside of root/],
    ['another type', { contentType: 'text/plain', body: utf8ToBytes('pap') }, 2000, /holds no PAP/],
    ['no boundary', { contentType: 'multipart/related' }, 2000, /no boundary/],
    [
      'a missing attribute',
      { contentType: 'text/xml', body: utf8ToBytes('<pap><cancel-message/></pap>') },
      2000,
      /push-id is missing/,
    ],
    [
      'an answer',
      {
        contentType: 'text/xml',
        body: utf8ToBytes('<pap><badmessage-response code="1000" bad-message-fragment=""/></pap>'),
      },
      2000,
      /is no request/,
    ],
    [
      'a result that nobody takes here',
      {
        contentType: 'text/xml',
        body: utf8ToBytes(
          '<pap><resultnotification-message push-id="1" message-state="delivered" code="1000"><address address-value="a"/></resultnotification-message></pap>',
        ),
      },
      2000,
      /is no request/,
    ],
    [
      'a version that is to come',
      {
        contentType: 'text/xml',
        body: utf8ToBytes('<!DOCTYPE pap PUBLIC "-//OMA//DTD PAP 3.0//EN" "x"><pap/>'),
      },
      3002,
      /version 3.0/,
    ],
    ['octets', { contentType: 'application/xml', body: Uint8Array.of(0, 255, 254) }, 2000, /utf-8/],
    ['nothing', { contentType: undefined, body: new Uint8Array() }, 2000, /root element/],
  ];
  for (const [name, change, code, desc] of rows) {
    test(`badmessage-response ${code}: ${name}`, async () => {
      const { endpoint, refused } = endpointOf();
      const response = await endpoint.handle(requestOf(push, undefined, change));
      assert.equal(response.status, 202);
      const message = messageOf(response);
      assert.ok(message.element === 'badmessage-response');
      assert.equal(message.code, code);
      assert.match(message.desc ?? '', desc);
      assert.ok(message.badMessageFragment.length <= 101);
      assert.equal(refused.length, 1);
    });
  }

  test('another method, and a body beyond the limit', async () => {
    const { endpoint } = endpointOf({ maxPayload: 10 });
    const get = await endpoint.handle(requestOf(push, undefined, { method: 'GET' }));
    assert.deepEqual([get.status, get.headers.Allow], [405, 'POST']);
    const large = await endpoint.handle(
      requestOf(push, undefined, { body: new Uint8Array(endpoint.maxBody + 1) }),
    );
    assert.equal(large.status, 413);
  });

  test('any octets, any message and any change to one are answered', async () => {
    const { endpoint, errors } = endpointOf();
    const types = fc.constantFrom(
      'application/xml',
      'multipart/related; boundary=B',
      'text/plain',
      undefined,
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), types, async (body, contentType) => {
        assert.ok(
          [202, 401].includes(
            (await endpoint.handle(requestOf(push, undefined, { body, contentType }))).status,
          ),
        );
      }),
    );
    await fc.assert(
      fc.asyncProperty(papMessage, fc.nat(), fc.nat({ max: 255 }), async (message, at, octet) => {
        const request = requestOf(message, content);
        messageOf(await endpoint.handle(request));
        request.body[at % request.body.length] = octet;
        messageOf(await endpoint.handle(request));
      }),
    );
    assert.deepEqual(errors, []);
  });
});

describe('who may do what', () => {
  const secret = { username: 'pi', password: 'secret' };
  const basic = `Basic ${Buffer.from('pi:secret').toString('base64')}`;

  test('by password: asked for it, Basic over TLS or when allowed', async () => {
    const { endpoint, refused } = endpointOf({
      initiators: [{ name: 'pi', credentials: secret }],
      realm: 'push',
    });
    const bare = await endpoint.handle(requestOf(push));
    assert.equal(bare.status, 401);
    const challenges = bare.headers['WWW-Authenticate'];
    assert.ok(
      Array.isArray(challenges) &&
        challenges.length === 2 &&
        challenges.every((one: string) => one.startsWith('Digest realm="push"')),
    );
    assert.equal((await endpoint.handle(requestOf(push, undefined, { authorization: basic }))).status, 401);
    assert.equal(
      resultOf(await endpoint.handle(requestOf(push, undefined, { authorization: basic, tls: true })))[0],
      1001,
    );
    const open = endpointOf({ initiators: [{ name: 'pi', credentials: secret }], allowPlainBasic: true });
    assert.equal(
      resultOf(await open.endpoint.handle(requestOf(push, undefined, { authorization: basic })))[0],
      1001,
    );
    assert.deepEqual(
      refused.map(({ code }) => code),
      [401, 401],
    );
    assert.ok(refused.every(({ detail }) => !detail.includes('secret')));
  });

  test('by place: addresses and networks of both versions of IP', async () => {
    const { endpoint } = endpointOf({
      initiators: [{ name: 'net', from: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'] }],
    });
    const rows: readonly [string, number][] = [
      ['10.200.3.4', 202],
      ['::ffff:10.0.0.1', 202],
      ['2001:db8:1::1', 202],
      ['192.0.2.7', 202],
      ['192.0.2.8', 403],
      ['11.0.0.1', 403],
      ['2001:db9::1', 403],
      ['', 403],
    ];
    for (const [peer, status] of rows) {
      const response = await endpoint.handle(
        requestOf({ ...push, pushId: peer || 'x' }, undefined, { peer }),
      );
      assert.equal(response.status, status, peer);
    }
  });

  test('by both: the right password from the wrong place is forbidden', async () => {
    const both = { name: 'both', credentials: secret, from: ['10.0.0.0/8'] };
    const { endpoint } = endpointOf({ initiators: [both] });
    const authorized = { authorization: basic, tls: true };
    assert.equal(
      (await endpoint.handle(requestOf(push, undefined, { ...authorized, peer: '11.0.0.1' }))).status,
      403,
    );
    assert.equal(
      (await endpoint.handle(requestOf(push, undefined, { ...authorized, peer: '10.0.0.1' }))).status,
      202,
    );
    // Its place alone is not enough.
    assert.equal(
      (await endpoint.handle(requestOf(push, undefined, { tls: true, peer: '10.0.0.1' }))).status,
      401,
    );
  });

  test('addresses by pattern', async () => {
    const rows: readonly [string, readonly string[], number][] = [
      [plmn, ['*'], 1001],
      [plmn, ['PLMN:+49*'], 1001],
      [plmn, ['PLMN:+49*67'], 1001],
      [plmn, ['PLMN:*170*4567'], 1001],
      [plmn, ['PLMN:+491701234567'], 1001],
      [plmn, ['PLMN:+49*167', 'IPv4:*'], 2001],
      [plmn, ['PLMN:+4917012345678*'], 2001],
      [plmn, ['PLMN:+491701234567*4567'], 2001],
      [plmn, [], 2001],
      ['WAPPUSH=10.1.2.3/TYPE=IPv4@x', ['IPv4:10.*'], 1001],
      ['WAPPUSH=110.1.2.3/TYPE=IPv4@x', ['IPv4:10.*'], 2001],
      ['wappush=10.1.2.3/type=ipv4@x', ['IPv4:10.*'], 1001],
      ['WAPPUSH=10.1.2.3/TYPE=IPv4@x', ['ipv4:10.*'], 1001],
      ['WAPPUSH=10.1.2.3/TYPE=IPv4@x', ['PLMN:10.*'], 2001],
      ['wappush=+4-9170123/type=plmn@x', ['PLMN:+49*'], 1001],
      ['WAPPUSH=+49170123/TYPE=PLMN', ['PLMN:+49*'], 1001],
      ['WAPPUSH=2001:DB8::1/TYPE=IPV6@x', ['IPv6:2001:db8:*'], 1001],
      ['WAPPUSH=2001:DB9::1/TYPE=IPV6@x', ['IPv6:2001:db8:*'], 2001],
    ];
    for (const [address, addresses, code] of rows) {
      const { endpoint } = endpointOf({ initiators: [{ ...local, addresses }] });
      assert.equal(
        resultOf(await endpoint.handle(requestOf({ ...push, addresses: [address] })))[0],
        code,
        addresses.join(),
      );
    }
  });

  test('URLs for results: the same server, the same path or below it', async () => {
    const rows: readonly [string, number][] = [
      ['http://127.0.0.1/results', 1001],
      ['http://127.0.0.1/results?x=1', 1001],
      ['http://127.0.0.1/results/7', 1001],
      ['http://127.0.0.1/results7', 2001],
      ['http://127.0.0.1/results/../other', 2001],
      ['http://127.0.0.1:81/results', 2001],
      ['https://127.0.0.1/results', 2001],
      ['http://127.0.0.1@evil.example/results', 2001],
      ['http://user:pass@127.0.0.1/results', 2001],
      ['http://127.0.0.1.evil.example/results', 2001],
      ['file:///results', 2001],
      ['results', 2001],
    ];
    for (const [ppgNotifyRequestedTo, code] of rows) {
      const { endpoint } = endpointOf();
      const response = await endpoint.handle(requestOf({ ...push, ppgNotifyRequestedTo }));
      assert.equal(resultOf(response)[0], code, ppgNotifyRequestedTo);
    }
  });

  test('rules that cannot be, or that leave it open to everyone, are refused', () => {
    const wrong: readonly (readonly PapInitiator[])[] = [
      [{ name: 'all' }],
      [{ name: '', from: [] }],
      [local, local],
      [{ name: 'a', from: ['10.0.0.0/33'] }],
      [{ name: 'a', from: ['host.example'] }],
      [{ name: 'a', from: ['10.0.0.0/x'] }],
      [{ name: 'a', credentials: secret, notifyTo: ['x'] }],
      [
        { name: 'a', credentials: secret },
        { name: 'b', credentials: secret },
      ],
      [{ name: 'a', credentials: { username: 'a:b', password: '' } }],
    ];
    for (const initiators of wrong) {
      assert.throws(() => new PapEndpoint({ host: new MemoryHost(), initiators }), ValueError);
    }
    for (const options of [{ maxAddresses: 0 }, { maxPayload: 1.5 }]) {
      assert.throws(
        () => new PapEndpoint({ host: new MemoryHost(), initiators: [local], ...options }),
        ValueError,
      );
    }
  });
});

describe('both ends against each other', () => {
  test('push, status, replace, cancel, and the result told back under one URL for all', async (t) => {
    const reports: DeliveryReport[] = [];
    const credentials = { username: 'pi', password: 'secret' };
    let handle: (request: PapHttpRequest) => Promise<PapHttpResponse> = () => Promise.reject(new Error());
    const url = await serve(t, (request) => handle(request));
    const sender = createPapSender({
      gateways: [{ name: 'ppg.example', url: `${url}/pap`, credentials, notifyTo: `${url}/pap` }],
      onReport: (report) => void reports.push(report),
    });
    const host = new MemoryHost();
    const endpoint = new PapEndpoint({
      host,
      initiators: [{ name: 'pi', credentials, notifyTo: [`${url}/pap`] }],
      receiveResult: (request) => sender.receiveResult(request),
    });
    handle = (request) => endpoint.handle(request);
    const notifier = new PapNotifier();
    t.after(() => Promise.all([sender.close(), notifier.close()]));
    const to = { address: plmn, gateway: 'ppg.example' };
    const receipt = await sender.send(pushOf(55), to, never);
    assert.ok(receipt.outcome === 'accepted');
    const { reference } = receipt;
    assert.deepEqual(host.submissions[0]?.body, pushOf(55).body);
    const [state] = await sender.queryStatus('ppg.example', reference, [], never);
    assert.equal(state?.messageState, 'pending');
    const replacement = await sender.replace(pushOf(56), to, { reference, method: 'all' }, never);
    assert.ok(replacement.outcome === 'accepted');
    const [cancelled] = await sender.cancel('ppg.example', replacement.reference, [plmn], never);
    assert.equal(cancelled?.code, 1000);
    const notification = {
      pushId: reference,
      messageState: 'delivered',
      code: 1000,
      address: plmn,
      eventTime: 0,
    } as const;
    await notifier.notify({ url: host.submissions[0]?.notifyTo ?? '' }, notification, never);
    assert.deepEqual(
      reports.map(({ pushId, outcome }) => [pushId, outcome]),
      [['n-1', 'delivered']],
    );
    // Told again, it is not known any more, and that is not to be repeated.
    await assert.rejects(
      notifier.notify({ url: `${url}/pap` }, notification, never),
      isPushError('PAP_PUSH_ID_NOT_FOUND', false),
    );
  });

  test('what initiators answer to results', async (t) => {
    const told = { pushId: '1', messageState: 'delivered', code: 1000, address: plmn } as const;
    const said = (code: number) =>
      papAnswer({ element: 'resultnotification-response', pushId: '1', code, address: plmn });
    const rows: readonly [string, string | undefined, boolean?][] = [
      [said(1000), undefined],
      [answer('200 OK'), undefined],
      [answer('204 No Content'), undefined],
      [said(2004), 'PAP_PUSH_ID_NOT_FOUND', false],
      [said(4001), 'PAP_SERVICE_UNAVAILABLE', true],
      [
        papAnswer({ element: 'badmessage-response', code: 2000, badMessageFragment: '' }),
        'PAP_BAD_REQUEST',
        false,
      ],
      [
        papAnswer({ element: 'cancel-response', pushId: '1', results: [{ code: 1000, addresses: [] }] }),
        'PROTOCOL',
        false,
      ],
      [answer('200 OK', {}, 'thanks'), 'PROTOCOL', false],
      [answer('503 Busy'), 'HTTP_503', true],
      [answer('404 Not Found'), 'HTTP_404', false],
    ];
    const notifier = new PapNotifier();
    for (const [octets, code, retryable = false] of rows) {
      const peer = await startPeer(t, () => octets);
      const telling = notifier.notify({ url: peer.origin, version: '1.0' }, told, never);
      if (code === undefined) await telling;
      else await assert.rejects(telling, isPushError(code, retryable));
    }
    await assert.rejects(notifier.notify({ url: 'file:///x' }, told, never), ValueError);
    await assert.rejects(
      notifier.notify({ url: 'http://127.0.0.1:1/' }, told, never),
      isPushError('ECONNREFUSED', true),
    );
    await notifier.close();
    await assert.rejects(
      notifier.notify({ url: 'http://127.0.0.1:1/' }, told, never),
      isPushError('CLOSED', true),
    );
  });
});
