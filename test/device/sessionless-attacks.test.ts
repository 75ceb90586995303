// Each attack on a sessionless message, by name, on a whole device: refused with its reason, told with it, nothing processed.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { decodeWbxml, encodeWbxml } from '../../src/codec/wbxml/index.ts';
import { readXml, writeXml } from '../../src/codec/xml/index.ts';
import { bytesToBase64, bytesToHex, hexToBytes, utf8ToBytes } from '../../src/core/index.ts';
import {
  Device,
  type DeviceEvent,
  memoryState,
  provisionDevice,
  type StateStorage,
} from '../../src/device/index.ts';
import { isRefused, openMessage, PrivateKey, SharedKey, signMessage } from '../../src/security/index.ts';
import { deviceId, rsa, secret, serverId, sessionless } from '../security/message-keys.ts';
import { received } from './fixtures.ts';

const key = new SharedKey(secret);
const client = { scheme: 'md5', name: 'device', secret: 'OhBehave' } as const;
const xmldsig = 'http://www.w3.org/2000/09/xmldsig#';

async function storageOf(publicKey = false): Promise<StateStorage> {
  const storage = memoryState();
  const verify = publicKey
    ? [{ algorithm: 'rsa-sha256' as const, publicKey: rsa.publicPem }]
    : [{ algorithm: 'hmac-sha256' as const, secret: bytesToHex(secret) }];
  const account = (id: string, name: string) => ({
    serverId: id,
    name,
    address: 'http://127.0.0.1:1/dm',
    client,
    server: { scheme: 'md5' as const, secret: 'another secret of its own' },
  });
  await provisionDevice(storage, {
    deviceId,
    man: 'M',
    mod: 'X',
    accounts: [{ ...account(serverId, 'before'), messages: { verify } }, account('org.other', 'other')],
  });
  return storage;
}

async function deviceOf(storage: StateStorage) {
  const events: DeviceEvent[] = [];
  const device = new Device({ storage, onEvent: (event) => events.push(event) });
  await device.start();
  const uri = device.accounts.find((each) => each.serverId === serverId)?.uri ?? '';
  const item = { target: { uri: `${uri}/Name` }, meta: { format: 'chr' }, data: 'renamed' };
  return { device, events, item, uri };
}

/** Asserts that the device refuses what `make` makes of an honest message, says why, and stays as it was. */
async function refuses(
  reason: string,
  make: (honest: { readonly octets: Uint8Array; readonly xml: string; readonly uri: string }) => Uint8Array,
  { storage = storageOf(), code = 0x42 }: { storage?: Promise<StateStorage>; code?: number } = {},
): Promise<void> {
  const { device, events, item, uri } = await deviceOf(await storage);
  const octets = signMessage(sessionless([item]), key);
  const attack = make({ octets, xml: writeXml(decodeWbxml(octets).root), uri });
  const before = JSON.stringify(device.tree?.snapshot());
  const outcome = await device.handlePush(received(attack, code));
  assert.ok('reason' in outcome, JSON.stringify(outcome));
  assert.equal(outcome.reason, `message-${reason}`);
  assert.equal(JSON.stringify(device.tree?.snapshot()), before);
  const told = events.findLast(({ event }) => event === 'ignored');
  assert.ok(told?.event === 'ignored' && told.reason === `message-${reason}` && told.detail !== '');
  await device.stop();
}

const wbxml = (xml: string): Uint8Array => encodeWbxml(readXml(xml));
const root = (children: string): Uint8Array => wbxml(`<SyncML xmlns="SYNCML:SYNCML1.2">${children}</SyncML>`);
const evilBody =
  '<SyncBody><Replace><CmdID>1</CmdID><Item><Data>evil</Data></Item></Replace><Final/></SyncBody>';
const partsOf = (xml: string) => {
  const [signature = ''] = /<Signature .*<\/Signature>/.exec(xml) ?? [];
  const [header = ''] = /<SyncHdr>.*<\/SyncHdr>/.exec(xml) ?? [];
  const [body = ''] = /<SyncBody>.*<\/SyncBody>/.exec(xml) ?? [];
  return { signature, header, body, message: xml.replace(signature, '') };
};

/** SignedInfo changed and signed again, as the owner of the key could: only a rule can refuse it. */
function resigned(document: string, from: string | RegExp, to: string): Uint8Array {
  const xml = document.replace(from, to);
  assert.notEqual(xml, document);
  const signedInfo = readXml(
    /<SignedInfo>.*<\/SignedInfo>/.exec(xml)?.[0].replace('>', ` xmlns="${xmldsig}">`) ?? '',
  );
  const value = key.sign(utf8ToBytes(writeXml(signedInfo, { canonical: true })));
  return wbxml(xml.replace(/(<SignatureValue>\s*)[^<\s]*/, `$1${bytesToBase64(value)}`));
}

function replaced(xml: string, from: string | RegExp, to: string): Uint8Array {
  const other = xml.replace(from, to);
  assert.notEqual(other, xml);
  return wbxml(other);
}

describe('attacks on sessionless messages, on a whole device', () => {
  test('signature wrapping', () =>
    refuses('wrapped-message', ({ xml }) => {
      const { header, message, signature } = partsOf(xml);
      return root(`${header}${evilBody}<Old>${message}</Old>${signature}`);
    }));
  test('reference to another element', () =>
    refuses('reference-other-element', ({ xml }) =>
      resigned(xml.replace('<SyncBody>', '<SyncBody Id="body">'), 'URI=""', 'URI="#body"'),
    ));
  test('missing Id', () =>
    refuses('reference-missing-id', ({ xml }) => resigned(xml, 'URI=""', 'URI="#body"')));
  test('duplicated Id', () =>
    refuses('reference-duplicate-id', ({ xml }) => {
      const twice = xml.replace('<SyncBody>', '<SyncBody Id="a">').replace('<Replace>', '<Replace Id="a">');
      return resigned(twice, 'URI=""', 'URI="#a"');
    }));
  test('added unsigned sibling', () =>
    refuses('unsigned-sibling', ({ xml }) => replaced(xml, '<Signature', `${evilBody}<Signature`)));
  for (const [form, octets] of [
    ['PEM', utf8ToBytes(rsa.publicPem)],
    ['DER', new Uint8Array(Buffer.from(rsa.publicPem.replace(/-----[^-]*-----|\s/g, ''), 'base64'))],
  ] as const) {
    test(`algorithm substitution: HMAC under the ${form} octets of the public key`, () =>
      refuses(
        'substituted-algorithm',
        ({ xml }) => {
          // Who has only the public key computes the MAC by himself.
          const mac = (text: string): string => createHmac('sha256', octets).update(text).digest('base64');
          const signedInfo = readXml(
            /<SignedInfo>.*<\/SignedInfo>/.exec(xml)?.[0].replace('>', ` xmlns="${xmldsig}">`) ?? '',
          );
          const value = mac(writeXml(signedInfo, { canonical: true }));
          return wbxml(xml.replace(/(<SignatureValue>\s*)[^<\s]*/, `$1${value}`));
        },
        { storage: storageOf(true) },
      ));
  }
  test('weakened transform', () =>
    refuses('transform', ({ xml }) =>
      resigned(
        xml,
        '<Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>',
        '<Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"/>',
      ),
    ));
  test('body changed after WBXML', () =>
    refuses('digest-mismatch', ({ xml }) => replaced(xml, 'renamed', 'evilled')));
  test('ServerID of another account', () =>
    refuses('wrong-signature', ({ uri }) =>
      signMessage(
        sessionless([{ target: { uri: `${uri}/Name` }, data: 'evil' }], { from: 'org.other' }),
        key,
      ),
    ));
  test('oversize opaque', () =>
    refuses('oversize-opaque', ({ octets }) => {
      const hex = bytesToHex(octets);
      const value = bytesToHex(utf8ToBytes('renamed'));
      assert.ok(hex.includes(`03${value}00`));
      return hexToBytes(hex.replace(`03${value}00`, 'c38fffffff7f'));
    }));

  test('external entity, entity expansion and comments have no form in WBXML, and XML is not taken', async () => {
    const doctypes = [
      '<!DOCTYPE SyncML [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
      '<!DOCTYPE SyncML [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>',
    ];
    for (const doctype of doctypes) {
      await refuses('not-wbxml', ({ xml }) => utf8ToBytes(doctype + xml), { code: 0x43 });
      // The type may lie: the octets are no WBXML.
      await refuses('undecodable', ({ xml }) => utf8ToBytes(doctype + xml));
    }
    await refuses('not-wbxml', ({ xml }) => utf8ToBytes(xml.replace('renamed', 're<!-- -->named')), {
      code: 0x43,
    });
  });
  for (const [name, reason, change] of [
    [
      'external entity',
      'external-entity',
      (xml: string) =>
        `<!DOCTYPE SyncML [<!ENTITY x SYSTEM "file:///etc/hostname">]>${xml.replace('renamed', '&x;')}`,
    ],
    [
      'entity expansion',
      'entity-expansion',
      (xml: string) =>
        `<!DOCTYPE SyncML [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>${xml.replace('renamed', '&b;')}`,
    ],
    [
      'comment in a canonicalised text',
      'comment',
      (xml: string) => xml.replace('renamed', 're<!-- -->named'),
    ],
  ] as const) {
    test(`${name}: tools that read XML refuse it for that`, async () => {
      const { device, item } = await deviceOf(await storageOf());
      const xml = writeXml(decodeWbxml(signMessage(sessionless([item]), key)).root);
      const opened = openMessage(utf8ToBytes(change(xml)), () => [key], { form: 'xml' });
      assert.ok(isRefused(opened));
      assert.equal(opened.reason, reason);
      await device.stop();
    });
  }

  test('replay, at once and after a restart', async () => {
    const storage = await storageOf();
    const { device, item } = await deviceOf(storage);
    const push = received(signMessage(sessionless([item]), key), 0x42);
    assert.equal((await device.handlePush(push)).outcome, 'processed');
    await device.stop();
    const again = await deviceOf(storage);
    const outcome = await again.device.handlePush(push);
    assert.ok('reason' in outcome && outcome.reason === 'message-replay');
    await again.device.stop();
  });

  test('SM-C-004: ServerID matching two accounts', async () => {
    const storage = await storageOf();
    // As another device's software might have left it: this one's refuses to make two.
    const document = JSON.stringify(storage.load()).replaceAll('"text":"org.other"', `"text":"${serverId}"`);
    await refuses('ambiguous-server', ({ octets }) => octets, {
      storage: Promise.resolve(memoryState(JSON.parse(document))),
    });
  });

  test('a key pair’s message is taken where its public key stands', async () => {
    const { device, item } = await deviceOf(await storageOf(true));
    const octets = signMessage(sessionless([item]), new PrivateKey(rsa.privatePem));
    assert.equal((await device.handlePush(received(octets, 0x42))).outcome, 'processed');
    await device.stop();
  });
});
