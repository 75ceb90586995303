// A device with one operator, a web server that counts who fetches a package, and installations that are counted as well.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DmCommand } from '../../src/codec/syncml/index.ts';
import {
  type BootstrapPolicy,
  bootstrapByPolicy,
  Device,
  type DeviceEvent,
  memoryState,
  type ProvisioningInput,
  provisionDevice,
  type StateStorage,
  simulatedInstaller,
} from '../../src/device/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { command, leaf, node, signedBy } from './signed-server.ts';

export const deviceId = 'IMEI:493005100592800';
export const operator = 'com.example.dm';
export const operatorSecret = 'server secret of 16+';
export const fumo = 'urn:oma:mo:oma-fumo:1.0';

/** The account that the device is made with. */
export const operatorAccount = {
  serverId: operator,
  // Nobody listens there: reports stay.
  address: 'http://127.0.0.1:9/dm',
  client: { scheme: 'md5', name: 'd1', secret: 'client secret of 16+' },
  server: { scheme: 'md5', secret: operatorSecret },
} as const;

/** A firmware update object for the Inbox, ready for DownloadAndUpdate. */
export const fumoObject = (name: string, url: string, { acl = '', more = '' } = {}): string =>
  node(name, node('DownloadAndUpdate', leaf('PkgURL', url)) + more, { type: fumo, acl });

/** An operation as an earlier version kept it, below Ext. */
export const forgedOperation = (serverId: string): string =>
  node(
    'Ext',
    node(
      'Operations',
      node(
        '1',
        leaf('Operation', 'DownloadAndUpdate') + leaf('ServerID', serverId) + leaf('Correlator', 'x'),
      ),
    ),
  );

/** Exec of DownloadAndUpdate of an object. */
export const execOf = (name: string): DmCommand =>
  command('Exec', { target: { uri: `./FwUpdate/${name}/DownloadAndUpdate` } });

export interface FirmwareBench {
  readonly device: Device;
  readonly storage: StateStorage;
  readonly events: readonly DeviceEvent[];
  /** URL of a package for this device. */
  readonly url: string;
  /** Asserts that no operation was begun, nothing was fetched or installed, and the operator told nothing. */
  readonly untouched: (about?: string) => Promise<void>;
  /** A signed message of a server, and its outcome as the numbers of commands that succeeded and failed. */
  readonly say: (
    serverId: string,
    secret: string,
    commands: readonly DmCommand[],
  ) => Promise<readonly [succeeded: number, failed: number]>;
  /** Waits until the installation of the package is over. */
  readonly installed: () => Promise<void>;
}

/** Runs `work` with such a device. */
export async function withFirmware(
  options: {
    readonly provisioning?: Partial<ProvisioningInput>;
    readonly state?: unknown;
    readonly bootstrap?: BootstrapPolicy;
  },
  work: (bench: FirmwareBench) => Promise<void>,
): Promise<void> {
  let fetched = 0;
  let installed = 0;
  const http = createServer((_request, response) => {
    fetched += 1;
    response.end('Firmware-Version: 2.0\nFirmware-Model: E1\n\nanything');
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const storage = memoryState(options.state);
  if (options.state === undefined) {
    await provisionDevice(storage, {
      deviceId,
      man: 'Example',
      mod: 'E1',
      accounts: [operatorAccount],
      firmwareUpdate: 'Main',
      ...options.provisioning,
    });
  }
  const events: DeviceEvent[] = [];
  const device = new Device({
    storage,
    backOff: { firstMs: 60_000 },
    onEvent: (event) => events.push(event),
    firmware: {
      install: (firmware, signal) => {
        installed += 1;
        return simulatedInstaller(firmware, signal);
      },
    },
    ...(options.bootstrap !== undefined && { bootstrap: bootstrapByPolicy(options.bootstrap) }),
  });
  try {
    await device.start();
    await work({
      device,
      storage,
      events,
      url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
      async untouched(about) {
        // An operation is told when it begins, which is with its commit.
        for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
        const told = events.filter(
          (each) =>
            each.event === 'firmware' || (each.event === 'session-started' && each.serverId === operator),
        );
        assert.deepEqual({ told, fetched, installed }, { told: [], fetched: 0, installed: 0 }, about);
      },
      async say(serverId, secret, commands) {
        const outcome = await device.handlePush(signedBy(serverId, secret, deviceId, commands));
        if (outcome.outcome !== 'processed') throw new Error(JSON.stringify(outcome));
        return [outcome.succeeded, outcome.failed];
      },
      async installed() {
        await eventually(() => device.tree?.node('./DevDetail/FwV')?.value === '2.0', 'the firmware is new');
        assert.deepEqual({ fetched, installed }, { fetched: 1, installed: 1 });
      },
    });
  } finally {
    await device.stop();
    http.closeAllConnections();
    http.close();
  }
}
