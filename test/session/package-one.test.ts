import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMessage } from '../../src/codec/syncml/index.ts';
import { utf8ToBytes } from '../../src/core/index.ts';
import {
  asIncoming,
  converse,
  credentials,
  deviceId,
  effectsOf,
  lines,
  serverId,
  serverUri,
  stage,
} from './conversation.ts';

const document = `<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto>
 <SessionID>1234</SessionID><MsgID>1</MsgID>
 <Target><LocURI>https://dm.example/</LocURI></Target>
 <Source><LocURI>IMEI:493005100592800</LocURI><LocName>Bruce2</LocName></Source>
 <Cred><Meta><Format xmlns="syncml:metinf">b64</Format><Type xmlns="syncml:metinf">syncml:auth-md5</Type></Meta>
 <Data>Zz6EivR3yeaaENcRN6lpAQ==</Data></Cred>
 <Meta><MaxMsgSize xmlns="syncml:metinf">5000</MaxMsgSize><MaxObjSize xmlns="syncml:metinf">1048576</MaxObjSize></Meta>
 </SyncHdr><SyncBody><Alert><CmdID>1</CmdID><Data>1200</Data></Alert>
 <Replace><CmdID>2</CmdID>
 <Item><Source><LocURI>./DevInfo/DevId</LocURI></Source><Data>IMEI:493005100592800</Data></Item>
 <Item><Source><LocURI>./DevInfo/Man</LocURI></Source><Data>Example</Data></Item>
 <Item><Source><LocURI>./DevInfo/Mod</LocURI></Source><Data>One</Data></Item>
 <Item><Source><LocURI>./DevInfo/DmV</LocURI></Source><Data>1.2</Data></Item>
 <Item><Source><LocURI>./DevInfo/Lang</LocURI></Source><Data>en</Data></Item>
 </Replace><Final/></SyncBody></SyncML>`;

const devInfo = [
  { uri: './DevInfo/DevId', data: deviceId },
  { uri: './DevInfo/Man', data: 'Example' },
  { uri: './DevInfo/Mod', data: 'One' },
  { uri: './DevInfo/DmV', data: '1.2' },
  { uri: './DevInfo/Lang', data: 'en' },
];

test('DM-PRO-1.2, package 1: Alert 1200 and DevInfo under MD5 credentials, as the example has it', () => {
  const { session } = stage({
    client: {
      account: { serverId, serverUri, client: credentials('client', 'md5', 'Nonce') },
      devInfo,
      maxMsgSize: 5000,
    },
  });
  const { send } = session.start();
  assert.ok(send);
  assert.deepEqual(asIncoming(send).message, readMessage(utf8ToBytes(document), 'xml'));
});

test('N13-C-013 N13-S-008: each requested object is one more Replace, and reaches the server leaf by leaf', async () => {
  const requestedObjects = [
    [
      { uri: './DevDetail/FwV', format: 'chr', data: '1.0' },
      { uri: './DevDetail/LrgObj', format: 'bool', data: 'true' },
    ],
    [],
    [{ uri: './Inbox/X', format: 'bin', type: 'image/png', data: Uint8Array.of(1, 2, 3) }],
  ];
  const scene = await converse(stage({ client: { requestedObjects, trigger: 'client', encoding: 'wbxml' } }));
  assert.equal(lines(scene)[0], 'C1 Alert:1201 Replace Replace Replace Final');
  const received = effectsOf(scene.serverEffects, 'received').map(({ command }) => command);
  assert.deepEqual(received[2], {
    name: 'Replace',
    cmdId: '3',
    items: [
      { source: { uri: './DevDetail/FwV' }, data: '1.0' },
      { source: { uri: './DevDetail/LrgObj' }, meta: { format: 'bool' }, data: 'true' },
    ],
  });
  assert.deepEqual(received[3], {
    name: 'Replace',
    cmdId: '4',
    items: [
      {
        source: { uri: './Inbox/X' },
        meta: { format: 'bin', type: 'image/png' },
        data: Uint8Array.of(1, 2, 3),
      },
    ],
  });
});

test('DM-PRO-1.2, alerts 1224 and 1226 go with package 1, or with the next message that goes out', async () => {
  const event = {
    data: '1224',
    items: [{ meta: { type: 'com.example.event', format: 'chr' }, data: 'started' }],
  };
  const report = {
    data: '1226',
    correlator: 'abc',
    items: [{ meta: { type: 'org.example.report' }, data: '200' }],
  };
  const scene = stage({
    client: { alerts: [event] },
    packages: [[{ name: 'Exec', cmdId: 'a', items: [{ target: { uri: './FwUpdate/Update' } }] }]],
  });
  scene.session.queueAlert(report);
  await converse(scene);
  assert.deepEqual(lines(scene), [
    'C1 Alert:1200 Replace Alert:1224 Final',
    'S1 SyncHdr=200 Alert=200 Replace=200 Alert=200 Exec Final',
    'C2 SyncHdr=200 Exec=200 Alert:1226 Final',
    'S2 SyncHdr=200 Alert=200 Final',
  ]);
  const received = effectsOf(scene.serverEffects, 'received').map(({ command }) => command);
  assert.deepEqual(received[3], { name: 'Alert', cmdId: '3', ...report });
});

test('an alert that finds no message stays with the session', async () => {
  const scene = stage();
  scene.session.queueAlert({ data: '1226', items: [] });
  await converse(scene);
  assert.deepEqual(scene.session.unsentAlerts, [{ data: '1226', items: [] }]);
});

test('commands that only a server may send are refused to a client', async () => {
  const scene = stage();
  const { send } = scene.session.start();
  assert.ok(send);
  const { message } = send;
  const target = { uri: './X' };
  const commands = [
    ...message.commands,
    { name: 'Get' as const, cmdId: '3', items: [{ target }] },
    { name: 'Alert' as const, cmdId: '4', data: '1100', items: [] },
    {
      name: 'Atomic' as const,
      cmdId: '5',
      commands: [{ name: 'Delete' as const, cmdId: '6', items: [{ target }] }],
    },
  ];
  const step = await scene.server.receive(asIncoming({ message: { ...message, commands } }));
  assert.ok(step.send);
  const statuses = step.send.message.commands.map((command) =>
    command.name === 'Status' ? command.data : '',
  );
  assert.deepEqual(statuses, ['200', '200', '200', '405', '406', '405']);
});
