// What nobody is answered about, a device tells at its default log level, and as an event: whole process, over UDP.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { DmCommand, Item } from '../../../src/codec/syncml/index.ts';
import { element, namespaces } from '../../../src/codec/xml/index.ts';
import { utf8ToBytes } from '../../../src/core/index.ts';
import { contentTypes, type PushContentType } from '../../../src/push/index.ts';
import { createWapSender } from '../../../src/push/wap/index.ts';
import { imsiOctets } from '../../../src/security/index.ts';
import { composeBootstrap } from '../../../src/sessionless/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { command, group, signedBy } from '../../device/signed-server.ts';
import { CliProcess } from '../long-running.ts';
import { file } from '../message/message-files.ts';

const serverId = 'com.example.dm';
const deviceId = 'IMEI:990000120000016';
const secret = 'server-secret of some length';

const node = (uri: string): Item => ({ target: { uri }, meta: { format: 'node' } });
const get: DmCommand = { name: 'Get', cmdId: '1', items: [{ target: { uri: './DevInfo' } }] };
const add = (uri: string): DmCommand => command('Add', node(uri));

/** A group in a group, where each command needs a number of its own. */
const nested = (one: DmCommand): DmCommand =>
  one.name === 'Atomic' ? { ...one, commands: one.commands.map((each) => ({ ...each, cmdId: '80' })) } : one;

const { syncml } = namespaces;
const vendor: DmCommand = {
  name: 'Unknown',
  cmdId: '1',
  element: element('Search', syncml, element('CmdID', syncml, '1')),
};

/** What the runner refuses: the commands, what is said of them, and how many failed. */
const refused: readonly (readonly [name: string, commands: readonly DmCommand[], said: RegExp])[] = [
  [
    'an Atomic with a Get',
    [group('Atomic', [add('./A1'), get])],
    /Atomic refused with 507: neither a Get nor an Atomic/,
  ],
  [
    'an Atomic in an Atomic',
    [group('Atomic', [nested(group('Atomic', [add('./A2')]))])],
    /Atomic refused with 507: neither a Get nor an Atomic/,
  ],
  [
    'an Atomic in which a command fails',
    [group('Atomic', [add('./A3'), add('./DevInfo/DevId')])],
    /Atomic refused with 507: one of its commands failed, and what it had done is undone/,
  ],
  [
    'a Sequence in which a command fails',
    [group('Sequence', [add('./DevInfo/DevId'), add('./A4')])],
    /Sequence: 1 of 2 commands were not carried out after one that failed/,
  ],
  [
    'an alert that is none for the user',
    [{ name: 'Alert', cmdId: '1', data: '1226', items: [] }],
    /Alert 1226 refused with 406: it is none of the alerts 1100 to 1104/,
  ],
  [
    'an alert for the user without its text',
    [{ name: 'Alert', cmdId: '1', data: '1101', items: [] }],
    /Alert 1101 refused with 412: an alert for the user lacks its text/,
  ],
  [
    'an unknown command',
    [vendor],
    /Unknown refused with 406: \\?"Search\\?" is no command of device management/,
  ],
  [
    'an object of which the last piece does not come (MoreData)',
    [command('Add', { target: { uri: './A5' }, meta: { size: 20 }, data: 'half', moreData: true })],
    /Add refused: the message ends in the middle of an object \(MoreData\)/,
  ],
  [
    'MoreData without a Size',
    [command('Add', { target: { uri: './A6' }, data: 'half', moreData: true })],
    /Add refused with 412: the first piece of an object came without its Size/,
  ],
  [
    'an Item without a Target',
    [command('Add', { data: 'x' })],
    /Add refused with 412: the item has no Target/,
  ],
  [
    'a Copy without a Source',
    [command('Copy', { target: { uri: './A7' } })],
    /Copy refused with 412: the item has no Source/,
  ],
  ['a command that the tree refuses', [add('./DevInfo/DevId')], /Add refused with 4\d\d: /],
];

describe('what a device alone can tell', { concurrency: false }, () => {
  let device: CliProcess;
  let to = '';
  const sender = createWapSender();
  const never = new AbortController().signal;

  before(async () => {
    const account = {
      serverId,
      address: 'http://127.0.0.1:9/dm',
      client: { scheme: 'md5', name: 'd', secret: 'x', nonceBase64: 'AAAAAA==' },
      server: { scheme: 'md5', secret, nonceBase64: 'AAAAAA==' },
    };
    const provision = { deviceId, man: 'Reveille', mod: 'Test', accounts: [account] };
    device = new CliProcess([
      ...['device', '--state', file('remarks.json')],
      ...['--provision', file('remarks-provision.json', JSON.stringify(provision))],
      ...['--json', '--listen', 'wap:127.0.0.1:0'],
    ]);
    [, to = ''] = await device.prints(/listens on wap:\S+:(\d+);/);
  });
  after(async () => {
    await sender.close();
    await device?.end();
  });

  const push = (contentType: PushContentType, body: Uint8Array): Promise<unknown> =>
    sender.send({ id: 'p', contentType, body }, { host: '127.0.0.1', port: Number(to) }, never);

  for (const [name, commands, said] of refused) {
    it(`DM-SESSIONLESS-1.3 §5.5: ${name} is logged at the default level, and an event`, async () => {
      const [before, written] = [device.stdout.length, device.stderr.length];
      const { body } = signedBy(serverId, secret, deviceId, commands);
      await push(contentTypes['dm+wbxml'], body);
      const [, failed = '0'] = await printedAfter(
        before,
        /"(?:message-processed|ignored)"[^\n]*?(?:"failed":(\d+)[^\n]*)?\n/,
      );
      const lines = device.stdout.slice(before).split('\n');
      const event = lines.filter((line) => line.includes('"message-remark"')).join('\n');
      assert.match(event, said);
      assert.match(event, new RegExp(`"serverId":"${serverId}"`));
      // Another pipe, which may be read later.
      await eventually(() => said.test(device.stderr.slice(written)), `${said} in the log`);
      assert.notEqual(failed, '0');
    });
  }

  /** Waits for a line of standard output from `start` on. */
  async function printedAfter(start: number, line: RegExp): Promise<RegExpExecArray> {
    const found = (): RegExpExecArray | null => line.exec(device.stdout.slice(start));
    await eventually(() => found() !== null, String(line));
    return found() ?? assert.fail('printed before');
  }

  for (const profile of ['dm', 'cp'] as const) {
    it(`a ${profile} bootstrap on a device without a policy is told at the default level, and an event`, async () => {
      const [before, written] = [device.stdout.length, device.stderr.length];
      const made = composeBootstrap({
        profile,
        account: {
          serverId: 'com.example.new',
          addresses: [{ addr: 'https://dm.example.com/dm' }],
          authPreference: 'DIGEST',
          credentials: [
            {
              level: 'CLCRED',
              type: 'DIGEST',
              name: 'd1',
              secret: 'client secret',
              data: utf8ToBytes('abc'),
            },
            {
              level: 'SRVCRED',
              type: 'DIGEST',
              name: 'n',
              secret: 'server secret 16',
              data: utf8ToBytes('def'),
            },
          ],
        },
        protection: { sec: 'NETWPIN', network: imsiOctets('262011234567890') },
      });
      await push({ ...contentTypes[made.kind], parameters: made.parameters }, made.body);
      await printedAfter(before, /"event":"ignored"[^\n]*\n/);
      const told = /"reason":"bootstrap-refused"[^\n]*no bootstrap policy[^\n]*--bootstrap FILE/;
      assert.match(device.stdout.slice(before), told);
      assert.match(device.stderr.slice(written), told);
    });
  }
});
