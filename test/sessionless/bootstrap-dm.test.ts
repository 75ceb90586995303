// What a bootstrap message of the DM profile says of account and access point, field by field (DM-BOOT-1.2).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { embeddedTree, mediaTypes, readMessage } from '../../src/codec/syncml/index.ts';
import { parseTnds, type TndsNode } from '../../src/codec/tnds/index.ts';
import type { BootstrapContent } from '../../src/sessionless/index.ts';
import { bootstrap, full, fullPoint, least, leastPoint, noticred } from './bootstrap-samples.ts';

const acl = 'Delete=com.example.new&Get=com.example.new&Replace=com.example.new';

describe('the account of a bootstrap message in the DM profile', () => {
  function message(content: Partial<BootstrapContent>) {
    return readMessage(bootstrap(content), 'application/vnd.syncml.dm+wbxml');
  }

  /** The nodes of the tree, each with its properties and either its value or what is inside. */
  function nodesOf(content: Partial<BootstrapContent>): Readonly<Record<string, unknown>> {
    const [add] = message(content).commands;
    if (add?.name !== 'Add') assert.fail('no Add');
    return plain(parseTnds(embeddedTree(add.items[0]?.data ?? '')).nodes);
  }

  function plain(nodes: readonly TndsNode[]): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      nodes.map(({ name, properties, value, nodes: inner }) => {
        const { acl: rights, format, type } = properties ?? {};
        if (value !== undefined) return [name, format === undefined ? [value, type] : [value, type, format]];
        assert.equal(format, 'node');
        return [name, { ...(rights !== undefined && { rights }), type, ...plain(inner) }];
      }),
    );
  }
  const text = (value: string): unknown => [value, { mime: 'text/plain' }];
  const entry = (fields: object): object => ({ type: { ddfName: '' }, ...fields });

  test('is a message without a session that adds a tree to the Inbox', () => {
    const { header, commands, final } = message({});
    const { verDtd, verProto, sessionId, msgId, target, source } = header;
    assert.deepEqual([verDtd, verProto, sessionId, msgId], ['1.2', 'DM/1.2', '0', '0']);
    assert.deepEqual([target.uri, source.uri, final], ['', 'com.example.new', true]);
    assert.equal(message({ deviceId: 'IMEI:1' }).header.target.uri, 'IMEI:1');
    const [add] = commands;
    assert.equal(commands.length, 1);
    if (add?.name !== 'Add') assert.fail('no Add');
    assert.equal(add.items[0]?.target?.uri, './Inbox');
    assert.equal(add.items[0]?.meta?.format, 'xml');
    assert.equal(add.items[0]?.meta?.type, mediaTypes.tndsWbxml);
  });

  test('has only the nodes that there is something for', () => {
    assert.deepEqual(nodesOf({}), {
      Account: {
        rights: acl,
        type: { ddfName: 'urn:oma:mo:oma-dm-dmacc:1.0' },
        AppID: text('w7'),
        ServerID: text('com.example.new'),
      },
    });
  });

  test('has every field that is given, and its server the rights on it', () => {
    assert.deepEqual(nodesOf({ account: full }), {
      Operator: {
        rights: acl,
        type: { ddfName: 'urn:oma:mo:oma-dm-dmacc:1.0' },
        AppID: text('w7'),
        ServerID: text('com.example.new'),
        Name: text('New operator'),
        PrefConRef: text('./NAP/Other'),
        ToConRef: entry({
          1: entry({ ConRef: text('./NAP/A') }),
          2: entry({ ConRef: text('./NAP/B') }),
        }),
        AppAddr: entry({
          1: entry({
            Addr: text('https://dm.example.com/dm'),
            AddrType: text('URI'),
            Port: entry({ 1: entry({ PortNbr: text('443') }), 2: entry({ PortNbr: text('8443') }) }),
          }),
          2: entry({ Addr: text('192.0.2.1'), AddrType: text('IPv4') }),
        }),
        AAuthPref: text('DIGEST'),
        AppAuth: entry({
          1: entry({
            AAuthLevel: text('CLCRED'),
            AAuthType: text('DIGEST'),
            AAuthName: text('d1'),
            AAuthSecret: text('client'),
            AAuthData: [Uint8Array.of(1, 2, 3), { mime: 'application/octet-stream' }, 'bin'],
          }),
          2: entry({ AAuthLevel: text('SRVCRED'), AAuthType: text('HMAC') }),
          3: entry({ AAuthLevel: text('OBEX'), AAuthType: text('BASIC') }),
          4: entry({ AAuthLevel: text('HTTP'), AAuthType: text('HTTP-BASIC') }),
        }),
      },
    });
  });

  test('has the identifier of the 1.3 form where one of its credentials is NOTICRED', () => {
    const account = { ...full, credentials: [...full.credentials, noticred] };
    const { Operator } = nodesOf({ account });
    assert.deepEqual((Operator as { type: unknown }).type, { ddfName: 'urn:oma:mo:oma-dm-dmacc:1.1' });
  });

  test('prefers the access point that comes along, which its server has the rights on as well', () => {
    const { Account, NET, ...others } = nodesOf({ accessPoint: leastPoint });
    assert.deepEqual(others, {});
    assert.deepEqual((Account as { PrefConRef: unknown }).PrefConRef, text('./Inbox/NET'));
    assert.deepEqual(NET, {
      rights: acl,
      type: { ddfName: 'urn:oma:mo:oma-connmo-nap:1.0' },
      NAPID: text('NET'),
      NapAddr: text('internet.example'),
      NapAddrTy: text('APN'),
    });
    const both = nodesOf({ account: full, accessPoint: fullPoint });
    assert.deepEqual((both.Operator as { PrefConRef: unknown }).PrefConRef, text('./Inbox/NET.1_a-b'));
    assert.deepEqual(both['NET.1_a-b'], {
      rights: acl,
      type: { ddfName: 'urn:oma:mo:oma-connmo-nap:1.0' },
      NAPID: text('NET.1_a-b'),
      Name: text('Internet'),
      NapAddr: text('+491701234567'),
      NapAddrTy: text('E164'),
      BearerType: text('GSM-CSD'),
      AuthInfo: entry({
        1: entry({ AuthType: text('PAP'), AuthName: text('n'), AuthSecret: text('s') }),
        2: entry({ AuthType: text('CHAP') }),
      }),
    });
  });

  test('the name of an access point is 1 to 64 letters, digits and _ . -, and no step of a path', () => {
    for (const id of ['a', 'x'.repeat(64), '.a', '...a']) bootstrap({ accessPoint: { ...leastPoint, id } });
    for (const id of ['', 'x'.repeat(65), 'a b', 'a/b', 'ä', '.', '..', '...']) {
      const refusal = { code: 'BAD_FORMAT', path: 'accessPoint.id' };
      assert.throws(() => bootstrap({ accessPoint: { ...leastPoint, id } }), refusal, id);
    }
  });
});

test('each profile has its WBXML version, 1.2 and 1.3 where none is asked for', () => {
  assert.equal(bootstrap({ profile: 'dm' })[0], 2);
  assert.equal(bootstrap({ profile: 'cp' })[0], 3);
  for (const profile of ['dm', 'cp'] as const) {
    for (const [octet, wbxmlVersion] of [
      [1, '1.1'],
      [2, '1.2'],
      [3, '1.3'],
    ] as const) {
      const body = bootstrap({ profile, wbxmlVersion });
      assert.equal(body[0], octet);
      if (profile !== 'dm') continue;
      // The tree inside has the version of the message.
      const [add] = readMessage(body, 'application/vnd.syncml.dm+wbxml').commands;
      const data = add?.name === 'Add' ? add.items[0]?.data : undefined;
      assert.ok(data instanceof Uint8Array);
      assert.equal(data[0], octet);
    }
  }
});

test('an account of no ServerID is refused in both profiles', () => {
  for (const profile of ['dm', 'cp'] as const) {
    for (const [serverId, code] of [
      ['', 'BAD_FORMAT'],
      ['a b', 'BAD_FORMAT'],
      ['a'.repeat(256), 'TOO_LONG'],
    ] as const) {
      const refusal = { code, path: 'account.serverId' };
      assert.throws(() => bootstrap({ profile, account: { ...least, serverId } }), refusal);
    }
  }
});
