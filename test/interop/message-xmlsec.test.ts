// `reveille message` against xmlsec1: what sign makes it verifies and decrypts, what it signs verify takes.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { decodeWbxml, encodeWbxml } from '../../src/codec/wbxml/index.ts';
import {
  childElement,
  isElement,
  readXml,
  textOf,
  writeXml,
  type XmlElement,
} from '../../src/codec/xml/index.ts';
import { hexToBytes } from '../../src/core/index.ts';
import { PrivateKey, WrappingKey } from '../../src/security/index.ts';
import { composeMessage } from '../../src/sessionless/index.ts';
import { algorithms, built, keys, oldAlgorithms, output } from '../cli/message/message-files.ts';
import { runCli } from '../cli/run-cli.ts';
import { rsa as rsaKey } from '../security/message-keys.ts';
import { XmlsecTool } from './xmlsec-tool.ts';

const xmlsec = new XmlsecTool();
after(() => xmlsec.close());
const aes = xmlsec.file('aes.bin', Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'));

/** Options of xmlsec1 that name the key of an algorithm. */
function keyOptions(algorithm: string, purpose: 'sign' | 'verify'): readonly string[] {
  if (algorithm.startsWith('hmac')) return ['--hmackey', keys.secret];
  const kind = algorithm.startsWith('rsa') ? 'rsa' : 'ec';
  return purpose === 'sign' ? ['--privkey-pem', keys[kind]] : ['--pubkey-pem', keys[`${kind}Public`]];
}

describe('SM-S-004: what message sign makes, xmlsec1 verifies', () => {
  for (const { name, sign } of [...algorithms, ...oldAlgorithms]) {
    test(`${name}, sign --xml`, async () => {
      const xml = await output(['sign', ...sign, '--xml', '--key-name', 'k1'], await built());
      const { ok, errors } = xmlsec.run('--verify', keyOptions(name, 'verify'), xml);
      assert.ok(ok, errors);
      const changed = xml.replace('awake', 'asleep');
      assert.equal(xmlsec.run('--verify', keyOptions(name, 'verify'), changed).ok, false);
    });

    for (const version of ['1.1', '1.2', '1.3']) {
      test(`${name}, after WBXML ${version}, show --xml`, async () => {
        const signed = await output(['sign', ...sign, '--wbxml', version], await built());
        const xml = await output(['show', '--xml'], signed);
        const { ok, errors } = xmlsec.run('--verify', keyOptions(name, 'verify'), xml);
        assert.ok(ok, errors);
      });
    }
  }
});

/** A Signature for xmlsec1 to fill in. */
function template(algorithm: string): string {
  const old = algorithm.endsWith('sha1');
  const xmldsig = 'http://www.w3.org/2000/09/xmldsig#';
  const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
  const method = `${old ? xmldsig : 'http://www.w3.org/2001/04/xmldsig-more#'}${algorithm}`;
  const digest = old ? `${xmldsig}sha1` : 'http://www.w3.org/2001/04/xmlenc#sha256';
  return `<Signature xmlns="${xmldsig}">
  <SignedInfo>
    <CanonicalizationMethod Algorithm="${exclusive}"/>
    <SignatureMethod Algorithm="${method}"/>
    <Reference URI="">
      <Transforms>
        <Transform Algorithm="${xmldsig}enveloped-signature"/>
        <Transform Algorithm="${exclusive}"/>
      </Transforms>
      <DigestMethod Algorithm="${digest}"/>
      <DigestValue/>
    </Reference>
  </SignedInfo>
  <SignatureValue/>
</Signature>`;
}

describe('what xmlsec1 signs, message verify takes', () => {
  for (const { name, verify } of [...algorithms, ...oldAlgorithms]) {
    test(`${name}, as XML and as WBXML`, async () => {
      const bare = (await built('--xml')).trim().replace(/<\/SyncML>$/, `${template(name)}</SyncML>`);
      const signed = xmlsec.make('--sign', keyOptions(name, 'sign'), bare);
      for (const input of [signed, encodeWbxml(readXml(signed))]) {
        const said = await output(['verify', ...verify], input);
        assert.match(said, new RegExp(`^The signature holds\\.[\\s\\S]*algorithm  ${name}\n`));
      }
      const changed = signed.replace('awake', 'asleep');
      const { status, stderr } = await runCli(['message', 'verify', ...verify], { stdin: changed });
      assert.equal(status, 1);
      assert.match(stderr, /digest-mismatch/);
    });
  }
});

describe('DM-SESSIONLESS-1.3 §5.2: what message sign encrypts, xmlsec1 decrypts', () => {
  const [rsa] = algorithms;
  assert.ok(rsa);
  const receivers = [
    ['RSA-OAEP', ['--recipient-key', keys.devicePublic], ['--privkey-pem', keys.device]],
    ['AES key wrap', ['--wrap-key-file', keys.aes], ['--aeskey', aes]],
  ] as const;
  for (const [name, to, from] of receivers) {
    for (const content of ['aes128-gcm', 'aes256-gcm']) {
      for (const what of ['body', './Vendor/Note']) {
        test(`${what}, ${name}, ${content}`, async () => {
          const options = ['--encrypt', what, ...to, '--content-encryption', content, '--xml'];
          const xml = await output(['sign', ...rsa.sign, ...options], await built());
          assert.ok(xmlsec.run('--verify', keyOptions(rsa.name, 'verify'), xml).ok);
          assert.doesNotMatch(xml, /awake/);
          const sealed = dataTexts(readXml(xml)).filter((text) => text.startsWith('<EncryptedData'));
          assert.equal(sealed.length, 1);
          const plain = readXml(xmlsec.make('--decrypt', from, sealed[0] ?? ''));
          assert.equal(plain.name, what === 'body' ? 'SyncBody' : 'Item');
          assert.ok(dataTexts(plain).includes('awake & <well>\r\n€'));
        });
      }
    }
  }
});

describe('DM-SESSIONLESS-1.3 §5.2: however short a message is written, xmlsec1 reads its XML view', () => {
  const wrapping = new WrappingKey(hexToBytes('000102030405060708090a0b0c0d0e0f'));
  for (const spelling of ['plain', 'compact', 'opaque'] as const) {
    test(spelling, () => {
      const { octets } = composeMessage(
        {
          serverId: 'com.example.dm',
          deviceId: 'IMEI:1',
          sessionId: '1A',
          commands: [
            { name: 'Replace', cmdId: '1', items: [{ target: { uri: './Vendor/Note' }, data: 'awake' }] },
          ],
        },
        { key: new PrivateKey(rsaKey.privatePem), encrypt: { parts: 'body', key: wrapping }, spelling },
      );
      const { root } = decodeWbxml(octets);
      const xml = writeXml(root);
      assert.ok(xmlsec.run('--verify', keyOptions('rsa-sha256', 'verify'), xml).ok);
      const [sealed = ''] = dataTexts(readXml(xml)).filter((text) => text.startsWith('<EncryptedData'));
      const plain = readXml(xmlsec.make('--decrypt', ['--aeskey', aes], sealed));
      assert.ok(dataTexts(plain).includes('awake'));
    });
  }
});

/** Texts of Data anywhere in the element. */
function dataTexts(parent: XmlElement): readonly string[] {
  const data = childElement(parent, 'Data');
  const own = data === undefined ? undefined : textOf(data);
  const below = parent.children.filter(isElement).flatMap(dataTexts);
  return own === undefined ? below : [own, ...below];
}
