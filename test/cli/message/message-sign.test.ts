// `reveille message sign` and `verify`, piped into each other: every algorithm, encryption, refusals.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { hexToBytes } from '../../../src/core/index.ts';
import { vector } from '../../codec/wbxml/support.ts';
import { runCli } from '../run-cli.ts';
import { algorithms, built, file, keys, oldAlgorithms, output } from './message-files.ts';

const tree =
  '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>Op</NodeName></Node></MgmtTree>';

describe('message build | sign | verify', () => {
  for (const { name, sign, verify } of [...algorithms, ...oldAlgorithms]) {
    for (const version of ['1.1', '1.2', '1.3']) {
      it(`${name}, WBXML ${version}: holds`, async () => {
        const signed = await output(['sign', ...sign], await built('--wbxml', version));
        assert.ok(signed.startsWith(`0${version.slice(2)}`));
        const said = await output(['verify', ...verify], signed);
        assert.match(said, /^The signature holds\.\nsender {5}com\.example\.dm /);
        assert.match(said, new RegExp(`algorithm  ${name}\n`));
        assert.match(said, / {2}1 {2}Replace \.\/Vendor\/Note: awake/);
        assert.match(said, / {4}3 {2}Add \.\/Vendor\/Blob \(bin\): 4 octets/);
      });
    }
  }

  it('takes XML and WBXML, as octets and in hex, from files and standard input', async () => {
    const [rsa] = algorithms;
    assert.ok(rsa);
    const hex = await built();
    const inputs = [
      hex,
      hexToBytes(hex),
      hex.trim().replace(/../g, '$& ').toUpperCase(),
      await built('--xml'),
    ];
    const outputs = new Set<string>();
    for (const [index, input] of inputs.entries()) {
      outputs.add(await output(['sign', ...rsa.sign], input));
      outputs.add(await output(['sign', ...rsa.sign, file(`input-${index}`, input)]));
    }
    // RSA of PKCS #1 1.5 always gives the same.
    assert.equal(outputs.size, 1);
    const [signed = ''] = outputs;
    const out = file('signed.wbxml');
    await output(['sign', ...rsa.sign, '--out', out], hex);
    assert.equal(readFileSync(out).toString('hex'), signed.trim());
    assert.match(await output(['verify', ...rsa.verify, out]), /holds/);
    const xml = await output(['sign', ...rsa.sign, '--xml'], hex);
    assert.match(xml, /<Signature xmlns=/);
    assert.match(await output(['verify', ...rsa.verify], xml), /holds/);
  });

  it('takes XML as people indent it: what is signed has no white space between elements', async () => {
    const plain = await built('--xml', '--tnds', file('op.xml', tree));
    // Not inside Data of text, where white space is content.
    const indented = plain.replace(/>(?=<)(?!<\/Data)/g, '>\n  ');
    assert.notEqual(indented, plain);
    const options = ['sign', '--key', keys.rsa];
    assert.equal(await output(options, indented), await output(options, plain));
  });

  it('--json has sender, algorithm, digest and commands', async () => {
    const [rsa] = algorithms;
    assert.ok(rsa);
    const signed = await output(['sign', ...rsa.sign], await built());
    const result = JSON.parse(await output(['verify', ...rsa.verify, '--json'], signed));
    assert.equal(result.verdict, 'verified');
    assert.equal(result.serverId, 'com.example.dm');
    assert.equal(result.deviceId, 'IMEI:493005100592800');
    assert.equal(result.algorithm, 'rsa-sha256');
    assert.match(result.contentDigest, /^[0-9a-f]{64}$/);
    assert.equal(result.commands[0].items[0].data, 'awake & <well>\r\n€');
    assert.equal(result.commands[1].commands[0].items[0].dataBase64, 'AP+Aww==');
  });

  const receivers = [
    ['RSA-OAEP', ['--recipient-key', keys.devicePublic], ['--decrypt-key', keys.device]],
    [
      'RSA-OAEP with SHA-256',
      ['--recipient-key', keys.devicePublic, '--key-transport', 'rsa-oaep-sha256'],
      ['--decrypt-key', keys.device],
    ],
    ['AES key wrap', ['--wrap-key-file', keys.aes], ['--wrap-key-file', keys.aes]],
  ] as const;
  for (const [name, to, from] of receivers) {
    for (const what of ['body', './Vendor/Note']) {
      for (const content of ['aes128-gcm', 'aes256-gcm']) {
        it(`DM-SESSIONLESS-1.3 §5.2: encrypts ${what} by ${name}, ${content}`, async () => {
          const [rsa] = algorithms;
          assert.ok(rsa);
          const options = ['--encrypt', what, ...to, '--content-encryption', content];
          const signed = await output(['sign', ...rsa.sign, ...options], await built());
          assert.equal(Buffer.from(hexToBytes(signed)).includes('awake'), false);
          assert.match(await output(['verify', ...rsa.verify, ...from], signed), /1 opened[\s\S]*awake/);
          // Without the key the signature still holds, and says that a part stays closed.
          assert.match(await output(['verify', ...rsa.verify], signed), /1 not opened; give --decrypt-key/);
          const wrong = await runCli(['message', 'verify', ...rsa.verify, '--decrypt-key', keys.rsa], {
            stdin: signed,
          });
          assert.equal(wrong.status, 1);
          assert.match(wrong.stderr, /refused, undecryptable: .*--decrypt-key or --wrap-key-file/);
        });
      }
    }
  }

  it('the worked example of 701 octets verifies under its key', async () => {
    const { hex } = vector('the signed message');
    const key = ['--hmac-key-file', keys.secret];
    const result = JSON.parse(await output(['verify', ...key, '--json'], hex));
    assert.equal(result.serverId, 'com.mgmtsrv.manage');
    assert.equal(result.algorithm, 'hmac-sha256');
    assert.equal(
      Buffer.from(result.contentDigest, 'hex').toString('base64'),
      '0Le+PzlPv1okP30tEduAJl1JnfD1UPjCsvdurcnoueU=',
    );
    const ended = file('secret-with-line-end.txt', 'shared-secret-16b\n');
    const inHex = file('secret-in-hex.txt', `hex:${Buffer.from('shared-secret-16b').toString('hex')}\n`);
    for (const path of [ended, inHex]) await output(['verify', '--hmac-key-file', path], hex);
  });

  const changed = (hex: string): string => {
    const octets = Buffer.from(hexToBytes(hex));
    const at = octets.indexOf('awake');
    octets.write('asked', at);
    return octets.toString('hex');
  };
  const refusals: readonly (readonly [string, RegExp, readonly string[], ((hex: string) => string)?])[] = [
    [
      'another key',
      /refused, wrong-signature: .*claims to be from com\.example\.dm/,
      ['--key', keys.strangerPublic],
    ],
    [
      'a key of another algorithm',
      /substituted-algorithm: no key of the account is for/,
      ['--key', keys.ecPublic],
    ],
    ['a public key as HMAC secret', /a PEM text is no secret/, ['--hmac-key-file', keys.rsaPublic]],
    ['a shared key', /substituted-algorithm/, ['--hmac-key-file', keys.secret]],
    ['a changed body', /digest-mismatch: .*get it again/, ['--key', keys.rsaPublic], changed],
    ['a cut message', /undecodable: /, ['--key', keys.rsaPublic], (hex) => hex.trim().slice(0, -2)],
    ['another server', /unknown-server: /, ['--key', keys.rsaPublic, '--server-id', 'org.other']],
    ['another device', /other-device: .*--device-id/, ['--key', keys.rsaPublic, '--device-id', 'IMEI:1']],
  ];
  for (const [name, text, options, change] of refusals) {
    it(`verify refuses ${name} with status 1, the reason and what to do`, async () => {
      const signed = await output(['sign', '--key', keys.rsa], await built());
      const stdin = change === undefined ? signed : change(signed);
      const { status, stdout, stderr } = await runCli(['message', 'verify', ...options], { stdin });
      assert.equal(status, 1, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, text);
      assert.equal(stderr.split('\n').length, 2, 'one line');
    });
  }

  it('verify refuses SHA-1 unless it is named, and an unsigned message; --json has the reason', async () => {
    const [old] = oldAlgorithms;
    assert.ok(old);
    const signed = await output(['sign', ...old.sign], await built());
    const sha1 = await runCli(['message', 'verify', '--key', keys.rsaPublic, '--json'], { stdin: signed });
    assert.equal(sha1.status, 1);
    const { verdict, reason, advice, claimedServerId } = JSON.parse(sha1.stdout);
    assert.deepEqual([verdict, reason, claimedServerId], ['refused', 'sha1', 'com.example.dm']);
    assert.match(advice, /--algorithm rsa-sha1/);
    const bare = await runCli(['message', 'verify', '--key', keys.rsaPublic], { stdin: await built() });
    assert.match(bare.stderr, /not-signed: .*reveille message sign/);
  });

  it('the worked example is refused under another key', async () => {
    const path = file('other-secret.txt', 'another-secret-17b');
    const stdin = vector('the signed message').hex;
    const { status, stderr } = await runCli(['message', 'verify', '--hmac-key-file', path], { stdin });
    assert.equal(status, 1);
    assert.match(stderr, /refused, wrong-signature: /);
  });

  const calls: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ['no key', [], 2, /no key\. Give --key FILE\.pem/],
    ['two keys', ['--key', keys.rsa, '--hmac-key-file', keys.secret], 2, /exclude each other/],
    [
      'a public key to sign with',
      ['--key', keys.rsaPublic],
      1,
      /rsa\.pub: .*give an unencrypted private key/,
    ],
    ['a key that is none', ['--key', keys.secret], 1, /secret\.txt: is not a private key in PEM/],
    ['a missing key', ['--key', '/nowhere'], 1, /cannot read \/nowhere: no such file/],
    ['a key on standard input', ['--key', '-'], 2, /a key comes from a file/],
    ['HMAC with a key pair', ['--key', keys.rsa, '--algorithm', 'hmac-sha256'], 2, /--hmac-key-file/],
    ['RSA with a secret', ['--hmac-key-file', keys.secret, '--algorithm', 'rsa-sha256'], 2, /--key FILE/],
    ['ECDSA with an RSA key', ['--key', keys.rsa, '--algorithm', 'ecdsa-sha256'], 1, /not for ecdsa-sha256/],
    ['nobody to encrypt to', ['--key', keys.rsa, '--encrypt', 'body'], 2, /--recipient-key/],
    ['nothing to encrypt', ['--key', keys.rsa, '--recipient-key', keys.devicePublic], 2, /--encrypt body/],
    [
      'a part that is not there',
      ['--key', keys.rsa, '--recipient-key', keys.devicePublic, '--encrypt', './Else'],
      2,
      /no item has this target\. .*\.\/Vendor\/Note/,
    ],
    ['a short AES key', ['--key', keys.rsa, '--wrap-key-file', keys.secret], 1, /16, 24 or 32 octets/],
  ];
  for (const [name, options, expected, text] of calls) {
    it(`sign refuses ${name}, and says what to do`, async () => {
      const { status, stdout, stderr } = await runCli(['message', 'sign', ...options], {
        stdin: await built(),
      });
      assert.equal(status, expected, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, text);
      assert.doesNotMatch(stderr, /PRIVATE KEY|shared-secret/);
    });
  }

  it('sign refuses a signed message, and input that is none', async () => {
    const signed = await output(['sign', '--key', keys.rsa], await built());
    for (const [stdin, text] of [
      [signed, /signed already/],
      ['hello', /standard input is neither a DM message in XML nor one in WBXML/],
      ['123', /odd number of hex digits/],
      ['', /neither/],
      ['<A/>', /not SyncML/],
    ] as const) {
      const { status, stderr } = await runCli(['message', 'sign', '--key', keys.rsa], { stdin });
      assert.notEqual(status, 0);
      assert.match(stderr, text);
    }
    const terminal = await runCli(['message', 'sign', '--key', keys.rsa]);
    assert.equal(terminal.status, 2);
    assert.match(terminal.stderr, /nothing on standard input/);
  });

  it('--spelling: each shorter than the one before, and each opens', async () => {
    const sealed = ['--hmac-key-file', keys.secret, '--encrypt', 'body', '--wrap-key-file', keys.aes];
    const lengths: number[] = [];
    for (const spelling of ['plain', 'compact', 'opaque']) {
      const signed = await output(['sign', ...sealed, '--spelling', spelling], await built());
      lengths.push(signed.trim().length / 2);
      const opening = ['--hmac-key-file', keys.secret, '--wrap-key-file', keys.aes];
      assert.match(await output(['verify', ...opening], signed), /awake & <well>|\.\/Vendor\/Note/);
    }
    const [plain = 0, compact = 0, opaque = 0] = lengths;
    assert.ok(opaque < compact && compact < plain, lengths.join(' '));
    assert.equal((await output(['sign', ...sealed], await built())).trim().length / 2, compact);
  });

  it('send --dm-message - sends what sign prints, in hex or as octets, unchanged', async () => {
    const signed = await output(['sign', '--hmac-key-file', keys.secret], await built());
    const octets = Buffer.from(hexToBytes(signed));
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    try {
      const { port } = socket.address() as AddressInfo;
      for (const stdin of [signed, octets]) {
        const received = once(socket, 'message');
        const sent = await runCli(['send', `wap:127.0.0.1:${port}`, '--dm-message', '-'], { stdin });
        assert.equal(sent.status, 0, sent.stderr);
        assert.match(sent.stdout, new RegExp(`^sent ${octets.length} octets to .*dm\\+wbxml`));
        const [datagram] = (await received) as [Buffer];
        assert.ok(datagram.subarray(-octets.length).equals(octets));
      }
    } finally {
      socket.close();
    }
  });
});
