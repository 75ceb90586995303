// The Windows DM client: white space before its XML, SessionID 0, a blank behind the namespace of MetInf, UUIDs as CmdID, alerts
// of its own (1224), percent-encoded URIs, and Alert 1226 without a Correlator.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  clientName,
  clientSecret,
  digest,
  nonceIn,
  serverName,
  serverSecret,
  status,
  withForeignClient,
} from '../../server/foreign-client.ts';
import { play, xmlType } from './recorded.ts';

const source = 'urn:uuid:5F2C7A10-93F5-4B7D-8E0A-1B2C3D4E5F60';
const device = {
  id: source,
  clientCredentials: { scheme: 'md5', name: clientName, secret: clientSecret, nonce: new Uint8Array([1]) },
  serverCredentials: { scheme: 'basic', name: serverName, secret: serverSecret },
} as const;
const chal =
  '<Chal><Meta><Format>b64</Format><Type>syncml:auth-md5</Type><NextNonce>…</NextNonce></Meta></Chal>';
/** Its declarations of MetInf end with a blank. */
const leaf = (name: string, text: string): string => `<${name} xmlns="syncml:metinf ">${text}</${name}>`;
const uuid = (n: number): string => `0B3E8A9C-5D1F-4E2B-9A77-00000000000${n}`;

function xml(msg: number, body: string, nonce?: Uint8Array): string {
  const cred =
    nonce === undefined
      ? ''
      : `<Cred><Meta>${leaf('Format', 'b64')}${leaf('Type', 'syncml:auth-md5')}</Meta><Data>${digest.md5(clientName, clientSecret, nonce)}</Data></Cred>`;
  return (
    '\r\n  <?xml version="1.0" encoding="utf-8"?>\r\n<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto>' +
    `<SessionID>0</SessionID><MsgID>${msg}</MsgID><Target><LocURI>https://dm.example/dm</LocURI></Target>` +
    `<Source><LocURI>${source}</LocURI><LocName>${clientName}</LocName></Source>${cred}<Meta>${leaf('MaxMsgSize', '524288')}</Meta></SyncHdr>` +
    `<SyncBody>${body}<Final/></SyncBody></SyncML>\0`
  );
}

const statusOf = (
  cmdId: string,
  msgRef: number,
  cmdRef: string | number,
  cmd: string,
  data: number,
): string =>
  `<Status><CmdID>${cmdId}</CmdID><MsgRef>${msgRef}</MsgRef><CmdRef>${cmdRef}</CmdRef><Cmd>${cmd}</Cmd><Data>${data}</Data></Status>`;
const item = (name: string, value: string): string =>
  `<Item><Source><LocURI>./DevInfo/${name}</LocURI></Source><Data>${value}</Data></Item>`;
const replaceDevInfo = (cmdId: string): string =>
  `<Replace><CmdID>${cmdId}</CmdID>${item('DevId', source)}${item('Man', 'Maker')}${item('Mod', 'Tablet')}${item('DmV', '1.3')}${item('Lang', 'en-US')}</Replace>`;
const alertOf = (cmdId: string, code: number, type = ''): string =>
  `<Alert><CmdID>${cmdId}</CmdID><Data>${code}</Data>${type === '' ? '' : `<Item><Meta>${leaf('Type', type)}</Meta><Data>user</Data></Item>`}</Alert>`;
const report = (cmdId: string, uri: string, data: string): string =>
  `<Alert><CmdID>${cmdId}</CmdID><Data>1226</Data><Item><Source><LocURI>${uri}</LocURI></Source><Meta>${leaf('Type', 'Reversed-Domain-Name:com.microsoft.mdm.install.status')}` +
  `${leaf('Format', 'int')}${leaf('Mark', 'informational')}</Meta><Data>${data}</Data></Item></Alert>`;

const install = './Vendor/MSFT/EnterpriseDesktopAppManagement/MSI/%7BB0E1%7D/DownloadInstall';

test('Windows: SessionID 0, white space and NUL around its XML, alerts of its own, and a report without a Correlator', () =>
  withForeignClient({ device }, async (bench) => {
    const { job } = await bench.server.jobs.create({
      device: source,
      wake: false,
      commands: [
        { command: 'exec', uri: install, correlator: 'msi-1', data: '<MsiInstallJob/>', format: 'xml' },
        { command: 'get', uri: './DevDetail/SwV' },
      ],
    });
    const refused = await play(bench, {
      client: xml(
        1,
        alertOf(uuid(1), 1201) +
          alertOf(uuid(2), 1224, 'com.microsoft/MDM/LoginStatus') +
          replaceDevInfo(uuid(3)),
      ),
      post: { type: xmlType },
      server:
        `${status(1, 1, 0, 'SyncHdr', 407, chal)}${statusOf('2', 1, uuid(1), 'Alert', 407)}` +
        `${statusOf('3', 1, uuid(2), 'Alert', 407)}${statusOf('4', 1, uuid(3), 'Replace', 407)}<Final/>`,
    });
    await play(bench, {
      client: xml(
        2,
        alertOf(uuid(1), 1201) +
          alertOf(uuid(2), 1224, 'com.microsoft/MDM/LoginStatus') +
          replaceDevInfo(uuid(3)),
        nonceIn(refused),
      ),
      post: { type: xmlType },
      server:
        `${status(1, 2, 0, 'SyncHdr', 212, chal)}${statusOf('2', 2, uuid(1), 'Alert', 200)}` +
        `${statusOf('3', 2, uuid(2), 'Alert', 200)}${statusOf('4', 2, uuid(3), 'Replace', 200)}` +
        `<Exec><CmdID>5</CmdID><Correlator>msi-1</Correlator><Item><Target><LocURI>${install}</LocURI></Target>` +
        '<Meta><Format>xml</Format><Type>text/xml</Type></Meta><Data>&lt;MsiInstallJob/&gt;</Data></Item></Exec><Final/>',
    });
    await play(bench, {
      client: xml(3, statusOf(uuid(1), 2, 0, 'SyncHdr', 200) + statusOf(uuid(2), 2, 5, 'Exec', 202)),
      post: { type: xmlType },
      server: `${status(1, 3, 0, 'SyncHdr', 212)}<Final/>`,
    });
    assert.equal((await bench.readJob(job.id)).state, 'running');
    assert.equal((await bench.store.device(source))?.reported['./DevInfo/Mod'], 'Tablet');

    // Later, in a session of its own again, under the same SessionID.
    bench.startAnew();
    const nonce = (await bench.store.device(source))?.clientCredentials?.nonce;
    const node = './Vendor/MSFT/EnterpriseDesktopAppManagement/MSI/{B0E1}';
    await play(bench, {
      client: xml(1, alertOf(uuid(1), 1201) + report(uuid(2), node, '200') + replaceDevInfo(uuid(3)), nonce),
      post: { type: xmlType },
      server:
        `${status(1, 1, 0, 'SyncHdr', 212, chal)}${statusOf('2', 1, uuid(1), 'Alert', 200)}` +
        `${statusOf('3', 1, uuid(2), 'Alert', 200)}${statusOf('4', 1, uuid(3), 'Replace', 200)}` +
        '<Get><CmdID>5</CmdID><Item><Target><LocURI>./DevDetail/SwV</LocURI></Target></Item></Get><Final/>',
    });
    const results =
      `<Results><CmdID>${uuid(3)}</CmdID><MsgRef>1</MsgRef><CmdRef>5</CmdRef><Item><Source><LocURI>./DevDetail/SwV</LocURI></Source>` +
      `<Meta>${leaf('Format', 'chr')}${leaf('Type', 'text/plain')}</Meta><Data>10.0</Data></Item></Results>`;
    await play(bench, {
      client: xml(2, statusOf(uuid(1), 1, 0, 'SyncHdr', 200) + statusOf(uuid(2), 1, 5, 'Get', 200) + results),
      post: { type: xmlType },
      server: `${status(1, 2, 0, 'SyncHdr', 212)}<Final/>`,
    });
    const { state, reason, commands } = await bench.readJob(job.id);
    assert.equal(state, 'completed', reason);
    assert.equal(commands[0]?.answer?.report?.source, node);
    assert.deepEqual(commands[1]?.answer?.results, [
      { uri: './DevDetail/SwV', format: 'chr', type: 'text/plain', data: '10.0' },
    ]);
  }));
