// From REST to the tree of a device, without a session: signed and encrypted messages over each binding, and bootstraps.
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startReceiver } from '../../src/cli/bindings/receivers.ts';
import { type DemoCarriers, startCarriers } from '../../src/cli/demo/carriers.ts';
import { type RunningServer, startServer } from '../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../src/core/index.ts';
import {
  type AccountInput,
  bootstrapByPolicy,
  Device,
  type DeviceEvent,
  memoryState,
  provisionDevice,
} from '../../src/device/index.ts';
import { imsiOctets } from '../../src/security/index.ts';
import { eventually } from '../../src/testing/index.ts';

const serverId = 'com.example.dm';
const nonceBase64 = 'bm9uY2U=';
const imsi = '262011234567890';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const deviceKey = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = {
  private: { type: 'pkcs8', format: 'pem' },
  public: { type: 'spki', format: 'pem' },
} as const;
const hmacSecret = randomBytes(32).toString('hex');
const wrapKey = randomBytes(16).toString('hex');
const client = { scheme: 'md5', name: 'd', secret: 'client secret', nonceBase64 } as const;
const own = { scheme: 'md5', secret: 'server secret', nonceBase64 } as const;

describe('messages without a session, from REST to the tree', { concurrency: false }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-sessionless-'));
  let carriers: DemoCarriers;
  let server: RunningServer;
  let count = 0;
  const start = (): Promise<RunningServer> =>
    startServer({
      data: folder,
      dm: { host: '127.0.0.1', port: 0 },
      api: { host: '127.0.0.1', port: 0, tokens: [] },
      bindings: { ...carriers.sections, wap: { maxDatagram: 16_000 }, http: { messages: 'any' } },
      logger: silentLogger,
    });
  before(async () => {
    carriers = await startCarriers();
    server = await start();
    await call('POST', '/v1/accounts', { serverId, url: server.dmUrl });
  });
  after(async () => {
    await server.stop();
    await carriers.close();
    rmSync(folder, { recursive: true });
  });

  async function call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${server.apiUrl}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    return { ...answer, httpStatus: response.status };
  }

  /** A device on a route of the demonstration, known to the server. */
  async function withDevice(
    binding: string,
    messages: AccountInput['messages'],
    record: object,
    run: (device: Device, id: string, events: readonly DeviceEvent[]) => Promise<void>,
    accounts = true,
  ): Promise<void> {
    count += 1;
    const id = `IMEI:${count}`;
    const storage = memoryState();
    const account = { serverId, address: server.dmUrl, client, server: own, ...(messages && { messages }) };
    await provisionDevice(storage, {
      deviceId: id,
      man: 'E',
      mod: 'E1',
      accounts: accounts ? [account] : [],
    });
    const events: DeviceEvent[] = [];
    const policy = { allow: ['NETWPIN'], network: imsiOctets(imsi) } as const;
    const device = new Device({
      storage,
      bootstrap: bootstrapByPolicy(policy),
      onEvent: (event) => events.push(event),
    });
    await device.start();
    const route = carriers.routes.find((each) => each.binding === binding);
    assert.ok(route !== undefined);
    const { receiver, at } = await startReceiver(route.listen, device, {
      ...route.listener,
      http: { messages: 'any' },
    });
    device.addReceiver(receiver);
    await route.ready();
    const created = await call('POST', '/v1/devices', {
      id,
      serverId,
      addresses: [route.address(at)],
      format: 'dm1.3',
      clientCredentials: client,
      serverCredentials: own,
      ...record,
    });
    assert.equal(created.httpStatus, 201, JSON.stringify(created));
    assert.doesNotMatch(JSON.stringify(created), new RegExp(`${hmacSecret}|${wrapKey}|secret"`));
    try {
      await run(device, id, events);
    } finally {
      await device.stop();
    }
  }

  const job = [
    { command: 'add', uri: './Vendor/Note', data: 'hello' },
    { command: 'replace', uri: './Vendor/Note', data: 'secret value' },
  ];
  const noteOf = (device: Device): unknown => device.tree?.node('./Vendor/Note')?.value;

  for (const binding of ['wap', 'waps', 'sms', 'sip', 'http', 'obex', 'pap']) {
    it(`SM-S-001 SM-S-002 SM-S-003 SM-S-004 PB-S-001: ${binding} brings a message that changes the tree, once`, () =>
      withDevice(binding, undefined, {}, async (device, id, events) => {
        const created = await call('POST', '/v1/messages', { device: id, job });
        assert.equal(created.httpStatus, 202, JSON.stringify(created));
        assert.doesNotMatch(JSON.stringify(created), /secret value|hello/);
        await eventually(() => noteOf(device) === 'secret value', 'the note', 400_000);
        assert.ok(events.some((event) => event.event === 'message-processed' && event.serverId === serverId));
        const path = `/v1/messages/${String(created.id)}`;
        const over = async (): Promise<boolean> =>
          ['sent', 'accepted', 'delivered'].includes(String((await call('GET', path)).state));
        await eventually(over, 'the end of the message', 400_000);
        const { items } = await call('GET', `${path}/timeline`);
        assert.deepEqual((items as { event: string }[]).map(({ event }) => event).slice(0, 2), [
          'queued',
          'sending',
        ]);
      }));
  }

  it('SM-S-004: keys per account and device: RSA, ECDSA and HMAC, encrypted to an RSA key and under a shared one', async () => {
    const signers = [
      {
        signing: { privateKey: rsa.privateKey.export(pem.private), keyName: 'dm-2026' },
        verify: [{ algorithm: 'rsa-sha256', publicKey: rsa.publicKey.export(pem.public) }],
      },
      {
        signing: { privateKey: ec.privateKey.export(pem.private) },
        verify: [{ algorithm: 'ecdsa-sha256', publicKey: ec.publicKey.export(pem.public) }],
      },
      {
        signing: null,
        verify: [{ algorithm: 'hmac-sha256', secret: hmacSecret }],
      },
    ];
    const encryptions = [
      {
        encryption: { transport: 'rsa-oaep', publicKey: deviceKey.publicKey.export(pem.public) },
        decrypt: [{ transport: 'rsa-oaep', privateKey: deviceKey.privateKey.export(pem.private) }],
      },
      {
        encryption: { transport: 'aes-wrap', key: wrapKey },
        decrypt: [{ transport: 'aes-wrap', key: wrapKey }],
      },
    ];
    // Beside an RSA key the AES key is the one that counts: the device has no other here.
    const both = {
      ...{ encryption: encryptions[0]?.encryption, wrapping: { key: wrapKey, keyName: 'aes' } },
      decrypt: [{ transport: 'aes-wrap', key: wrapKey }],
    };
    for (const { signing, verify } of signers) {
      const changed = await call('PATCH', `/v1/accounts/${serverId}`, { messageSigning: signing });
      assert.equal(changed.httpStatus, 200, JSON.stringify(changed));
      assert.doesNotMatch(JSON.stringify(changed), /PRIVATE KEY/);
      for (const { decrypt, ...keys } of [...encryptions, both]) {
        for (const encrypt of ['body', ['./Vendor/Note']] as const) {
          const messages = { verify, decrypt } as AccountInput['messages'];
          await withDevice('wap', messages, { messageKeys: { hmacSecret, ...keys } }, async (device, id) => {
            const wbxmlVersion = encrypt === 'body' ? '1.1' : '1.3';
            const spelling = encrypt === 'body' ? 'opaque' : 'compact';
            const asked = { device: id, job, encrypt, wbxmlVersion, spelling };
            const created = await call('POST', '/v1/messages', asked);
            assert.equal(created.httpStatus, 202, JSON.stringify(created));
            await eventually(() => noteOf(device) === 'secret value', 'the note', 400_000);
          });
        }
      }
    }
  });

  it('SM-S-005: transport security is required where asked for, and refused where no route has it', async () => {
    await withDevice('waps', undefined, {}, async (device, id) => {
      const created = await call('POST', '/v1/messages', { device: id, job, requireSecureTransport: true });
      assert.equal(created.httpStatus, 202, JSON.stringify(created));
      await eventually(() => noteOf(device) === 'secret value', 'the note', 400_000);
    });
    await withDevice('wap', undefined, {}, async (_, id) => {
      const refused = await call('POST', '/v1/messages', { device: id, job, requireSecureTransport: true });
      assert.equal(refused.httpStatus, 400);
      assert.match(String(refused.detail), /no address that protects a push/);
    });
  });

  it('SM-S-006: the ACL of a new object travels in its tree', () =>
    withDevice('wap', undefined, {}, async (device, id) => {
      const tree =
        '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>Net</NodeName><RTProperties>' +
        '<ACL>Get=*&amp;Replace=com.example.dm</ACL><Format><node/></Format><Type><DDFName>urn:oma:mo:oma-connmo-nap:1.0</DDFName></Type></RTProperties>' +
        '<Node><NodeName>NAPID</NodeName><RTProperties><Type><MIME>text/plain</MIME></Type></RTProperties><Value>Net</Value></Node></Node></MgmtTree>';
      const add = {
        command: 'add',
        uri: './Inbox',
        format: 'xml',
        type: 'application/vnd.syncml.dmtnds+xml',
        data: tree,
      };
      const created = await call('POST', '/v1/messages', { device: id, job: [add] });
      assert.equal(created.httpStatus, 202, JSON.stringify(created));
      await eventually(() => device.tree?.node('./NAP/Net/NAPID')?.value === 'Net', 'the object', 400_000);
      assert.deepEqual(device.tree?.node('./NAP/Net')?.acl, { Get: ['*'], Replace: ['com.example.dm'] });
    }));

  it('a bootstrap gives a device without accounts the one that the server knows', () =>
    withDevice(
      'wap',
      undefined,
      {},
      async (device, id) => {
        for (const [profile, status] of [
          ['cp', 202],
          ['dm', 202],
        ] as const) {
          const bootstrap = { profile, sec: 'NETWPIN', imsi };
          const created = await call('POST', '/v1/messages', { device: id, bootstrap });
          assert.equal(created.httpStatus, status, JSON.stringify(created));
        }
        await eventually(() => device.accounts.length === 1, 'the account', 400_000);
        const woken = await call('POST', '/v1/notifications', { device: id, uiMode: 'background' });
        const done = async (): Promise<boolean> =>
          (await call('GET', `/v1/notifications/${String(woken.id)}`)).state === 'completed';
        await eventually(done, 'a session under the new account', 400_000);
      },
      false,
    ));

  it('what cannot be is refused: commands that need an answer, no key, too much, a weak secret', () =>
    withDevice('wap', undefined, {}, async (_, id) => {
      const refused = async (body: object, pattern: RegExp): Promise<void> => {
        const answer = await call('POST', '/v1/messages', { device: id, ...body });
        assert.equal(answer.httpStatus, 400, JSON.stringify(answer));
        assert.match(JSON.stringify(answer), pattern);
      };
      await refused({ job: [{ command: 'get', uri: './DevInfo' }] }, /needs? an answer|asks for an answer/);
      await refused({ job, signature: 'rsa-sha256' }, /no messageSigning/);
      await refused({ job, encrypt: 'body' }, /no messageKeys\.encryption/);
      const large = { command: 'add', uri: './Vendor/Large', data: 'x'.repeat(20_000) };
      await refused({ job: [large] }, /octets; its routes carry wap: \d+/);
      const path = `/v1/devices/${encodeURIComponent(id)}`;
      const publicKey = deviceKey.publicKey.export(pem.public);
      await call('PATCH', path, { messageKeys: { encryption: { transport: 'rsa-oaep', publicKey } } });
      await refused({ job: [large], encrypt: 'body' }, /Shorter: an AES key of the device .*single items/);
      await call('PATCH', path, { messageKeys: { wrapping: { key: wrapKey } } });
      await refused(
        { job: [large], encrypt: ['./Vendor/Large'] },
        /carry wap: \d+\. Shorter: signature hmac-sha256/,
      );
      for (const keys of [
        { wrapping: { key: wrapKey } },
        { encryption: { transport: 'aes-wrap', key: wrapKey } },
      ]) {
        const same = await call('PATCH', path, { messageKeys: { hmacSecret: wrapKey, ...keys } });
        assert.equal(same.httpStatus, 400);
        assert.match(JSON.stringify(same), /must not be the secret that messages are signed with/);
      }
      await refused({ job, bootstrap: { sec: 'USERPIN', pin: '1' } }, /job/);
      await refused({ bootstrap: { sec: 'USERPIN' } }, /bootstrap\.pin/);
      const weak = await call('PATCH', `/v1/devices/${encodeURIComponent(id)}`, {
        messageKeys: { hmacSecret: 'aa' },
      });
      assert.equal(weak.httpStatus, 400);
      const notSent = await call('GET', `/v1/messages?device=${encodeURIComponent(id)}`);
      assert.deepEqual(notSent.items, []);
    }));

  it('an idempotency key gives the same message; a cancelled one never goes out; both survive a restart', () =>
    withDevice('wap', undefined, {}, async (device, id) => {
      const notBefore = new Date(Date.now() + 3_600_000).toISOString();
      const later = await call('POST', '/v1/messages', { device: id, job, notBefore });
      await server.stop();
      server = await start();
      const read = await call('GET', `/v1/messages/${String(later.id)}`);
      assert.equal(read.state, 'queued');
      const cancelled = await call('POST', `/v1/messages/${String(later.id)}/cancel`);
      assert.equal(cancelled.state, 'cancelled');
      const send = (): Promise<Response> =>
        fetch(`${server.apiUrl}/v1/messages`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': 'once' },
          body: JSON.stringify({ device: id, job }),
        });
      const [first, second] = [await (await send()).json(), await (await send()).json()] as { id: string }[];
      assert.equal(first?.id, second?.id);
      await eventually(() => noteOf(device) === 'secret value', 'the note', 400_000);
    }));
});
