// DM messages without a session that none of the project's code makes: text put together here, signed by xmlsec1, turned into
// WBXML by Python's standard library, sent over UDP to a whole device.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { after, describe, test } from 'node:test';
import { Device, type DeviceEvent, memoryState, provisionDevice } from '../../src/device/index.ts';
import { WapListener } from '../../src/push/wap/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { leaf, node, tnds } from '../device/signed-server.ts';
import { Witness } from './python.ts';
import { XmlsecTool } from './xmlsec-tool.ts';

const serverId = 'com.example.dm';
const deviceId = 'IMEI:493005100592800';
const secret = 'tG5_hN8-cY3vJu1KfD0qWb';
const xmldsig = 'http://www.w3.org/2000/09/xmldsig#';
const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const template =
  `<Signature xmlns="${xmldsig}"><SignedInfo><CanonicalizationMethod Algorithm="${exclusive}"/>` +
  '<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"/><Reference URI=""><Transforms>' +
  `<Transform Algorithm="${xmldsig}enveloped-signature"/><Transform Algorithm="${exclusive}"/></Transforms>` +
  '<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference></SignedInfo><SignatureValue/></Signature>';

const xmlsec = new XmlsecTool();
const python = new Witness('message-witness.py');
after(async () => {
  xmlsec.close();
  await python.stop();
});

const item = (
  name: string,
  cmdId: number,
  uri: string,
  data: string,
  format = 'chr',
  type = 'text/plain',
): string =>
  `<${name}><CmdID>${cmdId}</CmdID><Item><Target><LocURI>${uri}</LocURI></Target><Meta><Format xmlns="syncml:metinf">${format}</Format>` +
  `<Type xmlns="syncml:metinf">${type}</Type></Meta><Data>${data}</Data></Item></${name}>`;
const treeType = 'application/vnd.syncml.dmtnds+wbxml';
const inbox = (data: string): string => item('Add', 1, './Inbox', data, 'xml', treeType);

let messages = 0;

interface Made {
  readonly version?: number;
  readonly source?: string;
  readonly key?: string;
  readonly change?: (signed: string) => string;
}

/** A signed message in WBXML. */
async function messageOf(body: string, made: Made = {}): Promise<Buffer> {
  const { version = 3, source = serverId, key = secret, change = (signed) => signed } = made;
  messages += 1;
  const header =
    `<SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>${messages}</SessionID><MsgID>1</MsgID>` +
    `<Target><LocURI>${deviceId}</LocURI></Target><Source><LocURI>${source}</LocURI></Source></SyncHdr>`;
  const text = `<SyncML xmlns="SYNCML:SYNCML1.2">${header}<SyncBody>${body}<Final/></SyncBody>${template}</SyncML>`;
  const signed = xmlsec.make('--sign', ['--hmackey', xmlsec.file('key', key)], text);
  return Buffer.from((await python.ask({ xml: change(signed), version })) as string, 'hex');
}

interface Scene {
  readonly device: Device;
  /** Sends it as a WSP push; gives what the device says of it. */
  send(message: Buffer): Promise<DeviceEvent>;
}

async function withDevice(run: (scene: Scene) => Promise<void>): Promise<void> {
  const storage = memoryState();
  const client = { scheme: 'md5', name: 'd', secret: 'client secret' } as const;
  const address = 'http://127.0.0.1:1/dm';
  await provisionDevice(storage, {
    deviceId,
    man: 'M',
    mod: 'X',
    accounts: [
      { serverId, address, client, server: { scheme: 'md5', secret } },
      {
        serverId: 'org.other',
        address,
        client,
        server: { scheme: 'md5', secret: 'secret of the other one' },
      },
    ],
  });
  const events: DeviceEvent[] = [];
  const device = new Device({ storage, onEvent: (event) => events.push(event) });
  await device.start();
  const handler = device.receive;
  const listener = new WapListener({ port: 0, address: '127.0.0.1', handler, onDrop: device.dropped });
  device.addReceiver(listener);
  const port = await listener.start();
  const socket = createSocket('udp4');
  try {
    await run({
      device,
      async send(message) {
        const before = events.length;
        // Transaction 1, Push, three octets of headers: vnd.syncml.dm+wbxml, X-Wap-Application-Id 7 (DM-PUSH §5.1.1).
        socket.send(Buffer.concat([Buffer.from('010603c2af87', 'hex'), message]), port, '127.0.0.1');
        const over = ['ignored', 'dropped', 'message-processed'];
        const find = (): DeviceEvent | undefined =>
          events.slice(before).find((each) => over.includes(each.event));
        await eventually(() => find() !== undefined, 'the end of the message', 200_000);
        return find() ?? assert.fail();
      },
    });
  } finally {
    socket.close();
    await device.stop();
  }
}

function processed(event: DeviceEvent, counts: object): void {
  assert.deepEqual(event, { event: 'message-processed', serverId, ...counts }, JSON.stringify(event));
}

function ignored(event: DeviceEvent, reason: RegExp): void {
  assert.ok(event.event === 'ignored', JSON.stringify(event));
  assert.match(event.reason, reason);
}

describe('signed messages of xmlsec1 and Python, on a whole device', {
  concurrency: false,
  timeout: 240_000,
}, () => {
  for (const version of [1, 2, 3]) {
    test(`SM-C-001 PB-C-001 PB-C-002: WBXML 1.${version}: pushed, verified, processed, and once only`, () =>
      withDevice(async ({ device, send }) => {
        const message = await messageOf(item('Add', 1, './Vendor/Note', 'awake'), { version });
        processed(await send(message), { succeeded: 1, failed: 0, ignored: 0 });
        assert.equal(device.tree?.node('./Vendor/Note')?.value, 'awake');
        ignored(await send(message), /replay/);
      }));
  }

  test('SM-C-001 PB-C-001: what was changed after it was signed, or was signed with another key, does nothing', () =>
    withDevice(async ({ device, send }) => {
      const body = item('Add', 1, './Vendor/Note', 'awake');
      const change = (signed: string): string => signed.replace('awake', 'asleep');
      ignored(await send(await messageOf(body, { change })), /digest/);
      ignored(await send(await messageOf(body, { key: 'secret of the other one' })), /signature/);
      assert.equal(device.tree?.node('./Vendor/Note'), undefined);
    }));

  for (const form of ['a document in OPAQUE', 'elements in Data'] as const) {
    test(`SM-C-002 SM-C-003: trees in WBXML, ${form}, go from the Inbox to their places, and what refers to them follows`, () =>
      withDevice(async ({ device, send }) => {
        const account =
          leaf('AppID', 'w7') + leaf('ServerID', 'org.new') + leaf('PrefConRef', './Inbox/Internet');
        const nap = { type: 'urn:oma:mo:oma-connmo-nap:1.0', acl: `Get=*&Replace=${serverId}` };
        const tree = tnds(
          node('New', account, { type: 'urn:oma:mo:oma-dm-dmacc:1.0' }),
          node('Internet', leaf('NAPID', 'größer'), nap),
          node('Odd', leaf('A', '1'), { type: 'org.example/1.0/Odd' }),
        );
        const octets = (await python.ask({ xml: tree, version: 0 })) as string;
        const data = form === 'elements in Data' ? tree : Buffer.from(octets, 'hex').toString('base64');
        processed(await send(await messageOf(inbox(data))), { succeeded: 1, failed: 0, ignored: 1 });
        assert.equal(device.tree?.node('./NAP/Internet/NAPID')?.value, 'größer');
        assert.deepEqual(device.tree?.node('./NAP/Internet')?.acl, { Get: ['*'], Replace: [serverId] });
        const added = device.accounts.find((each) => each.serverId === 'org.new');
        assert.equal(device.tree?.node(`${added?.uri}/PrefConRef`)?.value, './NAP/Internet');
        assert.equal(device.tree?.node('./Inbox')?.children?.size ?? 0, 0);
      }));
  }

  test('SM-C-004: the ServerID of Source picks the account and its key; one that no account has picks none', () =>
    withDevice(async ({ device, send }) => {
      const body = item('Add', 1, './Vendor/Note', 'awake');
      for (const source of ['com.example.d', 'COM.EXAMPLE.DM', 'http://127.0.0.1:1/dm']) {
        ignored(await send(await messageOf(body, { source })), /server/);
      }
      ignored(await send(await messageOf(body, { source: 'org.other' })), /signature/);
      assert.equal(device.tree?.node('./Vendor/Note'), undefined);
      processed(await send(await messageOf(body)), { succeeded: 1, failed: 0, ignored: 0 });
    }));

  test('SM-C-005: every right is that of this ServerID, for values, for ACLs and for new nodes', () =>
    withDevice(async ({ device, send }) => {
      await device.tree?.run((transaction) => {
        transaction.set('./Mine', { value: 'old', acl: `Replace=${serverId}` });
        transaction.set('./Theirs', { value: 'old', acl: 'Replace=org.other' });
        transaction.set('./Closed', { format: 'node', acl: 'Add=org.other' });
      });
      const body =
        item('Replace', 1, './Mine', 'new') +
        item('Replace', 2, './Theirs', 'new') +
        item('Add', 3, './Closed/A', 'new');
      processed(await send(await messageOf(body)), { succeeded: 1, failed: 2, ignored: 0 });
      assert.equal(device.tree?.node('./Mine')?.value, 'new');
      assert.equal(device.tree?.node('./Theirs')?.value, 'old');
      assert.equal(device.tree?.node('./Closed/A'), undefined);
    }));
});
