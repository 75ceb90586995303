// Attacks on signed messages, each by name. Where a signature over the attacker's wording could exist, it does: the tests
// sign with the server's own key, so that only the rule in question refuses.
import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { decodeWbxml, encodeWbxml } from '../../src/codec/wbxml/index.ts';
import { readXml, writeXml } from '../../src/codec/xml/index.ts';
import {
  ByteWriter,
  base64ToBytes,
  bytesToBase64,
  bytesToHex,
  hexToBytes,
  utf8ToBytes,
} from '../../src/core/index.ts';
import {
  isRefused,
  type MessageRefusal,
  type OpenMessageOptions,
  openMessage,
  PrivateKey,
  PublicKey,
  refusalMeanings,
  type SenderLookup,
  SharedKey,
  signMessage,
} from '../../src/security/index.ts';
import { ec, rsa, secret, serverId, sessionless, stranger } from './message-keys.ts';

const key = new SharedKey(secret);
const honest = signMessage(sessionless([{ target: { uri: './A/B' }, data: 'good' }]), key);
const honestXml = writeXml(decodeWbxml(honest).root);
const evilBody =
  '<SyncBody><Replace><CmdID>1</CmdID><Item><Data>evil</Data></Item></Replace><Final/></SyncBody>';
const signatureXml = /<Signature .*<\/Signature>/.exec(honestXml)?.[0] ?? '';
const messageXml = honestXml.replace(signatureXml, '');
const headerXml = /<SyncHdr>.*<\/SyncHdr>/.exec(honestXml)?.[0] ?? '';
const bodyXml = /<SyncBody>.*<\/SyncBody>/.exec(honestXml)?.[0] ?? '';
const xmldsig = 'http://www.w3.org/2000/09/xmldsig#';
const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';

const tried = new Set<MessageRefusal>();

/** Asserts that the device refuses the octets for that reason, and that nothing of them reaches it. */
function refuses(
  octets: Uint8Array,
  reason: MessageRefusal,
  lookup: SenderLookup = (id) => (id === serverId ? [key] : 'unknown-server'),
  options: OpenMessageOptions = {},
): void {
  tried.add(reason);
  const result = openMessage(octets, lookup, options);
  assert.ok(isRefused(result), 'the message was accepted');
  assert.equal(result.reason, reason, result.detail);
  assert.ok(!('message' in result) && result.detail !== '');
}

/** WBXML of a document given as XML. */
function wbxml(xml: string): Uint8Array {
  return encodeWbxml(readXml(xml));
}

/** The honest message with other words around, as WBXML. */
function changed(from: string | RegExp, to: string): Uint8Array {
  const xml = honestXml.replace(from, to);
  assert.notEqual(xml, honestXml);
  return wbxml(xml);
}

/** SignedInfo changed and signed again, as the owner of the key could: only a rule can refuse it. */
function resigned(from: string | RegExp, to: string, document: string = honestXml): Uint8Array {
  const xml = document.replace(from, to);
  assert.notEqual(xml, document);
  const signedInfo = readXml(
    /<SignedInfo>.*<\/SignedInfo>/.exec(xml)?.[0].replace('>', ` xmlns="${xmldsig}">`) ?? '',
  );
  const value = key.sign(utf8ToBytes(writeXml(signedInfo, { canonical: true })));
  return wbxml(xml.replace(/(<SignatureValue>\s*)[^<\s]*/, `$1${bytesToBase64(value)}`));
}

test('the honest message is taken, and so it is when SignedInfo is signed again', () => {
  assert.equal(openMessage(honest, () => [key]).verdict, 'accepted');
  assert.equal(openMessage(wbxml(honestXml), () => [key]).verdict, 'accepted');
  assert.equal(
    openMessage(resigned('<SignatureValue>', '<SignatureValue> '), () => [key]).verdict,
    'accepted',
  );
});

describe('signature wrapping', () => {
  const root = (children: string) => wbxml(`<SyncML xmlns="SYNCML:SYNCML1.2">${children}</SyncML>`);

  test('the signed message moved into a sibling of a new body', () => {
    refuses(root(`${headerXml}${evilBody}<Old>${messageXml}</Old>${signatureXml}`), 'wrapped-message');
  });
  test('the signed message moved into an Object of the Signature', () => {
    const wrapped = signatureXml.replace('</Signature>', `<Object>${messageXml}</Object></Signature>`);
    refuses(root(`${headerXml}${evilBody}${wrapped}`), 'wrapped-message');
  });
  test('an Object of any other kind in the Signature', () => {
    const wrapped = signatureXml.replace('</Signature>', '<Object>a</Object></Signature>');
    refuses(root(`${headerXml}${bodyXml}${wrapped}`), 'signature-object');
  });
  test('the signed body moved into the new one', () => {
    refuses(root(`${headerXml}<SyncBody>${bodyXml}</SyncBody>${signatureXml}`), 'wrapped-message');
  });
  test('the Signature moved into the body', () => {
    const body = evilBody.replace('<Final/>', `<Final/>${signatureXml}`);
    refuses(root(`${headerXml}${body}`), 'signature-misplaced');
  });
  test('the Signature in front of the body', () => {
    refuses(root(`${headerXml}${signatureXml}${bodyXml}`), 'signature-misplaced');
  });
  test('a Signature in the body and one at the end', () => {
    const body = evilBody.replace('<Final/>', `${messageXml}${signatureXml}`);
    refuses(root(`${headerXml}${body}${signatureXml}`), 'several-signatures');
  });
  test('two Signatures at the end', () => {
    refuses(root(`${headerXml}${bodyXml}${signatureXml}${signatureXml}`), 'several-signatures');
  });
  test('no Signature', () => refuses(wbxml(messageXml), 'not-signed'));
  test('a Signature that is one by name only', () => {
    const other = signatureXml.replaceAll(xmldsig, 'urn:other');
    refuses(root(`${headerXml}${bodyXml}${other}`), 'not-signed');
  });
  test('another document element', () => {
    refuses(wbxml(honestXml.replace(/SyncML/g, 'Sync')), 'not-a-message');
  });
});

describe('reference to another element', () => {
  const withIds = (body: string, others = '') =>
    honestXml.replace('<SyncBody>', `<SyncBody Id="${body}">`).replace('<Replace>', `<Replace${others}>`);

  test('to the body by its Id', () => {
    refuses(resigned('URI=""', 'URI="#body"', withIds('body')), 'reference-other-element');
  });
  test('missing Id', () =>
    refuses(resigned('URI=""', 'URI="#body"', withIds('other')), 'reference-missing-id'));
  test('duplicated Id', () => {
    const document = withIds('body', ' Id="body"');
    refuses(resigned('URI=""', 'URI="#body"', document), 'reference-duplicate-id');
  });
  test('by XPointer', () => {
    refuses(resigned('URI=""', 'URI="#xpointer(/)"'), 'reference-other-element');
  });
  test('to a document elsewhere', () => {
    refuses(resigned('URI=""', 'URI="file:///etc/hostname"'), 'reference-external');
  });
  test('without URI', () => refuses(resigned(' URI=""', ''), 'reference-without-uri'));
  test('two of them', () => {
    refuses(resigned(/(<Reference .*<\/Reference>)/, '$1$1'), 'several-references');
  });
  test('none', () => refuses(resigned(/<Reference .*<\/Reference>/, ''), 'signature-shape'));
  test('an Id that nobody refers to', () => refuses(wbxml(withIds('body')), 'attribute'));
});

describe('added unsigned sibling', () => {
  test('a second body', () => refuses(changed('<Signature', `${evilBody}<Signature`), 'unsigned-sibling'));
  test('a second header', () => refuses(changed('<SyncBody>', `${headerXml}<SyncBody>`), 'unsigned-sibling'));
  test('an element in front of the Signature', () => {
    refuses(changed('<Signature', '<Vendor xmlns="urn:v"/><Signature'), 'unsigned-sibling');
  });
  test('an element behind the Signature', () => {
    refuses(changed('</Signature>', `</Signature>${evilBody}`), 'signature-misplaced');
  });
  test('text beside the parts', () => refuses(changed('<Signature', 'text<Signature'), 'unsigned-sibling'));
  test('a body in another namespace', () => {
    refuses(changed('<SyncBody>', '<SyncBody xmlns="urn:other">'), 'unsigned-sibling');
  });
});

describe('algorithm substitution', () => {
  const publicKeys = [new PublicKey(rsa.publicPem), new PublicKey(ec.publicPem)];
  const der = createPublicKey(rsa.publicPem).export({ type: 'spki', format: 'der' });

  test('HMAC with the octets of the public key', () => {
    const forged = signMessage(sessionless([]), new SharedKey(der));
    refuses(forged, 'substituted-algorithm', () => publicKeys);
  });
  test('HMAC with the PEM text of the public key', () => {
    // The key class does not take PEM for a secret; the attacker is not bound by that.
    const forged = signMessage(sessionless([]), {
      algorithm: 'hmac-sha256',
      sign: (octets: Uint8Array) => new SharedKey(utf8ToBytes(rsa.publicPem).slice(27)).sign(octets),
    } as SharedKey);
    refuses(forged, 'substituted-algorithm', () => publicKeys);
  });
  test('ECDSA where RSA is pinned', () => {
    const forged = signMessage(sessionless([]), new PrivateKey(ec.privatePem));
    refuses(forged, 'substituted-algorithm', () => [new PublicKey(rsa.publicPem)]);
  });
  test('SHA-1 where it is not switched on', () => {
    const weak = new SharedKey(secret, 'hmac-sha1');
    const octets = signMessage(sessionless([]), weak, { allowSha1: true });
    refuses(octets, 'sha1', () => [weak]);
  });
  test('SHA-1 switched on, with a key that is pinned for SHA-256', () => {
    const octets = signMessage(sessionless([]), new SharedKey(secret, 'hmac-sha1'), { allowSha1: true });
    refuses(octets, 'substituted-algorithm', () => [key], { allowSha1: true });
  });
  test('SHA-1 as digest', () => {
    refuses(signMessage(sessionless([]), key, { digest: 'sha1', allowSha1: true }), 'sha1');
  });
  test('algorithms that the profile does not have', () => {
    const md5 = 'http://www.w3.org/2001/04/xmldsig-more#md5';
    refuses(resigned('http://www.w3.org/2001/04/xmlenc#sha256', md5), 'unknown-algorithm');
    refuses(resigned('xmldsig-more#hmac-sha256', 'xmldsig-more#hmac-md5'), 'unknown-algorithm');
  });
  test('a key in the message', () => {
    const jwk = createPublicKey(stranger.publicPem).export({ format: 'jwk' });
    const b64 = (text = '') => text.replace(/-/g, '+').replace(/_/g, '/');
    const value = `<KeyValue><RSAKeyValue><Modulus>${b64(jwk.n)}</Modulus><Exponent>${b64(jwk.e)}</Exponent></RSAKeyValue></KeyValue>`;
    const own = writeXml(decodeWbxml(signMessage(sessionless([]), new PrivateKey(stranger.privatePem))).root);
    const octets = wbxml(own.replace('</Signature>', `<KeyInfo>${value}</KeyInfo></Signature>`));
    refuses(octets, 'wrong-signature', () => [new PublicKey(rsa.publicPem)]);
  });
  test('a shortened MAC', () => {
    const shorter = '$1><HMACOutputLength>8</HMACOutputLength></SignatureMethod>';
    refuses(resigned(/(<SignatureMethod [^/]*[^>]*"[^>]*)\/>/, shorter), 'truncated-mac');
    // Without saying so, the first octets only, or none.
    for (const value of ['AA==', '']) {
      refuses(changed(/<SignatureValue>[^<]*/, `<SignatureValue>${value}`), 'wrong-signature');
    }
  });
});

describe('weakened transform', () => {
  const enveloped = `<Transform Algorithm="${xmldsig}enveloped-signature"/>`;
  const canonical = `<Transform Algorithm="${exclusive}"/>`;
  const rows: readonly [string, string][] = [
    ['none', ''],
    ['without enveloped-signature', canonical],
    ['without canonicalisation', enveloped],
    ['the other way round', canonical + enveloped],
    ['one more', enveloped + canonical + canonical],
    [
      'XPath that selects nothing',
      `${enveloped}<Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><XPath>false()</XPath></Transform>`,
    ],
    ['XSLT', `${enveloped}<Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>`],
    [
      'inclusive canonicalisation',
      `${enveloped}<Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>`,
    ],
    ['canonicalisation with comments', `${enveloped}<Transform Algorithm="${exclusive}WithComments"/>`],
  ];
  for (const [name, transforms] of rows) {
    test(name, () => {
      const to = `<Transforms>${transforms}</Transforms>`;
      refuses(resigned(/<Transforms>.*<\/Transforms>/, to), 'transform');
    });
  }
  test('parameters of the canonicalisation', () => {
    const inclusive = `<InclusiveNamespaces xmlns="${exclusive}" PrefixList="a"/>`;
    const to = `<Transform Algorithm="${exclusive}">${inclusive}</Transform></Transforms>`;
    refuses(resigned(`${canonical}</Transforms>`, to), 'signature-shape');
  });
  test('another canonicalisation of SignedInfo', () => {
    const to = '<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>';
    refuses(resigned(/<CanonicalizationMethod [^>]*>/, to), 'canonicalization');
  });
});

describe('the Signature in any other shape', () => {
  const rows: readonly [string, () => Uint8Array][] = [
    ['an attribute of Reference', () => resigned('URI=""', 'URI="" Type="a"')],
    ['an attribute of Signature', () => changed('<Signature ', '<Signature Id="a" ')],
    ['an attribute of SignatureValue', () => changed('<SignatureValue>', '<SignatureValue Id="a">')],
    ['a further element of SignedInfo', () => resigned('</SignedInfo>', '<More/></SignedInfo>')],
    ['text in SignedInfo', () => resigned('<SignedInfo>', '<SignedInfo>text')],
    ['two DigestValues', () => resigned(/(<DigestValue>.*<\/DigestValue>)/, '$1$1')],
    ['two SignatureValues', () => changed(/(<SignatureValue>.*<\/SignatureValue>)/, '$1$1')],
    [
      'elements in another order',
      () => changed(/(<SignedInfo>.*<\/SignedInfo>)(<SignatureValue>.*<\/SignatureValue>)/, '$2$1'),
    ],
    ['an element of another namespace', () => changed('</Signature>', '<More xmlns="urn:m"/></Signature>')],
    ['a digest that is not Base64', () => resigned(/<DigestValue>[^<]*</, '<DigestValue>*<')],
    ['Base64 with loose bits', () => resigned(/[AEIMQUYcgkosw048]=<\/DigestValue>/, 'B=</DigestValue>')],
    [
      'a signature beyond any key',
      () => changed(/<SignatureValue>/, `<SignatureValue>${'AAAA'.repeat(2000)}`),
    ],
  ];
  for (const [name, octets] of rows) test(name, () => refuses(octets(), 'signature-shape'));
});

describe('XML form: external entity, entity expansion, comments', () => {
  const xml = (text: string) => utf8ToBytes(text);
  const inXml = { form: 'xml' } as const;

  test('external entity', () => {
    const doctype = '<!DOCTYPE SyncML [<!ENTITY x SYSTEM "file:///etc/hostname">]>';
    refuses(xml(doctype + honestXml.replace('good', '&x;')), 'external-entity', undefined, inXml);
    const parameter = '<!DOCTYPE SyncML [<!ENTITY % x PUBLIC "p" "http://127.0.0.1/x.dtd"> %x;]>';
    refuses(xml(parameter + honestXml), 'external-entity', undefined, inXml);
  });
  test('entity expansion', () => {
    const doctype = '<!DOCTYPE SyncML [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>';
    refuses(xml(doctype + honestXml.replace('good', '&b;&b;&b;')), 'entity-expansion', undefined, inXml);
  });
  test('any other DOCTYPE', () => {
    refuses(xml(`<!DOCTYPE SyncML SYSTEM "a.dtd">${honestXml}`), 'doctype', undefined, inXml);
  });
  test('an entity that nobody defined', () => {
    refuses(xml(honestXml.replace('good', '&x;')), 'undecodable', undefined, inXml);
  });
  test('comment in a canonicalised text', () => {
    for (const [from, to] of [
      ['./A/B', './A<!-- -->/B'],
      [serverId, `${serverId}<!-- -->.evil`],
      ['<DigestValue>', '<DigestValue><!-- -->'],
      ['<SignatureValue>', '<SignatureValue><!-- -->'],
    ] as const) {
      refuses(xml(honestXml.replace(from, to)), 'comment', undefined, inXml);
    }
  });
  test('in WBXML an ENTITY is one character, and signed as such', () => {
    // "good" with its g as ENTITY 103.
    const hex = bytesToHex(honest).replace('03676f6f6400', '0267036f6f6400');
    assert.notEqual(hex, bytesToHex(honest));
    assert.equal(openMessage(hexToBytes(hex), () => [key]).verdict, 'accepted');
    refuses(hexToBytes(hex.replace('0267036f', '0268036f')), 'digest-mismatch');
  });
  test('in WBXML a processing instruction', () => {
    refuses(hexToBytes(bytesToHex(honest).replace('03676f6f6400', '4304000167')), 'undecodable');
  });
});

describe('oversize', () => {
  const hex = bytesToHex(honest);
  const instead = (tokens: string) => hexToBytes(hex.replace('03676f6f6400', tokens));

  test('OPAQUE that claims 4 GiB', () => refuses(instead('c38fffffff7f'), 'oversize-opaque'));
  test('OPAQUE that claims 256 GiB', () => refuses(instead('c3ffffffff7f'), 'undecodable'));
  test('OPAQUE beyond the bound', () => {
    refuses(instead('c38101676f'), 'oversize-opaque', undefined, { limits: { maxOpaque: 128 } });
  });
  test('OPAQUE beyond the end', () => refuses(instead('c37f676f6f64'), 'undecodable'));
  test('a message beyond the bound', () => {
    refuses(new Uint8Array(1024 * 1024 + 1).fill(2), 'too-large');
    refuses(honest, 'too-large', undefined, { limits: { maxOctets: honest.length - 1 } });
  });
  test('elements too deep', () => {
    const deep = `${'<Item>'.repeat(80)}${'</Item>'.repeat(80)}`;
    const octets = encodeWbxml(readXml(honestXml.replace('<Final/>', deep), { limits: { maxDepth: 200 } }), {
      limits: { maxDepth: 200 },
    });
    refuses(octets, 'too-large');
  });
  test('one string of the table, used again and again', () => {
    const name = 'a'.repeat(8000);
    const many = `<${name} xmlns=""/>`.repeat(300);
    refuses(wbxml(honestXml.replace('<Final/>', many)), 'too-large');
  });
});

describe('few octets that make much work', () => {
  test('a long namespace under a prefix that many elements use', () => {
    const namespace = 'u'.repeat(16_000);
    // String table: d:e at 0, xmlns:d at 4.
    const out = new ByteWriter().bytes(hexToBytes('02a4016a0c')).utf8('d:e\0xmlns:d\0');
    // SyncML, an element that declares the prefix, and in it many SyncBody with an element of that prefix each.
    out.bytes(hexToBytes('6dc4000404')).u8(3).utf8(namespace).u8(0).u8(1);
    for (let n = 0; n < 9000; n += 1) out.bytes(hexToBytes('6b040001'));
    refuses(out.u8(1).u8(1).finish(), 'too-large');
  });

  test('many parts of octets behind many elements', () => {
    const many = '<Archive/>'.repeat(15_000);
    const head = wbxml(honestXml.replace('<Data>good</Data>', `${many}<Data>good</Data>`));
    const [before = '', after = ''] = bytesToHex(head).split('03676f6f6400');
    refuses(hexToBytes(before + 'c30161036100'.repeat(150_000) + after), 'digest-mismatch');
  });

  test('white space without end in SignedInfo', () => {
    const space = `x${' '.repeat(900_000)}x`;
    refuses(changed('</Transforms>', `</Transforms>${space}`), 'signature-shape');
  });
});

describe('body changed after WBXML', () => {
  test('a value', () =>
    refuses(hexToBytes(bytesToHex(honest).replace('676f6f64', '6576696c')), 'digest-mismatch'));
  test('an element more', () => refuses(changed('<Final/>', '<Final/><Final/>'), 'digest-mismatch'));
  test('white space between elements', () =>
    refuses(changed('<SyncBody>', '<SyncBody> '), 'digest-mismatch'));
  test('the same name in another namespace', () => {
    refuses(changed('<Final/>', '<Final xmlns="urn:other"/>'), 'digest-mismatch');
  });
  test('the digest changed with it', () => {
    const other = writeXml(
      decodeWbxml(signMessage(sessionless([]), new SharedKey(utf8ToBytes('other')))).root,
    );
    refuses(wbxml(other), 'wrong-signature');
  });
  test('content that no XML can carry', () => {
    // STR_I with the control character 01.
    refuses(hexToBytes(bytesToHex(honest).replace('676f6f64', '676f6f01')), 'not-xml');
    // OPAQUE that is not UTF-8 where text is expected.
    refuses(hexToBytes(bytesToHex(honest).replace('03676f6f6400', 'c304ff6f6f64')), 'not-xml');
  });
  test('content that XML could carry but no reader takes, signed by its sender', () => {
    const element = '<E xmlns="http://www.w3.org/XML/1998/namespace"/>';
    // A namespace that XML reserves, as a literal element can name it in WBXML.
    const plain = sessionless([]);
    const octets = signMessage(
      {
        ...plain,
        commands: [
          {
            name: 'Unknown',
            cmdId: '1',
            element: {
              name: 'E',
              namespace: 'http://www.w3.org/XML/1998/namespace',
              attributes: [],
              children: [],
            },
          },
        ],
      },
      key,
    );
    assert.throws(() => readXml(element));
    refuses(octets, 'malformed-message');
  });
  test('what is signed but no DM message', () => {
    const atomic = { name: 'Atomic', cmdId: '1', commands: [] } as const;
    refuses(signMessage({ ...sessionless([]), commands: [atomic] }, key), 'malformed-message');
  });
});

describe('replay', () => {
  test('a copy with the other of the two ECDSA signatures has the same content digest', () => {
    const octets = signMessage(sessionless([{ data: 'good' }]), new PrivateKey(ec.privatePem));
    const xml = writeXml(decodeWbxml(octets).root);
    // Where (r, s) is a signature, so is (r, order of the curve - s): anyone can make it.
    const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
    const other = xml.replace(/(<SignatureValue>)([^<]*)/, (_, tag: string, text: string) => {
      const hex = bytesToHex(base64ToBytes(text));
      const s = (order - BigInt(`0x${hex.slice(64)}`)).toString(16).padStart(64, '0');
      return tag + bytesToBase64(hexToBytes(hex.slice(0, 64) + s));
    });
    assert.notEqual(other, xml);
    const digests = [octets, wbxml(other)].map((copy) => {
      const result = openMessage(copy, () => [new PublicKey(ec.publicPem)]);
      assert.ok(result.verdict === 'accepted');
      return bytesToHex(result.contentDigest);
    });
    assert.equal(digests[0], digests[1]);
  });
  test('so has a copy in other octets', () => {
    const copies = [
      encodeWbxml(decodeWbxml(honest).root, { version: '1.3', stringTable: true }),
      wbxml(honestXml.replace('</SignatureValue>', '\n</SignatureValue>')),
      wbxml(honestXml.replace('</Signature>', '<KeyInfo><KeyName>x</KeyName></KeyInfo></Signature>')),
    ];
    const digests = [honest, ...copies].map((octets) => {
      const result = openMessage(octets, () => [key]);
      assert.ok(result.verdict === 'accepted');
      return bytesToHex(result.contentDigest);
    });
    assert.equal(new Set(digests).size, 1);
  });
});

describe('DM-SESSIONLESS-1.3 §5.5: ServerID', () => {
  const keysOf = (id: string) => {
    if (id === serverId) return [key];
    return id === 'com.other'
      ? [new SharedKey(utf8ToBytes('secret of the other'))]
      : ('unknown-server' as const);
  };

  test('of another account', () => {
    // The other server signs with its own key and calls itself by a name that is not its own.
    const forged = signMessage(sessionless([]), new SharedKey(utf8ToBytes('secret of the other')));
    refuses(forged, 'wrong-signature', keysOf);
    refuses(changed(serverId, 'com.other'), 'digest-mismatch', keysOf);
  });
  test('of no account', () => {
    refuses(signMessage(sessionless([], { from: 'com.nobody' }), key), 'unknown-server', keysOf);
  });
  test('matching two accounts', () => refuses(honest, 'ambiguous-server', () => 'ambiguous-server'));
  test('of an account without a key', () => refuses(honest, 'no-key', () => []));
  test('none, empty, or two of them', () => {
    refuses(signMessage(sessionless([], { from: '' }), key), 'no-sender');
    refuses(changed(/<Source>.*<\/Source>/, ''), 'no-sender');
    refuses(changed(/(<Source>.*<\/Source>)/, '$1$1'), 'no-sender');
    refuses(changed(`${serverId}</LocURI>`, `${serverId}</LocURI><LocURI>com.other</LocURI>`), 'no-sender');
    refuses(signMessage(sessionless([], { from: 'a'.repeat(257) }), key), 'no-sender');
  });
  test('the account is looked for only when the structure holds, and the refusal says who was claimed', () => {
    const asked: string[] = [];
    const lookup = (id: string) => {
      asked.push(id);
      return [new SharedKey(utf8ToBytes('wrong'))];
    };
    refuses(wbxml(messageXml), 'not-signed', lookup);
    assert.deepEqual(asked, []);
    const result = openMessage(honest, lookup);
    assert.ok(isRefused(result));
    assert.equal(result.serverId, serverId);
    assert.deepEqual(asked, [serverId]);
  });
});

test('every reason that concerns signatures was met above', () => {
  const elsewhere: MessageRefusal[] = [
    'other-device',
    'undecryptable',
    'too-many-encrypted-parts',
    'unsupported-version',
    'replay',
  ];
  const all = Object.keys(refusalMeanings) as MessageRefusal[];
  assert.deepEqual(
    all.filter((reason) => !tried.has(reason)),
    elsewhere,
  );
});

test('docs/signed-messages.md lists every reason as it is', () => {
  const page = readFileSync(new URL('../../docs/signed-messages.md', import.meta.url), 'utf8');
  const rows = Object.entries(refusalMeanings).map(([reason, meaning]) => `| \`${reason}\` | ${meaning} |`);
  assert.ok(page.includes(rows.join('\n')));
});
