// What requests leave in the audit log, and who is named on timelines and in the feed.
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { sampleDevice } from '../../../src/testing/index.ts';
import { type ApiBench, withApi } from '../api-bench.ts';

const operator = 'a-token-of-operators';
const device = sampleDevice().id;
const devicePath = `/v1/devices/${encodeURIComponent(device)}`;

interface Bench extends ApiBench {
  as(token: string): Record<string, string>;
  /** Sends lines over a socket: there they go in and out as they come. */
  lines(
    path: string,
    headers: Record<string, string>,
    ...bodies: readonly object[]
  ): Promise<{ readonly text: string }>;
  issue(scopes: readonly string[], more?: object): Promise<{ readonly id: string; readonly token: string }>;
  /** Entries so far but those of making tokens, oldest first, once those that nobody waits for are there. */
  entries(): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

function withAudit(run: (bench: Bench) => Promise<void>): Promise<void> {
  return withApi(
    async (bench) => {
      const { call, clock } = bench;
      const as = (token: string) => ({ authorization: `Bearer ${token}` });
      await bench.app.listen({ host: '127.0.0.1', port: 0 });
      const { port } = bench.app.server.address() as AddressInfo;
      await run({
        ...bench,
        as,
        lines: async (path, headers, ...bodies) => {
          const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/x-ndjson', connection: 'close' },
            body: bodies.map((body) => `${JSON.stringify(body)}\n`).join(''),
          });
          return { text: await answer.text() };
        },
        issue: async (scopes, more = {}) => {
          const body = { owner: 'alice', name: 'console', scopes, ...more };
          return JSON.parse((await call('POST', '/v1/tokens', body, as(operator))).text);
        },
        entries: async () => {
          clock.advance(1000);
          for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
          const { text } = await call('GET', '/v1/audit?limit=1000', undefined, as(operator));
          const { items } = JSON.parse(text) as {
            readonly items: readonly Readonly<Record<string, unknown>>[];
          };
          return items.filter(({ action }) => action !== 'POST /v1/tokens').reverse();
        },
      });
    },
    { tokens: [operator] },
  );
}

const short = ({ actor, action, kind, id, account, outcome, detail }: Readonly<Record<string, unknown>>) =>
  [actor, action, kind, id, account, outcome, detail].map((part) => part ?? '-').join(' | ');

test('every write is in it, with who, what, whose, and how it went; what is read is not', () =>
  withAudit(async ({ call, lines, as, issue, entries }) => {
    const { token, id: tokenId } = await issue(['read', 'push', 'manage']);
    const headers = as(token);
    await call('GET', '/v1/devices', undefined, headers);
    await call('GET', devicePath, undefined, headers);
    await call('PATCH', devicePath, { family: 'generic' }, headers);
    await call('PATCH', devicePath, { nothing: 1 }, headers);
    await call('DELETE', '/v1/devices/nothing', undefined, headers);
    await call(
      'POST',
      '/v1/accounts',
      { serverId: 'com.example.new', url: 'https://dm.example.com/dm' },
      headers,
    );
    const push = await call('POST', '/v1/notifications', { device }, headers);
    await call('POST', `/v1/pushes/${push.body.id}/cancel`, undefined, headers);
    await lines('/v1/notifications/batch', headers, { device }, {});
    const found = await entries();
    const who = 'alice/console';
    const behind = [
      `${who} | POST /v1/notifications | notifications | ${push.body.id} | com.example.dm | done | -`,
      `${who} | POST /v1/notifications/batch | notifications | - | - | done | 1 lines taken, 1 refused`,
    ];
    assert.deepEqual(
      found.map(short).filter((entry) => !behind.includes(entry)),
      [
        `${who} | PATCH /v1/devices/{id} | devices | ${device} | com.example.dm | done | family`,
        `${who} | PATCH /v1/devices/{id} | devices | ${device} | com.example.dm | refused | UNKNOWN_FIELD`,
        `${who} | DELETE /v1/devices/{id} | devices | nothing | - | refused | NOT_FOUND`,
        `${who} | POST /v1/accounts | accounts | com.example.new | com.example.new | done | -`,
        `${who} | POST /v1/pushes/{id}/cancel | pushes | ${push.body.id} | com.example.dm | done | -`,
      ],
    );
    for (const entry of behind) assert.ok(found.map(short).includes(entry), entry);
    for (const entry of found) assert.deepEqual([entry.tokenId, entry.source], [tokenId, '127.0.0.1']);
  }));

test('tries that are refused are in it, summed, and hold nothing that a stranger has sent', () =>
  withAudit(async ({ call, as, issue, entries }) => {
    const { token } = await issue(['push']);
    const narrow = await issue(['read'], { name: 'narrow', accounts: ['com.example.dm'] });
    const stranger = 'stranger-text-stranger-text';
    for (let count = 0; count < 5; count += 1) {
      await call('GET', `/v1/devices/${stranger}`, undefined, as(stranger));
      await call('GET', `/v1/${stranger}`);
      await call('GET', '/v1/devices', undefined, as(token));
    }
    await call('GET', '/v1/status', undefined, as(narrow.token));
    const found = await entries();
    assert.deepEqual(found.map(short), [
      '- | GET /v1/devices/{id} | devices | - | - | refused | UNAUTHORIZED',
      'alice/console | GET /v1/devices | devices | - | - | refused | SCOPE',
      'alice/narrow | GET /v1/status | status | - | - | refused | ACCOUNTS',
    ]);
    assert.equal(JSON.stringify(found).includes('stranger'), false);
  }));

test('changes are in it with the names of the fields that were given, and never with a value', () =>
  withAudit(async ({ call, as, issue, entries }) => {
    const headers = as((await issue(['read', 'manage'])).token);
    const secret = 'IyZh2DkWlqhgxMtKWfSJUQ';
    const name = 'a-name-of-nobody';
    const changes = {
      labels: { region: name, gone: null },
      clientCredentials: { name, secret },
      addresses: ['wap:192.0.2.77'],
    };
    await call('PATCH', devicePath, changes, headers);
    await call('PATCH', devicePath, {}, headers);
    const { serverId } = sampleDevice();
    const whole = { serverId, serverCredentials: { secret }, clientCredentials: { name, secret } };
    await call('PUT', '/v1/devices/new', { ...whole, addresses: ['wap:192.0.2.77'] }, headers);
    await call('PATCH', `/v1/accounts/${serverId}`, { name }, headers);
    await call('POST', '/v1/devices/new/rotate-secret', { secret: `${secret}a`, wake: false }, headers);
    const labels = Object.fromEntries(Array.from({ length: 32 }, (_, at) => [`L${at}`.padEnd(60, 'x'), 'v']));
    await call('PATCH', devicePath, { labels: { ...labels, region: null } }, headers);
    const found = await entries();
    const details = found.map(({ action, outcome, detail }) => `${action} | ${outcome} | ${detail ?? '-'}`);
    assert.deepEqual(details.slice(0, 5), [
      'PATCH /v1/devices/{id} | done | labels.region, labels.gone, clientCredentials.name, clientCredentials.secret, addresses',
      'PATCH /v1/devices/{id} | done | no field',
      'PUT /v1/devices/{id} | done | serverId, serverCredentials.secret, clientCredentials.name, clientCredentials.secret, addresses',
      'PATCH /v1/accounts/{serverId} | done | name',
      'POST /v1/devices/{id}/rotate-secret | done | server secret',
    ]);
    assert.equal(String(found.at(-1)?.detail).length, 513);
    assert.doesNotMatch(JSON.stringify(found), /IyZh2|192\.0\.2\.77|a-name-of/);
  }));

test('what belongs to another account is told as what is not there, and is a try in it, with what it was', () =>
  withAudit(async ({ call, as, issue, entries }) => {
    const narrow = await issue(['read', 'manage'], { name: 'narrow', accounts: ['com.example.other'] });
    const headers = as(narrow.token);
    assert.equal((await call('GET', devicePath, undefined, headers)).status, 404);
    assert.equal((await call('DELETE', devicePath, undefined, headers)).status, 404);
    assert.equal((await call('GET', '/v1/devices/nothing', undefined, headers)).status, 404);
    assert.deepEqual((await entries()).map(short), [
      `alice/narrow | GET /v1/devices/{id} | devices | ${device} | com.example.dm | refused | ACCOUNTS`,
    ]);
  }));

test('what is done to many is in it as it begins and as it ends, with which were meant and how many those were', () =>
  withAudit(async ({ call, lines, as, issue, entries }) => {
    const { token } = await issue(['read', 'manage']);
    const headers = as(token);
    const filter = 'labels.region = "north"';
    await lines('/v1/devices/import?mode=upsert', headers, { id: device, labels: { region: 'north' } });
    await call('POST', '/v1/devices/change', { filter, change: { family: 'generic' } }, headers);
    await call('POST', '/v1/devices/delete', { filter, dryRun: true }, headers);
    await call('POST', '/v1/devices/delete', { ids: [device, 'nothing'] }, headers);
    await call('GET', '/v1/devices/export?serverId=com.example.dm', undefined, headers);
    const found = (await entries()).map(
      ({ action, outcome, detail }) => `${action} | ${outcome} | ${detail}`,
    );
    const last = (action: string) => found.filter((entry) => entry.startsWith(action)).sort();
    assert.deepEqual(last('POST /v1/devices/import'), [
      'POST /v1/devices/import | done | begun: upsert',
      'POST /v1/devices/import | done | upsert: 0 created, 1 changed, 0 refused',
    ]);
    assert.deepEqual(last('POST /v1/devices/change'), [
      'POST /v1/devices/change | done | 1 changed, 0 removed, 0 refused',
      `POST /v1/devices/change | done | begun: family of filter ${filter}`,
    ]);
    assert.deepEqual(last('POST /v1/devices/delete'), [
      'POST /v1/devices/delete | done | 0 changed, 1 removed, 1 refused',
      `POST /v1/devices/delete | done | begun: ids ${device} nothing`,
      `POST /v1/devices/delete | done | begun: nothing written: filter ${filter}`,
      'POST /v1/devices/delete | done | nothing written: 0 changed, 1 removed, 0 refused',
    ]);
    assert.deepEqual(last('GET /v1/devices/export'), [
      'GET /v1/devices/export | done | account com.example.dm',
    ]);
  }));

test('who asked stands on the timeline and in the feed, for pushes made and cancelled one by one, in batches, with jobs', () =>
  withAudit(async ({ call, lines, as, issue }) => {
    const { token } = await issue(['read', 'push', 'manage']);
    const other = await issue(['push'], { owner: 'bob', name: 'ci' });
    const headers = as(token);
    const commands = [{ command: 'get', uri: './DevInfo' }];
    const made: string[] = [];
    const take = (answer: { readonly text: string }): void => {
      for (const line of answer.text.trim().split('\n')) {
        const { id, notification } = JSON.parse(line) as {
          readonly id: string;
          readonly notification?: string;
        };
        made.push(notification ?? id);
      }
    };
    const remove = [{ command: 'delete', uri: './A' }];
    take(await call('POST', '/v1/notifications', { device }, headers));
    take(await call('POST', '/v1/notifications', { device, job: commands }, headers));
    take(await lines('/v1/notifications/batch', headers, { device }, { device, job: commands }));
    take(await call('POST', '/v1/messages', { device, job: remove }, headers));
    take(await lines('/v1/messages/batch', headers, { device, job: remove }));
    take(await lines('/v1/jobs/batch', headers, { device, commands }));
    const job = await call('POST', '/v1/jobs', { device, commands }, headers);
    const jobPush = JSON.parse(job.text) as { readonly notification: string };
    made.push(jobPush.notification);
    take(await call('POST', `${devicePath}/rotate-secret`, {}, headers));
    for (const id of made) {
      const timeline = await call('GET', `/v1/pushes/${id}/timeline`, undefined, headers);
      assert.match(timeline.text, /"event":"queued".*"actor":"alice\/console"/, `${id}: ${timeline.text}`);
    }
    assert.equal(new Set(made).size, 9);
    await call('POST', `/v1/pushes/${made[0]}/cancel`, undefined, as(other.token));
    await call('POST', `/v1/jobs/${job.body.id}/cancel`, undefined, headers);
    for (const [id, actor] of [
      [made[0], 'bob/ci'],
      [jobPush.notification, 'alice/console'],
    ]) {
      const { text: told } = await call('GET', `/v1/pushes/${id}/timeline`, undefined, headers);
      const last = JSON.parse(told).items.at(-1);
      assert.deepEqual([last.event, last.actor], ['cancelled', actor]);
    }
  }));

test('a secret that was made is shown to who may see secrets, and to nobody else', () =>
  withAudit(async ({ call, as, issue }) => {
    const without = await issue(['manage']);
    const rotate = async (headers: Record<string, string>) =>
      JSON.parse((await call('POST', `${devicePath}/rotate-secret`, { wake: false }, headers)).text);
    const hidden = await rotate(as(without.token));
    assert.deepEqual([hidden.state, hidden.secret], ['pending', undefined]);
  }));

test('an event stream of a token ends once that opens nothing any more', () =>
  withApi(
    async ({ app, call, clock }) => {
      const headers = { authorization: `Bearer ${operator}` };
      const issued = await call('POST', '/v1/tokens', { owner: 'a', name: 'b', scopes: ['read'] }, headers);
      const { id, token } = JSON.parse(issued.text) as { readonly id: string; readonly token: string };
      const stream = app.inject({
        method: 'GET',
        url: '/v1/events',
        headers: { authorization: `Bearer ${token}` },
      });
      let over = false;
      void stream.then(() => {
        over = true;
      });
      const beat = async (): Promise<void> => {
        for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setTimeout(resolve, 2));
        clock.advance(1000);
        for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setTimeout(resolve, 2));
      };
      await beat();
      assert.equal(over, false);
      await call('DELETE', `/v1/tokens/${id}`, undefined, headers);
      await beat();
      assert.match((await stream).payload, /^: events of Reveille\n/);
    },
    { tokens: [operator], heartbeatMs: 1000 },
  ));
