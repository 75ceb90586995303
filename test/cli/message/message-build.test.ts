// `reveille message build`: commands and trees to DM messages.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { embeddedTree, readMessage } from '../../../src/codec/syncml/index.ts';
import { hexToBytes } from '../../../src/core/index.ts';
import { runCli } from '../run-cli.ts';
import { built, file, job, output, parties } from './message-files.ts';

const tree =
  '<MgmtTree xmlns="syncml:dmddf1.2">\n  <VerDTD>1.2</VerDTD>\n  <Node><NodeName>Op</NodeName><Value>w7</Value></Node>\n</MgmtTree>\n';

describe('message build', () => {
  it('makes WBXML of commands, numbered, for one device', async () => {
    const message = readMessage(hexToBytes(await built()), 'wbxml');
    assert.equal(message.header.source.uri, 'com.example.dm');
    assert.equal(message.header.target.uri, 'IMEI:493005100592800');
    assert.equal(message.header.sessionId, '1A');
    assert.equal(message.header.msgId, '1');
    assert.equal(message.final, true);
    const [replace, atomic] = message.commands;
    assert.ok(replace?.name === 'Replace' && atomic?.name === 'Atomic');
    assert.equal(replace.items[0]?.data, 'awake & <well>\r\n€');
    const [add] = atomic.commands;
    assert.ok(add?.name === 'Add');
    assert.deepEqual(add.items[0]?.data, hexToBytes('00ff80c3'));
    assert.deepEqual(
      [replace, atomic, ...atomic.commands].map(({ cmdId }) => cmdId),
      ['1', '2', '3', '4'],
    );
  });

  for (const [version, first] of [
    ['1.1', '01'],
    ['1.2', '02'],
    ['1.3', '03'],
  ] as const) {
    it(`writes WBXML ${version}`, async () => {
      assert.ok((await built('--wbxml', version)).startsWith(first));
    });
  }

  it('writes XML, and octets to a file', async () => {
    assert.match(await built('--xml'), /^<SyncML xmlns="SYNCML:SYNCML1.2">.*<\/SyncML>\n$/s);
    const out = file('built.wbxml');
    assert.equal(await built('--out', out), '');
    assert.equal(readFileSync(out).toString('hex'), (await built()).trim());
  });

  it('takes header fields from the JSON; options win; a session id is drawn when none is given', async () => {
    const fields = { serverId: 'a', deviceId: 'b', sessionId: 'ff', msgId: '7', commands: JSON.parse(job) };
    const path = file('job.json', JSON.stringify(fields));
    const { header } = readMessage(hexToBytes(await output(['build', path, '--device-id', 'c'])), 'wbxml');
    assert.deepEqual([header.source.uri, header.target.uri], ['a', 'c']);
    assert.deepEqual([header.sessionId, header.msgId], ['FF', '7']);
    const drawn = readMessage(hexToBytes(await output(['build', '-', ...parties], job)), 'wbxml');
    assert.match(drawn.header.sessionId, /^[1-9A-F][0-9A-F]{0,3}$/);
  });

  it('adds trees, into the Inbox or where --tnds-to says, with commands or without', async () => {
    const path = file('tree.xml', tree);
    const only = readMessage(hexToBytes(await output(['build', '--tnds', path, ...parties])), 'wbxml');
    const [add] = only.commands;
    assert.ok(only.commands.length === 1 && add?.name === 'Add');
    assert.equal(add.items[0]?.target?.uri, './Inbox');
    assert.equal(embeddedTree(add.items[0]?.data ?? '').name, 'MgmtTree');
    const args = ['build', '-', ...parties, '--tnds', path, '--tnds', path, '--tnds-to', './Op'];
    const several = readMessage(hexToBytes(await output(args, job)), 'wbxml');
    assert.equal(several.commands.length, 4);
  });

  const refusals: readonly (readonly [string, readonly string[], string | undefined, number, RegExp])[] = [
    ['no input', parties, undefined, 2, /no FILE given and nothing on standard input/],
    ['no server', ['-', '--device-id', 'x'], job, 2, /no serverId\. Give --server-id/],
    ['no JSON', ['-', ...parties], '{', 1, /line 1, column 2: not JSON/],
    ['an unknown field', ['-', ...parties], '{"commands":[],"when":1}', 1, /has a field "when"/],
    ['no commands', ['-', ...parties], '{}', 2, /holds no commands/],
    ['a bad command', ['-', ...parties], '[{"command":"add","uri":"x"}]', 1, /commands\[0\]\.uri/],
    ['a Get', ['-', ...parties], '[{"command":"get","uri":"./A"}]', 1, /get asks for an answer/],
    ['a bad session', ['-', ...parties, '--session-id', '12345'], job, 1, /1 to 4 upper-case hex digits/],
    ['two forms', ['-', ...parties, '--xml', '--wbxml', '1.1'], job, 2, /exclude each other/],
    ['no such version', ['-', ...parties, '--wbxml', '1.4'], job, 2, /1\.1, 1\.2, 1\.3/],
    ['no tree', [...parties, '--tnds', file('no-tree.xml', '<A/>')], undefined, 1, /holds no tree/],
    ['no such file', [...parties, '--tnds', '/nowhere'], undefined, 1, /no such file/],
  ];
  for (const [name, args, stdin, expected, text] of refusals) {
    it(`refuses ${name}, and says what to do`, async () => {
      const input = stdin === undefined ? {} : { stdin };
      const { status, stdout, stderr } = await runCli(['message', 'build', ...args], input);
      assert.equal(status, expected, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, text);
      assert.equal(stderr.split('\n').length, 2, 'one line');
    });
  }
});
