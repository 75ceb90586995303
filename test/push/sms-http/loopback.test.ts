// A road against companies that behave as their documents say, over real HTTP: taken, refused, slow, gone; receipts late, doubled,
// unknown, before the answer.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { PushError } from '../../../src/core/index.ts';
import { contentTypes, type DeliveryReport, type Push } from '../../../src/push/index.ts';
import {
  CentreError,
  createHttpCentre,
  type HttpCentre,
  type HttpCentreOptions,
} from '../../../src/push/sms-http/index.ts';
import { CallbackListener } from '../../../src/push/sms-routes/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { assertSigned, signedPush } from '../short-message/signed-message.ts';
import {
  type Company,
  intellismsCompany,
  ozekiCompany,
  type RunningCompany,
  sinchCompany,
  smseagleCompany,
  startCompany,
  vonageCompany,
} from './companies.ts';

const never = new AbortController().signal;
const to = { number: '+447700900000' };
const portSecret = 'a-secret-in-the-address';

function pushOf(octets: number, id = 'p1'): Push {
  return {
    id,
    contentType: contentTypes['dm+wbxml'],
    body: Uint8Array.from({ length: octets }, (_, i) => (i * 7) & 255),
  };
}

type Name = 'vonage' | 'sinch' | 'intellisms' | 'smseagle' | 'ozeki';

interface Scene {
  readonly company: RunningCompany;
  readonly centre: HttpCentre;
  readonly reports: DeliveryReport[];
  readonly callback: string;
}

/** A company, the road to it, and the port for its receipts. */
async function scene(t: TestContext, name: Name, own: Partial<HttpCentreOptions> = {}): Promise<Scene> {
  let callback = '';
  const companies: Readonly<Record<Name, Company>> = {
    vonage: vonageCompany,
    sinch: sinchCompany,
    intellisms: intellismsCompany(() => `${callback}/${portSecret}`),
    smseagle: smseagleCompany,
    ozeki: ozekiCompany,
  };
  const company = await startCompany(t, companies[name]);
  const settings: Readonly<Record<Name, Partial<HttpCentreOptions>>> = {
    vonage: {
      account: { apiKey: 'abcd1234', apiSecret: 'abcdef0123456789' },
      from: 'AcmeInc',
      request: { url: `${company.origin}/sms/json` },
      receipts: { callback: () => callback || undefined },
    },
    sinch: {
      account: { region: 'eu', servicePlanId: 'plan', token: 'toktok' },
      from: '12345',
      request: { url: `${company.origin}/xms/v1/{account.servicePlanId}/batches` },
      receipts: { callback: () => callback || undefined },
    },
    intellisms: {
      account: { accessKey: 'Yva$ER%Uhs+UU[MzwEYe', secretKey: 'F{kQ^s`wVpm!EU~Bx8yB' },
      request: { url: `${company.origin}/api/https/sendmsg.aspx` },
      receipts: { callback: () => callback || undefined, proof: { path: { secret: portSecret } } },
    },
    smseagle: {
      account: { accessToken: '0005gOjCOlMH8F2x' },
      request: { url: `${company.origin}/http_api/send_binary_sms` },
    },
    ozeki: {
      account: { user: 'httpserverusr1', password: 'pass-1' },
      request: { url: `${company.origin}/api` },
    },
  };
  const reports: DeliveryReport[] = [];
  const centre = createHttpCentre({
    name: 'acme',
    preset: name,
    ...settings[name],
    responseMs: 20_000,
    backOffMs: 5,
    onReceipt: (report) => {
      reports.push(report);
    },
    ...own,
  });
  const road = {
    maxBody: 262_144,
    take: (request: Parameters<HttpCentre['receive']>[0]) => centre.receive(request),
  };
  const listener = new CallbackListener({ address: '127.0.0.1', port: 0, roads: new Map([['acme', road]]) });
  callback = `http://127.0.0.1:${await listener.start()}/sms/acme`;
  t.after(async () => {
    await centre.close();
    await listener.close();
  });
  return { company, centre, reports, callback };
}

async function refusal(sending: Promise<unknown>): Promise<PushError> {
  const error = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof PushError, String(error));
  return error;
}

for (const name of ['vonage', 'sinch', 'intellisms'] as const) {
  test(`${name}: a signed message of four segments reaches a handset whole, and is delivered with the last of four receipts`, async (t) => {
    const { company, centre, reports } = await scene(t, name);
    const push = signedPush('p1');
    const result = await centre.send({ ...push, expiresAt: Date.now() + 3_600_000 }, to, never);
    assert.equal(result.outcome, 'accepted');
    assert.equal(company.taken.length, 4);
    for (const { userData } of company.taken) assert.ok(userData.length <= 140);
    assert.deepEqual(company.pushes, [push.body]);
    assertSigned(company.pushes[0] ?? new Uint8Array());
    const [first, second, third, fourth] = company.taken;
    assert.ok(first && second && third && fourth);
    assert.equal(await company.tell(third, 'underWay'), 200);
    assert.equal(await company.tell(third, 'delivered'), 200);
    assert.equal(await company.tell(third, 'delivered'), 200, 'doubled');
    assert.equal(await company.tell(first, 'delivered'), 200);
    assert.equal(await company.tell(fourth, 'delivered'), 200);
    assert.deepEqual(reports, []);
    assert.equal(await company.tell(second, 'delivered'), 200);
    assert.deepEqual(
      reports.map(({ outcome, pushId }) => [outcome, pushId]),
      [['delivered', 'p1']],
    );
    assert.equal(await company.tell(second, 'failed'), 200, 'late');
    assert.equal(reports.length, 1);
    const reference = 'reference' in result ? result.reference : '';
    assert.equal(reference?.split(' ').length, 4);
    for (const { callback } of company.taken) {
      const token = callback.split('/').at(-1) ?? '';
      assert.ok(token.length >= 16 && !reference?.includes(token), 'references hold no token');
    }
  });

  test(`${name}: one message that fails ends the push; a restart takes the wait up again`, async (t) => {
    const { company, centre, reports } = await scene(t, name);
    await centre.send(pushOf(300), to, never);
    const [, , last] = company.taken;
    assert.ok(last);
    await company.tell(last, 'failed');
    assert.equal(reports[0]?.outcome, 'failed');
    assert.match(reports[0]?.detail ?? '', /message 3 of 3/);
    const again = await centre.send(pushOf(20, 'p2'), to, never);
    assert.ok('reference' in again && again.reference !== undefined);
    const { company: other, centre: later, reports: laterReports } = await scene(t, name);
    later.expectReport('p2', again.reference, to);
    const message = company.taken.at(-1);
    assert.ok(message);
    // The same address leads to the new process.
    const callback = message.callback.replace(/^.*\/sms\/acme/, '');
    await later.receive({ ...(await requestOf(other, message, callback, name)) });
    assert.deepEqual(
      laterReports.map(({ outcome, pushId }) => [outcome, pushId]),
      [['delivered', 'p2']],
    );
  });

  test(`${name}: a receipt that overtakes the answer counts`, async (t) => {
    const { company, centre, reports } = await scene(t, name);
    company.onTaken = async (message) => {
      assert.equal(await company.tell(message, 'delivered'), 200);
    };
    await centre.send(pushOf(20), to, never);
    await eventually(() => reports.length === 1, 'the report');
    assert.equal(reports[0]?.outcome, 'delivered');
  });
}

for (const [name, wrong, code] of [
  ['smseagle', 'Invalid access token', /does not take our key or account: Invalid access token/],
  ['ozeki', '7 the number is barred', /refused: 7 "the number is barred"/],
] as const) {
  test(`${name}: a signed message of four segments is taken whole; refused, slowed down, cut off; no receipts`, async (t) => {
    const { company, centre, reports } = await scene(t, name);
    const push = signedPush('p1');
    const result = await centre.send(push, to, never);
    assert.ok(result.outcome === 'accepted');
    assert.equal(result.reference.split(' ').length, 4);
    assert.deepEqual(company.pushes, [push.body]);
    assertSigned(company.pushes[0] ?? new Uint8Array());
    assert.equal(company.taken[0]?.to, to.number);
    company.faults.push((response) =>
      ({ smseagle: smseagleCompany, ozeki: ozekiCompany })[name].refuse(response, wrong),
    );
    const error = await refusal(centre.send(pushOf(20, 'p2'), to, never));
    assert.match(error.message, code);
    assert.equal(error.notTaken, true);
    company.faults.push((response) => response.writeHead(429, { 'Retry-After': '0' }).end());
    const slower = await refusal(centre.send(pushOf(20, 'p3'), to, never));
    assert.ok(slower.retryable && slower.notTaken);
    await eventually(() => (centre.carriers?.free('sms:acme') ?? 0) > 0, 'the pause is over');
    company.faults.push((response) => response.socket?.destroy());
    assert.equal((await centre.send(pushOf(20, 'p4'), to, never)).outcome, 'accepted');
    assert.equal(company.requests.at(-1)?.url, company.requests.at(-2)?.url, 'the same octets');
    for (const { message } of [error, slower]) assert.doesNotMatch(message, /0005gOjCOlMH8F2x|pass-1/);
    assert.deepEqual(reports, []);
  });
}

/** The request of a receipt as a port would hand it over. */
async function requestOf(
  _: RunningCompany,
  { id, to: number }: { readonly id: string; readonly to: string },
  path: string,
  name: Name,
): Promise<Parameters<HttpCentre['receive']>[0]> {
  const fields = {
    vonage: { msisdn: number, messageId: id, status: 'delivered' },
    sinch: { batch_id: id, recipient: number, status: 'Delivered' },
    intellisms: { msgid: id, status: '4', toaddr: number },
    smseagle: {},
    ozeki: {},
  }[name];
  return {
    method: 'GET',
    path: path.slice(1),
    query: new URLSearchParams(fields),
    header: () => undefined,
    body: new Uint8Array(),
    peer: '127.0.0.1',
  };
}

test('rate-limited: status 1 and 429 with Retry-After give the push back with the moment, and the road has no place meanwhile', async (t) => {
  const { company, centre } = await scene(t, 'vonage', { backOffMs: 60_000 });
  company.faults.push((response) => vonageCompany.refuse(response, '1 Throttled'));
  const error = await refusal(centre.send(pushOf(20), to, never));
  assert.ok(error instanceof CentreError && error.retryable && error.notTaken && error.throttled);
  assert.equal(centre.carriers?.free('sms:acme'), 0);

  const other = await scene(t, 'sinch');
  other.company.faults.push((response) => response.writeHead(429, { 'Retry-After': '60' }).end());
  const later = await refusal(other.centre.send(pushOf(20), to, never));
  assert.ok(later instanceof CentreError && later.retryable && later.notTaken);
  assert.equal(later.retryAfterMs, 60_000);
  assert.equal(other.centre.carriers?.free('sms:acme'), 0);
});

test('rate-limited in the middle of a push: the rest waits and goes out once, nothing twice', async (t) => {
  const { company, centre } = await scene(t, 'vonage', { backOffMs: 5 });
  company.faults.push(undefined, undefined, (response) => vonageCompany.refuse(response, '1 Throttled'));
  const push = pushOf(480);
  await centre.send(push, to, never);
  assert.equal(company.taken.length, 4);
  assert.equal(company.requests.length, 5);
  assert.deepEqual(company.pushes, [push.body]);
  await eventually(() => (centre.carriers?.free('sms:acme') ?? 0) > 0, 'the pause is over');
});

test('refused for good: not retryable, with the code in words; and no secret in the error', async (t) => {
  const { company, centre } = await scene(t, 'vonage');
  company.faults.push((response) => vonageCompany.refuse(response, '7 Number barred abcdef0123456789'));
  const error = await refusal(centre.send(pushOf(20), to, never));
  assert.equal(error.code, 'CENTRE_7');
  assert.equal(error.retryable, false);
  assert.match(error.message, /7 \(the number is barred\) "Number barred •••"/);
});

test('5xx: retryable, and certain not to be taken; 504 may be taken, and the same octets go out once more', async (t) => {
  const { company, centre } = await scene(t, 'sinch');
  company.faults.push((response) => response.writeHead(503).end());
  const error = await refusal(centre.send(pushOf(20), to, never));
  assert.ok(error.retryable && error.notTaken && error.code === 'HTTP_503');
  company.faults.push((response) => response.writeHead(504).end());
  assert.equal((await centre.send(pushOf(20), to, never)).outcome, 'accepted');
  const [, one, two] = company.requests;
  assert.equal(one?.body, two?.body);
});

test('a connection that ends without an answer: the same octets once more, then in doubt', async (t) => {
  const { company, centre } = await scene(t, 'vonage');
  const cut = (response: { readonly socket: { destroy(): void } | null }): void => response.socket?.destroy();
  company.faults.push(cut);
  assert.equal((await centre.send(pushOf(20), to, never)).outcome, 'accepted');
  assert.equal(company.requests[0]?.body, company.requests[1]?.body);
  company.faults.push(cut, cut);
  const error = await refusal(centre.send(pushOf(20), to, never));
  assert.equal(error.code, 'UNANSWERED');
  assert.ok(error.retryable && !error.notTaken);
});

test('slow: no answer in time is as good as none; nobody there at all is certain', async (t) => {
  const { company, centre } = await scene(t, 'vonage', { responseMs: 150, maxResends: 0 });
  company.faults.push(() => {});
  const error = await refusal(centre.send(pushOf(20), to, never));
  assert.equal(error.code, 'UNANSWERED');
  assert.equal(error.notTaken, false);
  assert.equal(centre.isUp(), false, 'others go by another road meanwhile');
  const gone = await scene(t, 'vonage', { request: { url: 'http://127.0.0.1:1/sms/json' } });
  const refused = await refusal(gone.centre.send(pushOf(20), to, never));
  assert.ok(refused.retryable && refused.notTaken, refused.message);
});

test('a wrong key: for now, certain, and the road is down for a while; an answer takes it up again', async (t) => {
  const { company, centre } = await scene(t, 'vonage', { downMs: 600_000 });
  assert.equal(centre.isUp(), true);
  company.faults.push((response) => vonageCompany.refuse(response, '4 Bad Credentials abcdef0123456789'));
  const error = await refusal(centre.send(pushOf(20), to, never));
  assert.ok(error.retryable && error.notTaken && error.code === 'CENTRE_4');
  assert.match(error.message, /acme .*does not take our key or account: 4 .*"Bad Credentials •••"/);
  assert.equal(centre.isUp(), false);
  const [down] = centre.status?.() ?? [];
  assert.equal(down?.state, 'down');
  assert.equal(down?.lastError, error.message);
  await centre.send(pushOf(20), to, never);
  assert.equal(centre.isUp(), true);
  assert.equal(centre.status?.()[0]?.state, 'up');

  const basic = await scene(t, 'sinch', {
    credentials: { username: 'me', password: 'a-pass-word' },
    allowPlainBasic: true,
  });
  const demand = { 'WWW-Authenticate': 'Basic realm="x"' };
  basic.company.faults.push((response) => response.writeHead(401, demand).end('me:a-pass-word is nobody'));
  const refused = await refusal(basic.centre.send(pushOf(20), to, never));
  assert.ok(refused.retryable && refused.notTaken && refused.code === 'HTTP_401');
  assert.match(refused.message, /"me:••• is nobody"/);
  assert.equal(basic.centre.isUp(), false);
});

test('what is no HTTP is in doubt, and nobody there takes the road down', async (t) => {
  const { company, centre } = await scene(t, 'vonage', { downMs: 600_000 });
  company.faults.push((response) => response.socket?.end('220 mail.example ESMTP\r\n'));
  const error = await refusal(centre.send(pushOf(20), to, never));
  assert.equal(company.requests.length, 1);
  assert.deepEqual([error.code, error.retryable, error.notTaken], ['PROTOCOL', true, false], error.message);
  assert.equal(centre.isUp(), false);
  const gone = await scene(t, 'vonage', { request: { url: 'http://127.0.0.1:1/sms/json' }, downMs: 600_000 });
  await refusal(gone.centre.send(pushOf(20), to, never));
  assert.equal(gone.centre.isUp(), false);
});

test('strangers: another path, a token of nobody, a wrong secret, another method, no receipt', async (t) => {
  const { company, callback, reports } = await scene(t, 'vonage');
  const status = async (url: string, init: RequestInit = {}): Promise<number> => {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
    await response.arrayBuffer();
    return response.status;
  };
  assert.equal(await status(`${callback}/x?status=delivered`), 404);
  assert.equal(await status(`${callback}/${'A'.repeat(24)}?status=delivered`), 200);
  assert.equal(await status(`${callback}/${'A'.repeat(24)}`, { method: 'PUT' }), 405);
  assert.equal(await status(`${callback}/${'A'.repeat(24)}`), 400);
  assert.deepEqual(reports, []);
  assert.equal(company.requests.length, 0);
  const other = await scene(t, 'intellisms');
  assert.equal(await status(`${other.callback}/not-the-secret-of-it?msgid=1&status=4`), 403);
});

test('receipts of one request stand each for itself: ours among those of others, without a token, without a state', async (t) => {
  const company = await startCompany(t, vonageCompany);
  const reports: DeliveryReport[] = [];
  const foreign: number[] = [];
  const centre = createHttpCentre({
    name: 'acme',
    preset: 'vonage',
    account: { apiKey: 'abcd1234', apiSecret: 'abcdef0123456789' },
    from: 'AcmeInc',
    request: { url: `${company.origin}/sms/json`, form: { 'client-ref': '{reference}' } },
    receipts: { callback: 'https://dm.example.com/sms/acme', each: '/reports', token: '/ref' },
    onReceipt: (report) => {
      reports.push(report);
    },
    onForeignReceipts: (count) => foreign.push(count),
  });
  t.after(() => centre.close());
  await centre.send(pushOf(20), to, never);
  await centre.send(pushOf(20, 'p2'), to, never);
  const [first, second] = company.requests.map(({ body }) => new URLSearchParams(body).get('client-ref'));
  assert.ok(first && second);
  const receive = (all: readonly unknown[]): ReturnType<HttpCentre['receive']> =>
    centre.receive({
      method: 'POST',
      path: '',
      query: new URLSearchParams(),
      header: (name) => (name === 'content-type' ? 'application/json' : undefined),
      body: new TextEncoder().encode(JSON.stringify({ reports: all })),
      peer: '127.0.0.1',
    });
  const delivered = { status: 'delivered' };
  const others = [
    { ...delivered, ref: null },
    { ...delivered, ref: 'order-4711' },
    { ...delivered, ref: 'A'.repeat(24) },
    { ref: first },
    null,
  ];
  const [ofNobody, ofAnother, ofStranger, ...unreadable] = others;
  const mixed = await receive([ofNobody, { ...delivered, ref: first }, ofAnother, ...unreadable]);
  assert.deepEqual([mixed.status, mixed.proved], [200, true]);
  const last = await receive([...others, { ...delivered, ref: second }]);
  assert.deepEqual([last.status, last.proved], [200, true]);
  assert.deepEqual(
    reports.map(({ pushId, outcome }) => [pushId, outcome]),
    [
      ['p1', 'delivered'],
      ['p2', 'delivered'],
    ],
  );
  assert.deepEqual(foreign, [4, 5]);
  const none = await receive([ofNobody, ofAnother, ofStranger]);
  assert.deepEqual([none.status, none.proved], [200, false], 'they would be said again for days');
  assert.equal(centre.receipts().foreign, 12);
  assert.equal((await receive(unreadable)).status, 400, 'nothing that could be read');
  assert.equal((await receive([])).status, 200);
});

test('receipts that cannot be written down are asked for again; those behind them in the request are taken', async (t) => {
  const { company, centre, reports } = await scene(t, 'intellisms', {
    receipts: {
      callback: 'https://dm.example.com/sms/acme',
      each: '/reports',
      proof: { path: { secret: portSecret } },
    },
    onReceipt: async (report) => {
      if (report.pushId === 'p1') throw new Error('the disk is full');
      reports.push(report);
    },
  });
  await centre.send(pushOf(20), to, never);
  await centre.send(pushOf(20, 'p2'), to, never);
  const all = company.taken.map(({ id }) => ({ msgid: id, status: '4', toaddr: to.number }));
  const answer = await centre.receive({
    method: 'POST',
    path: portSecret,
    query: new URLSearchParams(),
    header: (name) => (name === 'content-type' ? 'application/json' : undefined),
    body: new TextEncoder().encode(JSON.stringify({ reports: all })),
    peer: '127.0.0.1',
  });
  assert.equal(answer.status, 503);
  assert.deepEqual(
    reports.map(({ pushId }) => pushId),
    ['p2'],
  );
});
