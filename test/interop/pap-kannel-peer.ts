// Meets Kannel (Debian package of that name) as push gateway: its own ports, and UDP 2948 for the device. Run in a private
// network; plays all scenes and prints what was seen as JSON.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { bytesToHex, PushError } from '../../src/core/index.ts';
import { contentTypes, type DeliveryReport, type Push, type ReceivedPush } from '../../src/push/index.ts';
import {
  createPapSender,
  type PapGateway,
  type PapSender,
  type PapTarget,
} from '../../src/push/pap/index.ts';
import { SmsReceiver } from '../../src/push/sms/index.ts';
import { WapListener } from '../../src/push/wap/index.ts';
import { ManualClock, SmscSimulator } from '../../src/testing/index.ts';
import { PeerProcess } from './child-process.ts';

/** A push as our device got it. */
export interface SeenPush {
  readonly binding: string;
  readonly mime: string | undefined;
  /** Hex, when it came as a number. */
  readonly code: string | undefined;
  readonly body: string;
  /** Names of parameters of the content type, when there are any. */
  readonly parameters?: readonly string[];
}

/** What became of a push that was sent by force. */
export interface Forced {
  readonly outcome: string;
  readonly pushes: readonly SeenPush[];
  /** True when the push behind it, to the same address, arrived. */
  readonly next: boolean;
}

/** What the scenes saw, by name: receipts or codes of errors, and what arrived. */
export interface Seen {
  /** Pushes over UDP of each content type, in both versions of PAP. */
  readonly types: Readonly<
    Record<string, { readonly outcome: string; readonly pushes: readonly SeenPush[] }>
  >;
  /** Pushes over UDP by size. */
  readonly sizes: readonly {
    readonly size: number;
    readonly outcome: string;
    readonly octets: readonly number[];
  }[];
  /** Pushes over SMS through the simulated centre, by size. */
  readonly messages: readonly {
    readonly size: number;
    readonly outcome: string;
    readonly pushes: readonly SeenPush[];
  }[];
  /** What Kannel reported about those pushes, and what it sent as result notifications. */
  readonly reports: readonly Pick<DeliveryReport, 'pushId' | 'outcome' | 'detail'>[];
  readonly notifications: number;
  /** What a gateway of kind kannel is known to lose, sent by force: the outcome, and what arrived. */
  readonly forced: Readonly<
    Record<string, { readonly outcome: string; readonly pushes: readonly SeenPush[] }>
  >;
  /** Outcome of everything else. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** Datagrams that the device dropped. */
  readonly drops: readonly string[];
}

/** Content for tests: `size` octets that do not repeat soon. */
export function content(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) & 255);
}

const isProgram = process.argv[1] === import.meta.filename;
export const ports = {
  admin: 13000,
  smsbox: 13001,
  wapbox: 13002,
  ppg: 13080,
  sendSms: 13013,
  smsc: 2775,
  reports: 18080,
} as const;
export const number = '+491701234567';
const never = new AbortController().signal;

export function configuration(folder: string, maxMessages?: number): string {
  return `group = core
admin-port = ${ports.admin}
admin-interface = 127.0.0.1
admin-password = bench
smsbox-port = ${ports.smsbox}
smsbox-interface = 127.0.0.1
wapbox-port = ${ports.wapbox}
wdp-interface-name = "127.0.0.1"
box-allow-ip = 127.0.0.1
dlr-storage = internal
log-file = "${folder}/bearerbox.log"
log-level = 1

group = smsc
smsc = smpp
smsc-id = simulated
host = 127.0.0.1
port = ${ports.smsc}
transceiver-mode = true
smsc-username = kannel
smsc-password = bench
system-type = ""
reconnect-delay = 1

group = smsbox
smsbox-id = box
bearerbox-host = 127.0.0.1
sendsms-port = ${ports.sendSms}
sendsms-interface = 127.0.0.1
global-sender = 4040
log-file = "${folder}/smsbox.log"

group = sendsms-user
username = bench
password = bench

group = sms-service
keyword = default
text = "ok"

group = wapbox
bearerbox-host = 127.0.0.1${maxMessages === undefined ? '' : `\nmax-messages = ${maxMessages}`}
log-file = "${folder}/wapbox.log"
log-level = 1

group = ppg
ppg-url = /wappush
ppg-smsbox-id = box
ppg-port = ${ports.ppg}
concurrent-pushes = 20
users = 1
trusted-pi = false
service-name = ppg

group = wap-push-user
wap-push-user = bench
ppg-username = bench
ppg-password = bench
allow-ip = 127.0.0.1
`;
}

/** Tries until somebody listens on the port, or the peer ends. */
export async function listens(port: number, peer: PeerProcess): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    peer.expectRunning();
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await wait(25);
  }
  throw new Error(`nothing listens on port ${port}`);
}

/** Waits until the condition holds; gives up in silence, for what is missing shows in what was seen. */
async function settled(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !condition(); tries += 1) await wait(25);
}

const gateway: PapGateway = {
  name: 'ppg.bench',
  url: `http://127.0.0.1:${ports.ppg}/wappush`,
  credentials: { username: 'bench', password: 'bench' },
  allowPlainBasic: true,
  // Kannel locks out who fails too often, and a request without credentials is a failure.
  preemptiveBasic: true,
};
const udp = { address: 'WAPPUSH=127.0.0.1/TYPE=IPv4@ppg.bench', gateway: 'ppg.bench' };
const sms = { address: `WAPPUSH=${number}/TYPE=PLMN@ppg.bench`, gateway: 'ppg.bench' };

function codeOf(error: unknown): string {
  if (!(error instanceof PushError)) return String(error);
  return `${error.code}${error.retryable ? ', may pass' : ''}: ${error.message}`;
}

/** What became of something: its outcome, or the code of its error. */
function outcomeOf(doing: Promise<{ readonly outcome: string } | readonly unknown[]>): Promise<string> {
  return doing.then((done) => ('outcome' in done ? done.outcome : JSON.stringify(done)), codeOf);
}

/** A sender for one try, closed after it. */
async function trying(
  change: Partial<PapGateway>,
  attempt: (sender: PapSender) => Promise<{ readonly outcome: string } | readonly unknown[]>,
  clock = new ManualClock(Date.now()),
): Promise<string> {
  const warnings: string[] = [];
  const onWarning = (text: string): void => void warnings.push(text);
  const sender = createPapSender({ gateways: [{ ...gateway, ...change }], clock, onWarning });
  try {
    const outcome = await outcomeOf(attempt(sender));
    return [outcome, ...warnings].join(', warned: ');
  } finally {
    await sender.close();
  }
}

const pushOf = (size: number, name: keyof typeof contentTypes = 'dm1.3'): Push => ({
  id: 'n-1',
  contentType: contentTypes[name],
  body: content(size),
});

async function play(): Promise<Seen> {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-kannel-'));
  const pushes: SeenPush[] = [];
  const drops: string[] = [];
  const handler = ({ binding, contentType: { mime, code }, body, parameters }: ReceivedPush): void => {
    const names = Object.keys(parameters);
    const seen = { binding, mime, code: code?.toString(16), body: bytesToHex(body) };
    pushes.push(names.length === 0 ? seen : { ...seen, parameters: names });
  };
  const device = new WapListener({
    address: '127.0.0.1',
    handler,
    onDrop: ({ reason, detail }) => drops.push(`${reason}: ${detail}`),
  });
  const centre = new SmscSimulator({ port: ports.smsc });
  const handset = new SmsReceiver({
    smsc: { host: '127.0.0.1', port: ports.smsc, systemId: 'handset', password: '' },
    number,
    handler,
  });
  const peers: PeerProcess[] = [];
  const reports: DeliveryReport[] = [];
  let notifications = 0;
  const reportsTo = `http://127.0.0.1:${ports.reports}`;
  const sender = createPapSender({
    gateways: [{ ...gateway, kannelReportsTo: `${reportsTo}/dlr`, notifyTo: `${reportsTo}/pap` }],
    onReport: (report) => void reports.push(report),
  });
  const reportServer = createServer(async ({ method = '', url = '' }, response) => {
    if (method === 'POST') notifications += 1;
    const { status, body } = await sender.receiveKannelReport({ method, target: url });
    response.writeHead(status).end(body);
  });
  try {
    reportServer.listen(ports.reports, '127.0.0.1');
    await device.start();
    await centre.start();
    await handset.start();
    const file = join(folder, 'kannel.conf');
    writeFileSync(file, configuration(folder));
    const bearerbox = new PeerProcess('bearerbox', ['-v', '4', file]);
    peers.push(bearerbox);
    await listens(ports.wapbox, bearerbox);
    const wapbox = new PeerProcess('wapbox', ['-v', '4', file]);
    peers.push(wapbox);
    await listens(ports.ppg, wapbox);
    const smsbox = new PeerProcess('smsbox', ['-v', '4', file]);
    peers.push(smsbox);
    await listens(ports.sendSms, smsbox);
    // Kannel is bound to the centre, beside the handset.
    await settled(() => centre.counters().sessions >= 2);

    const types: Record<string, Seen['types'][string]> = {};
    for (const name of Object.keys(contentTypes) as (keyof typeof contentTypes)[]) {
      for (const version of ['1.0', '2.0'] as const) {
        pushes.length = 0;
        const outcome = await trying({ version }, (one) => one.send(pushOf(40, name), udp, never));
        await settled(() => pushes.length > 0);
        types[`${name} by PAP ${version}`] = { outcome, pushes: [...pushes] };
      }
    }

    const sizes: Seen['sizes'][number][] = [];
    for (const size of [1, 55, 1000, 12 * 1024]) {
      pushes.length = 0;
      const outcome = await outcomeOf(sender.send(pushOf(size, 'dm+wbxml'), udp, never));
      await settled(() => pushes.length > 0);
      const arrived = pushes.filter(({ body }) => body === bytesToHex(content(size)));
      sizes.push({ size, outcome, octets: arrived.map(({ body }) => body.length / 2) });
    }

    const messages: Seen['messages'][number][] = [];
    for (const size of [55, 1000]) {
      pushes.length = 0;
      const outcome = await outcomeOf(sender.send({ ...pushOf(size), id: `n-${size}` }, sms, never));
      await settled(() => pushes.length > 0);
      messages.push({ size, outcome, pushes: [...pushes] });
    }
    await settled(() => reports.length >= messages.length);

    const told = reports.map(({ pushId, outcome, detail }) => ({ pushId, outcome, detail }));
    const forced: Record<string, Forced> = {};
    const forcing = async (
      name: string,
      change: Partial<PapGateway>,
      push: Push = pushOf(5),
      to: PapTarget = udp,
    ): Promise<void> => {
      pushes.length = 0;
      const known = { kind: 'kannel', force: true, ...change } as const;
      // Behind the outcome stand the warnings of what was forced.
      const [outcome = ''] = (await trying(known, (one) => one.send(push, to, never))).split(', warned: ');
      // What is lost is not waited for; the push behind it shows that its turn was over.
      const mark = outcome === 'accepted' ? { ...pushOf(7), id: 'mark' } : undefined;
      if (mark !== undefined) await outcomeOf(sender.send(mark, to, never));
      const isMark = ({ body }: SeenPush): boolean => body === bytesToHex(content(7));
      if (mark !== undefined) await settled(() => pushes.some(isMark));
      // The mark is short, and may overtake a push of many messages.
      if (mark !== undefined && name !== 'confirmed')
        await settled(() => pushes.some((seen) => !isMark(seen)));
      forced[name] = { outcome, pushes: pushes.filter((seen) => !isMark(seen)), next: pushes.some(isMark) };
    };
    const parameters = { SEC: 'USERPIN', MAC: 'AB12' };
    const provisioning = { ...contentTypes['connectivity+wbxml'], parameters };
    await forcing('SEC and MAC', {}, { ...pushOf(40), contentType: provisioning });
    await forcing('the last octet of ten messages', { force: false }, pushOf(1268), sms);
    await forcing('one octet more', {}, pushOf(1269), sms);
    await forcing('the last octet with a type in text', { force: false }, pushOf(1237, 'dm+wbxml'), sms);
    await forcing('one octet more with a type in text', {}, pushOf(1238, 'dm+wbxml'), sms);
    await forcing('a number with separators', { force: false }, pushOf(5), {
      ...sms,
      address: 'wappush=+49-170.1234567/type=plmn@ppg.bench',
    });
    await forcing('a bearer that it does not know', { qualityOfService: { bearer: 'UDP' } });
    await forcing('a network that it does not know', { qualityOfService: { network: 'LTE' } });
    const required = { bearer: 'GPRS', network: 'GSM', bearerRequired: true } as const;
    await forcing('a bearer alone required', { qualityOfService: required });
    const both = { ...required, networkRequired: true } as const;
    await forcing('a bearer of IP for a number', { qualityOfService: both }, pushOf(5), sms);
    await forcing('a bearer of IP for an IP address', { qualityOfService: both, force: false });
    await forcing('a port in its name', { name: 'ppg.bench:80' }, pushOf(5), {
      address: 'WAPPUSH=127.0.0.1/TYPE=IPv4@ppg.bench:80',
      gateway: 'ppg.bench:80',
    });
    await forcing('a name of a user', {}, pushOf(5), { ...udp, address: 'WAPPUSH=joe/TYPE=USER@ppg.bench' });
    const short = { ...udp, address: 'WAPPUSH=::1/TYPE=IPv6@ppg.bench' };
    await forcing('a short IPv6 address', {}, pushOf(5), short);

    const outcomes: Record<string, string> = {
      'credentials in the URL': await trying(
        { credentials: undefined, url: `${gateway.url}?username=bench&password=bench` },
        (one) => one.send(pushOf(1), udp, never),
      ),
      'another path': await trying({ url: gateway.url.replace('wappush', 'other') }, (one) =>
        one.send(pushOf(1), udp, never),
      ),
      'an end of its own': await trying({}, (one) =>
        one.send({ ...pushOf(1), expiresAt: Date.now() + 600_000 }, udp, never),
      ),
      'a time that has passed by its clock': await trying(
        { lifetimeMs: 1000 },
        (one) => one.send(pushOf(1), udp, never),
        new ManualClock(Date.now() - 3_600_000),
      ),
      'an address by user': await trying({}, (one) =>
        one.send(pushOf(1), { ...udp, address: 'WAPPUSH=joe/TYPE=USER@ppg.bench' }, never),
      ),
      'quality of service': await trying(
        {
          qualityOfService: {
            priority: 'high',
            deliveryMethod: 'unconfirmed',
            network: 'GSM',
            bearer: 'GPRS',
          },
        },
        (one) => one.send(pushOf(1), udp, never),
      ),
      'results wanted': await trying(
        { notifyTo: 'http://127.0.0.1:9/results', sourceReference: 'x' },
        (one) => one.send(pushOf(1), udp, never),
      ),
      replace: await trying({}, (one) =>
        one.replace(pushOf(1), udp, { reference: 'x', method: 'all' }, never),
      ),
      cancel: await outcomeOf(sender.cancel('ppg.bench', 'n-1.0123456789abcdef@reveille.invalid', [], never)),
      'status query': await outcomeOf(sender.queryStatus('ppg.bench', 'x', [udp.address], never)),
      capabilities: await outcomeOf(sender.queryCapabilities(udp, {}, never).then((told) => [told])),
      // The last before Kannel starts anew, for these are failures in its eyes.
      'no credentials': await trying({ credentials: undefined }, (one) => one.send(pushOf(1), udp, never)),
      'wrong password': await trying({ credentials: { username: 'bench', password: 'wrong' } }, (one) =>
        one.send(pushOf(1), udp, never),
      ),
      'Basic not allowed': await trying({ allowPlainBasic: false }, (one) => one.send(pushOf(1), udp, never)),
    };
    await wapbox.stop('SIGKILL');
    outcomes['wapbox killed'] = await outcomeOf(sender.send(pushOf(1), udp, never));
    writeFileSync(file, configuration(folder, 20));
    const again = new PeerProcess('wapbox', ['-v', '4', file]);
    peers.push(again);
    await listens(ports.ppg, again);
    pushes.length = 0;
    outcomes['wapbox back'] = await outcomeOf(sender.send(pushOf(2), udp, never));
    await settled(() => pushes.length > 0);
    outcomes['wapbox back, arrived'] = pushes.map(({ body }) => body).join();
    await forcing('more messages, as configured', { force: false, maxMessages: 20 }, pushOf(2548), sms);
    await forcing('more than these', { maxMessages: 20 }, pushOf(2549), sms);
    const dropped = [...drops];
    // The last, for what comes after a confirmed push waits for a session.
    await forcing('confirmed', { qualityOfService: { deliveryMethod: 'confirmed' } });
    return { types, sizes, messages, reports: told, notifications, forced, outcomes, drops: dropped };
  } catch (error) {
    const logs = peers
      .map(({ output }) => output)
      .join('\n')
      .slice(-4000);
    throw new Error(`${String(error)}\n${logs}\n${logOf(folder)}`, { cause: error });
  } finally {
    await sender.close();
    reportServer.closeAllConnections();
    reportServer.close();
    for (const peer of peers.reverse()) await peer.stop('SIGKILL');
    await handset.close();
    await centre.close();
    await device.close();
    rmSync(folder, { recursive: true });
  }
}

function logOf(folder: string): string {
  try {
    return readFileSync(join(folder, 'wapbox.log'), 'utf8').slice(-2000);
  } catch {
    return '';
  }
}

if (isProgram) console.log(JSON.stringify(await play()));
