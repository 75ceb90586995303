// Short messages over HTTP through the whole server: from REST and its queue to a company of the tests, and from its receipts to
// *delivered*. Each preset carries Package #0 in three formats, a bootstrap with its MAC, and a signed message of five parts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ServeSections } from '../../src/cli/bindings/serve-shapes.ts';
import { bytesToHex } from '../../src/core/index.ts';
import { startWholeServer, type WholeServer } from '../interop/whole-server.ts';
import {
  type Company,
  intellismsCompany,
  type RunningCompany,
  sinchCompany,
  startCompany,
  vonageCompany,
} from '../push/sms-http/companies.ts';

const serverId = 'com.example.dm';
const nonceBase64 = 'bm9uY2U=';
const number = '+447700900123';
const inAddress = 'a-secret-in-the-address';

/** A port that is free now; the address for receipts has to be known before the server runs. */
async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

const roads: Readonly<Record<string, (company: RunningCompany) => object>> = {
  vonage: ({ origin }) => ({
    preset: 'vonage',
    account: { apiKey: 'abcd1234', apiSecret: 'abcdef0123456789' },
    from: 'AcmeInc',
    request: { url: `${origin}/sms/json` },
  }),
  sinch: ({ origin }) => ({
    preset: 'sinch',
    account: { region: 'eu', servicePlanId: 'plan', token: 'toktok' },
    from: '12345',
    request: { url: `${origin}/xms/v1/{account.servicePlanId}/batches` },
  }),
  intellisms: ({ origin }) => ({
    preset: 'intellisms',
    account: { accessKey: 'Yva$ER%Uhs+UU[MzwEYe', secretKey: 'F{kQ^s`wVpm!EU~Bx8yB' },
    request: { url: `${origin}/api/https/sendmsg.aspx` },
    receipts: { proof: { path: { secret: inAddress } } },
  }),
};

for (const name of ['vonage', 'sinch', 'intellisms']) {
  describe(`${name}, whole server`, { concurrency: false, timeout: 300_000 }, () => {
    let server: WholeServer;
    let company: RunningCompany;
    const closers: (() => unknown)[] = [];
    before(async () => {
      const port = await freePort();
      const companies: Readonly<Record<string, Company>> = {
        vonage: vonageCompany,
        sinch: sinchCompany,
        intellisms: intellismsCompany(() => `http://127.0.0.1:${port}/sms/acme/${inAddress}`),
      };
      const kind = companies[name];
      assert.ok(kind !== undefined);
      company = await startCompany({ after: (step) => void closers.push(step as () => unknown) }, kind);
      const road = { kind: 'http', ...roads[name]?.(company) };
      const sms = {
        roads: { acme: road },
        routes: [{ prefix: '', roads: ['acme'] }],
        listen: { address: '127.0.0.1', port },
      } as NonNullable<ServeSections['sms']>;
      server = await startWholeServer({ sms });
      await server.done('POST', '/v1/accounts', { serverId, url: 'https://dm.example.com/dm' });
    });
    after(async () => {
      await server?.stop();
      for (const close of closers) await close();
    });

    async function device(id: string, format: string): Promise<string> {
      await server.done('POST', '/v1/devices', {
        id,
        serverId,
        format,
        addresses: [`sms:${number}`],
        clientCredentials: { scheme: 'md5', name: 'd', secret: 'client secret 16', nonceBase64 },
        serverCredentials: { scheme: 'md5', secret: 'server secret 16', nonceBase64 },
      });
      return id;
    }

    /** Tells of every message since `from`, one after the other; `path` is not delivered before the last. */
    async function tellAll(from: number, path: string): Promise<void> {
      const messages = company.taken.slice(from);
      for (const [index, message] of messages.entries()) {
        const { state } = await server.done('GET', path);
        assert.equal(state, 'accepted', `before receipt ${index + 1} of ${messages.length}`);
        assert.equal(await company.tell(message, 'underWay'), 200);
        assert.equal(await company.tell(message, 'delivered'), 200);
      }
      await server.reaches(path, 'delivered');
    }

    for (const format of ['dm1.2', 'dm1.3-2010', 'dm1.3']) {
      test(`Package #0 in ${format}: accepted, then delivered by its receipt`, async () => {
        const from = company.taken.length;
        const id = await device(
          `IMEI:99000088000${['dm1.2', 'dm1.3-2010', 'dm1.3'].indexOf(format)}001`,
          format,
        );
        const woken = await server.done('POST', '/v1/notifications', { device: id, uiMode: 'background' });
        const path = `/v1/notifications/${String(woken.id)}`;
        await server.reaches(path, 'accepted');
        assert.equal(company.taken.length, from + 1);
        await tellAll(from, path);
      });
    }

    test('a bootstrap with its MAC: WSP carries SEC and MAC, and every part has its receipt', async () => {
      const from = company.taken.length;
      const id = await device('IMEI:990000880004001', 'dm1.2');
      const created = await server.done('POST', '/v1/messages', {
        device: id,
        bootstrap: { profile: 'cp', sec: 'USERPIN', pin: '1234' },
      });
      const path = `/v1/messages/${String(created.id)}`;
      await server.reaches(path, 'accepted');
      const parts = company.taken.slice(from);
      assert.ok(parts.length > 1);
      // SEC and MAC stand in the content type, in the first part: 0x91 0x81 (USERPIN), 0x92 and 40 hex digits.
      const first = bytesToHex(parts[0]?.userData ?? new Uint8Array());
      assert.match(first, /b6918192(?:3[0-9]|4[1-6]){40}00/);
      await tellAll(from, path);
    });

    test('a signed message of five parts: delivered with the fifth receipt', async () => {
      const from = company.taken.length;
      const id = await device('IMEI:990000880005001', 'dm1.2');
      const job = [{ command: 'replace', uri: './Vendor/Note', data: 'x' }];
      const created = await server.done('POST', '/v1/messages', { device: id, job });
      const path = `/v1/messages/${String(created.id)}`;
      await server.reaches(path, 'accepted');
      assert.equal(company.taken.length - from, 5);
      for (const { userData } of company.taken) assert.ok(userData.length <= 140);
      await tellAll(from, path);
      const { items } = await server.done('GET', `${path}/timeline`);
      const events = (items as readonly { readonly event: string }[]).map(({ event }) => event);
      assert.deepEqual(events, ['queued', 'sending', 'accepted', 'delivered']);
    });

    test('a message that fails for good fails the push, with the company and the place in words', async () => {
      const from = company.taken.length;
      const id = await device('IMEI:990000880006001', 'dm1.2');
      const job = [{ command: 'replace', uri: './Vendor/Note', data: 'x' }];
      const created = await server.done('POST', '/v1/messages', { device: id, job });
      const path = `/v1/messages/${String(created.id)}`;
      await server.reaches(path, 'accepted');
      const message = company.taken[from + 1];
      assert.ok(message !== undefined);
      assert.equal(await company.tell(message, 'failed'), 200);
      await server.reaches(path, 'failed', 'queued');
      const { items } = await server.done('GET', `${path}/timeline`);
      assert.match(JSON.stringify(items), /acme: .*\(message 2 of 5\)/);
    });
  });
}
