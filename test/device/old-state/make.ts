// Made state-1.json, in a checkout of commit a47cffd, whose states have version 1:
//
//     node test/device/old-state/make.ts > state-1.json
//
// What this version refuses got in there: accounts whose names are no ServerIDs, and a firmware update object that came
// with an operation of its own, in the name of another server.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Device, memoryState, provisionDevice } from '../../../src/device/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { dmAccount, leaf, node, signedBy, toInbox } from '../signed-server.ts';

const deviceId = 'IMEI:493005100592800';
const serverId = 'com.example.dm';
const secret = 'server secret of 16+';
const object = './FwUpdate/Main';
const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

// Answers nothing: what is downloaded from here is still under way.
const silent = createServer(() => undefined);
await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
const hanging = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;

const storage = memoryState();
const client = { scheme: 'md5', name: 'd1', secret: 'client secret of 16+' } as const;
await provisionDevice(storage, {
  deviceId,
  man: 'Example',
  mod: 'E1',
  firmwareUpdate: 'Main',
  accounts: [
    { serverId, address: 'http://127.0.0.1:9/dm', client, server: { scheme: 'md5', secret } },
    { serverId: 'com.example.tls', address: 'https://127.0.0.1:9/dm', client, trustTransport: true },
  ],
});
const device = new Device({ storage, firmware: { install: () => new Promise(() => undefined) } });
await device.start();
const { tree } = device;
if (tree === undefined) throw new Error('no tree');

// An operation that ended, whose report is owed.
await tree.run(async (transaction) => {
  transaction.replace(serverId, { uri: `${object}/Download/PkgURL`, data: 'nonsense' });
  await transaction.exec(serverId, { uri: `${object}/Download`, correlator: 'ended' });
});
await eventually(() => tree.node(`${object}/State`)?.value === '20');
// One that is under way.
await tree.run(async (transaction) => {
  const data = octets('Firmware-Version: 2.0\nFirmware-Model: E1\n\n');
  transaction.replace(serverId, { uri: `${object}/Update/PkgData`, format: 'bin', data });
  await transaction.exec(serverId, { uri: `${object}/Update`, correlator: 'under way' });
});

const planted = node(
  'Planted',
  node('DownloadAndUpdate', leaf('PkgURL', hanging)) +
    node(
      'Ext',
      node(
        'Operations',
        node(
          '1',
          leaf('Operation', 'DownloadAndUpdate') + leaf('ServerID', serverId) + leaf('Correlator', 'x'),
        ),
      ),
    ),
  { type: 'urn:oma:mo:oma-fumo:1.0' },
);
for (const objects of [
  [dmAccount('Late', 'com.example.late')],
  [dmAccount('Star', '*')],
  [dmAccount('Plus', 'a+b')],
  [planted],
]) {
  const outcome = await device.handlePush(signedBy(serverId, secret, deviceId, [toInbox(...objects)]));
  if (outcome.outcome !== 'processed' || outcome.failed > 0) throw new Error(JSON.stringify(outcome));
}
await tree.run((transaction) => transaction.set('./Vendor', { format: 'node', acl: 'Get=*&Replace=*' }));
process.stdout.write(`${JSON.stringify(storage.load(), undefined, 2)}\n`);
// Nothing that is under way here ever ends.
process.exit(0);
