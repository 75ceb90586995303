// Fills a database: `node fill.ts SPEC`, SPEC being a `FillSpec` as JSON. Nothing is sent. Prints a `Filled`.
import { deviceId, serverId } from './names.ts';
import { type AnyServer, loadRelease, type OpenStore, queueNotification, type Table } from './release.ts';

/** Devices that are reached in the same way. */
export interface DeviceGroup {
  /** Address URI; `#` in it stands for the device's number, in eight digits. */
  readonly address: string;
  readonly devices: number;
  /** Notifications that are queued, to the devices in turn; 0 for none. */
  readonly queued: number;
}

/** What a database is filled with. */
export interface FillSpec {
  /** Root of the release that writes it. */
  readonly root: string;
  /** Folder of the database; one that is there is added to. */
  readonly folder: string;
  readonly groups: readonly DeviceGroup[];
  /** True when the devices are there already, from an earlier filling. */
  readonly devicesAreThere?: boolean;
  /** Whether the server knows a nonce of each device. */
  readonly nonce: 'known' | 'unknown';
  /** Notifications that are over. Default 0. Of this release only. */
  readonly finished?: number;
}

/** What was done. */
export interface Filled {
  readonly devices: number;
  readonly queued: number;
  readonly finished: number;
  /** Notifications queued in a second, on disk. */
  readonly queuedPerSecond: number;
  /** Ids of some that are queued. */
  readonly ids: readonly string[];
}

const atOnce = 1000;
const idsGiven = 1000;
const day = 86_400_000;

async function fill(spec: FillSpec): Promise<Filled> {
  const release = await loadRelease(spec.root);
  const store = await release.openStore(spec.folder);
  const { wap } = release.wap();
  // The names of carriers are those of the bindings; that these send nothing does not matter, for nothing is started.
  const { carriers: _, ...plain } = wap;
  const named = (name: string) => ({ ...plain, name });
  const bindings: Table = { wap, sms: named('sms'), pap: named('pap'), http: named('http') };
  const server = release.server(store, bindings);
  const devices = total(spec.groups.map((group) => group.devices));
  try {
    if (spec.devicesAreThere !== true) await addDevices(server, spec);
    await addFinished(store, spec.finished ?? 0, devices);
    const started = performance.now();
    const ids = await queue(server, spec.groups);
    const seconds = (performance.now() - started) / 1000;
    return {
      devices,
      queued: ids.length,
      finished: spec.finished ?? 0,
      queuedPerSecond: ids.length / seconds,
      ids: ids.filter((_, index) => index % Math.ceil(ids.length / idsGiven) === 0),
    };
  } finally {
    await store.close();
    await wap.close();
  }
}

async function addDevices(server: AnyServer, { groups, nonce }: FillSpec): Promise<void> {
  await server.accounts.create({ serverId, url: 'http://127.0.0.1:8080/dm' });
  let first = 0;
  for (const { address, devices } of groups) {
    await inTurn(devices, (index) =>
      server.devices.create({
        id: deviceId(first + index),
        serverId,
        addresses: [address.replace('#', String(first + index).padStart(8, '0'))],
        format: 'dm1.2',
        serverCredentials: {
          scheme: 'md5',
          secret: 'c2Vydm9yIHNlY3JldA',
          ...(nonce === 'known' && { nonceBase64: 'YmVuY2htYXJrIG5vbmNl' }),
        },
        clientCredentials: { scheme: 'md5', name: 'bench', secret: 'Y2xpZW50IHNlY3JldA' },
      }),
    );
    first += devices;
  }
}

/** Notifications of all groups, mixed evenly, in an order that is the same each time. */
async function queue(server: AnyServer, groups: readonly DeviceGroup[]): Promise<readonly string[]> {
  let first = 0;
  const places = groups.flatMap(({ devices, queued }) => {
    const own = Array.from({ length: queued }, (_, index) => ({
      device: first + (index % devices),
      at: (index + 0.5) / queued,
    }));
    first += devices;
    return own;
  });
  if (groups.length > 1) places.sort((one, other) => one.at - other.at);
  return inTurn(places.length, (index) =>
    queueNotification(server, { device: deviceId(places[index]?.device ?? 0), uiMode: 'background' }),
  );
}

async function addFinished(store: OpenStore, count: number, devices: number): Promise<void> {
  for (let done = 0; done < count; done += atOnce) {
    const requests = Array.from({ length: Math.min(atOnce, count - done) }, (_, index) => ({
      purpose: 'notification' as const,
      deviceId: deviceId((done + index) % devices),
      format: 'dm1.2' as const,
      fields: { uiMode: 'background' },
      expiresAt: Date.now() + day,
    }));
    const queued = await store.enqueue(requests);
    await store.change(
      queued.flatMap((outcome) =>
        outcome.outcome === 'queued'
          ? [{ id: outcome.push.id, change: { event: 'cancelled' as const } }]
          : [],
      ),
    );
  }
}

/** Does `work` for each number below `count`, `atOnce` of them together: they share transactions. */
async function inTurn<Result>(
  count: number,
  work: (index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let done = 0; done < count; done += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, count - done) }, (_, index) => work(done + index));
    for (const result of await Promise.all(some)) results.push(result);
  }
  return results;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

console.log(JSON.stringify(await fill(JSON.parse(process.argv[2] ?? '{}') as FillSpec)));
