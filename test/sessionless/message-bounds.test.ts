// What a sessionless message may say, at its bounds: identifiers, commands that nobody answers, parts to encrypt, SHA-1.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ItemCommand, ManagementCommand } from '../../src/codec/syncml/index.ts';
import { decodeWbxml } from '../../src/codec/wbxml/index.ts';
import { element, namespaces } from '../../src/codec/xml/index.ts';
import {
  encryptedParts,
  isRefused,
  openMessage,
  TransportPrivateKey,
  TransportPublicKey,
} from '../../src/security/index.ts';
import { type ComposeMessageOptions, composeMessage } from '../../src/sessionless/index.ts';
import { device, sha1Signers, signers } from '../security/message-keys.ts';

const who = { serverId: 'com.example.dm', deviceId: 'IMEI:490154203237518', sessionId: '1A' };
const [signer] = signers;
if (signer === undefined) throw new Error('no signer');
const { sign: key, verify } = signer;

function replaceOf(...uris: readonly string[]): ItemCommand {
  return { name: 'Replace', cmdId: '1', items: uris.map((uri) => ({ target: { uri }, data: 'x' })) };
}
const commands: readonly ManagementCommand[] = [replaceOf('./A')];

/** The message as the device opens it. */
function opened(content: Partial<Parameters<typeof composeMessage>[0]>, options?: ComposeMessageOptions) {
  const { octets } = composeMessage({ ...who, commands, ...content }, options ?? { key });
  const decryptionKeys = [new TransportPrivateKey(device.privatePem)];
  const message = openMessage(octets, () => [verify], { decryptionKeys });
  if (isRefused(message)) assert.fail(message.detail);
  return message.message;
}

describe('identifiers of a sessionless message', () => {
  for (const [field, max] of [
    ['serverId', 255],
    ['deviceId', 1024],
  ] as const) {
    test(`${field} has 1 to ${max} octets of UTF-8`, () => {
      for (const text of ['a', 'a'.repeat(max), 'ä'.repeat(Math.floor(max / 2))]) {
        const { source, target } = opened({ [field]: text }).header;
        assert.equal((field === 'serverId' ? source : target).uri, text);
      }
      for (const text of ['', 'a'.repeat(max + 1), 'ä'.repeat(Math.floor(max / 2) + 1)]) {
        assert.throws(() => opened({ [field]: text }), { code: 'OUT_OF_RANGE', path: field });
      }
    });
  }

  test('msgId is a number from 1 to 999999999, 1 where it is left out', () => {
    assert.equal(opened({}).header.msgId, '1');
    for (const msgId of ['1', '10', '42', '999999999']) assert.equal(opened({ msgId }).header.msgId, msgId);
    for (const msgId of ['', '0', '01', 'x1', '1x', '1 ', ' 1', '-1', '1000000000']) {
      assert.throws(() => opened({ msgId }), { code: 'BAD_FORMAT', path: 'msgId' }, msgId);
    }
  });

  test('sessionId is 1 to 4 upper-case hex digits', () => {
    for (const sessionId of ['0', 'F', 'FFFF']) {
      assert.equal(opened({ sessionId }).header.sessionId, sessionId);
    }
    for (const sessionId of ['', 'f', 'G', '12345', '1 ', ' 1']) {
      assert.throws(() => opened({ sessionId }), { code: 'BAD_FORMAT', path: 'sessionId' }, sessionId);
    }
  });
});

describe('commands of a sessionless message', () => {
  test('one that cannot go without an answer is named by its place', () => {
    const get: ManagementCommand = { name: 'Get', cmdId: '1', items: [{ target: { uri: './DevInfo' } }] };
    const group: ManagementCommand = { name: 'Atomic', cmdId: '1', commands: [...commands, get] };
    const refusal = (path: string) => ({ code: 'OUT_OF_RANGE', path });
    assert.throws(() => opened({ commands: [] }), refusal('job'));
    assert.throws(() => opened({ commands: [...commands, get] }), refusal('job[1]'));
    assert.throws(() => opened({ commands: [group] }), refusal('job[0].commands[1]'));
    const outer: ManagementCommand = { name: 'Sequence', cmdId: '1', commands: [group] };
    assert.throws(() => opened({ commands: [outer] }), refusal('job[0].commands[0].commands[1]'));
  });

  test('a display and a confirmation pass, what the user would enter does not', () => {
    const alert = (data: string): ManagementCommand => ({
      name: 'Alert',
      cmdId: '1',
      data,
      items: [{ data: 'MINDT=10' }, { data: 'Hello' }],
    });
    for (const data of ['1100', '1101']) {
      const [command] = opened({ commands: [alert(data), ...commands] }).commands;
      assert.equal(command?.name === 'Alert' && command.data, data);
    }
    for (const data of ['1102', '1103', '1104', '1226', '']) {
      assert.throws(() => opened({ commands: [alert(data)] }), { code: 'OUT_OF_RANGE', path: 'job[0]' });
    }
  });

  test('a command that is none of device management is refused', () => {
    const unknown = { name: 'Unknown', cmdId: '1', element: element('Map', namespaces.syncml) } as const;
    assert.throws(() => opened({ commands: [unknown] }), {
      code: 'OUT_OF_RANGE',
      path: 'job[0]',
      message: /no command of device management/,
    });
  });

  test('one chunk of a large object among whole items is refused', () => {
    const whole = { target: { uri: './A' }, data: 'x' };
    const chunk = { target: { uri: './B' }, data: 'y', moreData: true };
    for (const items of [
      [whole, chunk],
      [chunk, whole],
    ]) {
      assert.throws(() => opened({ commands: [{ name: 'Add', cmdId: '1', items }] }), /rest of the data/);
    }
    const said = { ...whole, moreData: false };
    opened({ commands: [{ name: 'Add', cmdId: '1', items: [said] }] });
  });

  test('CmdIDs are numbered through groups in groups', () => {
    const atomic: ManagementCommand = { name: 'Atomic', cmdId: '7', noResp: true, commands };
    const outer: ManagementCommand = { name: 'Sequence', cmdId: '7', commands: [atomic, ...commands] };
    const flat = (some: readonly ManagementCommand[]): readonly (readonly unknown[])[] =>
      some.flatMap((command) => [
        [command.name, command.cmdId, command.noResp],
        ...('commands' in command ? flat(command.commands) : []),
      ]);
    const message = opened({ commands: [outer, ...commands] });
    assert.deepEqual(flat(message.commands as readonly ManagementCommand[]), [
      ['Sequence', '1', undefined],
      ['Atomic', '2', undefined],
      ['Replace', '3', undefined],
      ['Replace', '4', undefined],
      ['Replace', '5', undefined],
    ]);
  });
});

describe('protection of a sessionless message', () => {
  const transport = new TransportPublicKey(device.publicPem);

  test('DM-SESSIONLESS-1.3 §5.2: of several items those that are named are encrypted, wherever they stand', () => {
    const display: ManagementCommand = {
      name: 'Alert',
      cmdId: '1',
      data: '1100',
      items: [{ data: 'Hello' }],
    };
    const group: ManagementCommand = { name: 'Atomic', cmdId: '1', commands: [replaceOf('./B', './C')] };
    const content = { ...who, commands: [display, replaceOf('./A'), group] };
    const encrypt = { parts: ['./A', './C'], key: transport };
    const { root } = decodeWbxml(composeMessage(content, { key, encrypt }).octets);
    assert.deepEqual(
      encryptedParts(root).map(({ cmdId }) => cmdId),
      ['2', '4'],
    );
    const [, first, atomic] = opened(content, { key, encrypt }).commands;
    const items = (command: unknown) => (command as ItemCommand).items.map(({ target }) => target?.uri);
    assert.deepEqual(items(first), ['./A']);
    assert.deepEqual(items(atomic?.name === 'Atomic' && atomic.commands[0]), ['./B', './C']);
  });

  test('parts that name nothing, or one URI that no command has, are refused', () => {
    const refused = (parts: readonly string[], detail: RegExp): void =>
      assert.throws(() => opened({}, { key, encrypt: { parts, key: transport } }), {
        code: 'OUT_OF_RANGE',
        path: 'encrypt',
        message: detail,
      });
    refused([], /names nothing/);
    refused(['./A', './Other'], /names a URI that no command has/);
    refused([''], /names a URI that no command has/);
  });

  for (const { name, sign, verify: known } of sha1Signers) {
    test(`${name} signs only where SHA-1 is switched on`, () => {
      const content = { ...who, commands };
      const allowed = composeMessage(content, { key: sign, allowSha1: true });
      assert.equal(isRefused(openMessage(allowed.octets, () => [known], { allowSha1: true })), false);
      for (const options of [{ key: sign }, { key: sign, allowSha1: false }]) {
        assert.throws(() => composeMessage(content, options), { code: 'OUT_OF_RANGE', path: 'algorithm' });
      }
    });
  }

  test('WBXML 1.2 and the compact spelling are what is written where nothing is asked for', () => {
    const encrypt = { parts: 'body', key: transport } as const;
    const sizes = ([undefined, 'plain', 'compact', 'opaque'] as const).map((spelling) => {
      const options = { key, encrypt, ...(spelling !== undefined && { spelling }) };
      const { octets } = composeMessage({ ...who, commands }, options);
      assert.equal(octets[0], 2);
      return octets.length;
    });
    const [usual = 0, plain = 0, compact = 0, opaque = 0] = sizes;
    assert.equal(usual, compact);
    assert.ok(plain > compact && compact > opaque, sizes.join(' '));
  });
});
