// `reveille send` and `reveille device --listen` over TLS, both as processes of their own: HTTPS with client
// certificates, SIP over TLS, OBEX over TLS, and SMPP over TLS to the message centre. Each route is also tried with an
// authority that did not sign, and then nothing reaches the device.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SimulatedRegistrar } from '../../../src/testing/index.ts';
import { makeCertificates } from '../../push/sip/support.ts';
import { CliProcess } from '../long-running.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-tls-test-'));
const secret = 'server-secret';
const number = '+491701234567';
const testFile = (name: string): string =>
  readFileSync(new URL(`../../device/tls/${name}.pem`, import.meta.url), 'utf8');

function write(name: string, value: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

const schemes = ['https', 'sips', 'obex', 'sms'] as const;
/** The names under which the device tells what it received. */
const bindingOf = { https: 'http', sips: 'sip', obex: 'obex', sms: 'sms' } as const;
const outcomeOf = { https: 'delivered', sips: 'delivered', obex: 'delivered', sms: 'accepted' } as const;

describe('send and device over TLS', { concurrency: false, timeout: 240_000 }, () => {
  const running: CliProcess[] = [];
  const listens: Partial<Record<(typeof schemes)[number], string>> = {};
  let device: CliProcess;
  let registrar: SimulatedRegistrar;
  let trusting = '';
  let distrusting = '';
  let withoutCertificate = '';
  let withOtherCertificate = '';

  const start = (...args: readonly string[]): CliProcess => {
    const child = new CliProcess(args, { env: { REVEILLE_SECRET: secret } });
    running.push(child);
    return child;
  };

  before(async () => {
    // One authority for what listens, another for the certificates of those who send.
    const { ca, cert, key } = makeCertificates();
    const [certFile, keyFile] = [write('cert.pem', cert), write('key.pem', key)];
    write('ca.pem', ca);
    for (const name of ['ca', 'device', 'device.key']) write(`client-${name}.pem`, testFile(name));
    const from = (file: string): object => ({ file });

    registrar = await SimulatedRegistrar.start({ users: { device: 'sip-password' }, tls: { cert, key } });
    const smsc = start(
      'smsc',
      '--listen',
      '127.0.0.1:0',
      '--tls-certificate',
      certFile,
      '--tls-key',
      keyFile,
    );
    const [, port = ''] = await smsc.prints(/message centre on 127\.0\.0\.1:(\d+)/);
    const outboundProxy = `sips:127.0.0.1:${registrar.tlsPort}`;
    const centre = { host: '127.0.0.1', port: Number(port), name: 'sim' };

    const senders = (trusted: object, certificate: object): object => ({
      http: { tls: { ...trusted, ...certificate } },
      sip: { from: 'sips:dms@example.com', outboundProxy, tls: trusted },
      obex: { tls: trusted },
      sms: { smscs: [{ ...centre, systemId: 'dms', tls: trusted }], linkWaitMs: 2000, backOffMs: 100 },
    });
    const trusted = { ca: from('ca.pem') };
    const known = { cert: from('client-device.pem'), key: from('client-device.key.pem') };
    trusting = write('bindings.json', senders(trusted, known));
    distrusting = write('distrusting.json', senders({ ca: from('client-ca.pem') }, known));
    withoutCertificate = write('bare.json', senders(trusted, {}));
    // A certificate that the device's authority did not sign.
    const stranger = { cert: from('cert.pem'), key: from('key.pem') };
    withOtherCertificate = write('stranger.json', senders(trusted, stranger));

    const own = { cert: from('cert.pem'), key: from('key.pem') };
    const listeners = write('listeners.json', {
      http: { tls: { ...own, clientCa: from('client-ca.pem'), clientCertificate: 'required' } },
      obex: { tls: own },
      sip: {
        instanceId: 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
        outboundProxy,
        address: '127.0.0.1',
        udp: false,
        tcp: false,
        tls: { ...own, port: 0 },
        tlsClient: trusted,
        credentials: [{ username: 'device', password: 'sip-password' }],
      },
      sms: { smsc: { ...centre, systemId: 'phone', tls: trusted } },
    });
    const provision = write('provision.json', {
      deviceId: 'IMEI:990000120000015',
      man: 'Reveille',
      mod: 'Test',
      accounts: [
        {
          serverId: 'com.example.dm',
          address: 'http://127.0.0.1:9/dm',
          client: { scheme: 'md5', name: 'd', secret: 'x', nonceBase64: 'AAAAAA==' },
          server: { scheme: 'md5', secret, nonceBase64: 'AAAAAA==' },
        },
      ],
    });
    const uris = {
      https: 'https://127.0.0.1:0',
      sips: 'sips:device@example.com',
      obex: 'obex://127.0.0.1:0',
      sms: `sms:${number}`,
    } as const;
    device = start(
      ...['device', '--state', join(folder, 'state.json'), '--provision', provision, '--accept', 'always'],
      ...['--json', '--log-level', 'info', '--listener-config', listeners],
      ...Object.values(uris).flatMap((uri) => ['--listen', uri]),
    );
    for (const scheme of schemes) {
      const [, at = ''] = await device.prints(new RegExp(`listens on (${scheme}:\\S+);`));
      listens[scheme] = at;
    }
    await device.prints(/is registered/);
    await smsc.prints(/bound systemId "phone"/);
  });
  after(async () => {
    await Promise.all(running.map((child) => child.end('SIGKILL')));
    await registrar?.close();
    rmSync(folder, { recursive: true });
  });

  interface Sent {
    readonly status: number | null;
    readonly stdout: string;
    readonly stderr: string;
  }

  async function send(scheme: (typeof schemes)[number], config: string, ...args: string[]): Promise<Sent> {
    const child = start('send', listens[scheme] ?? '', '--binding-config', config, ...args);
    const status = await child.exited;
    return { status, stdout: child.stdout, stderr: child.stderr };
  }

  const notification = ['--format', 'dm1.3', '--server-id', 'com.example.dm', '--ui-mode', 'background'];
  /** How many pushes the device says that it has from a binding, refused ones not counted. */
  const received = (binding: string): number =>
    device.stdout
      .split('\n')
      .filter((line) => line.includes(`"notification-received","binding":"${binding}"`)).length;

  for (const scheme of schemes) {
    it(`${scheme}: a notification arrives, and holds under the account's secret`, async () => {
      const { status, stdout, stderr } = await send(scheme, trusting, ...notification);
      assert.equal(status, 0, stderr);
      assert.match(stdout, new RegExp(`^${outcomeOf[scheme]} \\d+ octets to `));
      await device.prints(new RegExp(`"notification-received","binding":"${bindingOf[scheme]}"`));
      assert.doesNotMatch(device.stdout, /"ignored"[^\n]*digest/);
    });

    it(`${scheme}: a DM message of 12 KB arrives`, async () => {
      const message = write('message.xml', `<SyncML>${' '.repeat(12_288 - 17)}</SyncML>`);
      const { status, stdout, stderr } = await send(scheme, trusting, '--dm-message', message);
      assert.equal(status, 0, stderr);
      assert.match(stdout, new RegExp(`^${outcomeOf[scheme]} 12288 octets to `));
      await device.prints(new RegExp(`"binding":"${bindingOf[scheme]}"[^\\n]*"octets":12288`));
    });

    it(`${scheme}: nothing is sent to a peer whose certificate another authority signed`, async () => {
      const before = received(bindingOf[scheme]);
      const { status, stdout, stderr } = await send(scheme, distrusting, ...notification);
      assert.equal(status, 1, stdout);
      assert.match(stderr, /certificate|TLS/i);
      assert.doesNotMatch(stderr, new RegExp(secret));
      assert.equal(received(bindingOf[scheme]), before);
    });
  }

  it('https: PB-S-007 PB-C-007: without a certificate, or with one of a stranger, the device lets nobody in', async () => {
    const before = received('http');
    for (const config of [withoutCertificate, withOtherCertificate]) {
      const { status, stdout, stderr } = await send('https', config, ...notification);
      assert.equal(status, 1, stdout);
      assert.notEqual(stderr, '');
    }
    assert.equal(received('http'), before);
  });

  it('sips: every MESSAGE went to the registrar over TLS, to a sips: address', () => {
    const messages = registrar.requests.filter(({ method }) => method === 'MESSAGE');
    assert.ok(messages.length > 0);
    for (const { requestUri, headers } of messages) {
      assert.match(requestUri, /^sips:/);
      assert.match(headers.find(({ name }) => name === 'Via')?.value ?? '', /^SIP\/2\.0\/TLS /);
    }
  });
});
