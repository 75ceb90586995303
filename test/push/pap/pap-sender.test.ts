// The push initiator against gateways that do what a test says.
import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import { describe, test } from 'node:test';
import {
  mimeHeader,
  type PapMessage,
  type PapMessageState,
  papMessageStates,
  writePapEntities,
} from '../../../src/codec/pap/index.ts';
import { PushError, utf8ToBytes, ValueError } from '../../../src/core/index.ts';
import { contentTypes, type DeliveryReport } from '../../../src/push/index.ts';
import {
  createPapSender,
  type PapGateway,
  type PapHttpRequest,
  papTarget,
} from '../../../src/push/pap/index.ts';
import { eventually, ManualClock } from '../../../src/testing/index.ts';
import { deviceTls, serverTls } from '../http/device.ts';
import { isPushError } from '../http/errors.ts';
import { answer, fieldOf, startPeer } from '../http/scripted-peer.ts';
import {
  entitiesOf,
  never,
  papAnswer,
  plmn,
  pushIdOf,
  pushOf,
  startGateway,
  withCode,
  withMessage,
} from './gateway.ts';

const to = { address: plmn, gateway: 'ppg.example' };

describe('PAP 2.0: what is sent', () => {
  test('multipart/related with push-message and content; nothing else that a gateway could pass on', async (t) => {
    const { peer, send } = await startGateway(t, withCode(1001));
    const receipt = await send();
    const [request] = peer.requests;
    assert.ok(request);
    assert.deepEqual(
      request.head.split('\n').map((line) => line.split(':', 1)[0]),
      ['POST /pap HTTP/1.1', 'host', 'connection', 'Content-Type', 'accept-encoding', 'content-length'],
    );
    const { document, content } = entitiesOf(request);
    assert.equal(document.version, '2.0');
    assert.ok('reference' in receipt && receipt.outcome === 'accepted');
    assert.match(receipt.reference ?? '', /^n-1\.[0-9a-f]{16}@dm\.example$/);
    assert.deepEqual(document.message, {
      element: 'push-message',
      pushId: receipt.reference,
      addresses: [plmn],
      qualityOfService: { deliveryMethod: 'unconfirmed' },
    });
    assert.deepEqual(content?.headers, [
      ['Content-Type', 'application/vnd.syncml.dm.notification'],
      ['X-Wap-Application-Id', 'x-wap-application:syncml.dm'],
    ]);
    assert.deepEqual(content?.body, pushOf(5).body);
  });

  test('spec-notes ruling 7: the media type is the one that is assigned to the WSP number of the format', async (t) => {
    const { peer, send } = await startGateway(t, withCode(1001));
    for (const type of Object.values(contentTypes)) await send(1, type);
    assert.deepEqual(
      peer.requests.map((request) => mimeHeader(entitiesOf(request).content?.headers ?? [], 'content-type')),
      [
        'application/vnd.syncml.notification',
        'application/vnd.syncml.notification',
        'application/vnd.syncml.dm.notification',
        'application/vnd.syncml.dm+wbxml',
        'application/vnd.syncml.dm+xml',
        'text/vnd.wap.connectivity-xml',
        'application/vnd.wap.connectivity-wbxml',
      ],
    );
  });

  test('what is configured for a gateway', async (t) => {
    const qualityOfService = {
      priority: 'high',
      network: 'GSM',
      bearer: 'SMS',
      bearerRequired: true,
    } as const;
    const { peer, send } = await startGateway(
      t,
      withCode(1000),
      {
        version: '1.0',
        qualityOfService,
        notifyTo: 'https://dm.example/pap-results',
        sourceReference: 'Fleet 7',
        lifetimeMs: 3_600_000,
        headers: { 'X-Kannel-SMSC': 'smsc1' },
      },
      { clock: new ManualClock() },
    );
    await send();
    const [request] = peer.requests;
    assert.ok(request);
    assert.equal(fieldOf(request, 'x-kannel-smsc'), 'smsc1');
    const { document } = entitiesOf(request);
    assert.equal(document.version, '1.0');
    const { pushId: _, ...message } = document.message as { readonly pushId: string };
    assert.deepEqual(message, {
      element: 'push-message',
      deliverBeforeTimestamp: Date.UTC(2026, 0, 1, 1),
      sourceReference: 'Fleet 7',
      ppgNotifyRequestedTo: 'https://dm.example/pap-results',
      addresses: [plmn],
      qualityOfService,
    });
  });

  test('push-ids are new for every push, also for the same one again, and hold no odd characters', async (t) => {
    const { peer, sender } = await startGateway(t, withCode(1001));
    for (const id of ['a', 'a', 'x y@z"<\u0000é', '', 'b'.repeat(300)]) {
      await sender.send({ ...pushOf(1), id }, to, never);
    }
    const ids = peer.requests.map(pushIdOf);
    assert.equal(new Set(ids).size, 5);
    assert.deepEqual(
      ids.map((id) => id.replace(/\.[0-9a-f]{16}@dm\.example$/, '')),
      ['a', 'a', 'x_y_z____', '_', 'b'.repeat(128)],
    );
  });

  test('several gateways: the one that the address names, in any case', async (t) => {
    const seen: string[] = [];
    const gateways: PapGateway[] = [];
    for (const name of ['one.example', 'two.example']) {
      const peer = await startPeer(t, (request, index, socket) => {
        seen.push(name);
        return withCode(1001)(request, index, socket);
      });
      gateways.push({ name, url: peer.origin });
    }
    const sender = createPapSender({ gateways });
    t.after(() => sender.close());
    for (const name of ['two.example', 'ONE.Example']) {
      await sender.send(pushOf(1), papTarget(`WAPPUSH=10.0.0.2/TYPE=IPv4@${name}`), never);
    }
    assert.deepEqual(seen, ['two.example', 'one.example']);
    await assert.rejects(
      sender.send(pushOf(1), papTarget('WAPPUSH=10.0.0.2/TYPE=IPv4@three.example'), never),
      (error: unknown) => error instanceof ValueError && /one\.example, two\.example/.test(error.message),
    );
  });

  test('what cannot be sent is refused before anything is', async (t) => {
    const { peer, sender, send } = await startGateway(t, withCode(1001), { maxPayload: 100 });
    assert.equal(sender.maxPayload, 100);
    await send(100);
    await assert.rejects(
      send(101),
      (error: unknown) => error instanceof ValueError && /101.*100/.test(error.message),
    );
    for (const address of ['', '+491701234567', 'WAPPUSH=0170/TYPE=PLMN@ppg.example']) {
      await assert.rejects(sender.send(pushOf(1), { ...to, address }, never), ValueError);
      assert.throws(() => papTarget(address), ValueError);
    }
    assert.equal(peer.requests.length, 1);
    const gateway = { name: 'a', url: 'http://127.0.0.1/' };
    for (const gateways of [
      [{ ...gateway, url: 'ftp://x/' }],
      [{ ...gateway, url: 'http://user:secret@x/' }],
      [{ ...gateway, name: 'a b' }],
      [{ ...gateway, maxPayload: 0 }],
      [{ ...gateway, lifetimeMs: 0.5 }],
      [gateway, { ...gateway, name: 'A' }],
    ]) {
      assert.throws(() => createPapSender({ gateways }), ValueError);
    }
    assert.throws(() => createPapSender({ gateways: [gateway], initiator: 'a b' }), ValueError);
    assert.throws(() => createPapSender({ gateways: [gateway], maxAwaited: 0 }), ValueError);
  });

  test('payloads of every size', async (t) => {
    const { peer, send } = await startGateway(t, withCode(1001));
    for (const size of [0, 1, 140, 12 * 1024, 262_144]) await send(size);
    for (const request of peer.requests) {
      const { content } = entitiesOf(request);
      assert.deepEqual(content?.body, pushOf(content?.body.length ?? 0).body);
    }
    assert.equal(peer.requests.length, 5);
  });
});

describe('PAP §9.13: what answers mean', () => {
  const codes: readonly [number, string, boolean][] = [
    [2000, 'PAP_BAD_REQUEST', false],
    [2001, 'PAP_FORBIDDEN', false],
    [2002, 'PAP_ADDRESS_ERROR', false],
    [2007, 'PAP_DUPLICATE_PUSH_ID', true],
    [2999, 'PAP_2999', false],
    [3000, 'PAP_INTERNAL_SERVER_ERROR', true],
    [3001, 'PAP_NOT_IMPLEMENTED', false],
    [3010, 'PAP_REQUIRED_BEARER_NOT_AVAILABLE', true],
    [4001, 'PAP_SERVICE_UNAVAILABLE', true],
    [5028, 'PAP_5028', false],
    [9000, 'PAP_9000', false],
  ];
  for (const [code, name, retryable] of codes) {
    test(`${code} is ${name}${retryable ? ', which may pass' : ''}`, async (t) => {
      const { send, sender } = await startGateway(t, withCode(code, 'as we see it'), {
        notifyTo: 'http://x/',
      });
      await assert.rejects(
        send(),
        (error: unknown) => isPushError(name, retryable)(error) && String(error).includes('as we see it'),
      );
      assert.equal(sender.awaited, 0);
    });
  }

  test('badmessage-response, with 202 as Kannel sends it', async (t) => {
    const script = withMessage({ element: 'badmessage-response', code: 2000, badMessageFragment: 'x' });
    await assert.rejects((await startGateway(t, script)).send(), isPushError('PAP_BAD_REQUEST', false));
    const odd = withMessage({ element: 'badmessage-response', code: 1000, badMessageFragment: 'x' });
    await assert.rejects((await startGateway(t, odd)).send(), isPushError('PROTOCOL', false));
  });

  const nonsense: readonly [string, string, string, boolean][] = [
    ['no body', answer('202 Accepted'), 'PROTOCOL', false],
    ['a page', answer('200 OK', { 'Content-Type': 'text/html' }, '<html/>'), 'PROTOCOL', false],
    ['XML that is no PAP', answer('200 OK', { 'Content-Type': 'text/xml' }, '<x/>'), 'PROTOCOL', false],
    ['broken XML', answer('202 Accepted', {}, '<pap><push-response'), 'PROTOCOL', false],
    ['an entity', answer('202 Accepted', {}, '<!DOCTYPE pap [<!ENTITY a "b">]><pap/>'), 'PROTOCOL', false],
    [
      'an answer to something else',
      papAnswer({ element: 'cancel-response', pushId: 'x', results: [{ code: 1000, addresses: [] }] }),
      'PROTOCOL',
      false,
    ],
    [
      'another push-id',
      papAnswer({ element: 'push-response', pushId: 'x', progressNotes: [], responseResult: { code: 1001 } }),
      'PROTOCOL',
      false,
    ],
    [
      '401',
      answer('401 Unauthorized', { 'WWW-Authenticate': 'Basic realm="x"' }),
      'CREDENTIALS_MISSING',
      false,
    ],
    ['404', answer('404 Not Found'), 'HTTP_404', false],
    ['500', answer('500 No'), 'HTTP_500', true],
    ['503', answer('503 No'), 'HTTP_503', true],
    ['no HTTP', 'SSH-2.0-x\r\n\r\n', 'PROTOCOL', false],
  ];
  for (const [name, octets, code, retryable] of nonsense) {
    test(`${name} is ${code}`, async (t) => {
      const { send } = await startGateway(t, () => octets);
      await assert.rejects(send(), isPushError(code, retryable));
    });
  }

  test('what a newer gateway adds to its answer does no harm', async (t) => {
    const { send } = await startGateway(t, (request) => {
      const body = `<pap x="1"><push-response push-id="${pushIdOf(request)}" new="1"><response-result code="1001"/><bpds/></push-response></pap>`;
      return answer('202 Accepted', { 'Content-Type': 'application/xml' }, body);
    });
    assert.equal((await send()).outcome, 'accepted');
  });

  test('a push is never sent twice by itself, for a gateway would take it twice', async (t) => {
    const { send, peer } = await startGateway(t, (_, __, socket) => void socket.destroy());
    await assert.rejects(send(), (error: unknown) => error instanceof PushError && error.retryable);
    assert.equal(peer.requests.length, 1);
  });

  test('a gateway that is down, slow, or given up', async (t) => {
    const clock = new ManualClock();
    const { send, sender, peer } = await startGateway(t, () => undefined, { responseMs: 2000 }, { clock });
    const late = assert.rejects(send(), isPushError('TIMEOUT', true));
    await eventually(() => peer.requests.length === 1);
    clock.advance(2000);
    await late;
    const abort = new AbortController();
    const given = assert.rejects(sender.send(pushOf(1), to, abort.signal), isPushError('ABORTED', true));
    await eventually(() => peer.requests.length === 2);
    abort.abort();
    await given;
    const down = createPapSender({ gateways: [{ name: 'ppg.example', url: 'http://127.0.0.1:1/' }] });
    t.after(() => down.close());
    await assert.rejects(down.send(pushOf(1), to, never), isPushError('ECONNREFUSED', true));
  });

  test('credentials are proved; neither they nor the query of the URL show in errors', async (t) => {
    const { send, peer } = await startGateway(
      t,
      (request, index, socket) =>
        fieldOf(request, 'authorization') === undefined
          ? answer('401 Unauthorized', { 'WWW-Authenticate': 'Basic realm=gw"wappush"' })
          : withCode(3000)(request, index, socket),
      { credentials: { username: 'dms', password: 'secret' }, allowPlainBasic: true },
    );
    await assert.rejects(send(), (error: unknown) => !String(error).includes('secret'));
    assert.equal(peer.requests.length, 2);
    const other = createPapSender({
      gateways: [{ name: 'ppg.example', url: `${peer.origin}/pap?username=dms&password=hidden` }],
    });
    t.after(() => other.close());
    await assert.rejects(
      other.send(pushOf(1), to, never),
      (error: unknown) => !String(error).includes('hidden'),
    );
    assert.match(peer.requests[2]?.head ?? '', /^POST \/pap\?username=dms&password=hidden /);
  });

  test('over TLS, with the name and the chain of the gateway verified', async (t) => {
    const server = createServer({ cert: deviceTls.cert, key: deviceTls.key }, (request, response) => {
      const chunks: Uint8Array[] = [];
      request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
      request.on('end', () => {
        const body = new Uint8Array(Buffer.concat(chunks));
        const head = `\ncontent-type: ${request.headers['content-type'] ?? ''}`;
        const pushId = pushIdOf({ head, body });
        const message = {
          element: 'push-response',
          pushId,
          progressNotes: [],
          responseResult: { code: 1001 },
        } as const;
        response.setHeader('content-type', 'application/xml');
        response.end(writePapEntities({ document: { message } }).body);
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    t.after(() => server.close());
    const bound = server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    const rows: readonly [Partial<PapGateway>, string, string][] = [
      [{ tls: serverTls }, 'localhost', 'accepted'],
      [{}, 'localhost', 'TLS'],
      [{ tls: serverTls }, '127.0.0.1', 'TLS'],
    ];
    for (const [options, host, outcome] of rows) {
      const gateway = { name: 'ppg.example', url: `https://${host}:${port}/pap`, ...options };
      const sender = createPapSender({ gateways: [gateway] });
      const sending = sender.send(pushOf(5), to, never);
      if (outcome === 'TLS') await assert.rejects(sending, isPushError('TLS', false));
      else assert.equal((await sending).outcome, outcome);
      await sender.close();
    }
  });

  test('close waits for what is under way, and then nothing is taken any more', async (t) => {
    let reply = (): void => {};
    const { send, sender, peer } = await startGateway(t, (request, index, socket) => {
      reply = () => void socket.write(withCode(1001)(request, index, socket) ?? '');
      return undefined;
    });
    const sending = send();
    await eventually(() => peer.requests.length === 1);
    const closing = sender.close();
    await assert.rejects(send(), isPushError('CLOSED', true));
    reply();
    assert.equal((await sending).outcome, 'accepted');
    await closing;
  });
});

describe('PAP 2.0: replace, cancel, status, capabilities', () => {
  const outcome = {
    element: 'cancel-response',
    pushId: 'x',
    results: [
      { code: 1000, addresses: [plmn] },
      { code: 2008, desc: 'gone', addresses: [] },
    ],
  } as const;

  test('replace names the push that is replaced', async (t) => {
    const { sender, peer } = await startGateway(t, withCode(1001));
    const receipt = await sender.replace(
      pushOf(3),
      to,
      { reference: 'old@x', method: 'pending-only' },
      never,
    );
    assert.equal(receipt.outcome, 'accepted');
    const { message } = entitiesOf(peer.requests[0] ?? { head: '', body: new Uint8Array() }).document;
    assert.ok(message.element === 'push-message');
    assert.deepEqual([message.replacePushId, message.replaceMethod], ['old@x', 'pending-only']);
  });

  test('cancel: what the gateway says about each address', async (t) => {
    const { sender, peer } = await startGateway(t, withMessage(outcome));
    assert.deepEqual(await sender.cancel('ppg.example', 'x', [plmn], never), outcome.results);
    const [request] = peer.requests;
    assert.ok(request);
    assert.equal(fieldOf(request, 'content-type'), 'application/xml');
    assert.deepEqual(entitiesOf(request).document.message, {
      element: 'cancel-message',
      pushId: 'x',
      addresses: [plmn],
    });
  });

  test('status query: states with their times', async (t) => {
    const results = [{ eventTime: 0, messageState: 'delivered', code: 1000, addresses: [] }] as const;
    const { sender, peer } = await startGateway(
      t,
      withMessage({ element: 'statusquery-response', pushId: 'x', results }),
    );
    assert.deepEqual(await sender.queryStatus('PPG.example', 'x', [], never), results);
    const { message } = entitiesOf(peer.requests[0] ?? { head: '', body: new Uint8Array() }).document;
    assert.deepEqual(message, { element: 'statusquery-message', pushId: 'x', addresses: [] });
  });

  test('capabilities: a code, and the entity beside it', async (t) => {
    const message: PapMessage = { element: 'ccq-response', queryId: 'q', code: 1000, address: plmn };
    const content = {
      headers: [['Content-Type', 'application/rdf+xml']] as const,
      body: utf8ToBytes('<rdf/>'),
    };
    const written = writePapEntities({ document: { message }, content });
    const { sender, peer } = await startGateway(t, () =>
      answer(
        '202 Accepted',
        { 'Content-Type': written.contentType },
        Buffer.from(written.body).toString('latin1'),
      ),
    );
    const told = await sender.queryCapabilities(
      to,
      { queryId: 'q', appId: 'x-wap-application:syncml.dm' },
      never,
    );
    assert.deepEqual(told, { code: 1000, desc: undefined, content });
    const asked = entitiesOf(peer.requests[0] ?? { head: '', body: new Uint8Array() }).document.message;
    assert.deepEqual(asked, {
      element: 'ccq-message',
      queryId: 'q',
      appId: 'x-wap-application:syncml.dm',
      address: plmn,
    });
  });

  test('a gateway that cannot do it says so with a badmessage-response', async (t) => {
    const { sender } = await startGateway(
      t,
      withMessage({ element: 'badmessage-response', code: 3001, badMessageFragment: '' }),
    );
    for (const asking of [
      sender.cancel('ppg.example', 'x', [], never),
      sender.queryStatus('ppg.example', 'x', [], never),
      sender.queryCapabilities(to, {}, never),
    ]) {
      await assert.rejects(asking, isPushError('PAP_NOT_IMPLEMENTED', false));
    }
    await assert.rejects(sender.cancel('other', 'x', [], never), ValueError);
  });
});

describe('PAP 2.0: result notifications', () => {
  function notification(pushId: string, messageState: PapMessageState, more: object = {}): PapHttpRequest {
    const message = {
      element: 'resultnotification-message',
      pushId,
      messageState,
      code: messageState === 'delivered' ? 1000 : 5028,
      address: plmn,
      ...more,
    } as const;
    const { contentType, body } = writePapEntities({ document: { message } }, '1.0');
    return {
      method: 'POST',
      target: '/',
      contentType,
      body,
      authorization: undefined,
      tls: false,
      peer: '10.0.0.1',
    };
  }
  const codeIn = (body: Uint8Array) => /code="(\d+)"/.exec(new TextDecoder().decode(body))?.[1];

  test('delivered and failed pushes are reported once; states on the way are not', async (t) => {
    const reports: DeliveryReport[] = [];
    const { sender, send } = await startGateway(
      t,
      withCode(1001),
      { notifyTo: 'http://x/' },
      {
        onReport: (report) => void reports.push(report),
      },
    );
    for (const state of papMessageStates) {
      const receipt = await send();
      const reference = 'reference' in receipt ? (receipt.reference ?? '') : '';
      const before = reports.length;
      const { status, body, headers } = await sender.receiveResult(
        notification(reference, state, { desc: 'so' }),
      );
      assert.deepEqual([status, headers['Content-Type'], codeIn(body)], [202, 'application/xml', '1000']);
      if (state === 'pending' || state === 'unknown') {
        assert.equal(reports.length, before);
        assert.equal(sender.awaited, 1);
        await sender.receiveResult(notification(reference, 'delivered'));
        continue;
      }
      const outcome = state === 'delivered' ? 'delivered' : 'failed';
      const detail = `${state}, ${state === 'delivered' ? 1000 : 5028}: so`;
      assert.deepEqual(reports.at(-1), {
        binding: 'pap',
        pushId: 'n-1',
        reference,
        references: [reference],
        outcome,
        detail,
      });
      // Told again, it is not known any more.
      assert.equal(codeIn((await sender.receiveResult(notification(reference, 'delivered'))).body), '2004');
      assert.equal(reports.length, before + 1);
    }
    assert.equal(sender.awaited, 0);
  });

  test('a result that comes before the answer to the push', async (t) => {
    const reports: DeliveryReport[] = [];
    const { sender, send, peer } = await startGateway(
      t,
      () => undefined,
      { notifyTo: 'http://x/' },
      {
        onReport: (report) => void reports.push(report),
      },
    );
    const sending = send();
    await eventually(() => peer.requests.length === 1);
    const [request] = peer.requests;
    assert.ok(request);
    await sender.receiveResult(notification(pushIdOf(request), 'delivered'));
    peer.sockets[0]?.write(withCode(1001)(request, 0, peer.sockets[0]) ?? '');
    assert.equal((await sending).outcome, 'accepted');
    assert.deepEqual(
      reports.map(({ outcome }) => outcome),
      ['delivered'],
    );
  });

  test('after a restart a push is waited for again; what is none of ours is refused', async (t) => {
    const reports: DeliveryReport[] = [];
    const { sender } = await startGateway(
      t,
      withCode(1001),
      {},
      { onReport: (report) => void reports.push(report), maxAwaited: 2 },
    );
    const reference = 'n-9.0123456789abcdef@dm.example';
    sender.expectReport('n-9', reference);
    await sender.receiveResult(notification(reference, 'delivered'));
    assert.deepEqual(
      reports.map(({ pushId }) => pushId),
      ['n-9'],
    );
    for (const wrong of ['', 'x', 'x@y', 'n-9.0123456789abcdeF@x']) {
      assert.throws(() => sender.expectReport('n-9', wrong), ValueError);
    }
    for (const digit of ['1', '2', '3']) sender.expectReport(digit, reference.replace('0', digit));
    assert.equal(sender.awaited, 2);
  });

  test('a report that cannot be kept is asked for again', async (t) => {
    const errors: unknown[] = [];
    let works = false;
    const { sender, send } = await startGateway(
      t,
      withCode(1001),
      { notifyTo: 'http://x/' },
      {
        onReport: () => (works ? undefined : Promise.reject(new Error('disk full'))),
        onError: (error) => errors.push(error),
      },
    );
    const receipt = await send();
    const request = notification('reference' in receipt ? (receipt.reference ?? '') : '', 'delivered');
    const first = await sender.receiveResult(request);
    assert.deepEqual([first.status, codeIn(first.body)], [503, '4001']);
    works = true;
    const second = await sender.receiveResult(request);
    assert.deepEqual([second.status, codeIn(second.body)], [202, '1000']);
    assert.equal(errors.length, 1);
  });

  test('what Kannel does: reports of Kannel, which has no result notifications', async (t) => {
    const reports: DeliveryReport[] = [];
    let works = true;
    const { sender, send, peer } = await startGateway(
      t,
      withCode(1001),
      { kannelReportsTo: 'http://dm.example/dlr?of=kannel' },
      { onReport: (report) => (works ? void reports.push(report) : Promise.reject(new Error('disk full'))) },
    );
    const rows: readonly [string, string | undefined][] = [
      ['1', 'delivered'],
      ['2', 'failed'],
      ['16', 'failed'],
    ];
    for (const [index, [status, outcome]] of rows.entries()) {
      await send();
      const request = peer.requests[index];
      assert.ok(request);
      const reference = pushIdOf(request);
      assert.equal(fieldOf(request, 'x-kannel-dlr-mask'), '19');
      const url = `http://dm.example/dlr?of=kannel&reference=${reference}&status=%d`;
      assert.equal(fieldOf(request, 'x-kannel-dlr-url'), url);
      const target = `/dlr?of=kannel&reference=${encodeURIComponent(reference)}&status=${status}`;
      works = false;
      assert.equal((await sender.receiveKannelReport({ method: 'GET', target })).status, 503);
      works = true;
      assert.equal((await sender.receiveKannelReport({ method: 'GET', target })).status, 200);
      assert.deepEqual([reports.at(-1)?.outcome, reports.at(-1)?.reference], [outcome, reference]);
      assert.equal((await sender.receiveKannelReport({ method: 'GET', target })).status, 404);
    }
    for (const target of [
      '/dlr',
      '/dlr?reference=x',
      '/dlr?reference=x&status=8',
      '/dlr?status=1',
      '/dlr?reference=x&status=%64',
    ]) {
      assert.equal((await sender.receiveKannelReport({ method: 'GET', target })).status, 400, target);
    }
    assert.equal((await sender.receiveKannelReport({ method: 'POST', target: '/dlr' })).status, 405);
    for (const kannelReportsTo of ['x', 'http://x/%41', 'ftp://x/', 'http://x/ y']) {
      const gateways = [{ name: 'a', url: 'http://127.0.0.1/', kannelReportsTo }];
      assert.throws(() => createPapSender({ gateways }), ValueError);
    }
  });

  test('what is no result notification', async (t) => {
    const { sender } = await startGateway(t, withCode(1001));
    const request = notification('x', 'delivered');
    const get = await sender.receiveResult({ ...request, method: 'GET' });
    assert.deepEqual([get.status, get.headers.Allow], [405, 'POST']);
    const rows: readonly [Partial<PapHttpRequest>, string][] = [
      [{}, '2004'],
      [{ body: utf8ToBytes('<x>\u0000') }, '2000'],
      [{ body: Uint8Array.of(0xff, 0, 1) }, '2000'],
      [{ body: new Uint8Array() }, '2000'],
      [{ contentType: 'text/plain' }, '2000'],
      [{ body: utf8ToBytes('<pap><cancel-message push-id="1"/></pap>') }, '2000'],
    ];
    for (const [change, code] of rows) {
      const { status, body } = await sender.receiveResult({ ...request, ...change });
      assert.deepEqual([status, codeIn(body)], [202, code]);
    }
  });
});
