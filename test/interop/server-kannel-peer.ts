// The whole server and a whole device with Kannel between them. Run in a private network; plays all scenes and prints the
// timelines of the notifications as JSON.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningServer, startServer } from '../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../src/core/index.ts';
import { Device, memoryState, provisionDevice } from '../../src/device/index.ts';
import { SmsReceiver } from '../../src/push/sms/index.ts';
import { WapListener } from '../../src/push/wap/index.ts';
import { eventually, SmscSimulator } from '../../src/testing/index.ts';
import { PeerProcess } from './child-process.ts';
import { configuration, listens, number, ports } from './pap-kannel-peer.ts';

/** Events of one notification, in order. */
export type Timeline = readonly { readonly event: string; readonly detail?: string | undefined }[];

/** What the scenes saw: timelines by name. */
export type Played = Readonly<Record<string, Timeline>>;

const isProgram = process.argv[1] === import.meta.filename;
const serverId = 'com.example.dm';
const reportsTo = `http://127.0.0.1:${ports.reports}`;
const loopback = '127.0.0.1';

async function play(): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-server-kannel-'));
  const closers: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true })];
  try {
    const centre = new SmscSimulator({ port: ports.smsc });
    await centre.start();
    closers.push(() => centre.close());
    const file = join(folder, 'kannel.conf');
    writeFileSync(file, configuration(folder));
    const start = async (name: string, port: number): Promise<PeerProcess> => {
      const peer = new PeerProcess(name, ['-v', '4', file]);
      closers.push(() => peer.stop('SIGKILL'));
      await listens(port, peer);
      return peer;
    };
    const startKannel = async (): Promise<readonly PeerProcess[]> => [
      await start('bearerbox', ports.wapbox),
      await start('wapbox', ports.ppg),
      await start('smsbox', ports.sendSms),
    ];
    const server = await startServer({
      data: join(folder, 'data'),
      dm: { host: loopback, port: 0 },
      api: { host: loopback, port: 0, tokens: [] },
      bindings: {
        pap: {
          gateways: [
            {
              name: 'ppg.bench',
              url: `http://${loopback}:${ports.ppg}/wappush`,
              credentials: { username: 'bench', password: 'bench' },
              kind: 'kannel',
              allowPlainBasic: true,
              kannelReportsTo: `${reportsTo}/pap/kannel`,
            },
          ],
          listen: { address: loopback, port: ports.reports },
        },
      },
      policy: { attempts: 50, answerTimeoutMs: 3000, backOffBaseMs: 100, backOffCapMs: 500 },
      logger: silentLogger,
    });
    closers.push(() => server.stop());
    await server.server.accounts.create({ serverId, url: server.dmUrl });
    const overUdp = await addDevice(server, 'IMEI:1', `WAPPUSH=${loopback}/TYPE=IPv4@ppg.bench`, closers);
    const listener = new WapListener({
      address: loopback,
      handler: overUdp.receive,
      onDrop: overUdp.dropped,
    });
    await listener.start();
    overUdp.addReceiver(listener);
    const overSms = await addDevice(server, 'IMEI:2', `WAPPUSH=${number}/TYPE=PLMN@ppg.bench`, closers);
    const smsc = { host: loopback, port: ports.smsc, systemId: 'handset', password: '' };
    // The centre has its answer when the push has come; the session is another matter.
    const handler = (push: Parameters<typeof overSms.receive>[0]): void => void overSms.receive(push);
    const handset = new SmsReceiver({ smsc, number, handler, onDrop: overSms.dropped });
    await handset.start();
    overSms.addReceiver(handset);
    let kannel = await startKannel();
    await eventually(() => centre.counters().sessions >= 2, 'Kannel at the centre', 100_000);

    const { pushes } = server.server;
    const push = async (device: string): Promise<string> =>
      (await pushes.createNotification({ device, uiMode: 'background' })).push.id;
    const timelineOf = async (id: string): Promise<Timeline> =>
      ((await pushes.timeline(id)) ?? []).map(({ event, detail }) => ({ event, detail }));
    const whole = async (id: string, last: string): Promise<Timeline> => {
      const there = async (): Promise<boolean> => (await timelineOf(id)).some(({ event }) => event === last);
      await eventually(there, `${last} of ${id}`, 100_000);
      return timelineOf(id);
    };
    const udp = await whole(await push('IMEI:1'), 'completed');
    const id = await push('IMEI:2');
    await whole(id, 'completed');
    const sms = await whole(id, 'delivered');

    for (const peer of kannel) await peer.stop('SIGKILL');
    const whileDown = [await push('IMEI:1'), await push('IMEI:2')];
    for (const each of whileDown) await whole(each, 'attempt-failed');
    kannel = await startKannel();
    const [udpAfter = '', smsAfter = ''] = whileDown;
    return {
      udp,
      sms,
      'udp, Kannel killed': await whole(udpAfter, 'completed'),
      'sms, Kannel killed': await whole(smsAfter, 'completed'),
    };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** A device that the server knows, running. */
async function addDevice(
  { server, dmUrl }: RunningServer,
  id: string,
  papAddress: string,
  closers: (() => Promise<unknown>)[],
): Promise<Device> {
  const nonceBase64 = 'bm9uY2U=';
  const client = { scheme: 'md5', name: 'd', secret: 'client secret', nonceBase64 } as const;
  const own = { scheme: 'md5', secret: 'server secret', nonceBase64 } as const;
  const storage = memoryState();
  await provisionDevice(storage, {
    deviceId: id,
    man: 'Example',
    mod: 'E1',
    accounts: [{ serverId, address: dmUrl, client, server: own }],
  });
  await server.devices.create({
    id,
    serverId,
    addresses: [`pap:${papAddress}`],
    format: 'dm1.3',
    clientCredentials: client,
    serverCredentials: own,
  });
  const device = new Device({ storage });
  await device.start();
  closers.push(() => device.stop());
  return device;
}

if (isProgram) console.log(JSON.stringify(await play()));
