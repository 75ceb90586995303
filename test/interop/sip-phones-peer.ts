// Meets linphonec and baresip (Debian packages linphone-cli and baresip-core) as devices that take no DM: real user agents, which
// refuse our types. Run in a private network; plays all scenes and prints what was seen as JSON.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../src/core/index.ts';
import { contentTypes } from '../../src/push/index.ts';
import { createSipSender, SipPushError } from '../../src/push/sip/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { PeerProcess } from './child-process.ts';

/** How a phone refused a push. */
export interface Refused {
  readonly code: string;
  readonly retryable: boolean;
  readonly message: string;
}

/** What the scenes saw. */
export interface SeenPhones {
  /** By phone, then by content type. */
  readonly refused: Readonly<Record<string, Readonly<Record<string, Refused | string>>>>;
  /** Events of a notification whose first address is such a phone. */
  readonly timeline: readonly { readonly event: string; readonly detail?: string | undefined }[];
}

/** Neither phone listens where there is nothing but 127.0.0.1. */
const address = '10.99.0.1';
const ports = { baresip: 5070, linphonec: 5080, wap: 2948 } as const;

function giveAddress(): void {
  for (const args of [
    ['address', 'add', `${address}/24`, 'dev', 'lo'],
    ['route', 'add', 'default', 'dev', 'lo'],
  ]) {
    const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
  }
}

function startBaresip(folder: string): PeerProcess {
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'config'),
    `module_path /usr/lib/baresip/modules
sip_listen ${address}:${ports.baresip}
module_app account.so
module_app contact.so
module_app menu.so
`,
  );
  writeFileSync(join(folder, 'accounts'), `<sip:phone@${address}:${ports.baresip}>;regint=0\n`);
  writeFileSync(join(folder, 'contacts'), '');
  return new PeerProcess('baresip', ['-4', '-f', folder, '-t', '120'], folder, { home: folder });
}

function startLinphonec(folder: string): PeerProcess {
  for (const inner of ['.local/share/linphone', '.config/linphone']) {
    mkdirSync(join(folder, inner), { recursive: true });
  }
  const file = join(folder, 'linphonerc');
  const port = ports.linphonec;
  writeFileSync(
    file,
    `[sip]
sip_port=${port}
sip_tcp_port=0
sip_tls_port=0
guess_hostname=0
contact=sip:phone@${address}
`,
  );
  return new PeerProcess('linphonec', ['-c', file, '-d', '0'], folder, { home: folder, keepInput: true });
}

async function refusalsOf(port: number): Promise<Readonly<Record<string, Refused | string>>> {
  const sender = createSipSender({ from: 'sip:dms@example.com' });
  const refused: Record<string, Refused | string> = {};
  try {
    for (const [name, contentType] of Object.entries(contentTypes)) {
      const push = { id: 'n-1', contentType, body: new Uint8Array(40) };
      try {
        // The first is sent again until the phone is up.
        const to = { uri: `sip:phone@${address}:${port};transport=udp` };
        refused[name] = (await sender.send(push, to, AbortSignal.timeout(30_000))).outcome;
      } catch (error) {
        if (!(error instanceof SipPushError)) throw error;
        const { code, retryable, message } = error;
        refused[name] = { code, retryable, message };
      }
    }
    return refused;
  } finally {
    await sender.close();
  }
}

async function timelineOf(folder: string): Promise<SeenPhones['timeline']> {
  const running = await startServer({
    data: folder,
    dm: { host: '127.0.0.1', port: 0 },
    api: { host: '127.0.0.1', port: 0, tokens: [] },
    bindings: { sip: { from: 'sip:dms@example.com' } },
    policy: {},
    logger: silentLogger,
  });
  try {
    const { server, dmUrl } = running;
    const serverId = 'com.example.dm';
    const nonceBase64 = 'bm9uY2U=';
    await server.accounts.create({ serverId, url: dmUrl });
    await server.devices.create({
      id: 'IMEI:1',
      serverId,
      addresses: [`sip:phone@${address}:${ports.baresip}`, `wap:127.0.0.1:${ports.wap}`],
      format: 'dm1.3',
      clientCredentials: { scheme: 'md5', name: 'd', secret: 'client secret', nonceBase64 },
      serverCredentials: { scheme: 'md5', secret: 'server secret', nonceBase64 },
    });
    const { push: notification } = await server.pushes.createNotification({
      device: 'IMEI:1',
      uiMode: 'background',
    });
    const events = async (): Promise<SeenPhones['timeline']> =>
      ((await server.pushes.timeline(notification.id)) ?? []).map(({ event, detail }) => ({
        event,
        detail,
      }));
    await eventually(
      async () => (await events()).some(({ event }) => event === 'sent'),
      'the next address',
      30_000,
    );
    return await events();
  } finally {
    await running.stop();
  }
}

async function play(): Promise<SeenPhones> {
  giveAddress();
  const folder = mkdtempSync(join(tmpdir(), 'reveille-phones-'));
  const phones: PeerProcess[] = [];
  try {
    phones.push(startBaresip(join(folder, 'baresip')), startLinphonec(join(folder, 'linphonec')));
    const refused = {
      baresip: await refusalsOf(ports.baresip),
      linphonec: await refusalsOf(ports.linphonec),
    };
    for (const phone of phones) phone.expectRunning();
    return { refused, timeline: await timelineOf(join(folder, 'data')) };
  } catch (error) {
    const said = phones.map(({ output }) => output.slice(-2000)).join('\n');
    throw new Error(`${String(error)}\n${said}`, { cause: error });
  } finally {
    for (const phone of phones) await phone.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

console.log(JSON.stringify(await play()));
