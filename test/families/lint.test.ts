// What is said of a push before it is sent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmCommand } from '../../src/codec/syncml/index.ts';
import {
  bootstrapFindings,
  commandFindings,
  contentTypeFindings,
  type Finding,
  families,
  familyNames,
  findingText,
  nonceFindings,
  notificationFindings,
  wbxmlFindings,
} from '../../src/families/index.ts';

const push = { format: 'dm1.2', serverId: 'com.example.dm', initiator: 'server' } as const;
const rows = (findings: readonly Finding[]) => findings.map(({ row, effect }) => `${row} ${effect}`);

test('a Server-ID of 23 octets is taken by AOSP, one of 24 is not; octets are counted, not characters', () => {
  const of = (serverId: string) => rows(notificationFindings(families.aosp, { ...push, serverId }));
  assert.deepEqual(of('x'.repeat(23)), []);
  assert.deepEqual(of('x'.repeat(24)), ['serverIdMaxOctets lost']);
  assert.deepEqual(of('ü'.repeat(12)), ['serverIdMaxOctets lost']);
  assert.deepEqual(rows(notificationFindings(families.samsung, { ...push, serverId: 'x'.repeat(127) })), []);
  const [finding] = notificationFindings(families.samsung, { ...push, serverId: 'x'.repeat(128) });
  assert.equal(finding?.row, 'serverIdMaxOctets');
  assert.match(
    findingText(families.samsung, finding),
    /^serverId: the family samsung refuses .*127.*128;.*IDMPushDecoder\)$/,
  );
});

test('formats: nobody but generic reads dm1.3, Windows and libdmclient read dm1.2 alone', () => {
  const lost = familyNames.flatMap((name) =>
    (['dm1.2', 'dm1.3-2010', 'dm1.3'] as const)
      .filter((format) =>
        notificationFindings(families[name], { ...push, format }).some(
          ({ field, effect }) => field === 'format' && effect === 'lost',
        ),
      )
      .map((format) => `${name} ${format}`),
  );
  assert.deepEqual(lost, [
    'aosp dm1.3',
    'samsung dm1.3',
    'windows dm1.3-2010',
    'windows dm1.3',
    'libdmclient dm1.3-2010',
    'libdmclient dm1.3',
  ]);
});

test('what is signed, who initiates, and the default nonce', () => {
  const { aosp, libdmclient, generic } = families;
  assert.deepEqual(rows(notificationFindings(aosp, { ...push, signedOctets: 255 })), []);
  assert.deepEqual(rows(notificationFindings(aosp, { ...push, signedOctets: 256 })), [
    'triggerMaxOctets lost',
  ]);
  assert.deepEqual(rows(notificationFindings(aosp, { ...push, initiator: 'user' })), ['initiators doubtful']);
  assert.deepEqual(rows(notificationFindings(libdmclient, push)), ['digestCheck doubtful']);
  assert.deepEqual(rows(notificationFindings(libdmclient, { ...push, resynchronises: true })), [
    'digestCheck doubtful',
    'defaultNonce lost',
  ]);
  const all = {
    ...push,
    serverId: 'x'.repeat(255),
    initiator: 'user',
    signedOctets: 9999,
    resynchronises: true,
  } as const;
  assert.deepEqual(notificationFindings(generic, all), []);
});

test('content types by WSP: Android hands on 0x44 alone, whether it comes as number or as name', () => {
  const { aosp, samsung, generic } = families;
  assert.deepEqual(contentTypeFindings(aosp, { code: 0x44 }), []);
  assert.deepEqual(contentTypeFindings(aosp, { mime: 'Application/vnd.syncml.notification' }), []);
  assert.deepEqual(rows(contentTypeFindings(aosp, { code: 0x58 })), ['wspContentTypes lost']);
  assert.deepEqual(rows(contentTypeFindings(aosp, { mime: 'application/vnd.syncml.dm.notification' })), [
    'wspContentTypes lost',
  ]);
  assert.deepEqual(rows(contentTypeFindings(aosp, { code: 0x42 })), ['wspContentTypes lost']);
  assert.deepEqual(contentTypeFindings(samsung, { code: 0x42 }), []);
  assert.deepEqual(rows(contentTypeFindings(samsung, { code: 0x43 })), ['wspContentTypes lost']);
  assert.deepEqual(contentTypeFindings(generic, { code: 0x58 }), []);
  assert.deepEqual(contentTypeFindings(aosp, {}), []);
});

test('bootstraps, WBXML and nonces', () => {
  const { aosp, windows, generic } = families;
  assert.deepEqual(rows(bootstrapFindings(aosp, 'dm')), ['bootstraps lost']);
  assert.deepEqual(rows(bootstrapFindings(aosp, 'cp')), []);
  assert.deepEqual(rows(bootstrapFindings(windows, 'dm')), ['bootstraps doubtful']);
  assert.deepEqual(rows(bootstrapFindings(windows, 'cp')), []);
  assert.deepEqual(bootstrapFindings(generic, 'dm'), []);
  assert.deepEqual(rows(wbxmlFindings(aosp, '1.3')), ['wbxmlVersions doubtful']);
  assert.deepEqual(rows(wbxmlFindings(aosp, '1.2')), []);
  assert.deepEqual(nonceFindings(aosp, 'nonce', 50), []);
  assert.deepEqual(rows(nonceFindings(aosp, 'nonce', 51)), ['nonceMaxOctets lost']);
});

test('commands, those inside groups included', () => {
  const { aosp, windows, libdmclient, generic } = families;
  const item = (uri: string) => ({ target: { uri } });
  const commands: readonly DmCommand[] = [
    { name: 'Get', cmdId: '1', items: [item('./a')] },
    {
      name: 'Sequence',
      cmdId: '2',
      commands: [{ name: 'Copy', cmdId: '3', items: [item('./b')] }],
    },
    {
      name: 'Atomic',
      cmdId: '4',
      commands: [
        { name: 'Add', cmdId: '5', items: [item('./c')] },
        { name: 'Replace', cmdId: '6', items: [item('./c'), { ...item('./d'), moreData: true }] },
      ],
    },
  ];
  const of = (findings: readonly Finding[]) => findings.map(({ row, field }) => `${row} ${field}`);
  assert.deepEqual(of(commandFindings(aosp, commands)), ['refusedCommands commands[1].commands[0]']);
  assert.deepEqual(of(commandFindings(windows, commands)), ['atomicChanges commands[2]']);
  assert.deepEqual(of(commandFindings(libdmclient, commands)), ['largeObjects commands[2].commands[1]']);
  assert.deepEqual(commandFindings(generic, commands), []);
});
