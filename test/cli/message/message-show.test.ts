// `reveille message show`: what a message says of itself, without a key.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { refusalAdvice } from '../../../src/cli/message/refusal-advice.ts';
import { hexToBytes } from '../../../src/core/index.ts';
import { type MessageRefusal, refusalMeanings } from '../../../src/security/index.ts';
import { vector } from '../../codec/wbxml/support.ts';
import { runCli } from '../run-cli.ts';
import { built, file, keys, output, parties } from './message-files.ts';

const encrypted = async (): Promise<string> =>
  await output(
    [
      ...['sign', '--key', keys.ec, '--key-name', 'server-2', '--encrypt', './Vendor/Blob'],
      ...['--wrap-key-file', keys.aes, '--content-encryption', 'aes256-gcm', '--recipient-key-name', 'dev-1'],
    ],
    await built('--wbxml', '1.3'),
  );

describe('message show', () => {
  it('explains message, signature and encrypted parts', async () => {
    const said = await output(['show'], await encrypted());
    assert.match(said, /^DM message \(WBXML 1\.3, \d+ octets\)\nsender {5}com\.example\.dm \(ServerID\)\n/);
    assert.match(said, /target {5}IMEI:493005100592800\nsession {4}1A, message 1\n/);
    assert.match(said, /signature {2}ecdsa-sha256, KeyName server-2 \(a hint\); not verified\n/);
    assert.match(said, /digest {5}sha256 [0-9a-f]{64}: holds\n/);
    assert.match(said, /needs the server's ECDSA public key: reveille message verify --key FILE\.pem\n/);
    assert.match(said, /encrypted {2}in command 3: aes256-gcm, key by kw-aes128, KeyName dev-1 \(a hint\)\n/);
    assert.match(said, / {2}2 {2}Atomic\n {4}3 {2}Add \(xml, application\/xenc\+xml\)/);
  });

  it('--json has the same', async () => {
    const shown = JSON.parse(await output(['show', '--json'], await encrypted()));
    assert.equal(shown.form, 'wbxml');
    assert.equal(shown.wbxmlVersion, '1.3');
    assert.equal(shown.serverId, 'com.example.dm');
    const { state, algorithm, digestHolds, keyName } = shown.signature;
    assert.deepEqual(
      [state, algorithm, digestHolds, keyName],
      ['readable', 'ecdsa-sha256', true, 'server-2'],
    );
    assert.deepEqual(shown.encrypted, [
      { cmdId: '3', content: 'aes256-gcm', transport: 'kw-aes128', keyName: 'dev-1' },
    ]);
    assert.equal(shown.commands.length, 2);
  });

  it('the worked example of 701 octets, in WBXML and in XML', async () => {
    const { hex } = vector('the signed message');
    const said = await output(['show'], hex);
    assert.match(said, /WBXML 1\.\d, 701 octets/);
    assert.match(said, /needs the key that both ends have: reveille message verify --hmac-key-file FILE\n/);
    const xml = await output(['show', '--xml'], hex);
    assert.match(await output(['show'], xml), /^DM message \(XML, \d+ octets\)[\s\S]*: holds\n/);
  });

  it('shows a tree as XML, whichever way it travels', async () => {
    const tree =
      '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>Op</NodeName><RTProperties><ACL>Get=*</ACL></RTProperties></Node></MgmtTree>';
    const message = await output(['build', '--tnds', file('tree.xml', tree), ...parties]);
    const signed = await output(['sign', '--key', keys.rsa], message);
    for (const args of [
      ['show', '--json'],
      ['verify', '--key', keys.rsaPublic, '--json'],
    ]) {
      const { commands } = JSON.parse(await output(args, signed));
      assert.equal(commands[0].items[0].target, './Inbox');
      assert.equal(commands[0].items[0].data, tree);
    }
  });

  it('says when a message is not signed, was changed, or is signed by another profile', async () => {
    assert.match(await output(['show'], await built()), /signature {2}none: devices refuse it; sign it/);
    const xml = await output(['show', '--xml'], await encrypted());
    assert.match(
      await output(['show'], xml.replace('>1A<', '>1B<')),
      /does not hold, the message was changed/,
    );
    const other = xml.replace('ecdsa-sha256', 'ecdsa-sha512');
    assert.match(await output(['show'], other), /refused by every device, unknown-algorithm: .*\n.*docs/);
    const halved = xml.replace(/<SyncBody>.*<\/SyncBody>/s, '');
    assert.match(await output(['show'], halved), /problem {4}.*SyncBody[\s\S]*unsigned-sibling/);
  });

  it('shows what would steer a terminal by its number', async () => {
    const xml = (await built('--xml')).replace('./Vendor/Old', './Vendor/&#x9b;2J');
    assert.doesNotMatch(await output(['show'], xml), /\u009b/);
  });

  it('refuses octets that are no document, each with status 1 and one line', async () => {
    const octets = hexToBytes(await encrypted());
    for (const stdin of [octets.subarray(0, 40), 'nonsense', '0203', '<!DOCTYPE a><a/>']) {
      const { status, stdout, stderr } = await runCli(['message', 'show'], { stdin });
      assert.equal(status, 1);
      assert.equal(stdout, '');
      assert.equal(stderr.split('\n').length, 2, stderr);
    }
    assert.equal((await runCli(['message', 'show', '--xml', '--json'], { stdin: octets })).status, 2);
  });

  it('any octets, and a signed message with any octet changed, give an answer or one line', async () => {
    const signed = hexToBytes(await encrypted());
    const changed = fc.tuple(fc.nat(signed.length - 1), fc.nat(255)).map(([at, octet]) => {
      const copy = signed.slice();
      copy[at] = octet;
      return copy;
    });
    const input = fc.oneof(changed, fc.uint8Array({ maxLength: 60 }));
    const args = fc.constantFrom(
      ['show'],
      ['show', '--json'],
      ['show', '--xml'],
      ['verify', '--key', keys.ecPublic, '--wrap-key-file', keys.aes],
      ['sign', '--key', keys.ec],
    );
    await fc.assert(
      fc.asyncProperty(args, input, async (command, stdin) => {
        const { status, stderr } = await runCli(['message', ...command], { stdin });
        assert.ok(status === 0 || stderr.split('\n').length === 2, stderr);
        assert.doesNotMatch(stderr, /unexpected error/);
      }),
      { numRuns: 200 },
    );
  });

  it('every reason for a refusal comes with what to do', () => {
    for (const reason of Object.keys(refusalMeanings) as MessageRefusal[]) {
      assert.match(refusalAdvice(reason), /^[A-Z].{20}/);
    }
  });

  it('reveille message alone prints its help', async () => {
    const { status, stderr } = await runCli(['message']);
    assert.equal(status, 2);
    assert.match(stderr, /build[\s\S]*sign[\s\S]*verify[\s\S]*show/);
  });
});
