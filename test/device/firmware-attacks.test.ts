// Attacks on the firmware of a whole device: nobody gets it to download or install anything but the servers that it was made
// for (spec-notes ruling 20).
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { type DmCommand, writeMessage } from '../../src/codec/syncml/index.ts';
import { owedAlerts } from '../../src/device/firmware/firmware-report.ts';
import { contentTypes, type ReceivedPush } from '../../src/push/index.ts';
import { bootstrapMac, imsiOctets } from '../../src/security/index.ts';
import {
  deviceId,
  execOf,
  type FirmwareBench,
  forgedOperation,
  fumoObject,
  operator,
  operatorAccount,
  operatorSecret,
  withFirmware,
} from './firmware-bench.ts';
import { secret as sessionSecret, serverId as sessionServer } from './fixtures.ts';
import { ScriptedServer } from './scripted-server.ts';
import { command, dmAccount, group, leaf, messageOf, node, tndsItem, toInbox } from './signed-server.ts';

const guest = 'com.example.guest';
const guestSecret = 'the secret of a guest';
const everything = 'Add=*&Delete=*&Exec=*&Get=*&Replace=*';

/** Lets the operator bring an account of a guest. */
const invite = ({ say }: FirmwareBench, more = {}): Promise<readonly [number, number]> =>
  say(operator, operatorSecret, [toInbox(dmAccount('Guest', guest, { secret: guestSecret, ...more }))]);

const withoutUpdates = { accounts: [operatorAccount, { ...operatorAccount, serverId: 'com.example.other' }] };

describe('a firmware update object that brings the device’s own bookkeeping along', () => {
  const forms: readonly (readonly [string, (url: string) => DmCommand])[] = [
    ['to the Inbox', (url) => toInbox(fumoObject('Evil', url, { more: forgedOperation(operator) }))],
    [
      'to the Inbox, beside an honest account',
      (url) =>
        toInbox(
          dmAccount('Beside', 'com.example.beside'),
          fumoObject('Evil', url, { more: forgedOperation(operator) }),
        ),
    ],
    [
      'to the Inbox, with a State and an ACL for all',
      (url) =>
        toInbox(
          fumoObject('Evil', url, {
            acl: everything,
            more: leaf('State', '30', 'int') + forgedOperation(operator),
          }),
        ),
    ],
    [
      'by Add of a tree',
      (url) =>
        command(
          'Add',
          tndsItem('./FwUpdate/Evil', fumoObject('Evil', url, { more: forgedOperation(operator) })),
        ),
    ],
    [
      'by Add of its leaves',
      (url) =>
        group(
          'Sequence',
          Object.entries({
            'DownloadAndUpdate/PkgURL': url,
            'Ext/Operations/1/Operation': 'DownloadAndUpdate',
            'Ext/Operations/1/ServerID': operator,
          }).map(([path, data]) =>
            command('Add', { target: { uri: `./FwUpdate/Evil/${path}` }, meta: { format: 'chr' }, data }),
          ),
        ),
    ],
  ];
  for (const [how, make] of forms) {
    for (const [kind, provisioning] of [
      ['a device with firmware updates', {}],
      ['a device provisioned without', { firmwareUpdate: undefined }],
    ] as const) {
      test(`${how}, from a guest and from a server that may update, on ${kind}: nothing is carried out`, () =>
        withFirmware({ provisioning: { ...withoutUpdates, ...provisioning } as never }, async (bench) => {
          await invite(bench);
          for (const [serverId, secret] of [
            [guest, guestSecret],
            ['com.example.other', operatorSecret],
          ] as const) {
            const [, failed] = await bench.say(serverId, secret, [make(bench.url)]);
            assert.ok(failed > 0);
            await bench.untouched();
            assert.deepEqual(bench.device.tree && owedAlerts(bench.device.tree, operator), []);
            assert.equal(bench.device.tree?.node('./FwUpdate/Evil/Ext'), undefined);
          }
        }));
    }
  }
});

describe('an account that came later', () => {
  test('adds an object of its own through the Inbox, with an ACL that names itself or everybody, and Execs it: 425', () =>
    withFirmware({}, async (bench) => {
      await invite(bench);
      for (const [name, acl] of [
        ['Own', ''],
        ['Named', `Add=${guest}&Delete=${guest}&Exec=${guest}&Get=*&Replace=${guest}`],
        ['Open', everything],
      ] as const) {
        const commands = [toInbox(fumoObject(name, bench.url, { acl })), execOf(name)];
        assert.deepEqual(await bench.say(guest, guestSecret, commands), [1, 1], name);
        // By itself too, and after another ACL.
        const rights = { target: { uri: `./FwUpdate/${name}?prop=ACL` }, data: `Exec=${guest}&Get=*` };
        await bench.say(guest, guestSecret, [command('Replace', rights)]);
        assert.deepEqual(await bench.say(guest, guestSecret, [execOf(name)]), [0, 1], name);
      }
      await bench.untouched();
    }));

  test('the same where the device was provisioned without firmware updates, and the operator invited it', () =>
    withFirmware({ provisioning: { firmwareUpdate: undefined } as never }, async (bench) => {
      await invite(bench);
      const commands = [toInbox(fumoObject('Own', bench.url, { acl: everything })), execOf('Own')];
      assert.deepEqual(await bench.say(guest, guestSecret, commands), [1, 1]);
      await bench.untouched();
    }));

  test('nor by single Adds, by a tree below ./FwUpdate, by Copy of an object’s leaves, under a name of the operator’s', () =>
    withFirmware({}, async (bench) => {
      await invite(bench);
      const add = (uri: string, data: string): DmCommand =>
        command('Add', { target: { uri }, meta: { format: 'chr' }, data });
      const copy = (from: string, to: string): DmCommand =>
        command('Copy', { source: { uri: from }, target: { uri: to } });
      await bench.say(guest, guestSecret, [
        add('./FwUpdate/Single/DownloadAndUpdate/PkgURL', bench.url),
        command('Add', tndsItem('./FwUpdate/Tree', fumoObject('Tree', bench.url, { acl: everything }))),
        copy('./FwUpdate/Single/DownloadAndUpdate/PkgURL', './FwUpdate/Copy/DownloadAndUpdate/PkgURL'),
        copy('./FwUpdate/Single/DownloadAndUpdate/PkgURL', './FwUpdate/Main/DownloadAndUpdate/PkgURL'),
        copy('./FwUpdate/Main', './FwUpdate/Copied'),
        command('Replace', { target: { uri: './FwUpdate/Tree?prop=Name' }, data: 'Main' }),
        command('Replace', { target: { uri: './FwUpdate/Tree?prop=Name' }, data: 'Renamed' }),
      ]);
      for (const name of ['Single', 'Tree', 'Copy', 'Copied', 'Renamed', 'Main']) {
        assert.deepEqual(await bench.say(guest, guestSecret, [execOf(name)]), [0, 1], name);
      }
      await bench.untouched();
      assert.equal(bench.device.tree?.node('./FwUpdate/Main/DownloadAndUpdate/PkgURL')?.value, '');
    }));

  test('in a session over HTTP: 425, and nothing is begun', () =>
    withFirmware({}, async (bench) => {
      const server = new ScriptedServer({ client: new Uint8Array(4), server: new Uint8Array(4) });
      await server.start();
      after(() => server.close());
      server.script = [
        [toInbox(fumoObject('Own', bench.url, { acl: everything })) as never],
        [execOf('Own') as never],
        [toInbox(fumoObject('Forged', bench.url, { more: forgedOperation(operator) })) as never],
      ];
      const invited = dmAccount('Session', sessionServer, {
        secret: sessionSecret,
        client: { name: 'Bruce2', secret: 'OhBehave' },
        address: server.url,
      });
      assert.deepEqual(await bench.say(operator, operatorSecret, [toInbox(invited)]), [1, 0]);
      assert.equal((await bench.device.connect(sessionServer)).outcome, 'completed');
      assert.deepEqual(
        server.answers.map(({ name, statuses }) => [name, statuses[0]?.status]),
        [
          ['Add', 200],
          ['Exec', 425],
          ['Add', 405],
        ],
      );
      await bench.untouched();
    }));
});

describe('no right comes back under a name', () => {
  const account = (name: string): string => dmAccount(name, operator, { secret: operatorSecret });
  const own = `./DMAcc/${operator}`;
  const remove = command('Delete', { target: { uri: own } });

  test('an account that deletes itself and is added again, in one message or in two, by itself or by a guest', () =>
    withFirmware({}, async (bench) => {
      await invite(bench);
      const exec = [
        toInbox(fumoObject('Again', bench.url, { acl: everything })),
        execOf('Again'),
        execOf('Main'),
      ];
      assert.deepEqual(
        await bench.say(operator, operatorSecret, [remove, toInbox(account('Again'))]),
        [2, 0],
      );
      assert.deepEqual(await bench.say(operator, operatorSecret, exec), [1, 2]);
      const { tree } = bench.device;
      assert.equal(tree?.transaction().aclOf('./FwUpdate/Main'), 'Get=*', 'its ACLs are gone as well');
      const away = command('Delete', { target: { uri: './DMAcc/Again' } });
      assert.deepEqual(await bench.say(operator, operatorSecret, [away]), [1, 0]);
      assert.deepEqual(await bench.say(guest, guestSecret, [toInbox(account(operator))]), [1, 0]);
      assert.deepEqual(await bench.say(operator, operatorSecret, exec), [1, 2]);
      await bench.untouched();
    }));

  test('all of it within one Atomic', () =>
    withFirmware({}, async (bench) => {
      const atomic = group('Atomic', [remove, toInbox(account('Again')), execOf('Main')]);
      const [, failed] = await bench.say(operator, operatorSecret, [atomic]);
      assert.ok(failed > 0);
      await bench.untouched();
      assert.ok(bench.device.tree?.node(own) !== undefined, 'the Atomic is undone');
      assert.deepEqual(
        bench.device.tree?.transaction().aclOf('./FwUpdate/Main').includes(`Exec=${operator}`),
        true,
      );
    }));

  test('a guest takes the name of the operator’s node, or writes the note of one as nodes', () =>
    withFirmware({}, async (bench) => {
      await invite(bench, { more: node('Ext', leaf('provisioned', 'yes') + leaf('notes', 'provisioned')) });
      const rename = (uri: string, name: string): DmCommand =>
        command('Replace', { target: { uri: `${uri}?prop=Name` }, data: name });
      // The operator moves away under another name, and keeps its right; its old name gives the guest nothing.
      assert.deepEqual(await bench.say(operator, operatorSecret, [rename(own, 'Moved')]), [1, 0]);
      await bench.say(operator, operatorSecret, [rename('./DMAcc/Guest', operator)]);
      const exec = (name: string) => [
        toInbox(fumoObject(name, bench.url, { acl: everything })),
        execOf(name),
      ];
      assert.deepEqual(await bench.say(guest, guestSecret, exec('Mine')), [1, 1]);
      await bench.untouched();
      assert.deepEqual(await bench.say(operator, operatorSecret, exec('Ours')), [2, 0]);
      await bench.installed();
    }));
});

describe('a bootstrap', () => {
  const network = imsiOctets('262011234567890');
  const policy = { allow: ['NETWPIN'], network, withAccounts: 'replace' } as const;
  const pushOf = (serverId: string, ...objects: readonly string[]): ReceivedPush => {
    const body = writeMessage(messageOf(serverId, '', [toInbox(...objects)]), 'wbxml');
    return {
      binding: 'wap',
      from: '127.0.0.1:1',
      contentType: { mime: undefined, code: contentTypes['dm+wbxml'].code },
      parameters: { SEC: 'NETWPIN', MAC: bootstrapMac(body, { sec: 'NETWPIN', network }) },
      body,
    };
  };
  const account = (serverId: string): string => dmAccount('New', serverId, { secret: guestSecret });

  test('that brings a firmware update object beside its account, forged or not, is refused whole', () =>
    withFirmware(
      { bootstrap: policy, provisioning: { firmwareUpdate: undefined } as never },
      async (bench) => {
        for (const more of ['', forgedOperation(operator), forgedOperation(guest)]) {
          const push = pushOf(
            guest,
            account(guest),
            fumoObject('Evil', bench.url, { acl: everything, more }),
          );
          const outcome = await bench.device.handlePush(push);
          assert.ok(
            outcome.outcome === 'ignored' && outcome.reason === 'bootstrap-refused',
            JSON.stringify(outcome),
          );
          assert.deepEqual(
            bench.device.accounts.map(({ serverId }) => serverId),
            [operator],
          );
          assert.equal(bench.device.tree?.node('./FwUpdate'), undefined);
        }
        await bench.untouched();
      },
    ));

  test('gives its account no right to the firmware, nor to the account of a server that had it', () =>
    withFirmware({ bootstrap: policy }, async (bench) => {
      for (const serverId of [guest, operator]) {
        const outcome = await bench.device.handlePush(pushOf(serverId, account(serverId)));
        assert.equal(outcome.outcome, 'bootstrapped', JSON.stringify(outcome));
        const commands = [toInbox(fumoObject('Own', bench.url, { acl: everything })), execOf('Own')];
        assert.deepEqual(await bench.say(serverId, guestSecret, commands), [1, 1]);
        const away = command('Delete', { target: { uri: './FwUpdate/Own' } });
        assert.deepEqual(await bench.say(serverId, guestSecret, [away]), [1, 0]);
      }
      await bench.untouched();
    }));

  test('gives it where the provisioning names the server', () =>
    withFirmware(
      {
        bootstrap: policy,
        provisioning: { accounts: [], firmwareServers: [guest] },
      },
      async (bench) => {
        assert.equal((await bench.device.handlePush(pushOf(guest, account(guest)))).outcome, 'bootstrapped');
        const url = { target: { uri: './FwUpdate/Main/DownloadAndUpdate/PkgURL' }, data: bench.url };
        assert.deepEqual(
          await bench.say(guest, guestSecret, [command('Replace', url), execOf('Main')]),
          [2, 0],
        );
        await bench.installed();
      },
    ));

  test('with an access point is taken as before', () =>
    withFirmware({ bootstrap: policy }, async (bench) => {
      const nap = node('Net', leaf('NAPID', 'net'), { type: 'urn:oma:mo:oma-connmo-nap:1.0' });
      assert.equal(
        (await bench.device.handlePush(pushOf(guest, account(guest), nap))).outcome,
        'bootstrapped',
      );
      assert.equal(bench.device.tree?.node('./NAP/Net/NAPID')?.value, 'net');
    }));
});

test('servers that the device was made for update it, wherever the object lies', () =>
  withFirmware({ provisioning: withoutUpdates }, async (bench) => {
    const other = 'com.example.other';
    const acl = `Add=${other}&Delete=${other}&Exec=${other}&Get=*&Replace=${other}`;
    const commands = [toInbox(fumoObject('Ours', bench.url, { acl })), execOf('Ours')];
    assert.deepEqual(await bench.say(other, operatorSecret, commands), [2, 0]);
    await bench.installed();
    const { tree } = bench.device;
    assert.ok(tree);
    assert.equal(owedAlerts(tree, other).length, 1);
    assert.deepEqual(owedAlerts(tree, operator), []);
    assert.equal(bench.device.deviceId, deviceId);
  }));

test('firmwareServers names those who may, and nobody else', () =>
  withFirmware(
    { provisioning: { ...withoutUpdates, firmwareServers: ['com.example.other', guest] } },
    async (bench) => {
      const url = { target: { uri: './FwUpdate/Main/DownloadAndUpdate/PkgURL' }, data: bench.url };
      const commands = [command('Replace', url), execOf('Main')];
      assert.deepEqual(
        await bench.say(operator, operatorSecret, commands),
        [0, 2],
        'an account of the file, unnamed',
      );
      const own = [toInbox(fumoObject('Own', bench.url, { acl: everything })), execOf('Own')];
      assert.deepEqual(await bench.say(operator, operatorSecret, own), [1, 1]);
      await bench.untouched();
      assert.deepEqual(await bench.say('com.example.other', operatorSecret, commands), [2, 0]);
      await bench.installed();
      await invite(bench);
      const named = [toInbox(fumoObject('Named', 'nonsense', { acl: everything })), execOf('Named')];
      assert.deepEqual(await bench.say(guest, guestSecret, named), [2, 0], 'named before it came');
    },
  ));
