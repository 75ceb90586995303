// Composing sessionless messages: the message itself, how it is protected, and what a device opens.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { embeddedTree, type ManagementCommand } from '../../src/codec/syncml/index.ts';
import { decodeWbxml } from '../../src/codec/wbxml/index.ts';
import { element, namespaces } from '../../src/codec/xml/index.ts';
import { hexToBytes } from '../../src/core/index.ts';
import { encryptedParts, isRefused, openMessage, WrappingKey } from '../../src/security/index.ts';
import {
  type ComposeMessageOptions,
  composeMessage,
  type SessionlessContent,
  sessionlessMessage,
} from '../../src/sessionless/index.ts';
import { signers } from '../security/message-keys.ts';
import { arrivedTree, key, octetsOf, replace, said, shared, tree, verify, who } from './compose-samples.ts';

const message = (content: Partial<SessionlessContent>) =>
  said(() => sessionlessMessage({ ...who, commands: [replace], ...content }));
const header = {
  verDtd: '1.2',
  verProto: 'DM/1.2',
  sessionId: '1A',
  msgId: '1',
  target: { uri: who.deviceId },
  source: { uri: who.serverId },
};
const { noResp: _, ...answerless } = replace;

describe('the message before it is protected', () => {
  test('DM-SESSIONLESS-1.3 §5.2: from the server to the device, MsgID 1 unless it is given, final', () => {
    const commands = [{ ...answerless, cmdId: '1' }];
    assert.deepEqual(message({}), { header, commands, final: true });
    assert.deepEqual(message({ msgId: '42' }), { header: { ...header, msgId: '42' }, commands, final: true });
  });

  test('DM-SESSIONLESS-1.3 §5.5: CmdIDs are given anew, through groups too, and nothing says NoResp', () => {
    const group = (name: 'Atomic' | 'Sequence', cmdId: string, commands: readonly ManagementCommand[]) =>
      ({ name, cmdId, commands }) as const;
    const inner = { ...group('Sequence', '7', [replace]), noResp: true };
    const commands = [replace, { ...group('Atomic', '7', [inner, replace]), noResp: true }, inner, replace];
    const as = (cmdId: string) => ({ ...answerless, cmdId });
    assert.deepEqual(message({ commands }), {
      header,
      commands: [
        as('1'),
        group('Atomic', '2', [group('Sequence', '3', [as('4')]), as('5')]),
        group('Sequence', '6', [as('7')]),
        as('8'),
      ],
      final: true,
    });
  });

  test('identifiers: octets of ServerID and DevId, hex digits of SessionID, MsgID without leading zeros', () => {
    const refused = (content: Partial<SessionlessContent>) => {
      const { code, path } = message(content) as { code?: string; path?: string };
      return [code, path];
    };
    const taken = [undefined, undefined];
    for (const [field, max] of [
      ['serverId', 255],
      ['deviceId', 1024],
    ] as const) {
      for (const text of ['a', 'a'.repeat(max)]) assert.deepEqual(refused({ [field]: text }), taken);
      for (const text of ['', 'a'.repeat(max + 1), 'ä'.repeat(max / 2 + 1)]) {
        assert.deepEqual(refused({ [field]: text }), ['OUT_OF_RANGE', field]);
      }
    }
    for (const sessionId of ['0', '1A', 'FFFF']) assert.deepEqual(refused({ sessionId }), taken);
    for (const sessionId of ['', 'a', 'G', '12345', 'x1', '1x']) {
      assert.deepEqual(refused({ sessionId }), ['BAD_FORMAT', 'sessionId'], sessionId);
    }
    for (const msgId of ['1', '10', '999999999']) assert.deepEqual(refused({ msgId }), taken);
    for (const msgId of ['', '0', '01', 'x1', '1x', '1000000000']) {
      assert.deepEqual(refused({ msgId }), ['BAD_FORMAT', 'msgId'], msgId);
    }
  });

  test('what nobody would answer is refused by its place: Get, input, chunks, commands that are none of DM', () => {
    const whole = { target: { uri: './A' }, data: 'x' };
    const chunk = { ...whole, moreData: true };
    const alert = (data?: string) =>
      ({
        name: 'Alert',
        cmdId: '1',
        items: [{ data: 'Hello' }],
        ...(data !== undefined && { data }),
      }) as const;
    const input = 'what the user enters would reach nobody without a session';
    const rest = 'no further message would bring the rest of the data';
    const refused: readonly (readonly [string, ManagementCommand])[] = [
      [
        'get asks for an answer, and none comes without a session',
        { name: 'Get', cmdId: '1', items: [whole] },
      ],
      [
        'is no command of device management',
        { name: 'Unknown', cmdId: '1', element: element('Map', namespaces.syncml) },
      ],
      ...['1102', '1103', '1104', '1226', undefined].map((data) => [input, alert(data)] as const),
      [rest, { name: 'Add', cmdId: '1', items: [whole, chunk] }],
      [rest, { name: 'Exec', cmdId: '1', items: [chunk] }],
    ];
    for (const [detail, command] of refused) {
      const at = (path: string) => ({ code: 'OUT_OF_RANGE', path, detail });
      const atomic: ManagementCommand = { name: 'Atomic', cmdId: '1', commands: [replace, command] };
      const sequence: ManagementCommand = { name: 'Sequence', cmdId: '1', commands: [replace, atomic] };
      assert.deepEqual(message({ commands: [replace, command] }), at('job[1]'));
      assert.deepEqual(message({ commands: [atomic] }), at('job[0].commands[1]'));
      assert.deepEqual(message({ commands: [sequence] }), at('job[0].commands[1].commands[1]'));
    }
    const none = { code: 'OUT_OF_RANGE', path: 'job', detail: 'must have at least one command' };
    assert.deepEqual(message({ commands: [] }), none);
  });

  test('a display, a confirmation and items that are whole are taken', () => {
    const items = [{ target: { uri: './A' }, data: 'x', moreData: false }];
    const commands: readonly ManagementCommand[] = [
      { name: 'Alert', cmdId: '1', data: '1100', items: [{ data: 'Hello' }] },
      { name: 'Alert', cmdId: '2', data: '1101', items: [{ data: 'Hello?' }] },
      { name: 'Add', cmdId: '3', items },
    ];
    assert.deepEqual(message({ commands }), { header, commands, final: true });
  });
});

describe('the message as it is protected', () => {
  const wrapping = new WrappingKey(hexToBytes('5a'.repeat(16)));
  const open: ManagementCommand = {
    name: 'Add',
    cmdId: '1',
    items: [{ target: { uri: './Open' }, data: 'seen' }],
  };
  const display: ManagementCommand = { name: 'Alert', cmdId: '1', data: '1100', items: [{ data: 'Hello' }] };
  const commands = [display, replace, open];
  const about = (options: Partial<ComposeMessageOptions>) => {
    const octets = octetsOf(options, commands);
    const parts = encryptedParts(decodeWbxml(octets).root).map(({ cmdId }) => cmdId);
    return [parts, ['hush', 'seen'].map((text) => Buffer.from(octets).includes(text))];
  };

  test('nothing asked for: WBXML 1.2, compact, and no part is encrypted', () => {
    assert.deepEqual(octetsOf({}), octetsOf({ wbxmlVersion: '1.2', spelling: 'compact' }));
    assert.equal(octetsOf({})[0], 2);
    assert.equal(octetsOf({ wbxmlVersion: '1.3' })[0], 3);
    assert.notDeepEqual(octetsOf({}), octetsOf({ spelling: 'plain' }));
    assert.deepEqual(about({}), [[], [true, true]]);
  });

  test('DM-SESSIONLESS-1.3 §5.2: the body, or each item that is named, is encrypted, and no other', () => {
    const under = (parts: 'body' | readonly string[]) => about({ encrypt: { parts, key: wrapping } });
    assert.deepEqual(under(['./Vendor/Secret']), [['2'], [false, true]]);
    assert.deepEqual(under(['./Open', './Vendor/Secret']), [
      ['2', '3'],
      [false, false],
    ]);
    assert.deepEqual(under('body')[1], [false, false]);
  });

  test('parts that are not in the message are refused, and so are none', () => {
    for (const [parts, detail] of [
      [[], 'names nothing'],
      [['./Other'], 'names a URI that no command has'],
      [['./Open', './Other'], 'names a URI that no command has'],
    ] as const) {
      const refused = said(() =>
        composeMessage({ ...who, commands }, { key: shared, encrypt: { parts, key: wrapping } }),
      );
      assert.deepEqual(refused, { code: 'OUT_OF_RANGE', path: 'encrypt', detail });
    }
  });
});

describe('composeMessage', () => {
  for (const { name, sign, verify } of signers) {
    for (const wbxmlVersion of ['1.1', '1.2', '1.3'] as const) {
      test(`SM-S-001, SM-S-002, SM-S-003, SM-S-004: ${name} in WBXML ${wbxmlVersion} opens on the device`, () => {
        const { octets, contentDigest } = composeMessage(
          { ...who, commands: [{ name: 'Atomic', cmdId: '1', commands: [replace, tree] }] },
          { key: sign, wbxmlVersion },
        );
        assert.equal(octets[0], { '1.1': 1, '1.2': 2, '1.3': 3 }[wbxmlVersion]);
        const opened = openMessage(octets, () => [verify], { deviceId: who.deviceId });
        if (isRefused(opened)) assert.fail(opened.detail);
        assert.equal(opened.serverId, who.serverId);
        assert.equal(opened.message.header.source.uri, who.serverId);
        assert.deepEqual(opened.contentDigest, contentDigest);
        assert.equal(opened.message.final, true);
        const [atomic] = opened.message.commands;
        if (atomic?.name !== 'Atomic') assert.fail('no Atomic');
        assert.deepEqual(
          [atomic, ...atomic.commands].map(({ cmdId, noResp }) => [cmdId, noResp]),
          [
            ['1', undefined],
            ['2', undefined],
            ['3', undefined],
          ],
        );
      });
    }
  }

  for (const wbxmlVersion of ['1.1', '1.2', '1.3'] as const) {
    test(`SM-S-006: the ACL of a new tree arrives as a property in its TNDS, WBXML ${wbxmlVersion}`, () => {
      const [item] = tree.name === 'Add' ? tree.items : [];
      const asElement: ManagementCommand = {
        name: 'Add',
        cmdId: '1',
        items: [{ ...item, data: embeddedTree(item?.data ?? '') }],
      };
      // As text, and as the element that travels as WBXML in WBXML.
      for (const command of [tree, asElement]) {
        const { octets } = composeMessage({ ...who, commands: [command] }, { key, wbxmlVersion });
        const opened = openMessage(octets, () => [verify], { deviceId: who.deviceId });
        if (isRefused(opened)) assert.fail(opened.detail);
        const [add] = opened.message.commands;
        if (add?.name !== 'Add') assert.fail('no Add');
        const arrived = arrivedTree(add.items[0]);
        assert.equal(arrived.nodes[0]?.name, 'New');
        assert.equal(arrived.nodes[0]?.properties?.acl, 'Get=com.example.dm');
      }
    });
  }

  test('SM-S-006: an ACL of a node of a new tree is refused outside of the tree', () => {
    const acl: ManagementCommand = {
      name: 'Replace',
      cmdId: '1',
      items: [{ target: { uri: './Vendor/New/Leaf?prop=ACL' }, data: 'Get=*' }],
    };
    assert.throws(() => composeMessage({ ...who, commands: [tree, acl] }, { key }), /§5\.4/);
    composeMessage({ ...who, commands: [replace, acl] }, { key });
  });
});
