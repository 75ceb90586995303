// Every route that the description names, over a socket: who gets in, what is of another account, and bodies that are none. A route
// that is new is tried by itself; where its path names something that this test does not know, it says so.
import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { type DescribedRoute, describedRoutes } from '../../../scripts/openapi/access-table.ts';
import { openapiDocument } from '../../../scripts/openapi/document.ts';
import { campaignBodyLimit } from '../../../src/api/campaign/campaign-shapes.ts';
import { jobBodyLimit } from '../../../src/api/shapes/job-shapes.ts';
import { type Scope, scopes } from '../../../src/store/index.ts';
import { sampleDevice } from '../../../src/testing/index.ts';
import { withApi } from '../api-bench.ts';
import { requireDescribed } from '../described-answer.ts';

const routes = describedRoutes(await openapiDocument());
const operator = 'a-token-of-operators';
const own = 'com.example.dm';
const other = 'com.example.other';

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asks for
  readonly body: any;
}

interface Asked {
  readonly token?: string;
  readonly body?: string;
  readonly type?: string;
  /** Where it comes from: who guesses from one address is told to wait. */
  readonly from?: string;
}

/** Ids of what paths name, in one account. */
type Samples = Readonly<Record<string, string>>;

interface Bench {
  readonly port: number;
  /** Of the account `own`, and of `other`. */
  readonly samples: { readonly own: Samples; readonly other: Samples };
  readonly clock: { advance(ms: number): void; now(): number };
  ask(method: string, path: string, asked?: Asked): Promise<Answer>;
  issue(held: readonly Scope[], more?: object): Promise<{ readonly id: string; readonly token: string }>;
}

async function withRoutes(run: (bench: Bench) => Promise<void>): Promise<void> {
  await withApi(
    async ({ app, clock }) => {
      await app.listen({ host: '127.0.0.1', port: 0 });
      const { port } = app.server.address() as AddressInfo;
      const agents = new Map<string, Agent>();
      const ask: Bench['ask'] = (
        method,
        path,
        { token, body, type = 'application/json', from = '127.0.0.1' } = {},
      ) =>
        new Promise((resolve, reject) => {
          const agent = agents.get(from) ?? new Agent({ keepAlive: true, maxSockets: 4 });
          agents.set(from, agent);
          const headers = {
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
            ...(body !== undefined && { 'content-type': type, 'content-length': Buffer.byteLength(body) }),
          };
          const sent = request({ port, host: '127.0.0.1', localAddress: from, method, path, headers, agent });
          sent.on('error', reject);
          sent.on('response', (response) => {
            const stream = /event-stream/.test(String(response.headers['content-type']));
            let text = '';
            response.setEncoding('utf8');
            response.on('data', (chunk: string) => {
              text += chunk;
              if (stream) response.destroy();
            });
            response.on('error', () => undefined);
            response.on('close', () => {
              const isJson = /^application\/(problem\+)?json/.test(String(response.headers['content-type']));
              const status = response.statusCode ?? 0;
              const given = {
                method,
                url: path,
                status,
                headers: response.headers,
                text: stream ? '' : text,
              };
              const parsed = isJson && text !== '' ? JSON.parse(text) : undefined;
              requireDescribed(given).then(
                () => resolve({ status, text, headers: response.headers, body: parsed }),
                reject,
              );
            });
          });
          sent.end(body);
        });
      const made = async (path: string, body: object): Promise<Answer['body']> => {
        const answer = await ask('POST', path, { token: operator, body: JSON.stringify(body) });
        assert.ok(answer.status < 300, answer.text);
        return answer.body;
      };
      const issue: Bench['issue'] = (held, more = {}) =>
        made('/v1/tokens', { owner: 'someone', name: 'test', scopes: held, ...more });
      const url = 'https://dm.example.com/dm';
      const samplesOf = async (serverId: string): Promise<Samples> => {
        const { id: sample, resynchronisations: _, ...device } = { ...sampleDevice(), resynchronisations: 0 };
        const id = serverId === own ? sample : 'IMEI:2';
        if (serverId !== own) {
          await made('/v1/accounts', { serverId, url });
          const { serverCredentials, addresses } = device;
          const { scheme, secret } = serverCredentials;
          const credentials = { scheme, name: 'x', secret };
          await made('/v1/devices', {
            id,
            serverId,
            addresses,
            serverCredentials: credentials,
            clientCredentials: credentials,
          });
        }
        const commands = [{ command: 'get', uri: './DevInfo' }];
        const [notification, job, message] = [
          await made('/v1/notifications', { device: id }),
          await made('/v1/jobs', { device: id, commands, wake: false }),
          await made('/v1/messages', { device: id, job: [{ command: 'delete', uri: './A' }] }),
        ];
        // It is of the accounts that its maker sees, and does nothing yet.
        const maker = await issue(['manage'], { accounts: [serverId] });
        const campaign = await ask('POST', '/v1/campaigns', {
          token: maker.token,
          body: JSON.stringify({
            name: 'later',
            content: { kind: 'wake' },
            target: { devices: [id] },
            startAt: new Date(clock.now() + 86_400_000).toISOString(),
          }),
        });
        assert.equal(campaign.status, 202, campaign.text);
        return {
          accounts: serverId,
          devices: id,
          notifications: notification.id,
          messages: message.id,
          pushes: notification.id,
          jobs: job.id,
          campaigns: campaign.body.id,
          tokens: (await issue(['read'])).id,
          carriers: 'wap',
          webhooks: (await made('/v1/webhooks', { url: 'http://127.0.0.1:9/', kinds: ['job'] })).id,
        };
      };
      const samples = { own: await samplesOf(own), other: await samplesOf(other) };
      try {
        await run({ port, samples, clock, ask, issue });
      } finally {
        for (const agent of agents.values()) agent.destroy();
      }
    },
    { tokens: [operator], heartbeatMs: 1_000_000 },
  );
}

/** The path with what its parameter names; the same name for all where it has none. */
function pathOf({ path }: DescribedRoute, samples: Samples): string {
  const kind = path.split('/')[2] ?? '';
  return path.replace(/\{\w+\}/g, () => {
    const id = samples[kind];
    assert.ok(id !== undefined, `${path}: say in this test what an id of ${kind} is`);
    return encodeURIComponent(id);
  });
}

const unknownIds: Samples = Object.fromEntries(
  [
    'accounts',
    'devices',
    'notifications',
    'messages',
    'pushes',
    'jobs',
    'campaigns',
    'tokens',
    'carriers',
    'webhooks',
  ].map((kind) => [kind, 'nothing']),
);

const isJson = ({ consumes }: DescribedRoute): boolean =>
  consumes === undefined || consumes === 'application/json';
const named = ({ method, path }: DescribedRoute): string => `${method} ${path}`;
/** What a route is sent where its body does not matter: too little for anything to come of it. */
const little = (route: DescribedRoute): Asked =>
  route.method === 'GET' || route.method === 'DELETE'
    ? {}
    : isJson(route)
      ? { body: '{"nothing":1}' }
      : { body: '{"nothing":1}\n', type: route.consumes ?? '' };
/** Those whose path alone says all, so that a request of no body, or of an empty one, would do it. */
const needsNoBody = (route: DescribedRoute): boolean => !route.hasBody && route.method !== 'GET';

test('the description names routes of each scope', () => {
  assert.ok(routes.length > 40, String(routes.length));
  for (const scope of ['read', 'push', 'manage', 'admin', 'any', 'open']) {
    assert.ok(
      routes.some((route) => route.scope === scope),
      scope,
    );
  }
});

test('no token, a wrong one, one that is revoked, expired or replaced: 401 on every route but those that are open', () =>
  withRoutes(async ({ ask, issue, samples, clock }) => {
    const soon = new Date(clock.now() + 60_000).toISOString();
    const [revoked, expired, rotated] = [
      await issue(['admin']),
      await issue(['admin'], { expiresAt: soon }),
      await issue(['admin']),
    ];
    const post = (path: string, body?: string) =>
      ask('POST', path, { token: operator, ...(body !== undefined && { body }) });
    for (const { token } of [revoked, expired, rotated]) {
      assert.equal((await ask('GET', '/v1/whoami', { token })).status, 200);
    }
    assert.equal((await ask('DELETE', `/v1/tokens/${revoked.id}`, { token: operator })).status, 200);
    const next = await post(`/v1/tokens/${rotated.id}/rotate`, '{"overlapSeconds":60}');
    for (const token of [rotated.token, next.body.token]) {
      assert.equal((await ask('GET', '/v1/whoami', { token })).status, 200, 'within the overlap');
    }
    clock.advance(60_000);
    const wrong = `${next.body.token.slice(0, -8)}AAAAAAAA`;
    const tokens = {
      none: undefined,
      'not one of ours': 'not-a-token-of-this-server',
      'with the id of one': wrong,
      revoked: revoked.token,
      expired: expired.token,
      'the one before': rotated.token,
    };
    let source = 1;
    for (const route of routes) {
      source += 1;
      const from = `127.0.1.${source}`;
      for (const [name, token] of Object.entries(tokens)) {
        const asked = { ...little(route), from, ...(token !== undefined && { token }) };
        const answer = await ask(route.method, pathOf(route, samples.own), asked);
        if (route.scope === 'open') {
          assert.equal(answer.status, 200, named(route));
          continue;
        }
        assert.equal(answer.status, 401, `${named(route)}: ${name}: ${answer.text}`);
        assert.equal(answer.headers['www-authenticate'], 'Bearer');
        assert.equal(answer.body.code, 'UNAUTHORIZED');
        if (token !== undefined) assert.equal(answer.text.includes(token), false);
      }
    }
    assert.equal((await ask('GET', '/v1/whoami', { token: next.body.token })).status, 200);
  }));

test('each route is for tokens with its scope, or admin, and 403 for all others; nothing comes of what is refused', () =>
  withRoutes(async ({ ask, issue, samples }) => {
    const tokens = new Map<Scope, string>();
    for (const scope of scopes) tokens.set(scope, (await issue([scope])).token);
    for (const route of routes.filter(({ scope }) => scope !== 'open')) {
      for (const [scope, token] of tokens) {
        const may = scope === 'admin' || scope === route.scope || route.scope === 'any';
        // What may be done is tried on what there is not, so that it stays for the next one.
        const path = pathOf(route, may && needsNoBody(route) ? unknownIds : samples.own);
        const answer = await ask(route.method, path, { ...little(route), token });
        const where = `${named(route)} with ${scope}: ${answer.text.slice(0, 200)}`;
        if (may) assert.ok(answer.status !== 401 && answer.status !== 403 && answer.status < 500, where);
        else assert.deepEqual([answer.status, answer.body?.code], [403, 'SCOPE'], where);
      }
    }
    const push = await ask('GET', `/v1/pushes/${samples.own.pushes}`, { token: operator });
    assert.equal(push.body.state, 'queued', 'no cancellation got through');
    const job = JSON.stringify({ device: samples.own.devices, job: [{ command: 'get', uri: './A' }] });
    const token = tokens.get('push') ?? '';
    const withJob = await ask('POST', '/v1/notifications', { token, body: job });
    assert.deepEqual([withJob.status, withJob.body.code], [403, 'SCOPE'], 'a job asks for manage');
    const lines = await ask('POST', '/v1/notifications/batch', {
      token,
      body: `${job}\n${JSON.stringify({ device: samples.own.devices })}\n`,
      type: 'application/x-ndjson',
    });
    assert.deepEqual(
      lines.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).status),
      [403, 202],
    );
  }));

test('what is of another account is not there: as what there is not, in lists neither, and named in no body', () =>
  withRoutes(async ({ ask, issue, samples }) => {
    const { token } = await issue(['read', 'push', 'manage', 'secrets'], { accounts: [own] });
    for (const route of routes.filter(({ scope }) => scope !== 'open' && scope !== 'admin')) {
      const { method, path } = route;
      if (route.allAccounts) {
        const answer = await ask(method, pathOf(route, samples.own), { ...little(route), token });
        assert.deepEqual([answer.status, answer.body?.code], [403, 'ACCOUNTS'], named(route));
        continue;
      }
      if (path.includes('{')) {
        // What would be said of a body that is right is said of one that is wrong.
        const bodies = route.hasBody ? [{ body: '{}' }, little(route)] : [little(route)];
        for (const asked of bodies) {
          const theirs = await ask(method, pathOf(route, samples.other), { ...asked, token });
          const none = await ask(method, pathOf(route, unknownIds), { ...asked, token });
          const kind = path.split('/')[2] ?? '';
          const asNone = theirs.text.replaceAll(samples.other[kind] ?? '', 'nothing');
          assert.deepEqual([theirs.status, asNone], [none.status, none.text], named(route));
          // PUT makes what there is not.
          if (method === 'PUT') continue;
          if (asked.body === undefined || asked.body === '{}') assert.equal(theirs.status, 404, named(route));
        }
        continue;
      }
      if (method === 'GET' && path !== '/v1/events') {
        const answer = await ask(method, path, { token });
        assert.equal(answer.status, 200, named(route));
        for (const id of Object.values(samples.other)) {
          assert.equal(answer.text.includes(`"${id}"`), false, `${named(route)} shows ${id}`);
        }
      }
      if (route.fields.includes('device')) {
        const commands = [{ command: 'get', uri: './A' }];
        const body = (id: string) =>
          JSON.stringify({
            device: id,
            ...(path.includes('/jobs') ? { commands } : {}),
            ...(path.includes('/messages') ? { job: commands } : {}),
          });
        const send = (id: string) =>
          ask(method, path, {
            token,
            body: isJson(route) ? body(id) : `${body(id)}\n`,
            ...(route.consumes !== undefined && { type: route.consumes }),
          });
        const theirs = await send(samples.other.devices ?? '');
        const none = await send('nothing');
        assert.equal(theirs.text.replaceAll(samples.other.devices ?? '', 'nothing'), none.text, named(route));
        assert.match(none.text, /there is no device nothing/, named(route));
      }
    }
    const device = {
      id: 'IMEI:9',
      addresses: ['wap:127.0.0.1'],
      serverCredentials: { secret: 'x' },
      clientCredentials: { name: 'x', secret: 'x' },
    };
    const created = async (serverId: string) =>
      (await ask('POST', '/v1/devices', { token, body: JSON.stringify({ ...device, serverId }) })).body;
    const [theirs, none] = [await created(other), await created('com.example.none')];
    assert.deepEqual([theirs.status, theirs.code], [422, 'UNKNOWN_ACCOUNT']);
    assert.equal(theirs.detail.replace(other, 'com.example.none'), none.detail);
    const state = async (path: string) => (await ask('GET', path, { token: operator })).body.state;
    assert.equal(await state(`/v1/pushes/${samples.other.pushes}`), 'queued');
    assert.equal(await state(`/v1/jobs/${samples.other.jobs}`), 'pending');
    const lists = await ask('GET', `/v1/devices?serverId=${other}`, { token });
    assert.deepEqual(lists.body, { items: [] });
    const events = await ask('GET', '/v1/events?after=0&kinds=notification,message', { token });
    assert.equal(events.text.includes(samples.other.notifications ?? ''), false);
  }));

test('unknown ids are 404 with what there is not', () =>
  withRoutes(async ({ ask }) => {
    // PUT makes what there is not.
    for (const route of routes.filter(({ path, method }) => path.includes('{') && method !== 'PUT')) {
      const asked = route.hasBody ? { body: '{}' } : {};
      const answer = await ask(route.method, pathOf(route, unknownIds), { ...asked, token: operator });
      assert.deepEqual([answer.status, answer.body?.code], [404, 'NOT_FOUND'], named(route));
      assert.match(answer.body.detail, /^there is no [a-z]+( message)? nothing/, named(route));
    }
  }));

test('bodies that are none, and such as are too large, are refused by every route that takes one', () =>
  withRoutes(async ({ ask, samples }) => {
    const large = 'x'.repeat(jobBodyLimit);
    const largest = 'x'.repeat(campaignBodyLimit);
    for (const route of routes.filter(({ hasBody }) => hasBody)) {
      const path = pathOf(route, samples.own);
      const send = (body: string, type = route.consumes ?? '') =>
        ask(route.method, path, { token: operator, body, type });
      if (isJson(route)) {
        // What has nothing to say may be left out where nothing needs to be said.
        const nothing = /\/(?:rotate\S*|suspend|campaigns\/\{id\}\/(?!approve)\w+)$/.test(route.path)
          ? []
          : ['', 'null'];
        for (const body of [...nothing, '{"', '[]', '7', '"x"', '{"nothing":1}', '\u0000', '{"a":1}{']) {
          const answer = await send(body);
          const where = `${named(route)} ${body}: ${answer.text}`;
          assert.equal(answer.status, 400, where);
          assert.match(String(answer.headers['content-type']), /^application\/problem\+json/, where);
          assert.ok(answer.body.code.length > 3 && answer.body.detail.length > 3, where);
        }
        const tooLarge = await send(`{"name":"${route.path.startsWith('/v1/campaigns') ? largest : large}"}`);
        assert.deepEqual([tooLarge.status, tooLarge.body?.code], [413, 'TOO_LONG'], named(route));
        assert.equal((await send('a=1', 'application/x-www-form-urlencoded')).status, 415, named(route));
        continue;
      }
      const answers = await send(`{"\n[]\n{"nothing":1}\n{"name":"${large}"}\n`);
      assert.deepEqual(
        answers.text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line).status)
          // An import tells its progress too.
          .filter((status) => status !== undefined),
        [400, 400, 400, 413],
        named(route),
      );
      assert.equal((await send('{}', 'application/json')).status, 415, named(route));
    }
  }));

test('of a body that is cut off nothing comes, and the server goes on', () =>
  withRoutes(async ({ ask, port, samples }) => {
    const device = samples.own.devices ?? '';
    const before = (await ask('GET', '/v1/pushes', { token: operator })).text;
    for (const route of routes.filter(({ method }) => method !== 'GET')) {
      const path = pathOf(route, needsNoBody(route) ? unknownIds : samples.own);
      const body = `{"device":${JSON.stringify(device)},"name":"cut of`;
      await new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
        socket.on('data', (octets) => {
          // What needs no body may be answered before it is here.
          assert.match(octets.toString('latin1').slice(9, 12), /^(4|200)/, named(route));
        });
        socket.end(
          [
            `${route.method} ${path} HTTP/1.1`,
            `Host: 127.0.0.1:${port}`,
            `Authorization: Bearer ${operator}`,
            `Content-Type: ${route.consumes ?? 'application/json'}`,
            `Content-Length: ${body.length + 20}`,
            'Connection: close',
            '',
            body,
          ].join('\r\n'),
        );
      });
    }
    assert.equal((await ask('GET', '/v1/pushes', { token: operator })).text, before);
    assert.equal((await ask('GET', '/v1/tokens', { token: operator })).body.items.length, 4);
    assert.equal((await ask('GET', `/v1/devices/${device}`, { token: operator })).status, 200);
  }));
