// What the whole server posts over HTTP and TLS, taken by a listener in Python's standard library that knows nothing of it:
// notifications and DM messages that REST asked for, read here from the documents, by wbxml2xml and by xmlsec1.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ServeSections } from '../../src/cli/bindings/serve-shapes.ts';
import { decodeWbxml } from '../../src/codec/wbxml/index.ts';
import { writeXml } from '../../src/codec/xml/index.ts';
import { pem } from '../push/http/device.ts';
import { checkDigest } from './package-zero-digest.ts';
import { Witness } from './python.ts';
import { fromWbxml } from './recorded/recorded.ts';
import { type Answer, startWholeServer, type WholeServer } from './whole-server.ts';
import { XmlsecTool } from './xmlsec-tool.ts';

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly proof: 'none' | 'right' | 'wrong';
}

const serverId = 'com.example.dm';
const secret = 'tG5_hN8-cY3vJu1KfD0qWb';
const hmacSecret = '6b'.repeat(32);
const nonce = Buffer.from('00ff3a41', 'hex');
const user = ['dms', 'p4-Qz_81'] as const;
const file = (name: string): string => fileURLToPath(new URL(`../device/tls/${name}.pem`, import.meta.url));
const tls = ['--tls', file('server'), file('server.key')];
const credentials = [{ username: user[0], password: user[1] }];
const xmlsec = new XmlsecTool();
after(() => xmlsec.close());

/** A listener, and where it is. */
async function listen(
  t: { after(run: () => Promise<void>): void },
  ...args: readonly string[]
): Promise<{ readonly witness: Witness; readonly url: string; next(): Promise<Request> }> {
  const witness = new Witness('http-witness.py', args);
  t.after(() => witness.stop());
  const { port } = (await witness.next()) as { readonly port: number };
  const url = args.includes('--tls')
    ? `https://localhost:${port}/wappush`
    : `http://127.0.0.1:${port}/wappush`;
  return { witness, url, next: async () => (await witness.next()) as Request };
}

describe('the whole server and a listener in Python', { concurrency: false, timeout: 240_000 }, () => {
  let devices = 0;

  /** A server with this section, and one device at these addresses. */
  async function serve(
    http: ServeSections['http'],
    addresses: readonly string[],
    run: (server: WholeServer, device: string) => Promise<void>,
  ): Promise<void> {
    const server = await startWholeServer({ http: { ...http } });
    try {
      await server.done('POST', '/v1/accounts', { serverId, url: server.dmUrl });
      devices += 1;
      const device = `IMEI:99000055000${String(devices).padStart(4, '0')}`;
      await server.done('POST', '/v1/devices', {
        id: device,
        serverId,
        addresses,
        format: 'dm1.3',
        clientCredentials: { scheme: 'md5', name: 'd', secret: 'aV7-kQ2_mT9wRx4LpB6sZe' },
        serverCredentials: { scheme: 'md5', secret, nonceBase64: nonce.toString('base64') },
        messageKeys: { hmacSecret },
      });
      await run(server, device);
    } finally {
      await server.stop();
    }
  }

  const job = [{ command: 'replace', uri: './Vendor/Note', data: 'awake' }];
  const message = async (server: WholeServer, body: object): Promise<Answer> =>
    server.reaches(
      `/v1/messages/${String((await server.done('POST', '/v1/messages', body)).id)}`,
      ...['delivered', 'failed', 'sent', 'accepted'],
    );

  for (const [format, row, mime] of [
    ['dm1.3-2010', 'N10-S-008 DM-NOTI-1.3-2010 §7.4', 'application/vnd.syncml.dm.notification'],
    ['dm1.3', 'N13-S-015 DM-NOTI-1.3 §7.4', 'application/vnd.syncml.dm.notification'],
  ] as const) {
    test(`${row}: ${format}: one POST with media type, application id and a digest that holds, after a proof where asked`, async (t) => {
      for (const args of [[], ['--user', ...user]]) {
        const at = await listen(t, ...args);
        await serve({ credentials }, [at.url], async (server, device) => {
          const asked = { device, format, uiMode: 'background' };
          const { id } = await server.done('POST', '/v1/notifications', asked);
          if (args.length > 0) assert.equal((await at.next()).proof, 'none');
          const { method, path, headers, body, proof } = await at.next();
          assert.deepEqual([method, path], ['POST', '/wappush']);
          assert.equal(headers['content-type'], mime);
          assert.equal(headers['x-wap-application-id'], 'x-wap-application:syncml.dm');
          assert.equal(proof, args.length > 0 ? 'right' : 'none');
          checkDigest(Buffer.from(body, 'hex'), format, { serverId, secret, nonce });
          await server.reaches(`/v1/notifications/${String(id)}`, 'delivered');
          assert.deepEqual(at.witness.left, []);
        });
      }
    });
  }

  test('PB-S-001 PB-S-005 PB-S-007 SM-S-001 SM-S-002 SM-S-003 SM-S-004: a DM message over TLS, with a proof, as libwbxml and xmlsec1 read it', async (t) => {
    const at = await listen(t, ...tls, '--user', ...user);
    await serve({ credentials, tls: { ca: pem('ca') } }, [at.url], async (server, device) => {
      for (const wbxmlVersion of ['1.1', '1.2', '1.3']) {
        const { state } = await message(server, { device, job, wbxmlVersion });
        assert.equal(state, 'delivered');
        let request = await at.next();
        // Asked for a proof the first time.
        while (request.proof === 'none') request = await at.next();
        const { headers, body, proof } = request;
        assert.equal(proof, 'right');
        assert.equal(headers['content-type'], 'application/vnd.syncml.dm+wbxml');
        assert.equal(headers['x-wap-application-id'], 'x-wap-application:syncml.dm');
        const octets = Buffer.from(body, 'hex');
        assert.equal(octets[0], Number(wbxmlVersion.slice(2)));
        const xml = fromWbxml(octets);
        const header = /<SyncHdr>.*<\/SyncHdr>/s.exec(xml)?.[0] ?? assert.fail(xml);
        assert.match(header, new RegExp(`<Source>\\s*<LocURI>${serverId}</LocURI>`));
        assert.match(header, new RegExp(`<Target>\\s*<LocURI>${device}</LocURI>`));
        assert.match(xml, /<Replace>.*<LocURI>\.\/Vendor\/Note<\/LocURI>.*awake.*<\/Replace>/s);
        // libwbxml has no tokens for a Signature with its namespaces, so this view is ours; whether it is signed is not.
        const view = writeXml(decodeWbxml(octets).root);
        const key = ['--hmackey', xmlsec.file('hmac.bin', Buffer.from(hmacSecret, 'hex'))];
        const { ok, errors } = xmlsec.run('--verify', key, view);
        assert.ok(ok, errors);
        assert.equal(xmlsec.run('--verify', key, view.replace('awake', 'asleep')).ok, false);
      }
    });
  });

  test('PB-S-007 SM-S-005 DM-PUSH §5.3: a DM message goes nowhere over plain HTTP, under a certificate that nobody vouches for, or without the right password', async (t) => {
    const plain = await listen(t, '--user', ...user);
    const secure = await listen(t, ...tls, '--user', ...user);
    const trusted = { ca: pem('ca') };
    await serve({ credentials, tls: trusted }, [plain.url], async (server, device) => {
      const { state } = await message(server, { device, job });
      assert.equal(state, 'failed');
    });
    await serve({ credentials }, [secure.url], async (server, device) => {
      assert.equal((await message(server, { device, job })).state, 'failed');
    });
    assert.deepEqual([plain.witness.left, secure.witness.left], [[], []]);
    const wrong = [{ username: user[0], password: 'guessed' }];
    await serve({ credentials: wrong, tls: trusted }, [secure.url], async (server, device) => {
      assert.equal((await message(server, { device, job })).state, 'failed');
      assert.deepEqual([(await secure.next()).proof, (await secure.next()).proof], ['none', 'wrong']);
      assert.deepEqual(secure.witness.left, []);
    });
  });

  test('SM-S-005 DM-SESSIONLESS-1.3 §5.3: where transport security is asked for, the plain address sees nothing, and one alone is refused', async (t) => {
    const plain = await listen(t);
    const secure = await listen(t, ...tls);
    const http = { messages: 'any', tls: { ca: pem('ca') } } as const;
    const asked = { job, requireSecureTransport: true };
    await serve(http, [plain.url, secure.url], async (server, device) => {
      const sent = await message(server, { device, ...asked });
      assert.equal(sent.state, 'delivered');
      const { items } = await server.done('GET', `/v1/messages/${String(sent.id)}/timeline`);
      const addresses = (items as { readonly address?: string }[]).map(({ address }) => address);
      assert.equal(addresses.at(-1), secure.url);
      assert.match(fromWbxml(Buffer.from((await secure.next()).body, 'hex')), /awake/);
      assert.deepEqual(plain.witness.left, []);
      // Not asked for, and by that option: the first address.
      assert.equal((await message(server, { device, job })).state, 'delivered');
      assert.match(fromWbxml(Buffer.from((await plain.next()).body, 'hex')), /awake/);
    });
    await serve(http, [plain.url], async (server, device) => {
      const refused = await server.call('POST', '/v1/messages', { device, ...asked });
      assert.equal(refused.httpStatus, 400, JSON.stringify(refused));
      assert.deepEqual([plain.witness.left, secure.witness.left], [[], []]);
    });
  });

  test('SM-S-006 DM-SESSIONLESS-1.3 §5.4: libwbxml finds the ACL of a new object inside its tree, and nowhere else', async (t) => {
    const at = await listen(t, ...tls);
    const tree =
      '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>Net</NodeName><RTProperties>' +
      '<ACL>Get=*&amp;Replace=com.example.dm</ACL><Format><node/></Format><Type><DDFName>urn:oma:mo:oma-connmo-nap:1.0</DDFName></Type></RTProperties>' +
      '<Node><NodeName>NAPID</NodeName><RTProperties><Type><MIME>text/plain</MIME></Type></RTProperties><Value>Net</Value></Node></Node></MgmtTree>';
    const type = 'application/vnd.syncml.dmtnds+xml';
    const add = { command: 'add', uri: './Inbox', format: 'xml', type, data: tree };
    await serve({ tls: { ca: pem('ca') } }, [at.url], async (server, device) => {
      assert.equal((await message(server, { device, job: [add] })).state, 'delivered');
      const xml = fromWbxml(Buffer.from((await at.next()).body, 'hex'));
      const data = /<Data>(.*MgmtTree.*?)<\/Data>/s.exec(xml)?.[1] ?? assert.fail(xml);
      assert.match(data, /&lt;ACL&gt;Get=\*&amp;amp;Replace=com\.example\.dm&lt;\/ACL&gt;/);
      assert.doesNotMatch(xml, /prop=ACL/);
      const outside = { command: 'replace', uri: './NAP/Net?prop=ACL', data: 'Get=*' };
      const refused = await server.call('POST', '/v1/messages', { device, job: [add, outside] });
      assert.equal(refused.httpStatus, 400, JSON.stringify(refused));
      assert.match(String(refused.detail), /belongs into the tree/);
    });
  });
});
