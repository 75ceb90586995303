// Client Provisioning documents: worked examples, round trips, and hostile octets.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  accessPoints,
  buildProvisioning,
  type Characteristic,
  type DmApplication,
  dmApplicationCharacteristic,
  dmApplications,
  logicalProxies,
  type ProvisioningDocument,
  parseProvisioning,
  readProvisioning,
  writeProvisioning,
} from '../../../src/codec/provisioning/index.ts';
import { decodeWbxml, encodeWbxml } from '../../../src/codec/wbxml/index.ts';
import { readXml, writeXml } from '../../../src/codec/xml/index.ts';
import { type Annotation, bytesToHex, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { assertDecodeError, valueOrDecodeError } from '../wbxml/support.ts';
import { token } from '../xml/arbitrary.ts';

const vectors: readonly { readonly name: string; readonly hex: string; readonly xml: string }[] = JSON.parse(
  readFileSync(new URL('../../vectors/provisioning.json', import.meta.url), 'utf8'),
).documents;
const [example, operator] = vectors;
assert.ok(example && operator);

describe('worked examples', () => {
  for (const { name, hex, xml } of vectors) {
    test(`${name}: WBXML to XML`, () => {
      const { root, publicId, version } = decodeWbxml(hexToBytes(hex));
      assert.equal(publicId, 0x0b);
      assert.equal(version, '1.3');
      assert.equal(writeXml(root), xml);
    });
    test(`${name}: both forms are one document`, () => {
      const document = readProvisioning(hexToBytes(hex), 'wbxml');
      assert.deepEqual(document, readProvisioning(utf8ToBytes(xml), 'xml'));
      assert.equal(writeXml(buildProvisioning(document)), xml);
    });
    test(`${name}: XML to WBXML and back`, () => {
      for (const stringTable of [true, false]) {
        const octets = writeProvisioning(parseProvisioning(readXml(xml)), 'wbxml', { stringTable });
        assert.equal(writeXml(decodeWbxml(octets).root), xml);
      }
    });
    test(`${name}: truncated at any octet it is an error`, () => {
      const octets = hexToBytes(hex);
      for (let length = 0; length < octets.length; length += 1) {
        assertDecodeError(() => readProvisioning(octets.slice(0, length), 'wbxml'), 'TRUNCATED', /./);
      }
    });
  }

  test('the operator’s document is written octet for octet', () => {
    const octets = writeProvisioning(readProvisioning(hexToBytes(operator.hex), 'wbxml'), 'wbxml');
    assert.equal(bytesToHex(octets), operator.hex);
  });

  test('annotations cover every octet of the body', () => {
    const lines: Annotation[] = [];
    decodeWbxml(hexToBytes(example.hex), { annotate: (line) => lines.push(line) });
    let at = 0;
    for (const { offset, length } of lines) {
      assert.equal(offset, at);
      at += length;
    }
    assert.equal(at, example.hex.length / 2);
    assert.ok(lines.some(({ field, value }) => field === 'attribute' && value === 'type="PXLOGICAL"'));
    assert.ok(lines.some(({ field, value }) => field === 'value' && value === 'HTTP-BASIC'));
  });
});

describe('what the documents say', () => {
  test('proxies of the worked example', () => {
    const [proxy] = logicalProxies(readProvisioning(hexToBytes(example.hex), 'wbxml'));
    assert.ok(proxy);
    assert.equal(proxy.proxyId, '170.187.51.4');
    assert.equal(proxy.name, 'BankMainProxy');
    assert.deepEqual(proxy.physical, [
      {
        physicalProxyId: 'PROXY 1',
        addr: '170.187.51.3',
        addrType: 'IPV4',
        toNapIds: ['INTERNET', 'NAP1'],
        ports: [{ portNumber: 9203, services: [] }],
      },
    ]);
  });
  test('access points of the worked example', () => {
    const [point] = accessPoints(readProvisioning(hexToBytes(example.hex), 'wbxml'));
    assert.ok(point);
    const { parms, ...said } = point;
    assert.deepEqual(said, {
      napId: 'NAP1',
      name: 'MY ISP CSD',
      bearers: ['GSM-CSD'],
      address: '+35808124002',
      addressType: 'E164',
      internet: false,
      auth: [{ type: 'PAP', name: 'wwwmmmuser', secret: 'wwwmmmsecret' }],
    });
    assert.deepEqual(parms.at(-1), { name: 'T-BIT' });
  });
  test('applications of another kind are left alone', () => {
    const document = readProvisioning(hexToBytes(operator.hex), 'wbxml');
    assert.deepEqual(dmApplications(document), []);
    assert.equal(accessPoints(document).length, 2);
    assert.equal(logicalProxies(document).length, 2);
  });
});

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const word = token.filter((text) => text !== '');

/** A w7 application as a parser gives it: absent values are absent. */
const dmApplication: fc.Arbitrary<DmApplication> = fc
  .record(
    {
      providerId: word,
      name: optional(word),
      init: fc.boolean(),
      addresses: fc.array(
        fc.record(
          {
            addr: word,
            addrType: optional(fc.constantFrom('URI', 'IPV4', 'IPV6', 'other')),
            portNumbers: fc.array(fc.integer({ min: 0, max: 65_535 }), { maxLength: 2 }),
          },
          { noNullPrototype: true },
        ),
        { maxLength: 2 },
      ),
      auth: fc.array(
        fc.record(
          {
            level: fc.constantFrom('APPSRV', 'CLIENT', 'OBEX'),
            type: optional(fc.constantFrom('BASIC', 'DIGEST', 'HTTP-BASIC,HTTP-DIGEST')),
            name: optional(word),
            secret: optional(word),
            data: optional(word),
          },
          { noNullPrototype: true },
        ),
        { maxLength: 3 },
      ),
      toProxies: fc.array(word, { maxLength: 2 }),
      toNapIds: fc.array(word, { maxLength: 2 }),
    },
    { noNullPrototype: true },
  )
  .map((application) => JSON.parse(JSON.stringify(application)));

describe('w7 application', () => {
  test('written and read again it is the same, in both forms', () => {
    fc.assert(
      fc.property(dmApplication, fc.constantFrom('wbxml', 'xml'), fc.boolean(), (one, form, stringTable) => {
        const document = { version: '1.0', characteristics: [dmApplicationCharacteristic(one)] };
        const octets = writeProvisioning(document, form, { stringTable });
        assert.deepEqual(dmApplications(readProvisioning(octets, form)), [one]);
      }),
    );
  });

  test('values are tokens where there are some', () => {
    const one: DmApplication = {
      providerId: 'com.x',
      init: true,
      addresses: [{ addr: 'https://dm.example/', addrType: 'IPV6', portNumbers: [443] }],
      auth: [{ level: 'APPSRV', type: 'HTTP-BASIC' }],
      toProxies: [],
      toNapIds: [],
    };
    const octets = writeProvisioning({ characteristics: [dmApplicationCharacteristic(one)] }, 'wbxml');
    // APPLICATION is on attribute page 1, value on page 0: c6 0001 55 01, then 87 36 0000 06 …
    const hex = '030b6a0045c60001550187360000060377370001';
    assert.equal(bytesToHex(octets).slice(0, hex.length), hex);
  });

  test('AAUTHTYPE in pieces, as encoders of version 1.1 write it', () => {
    // value= on page 1, then HTTP- BASIC , HTTP- DIGEST.
    const parm = (name: string, value: string) => `87${name}06${value}01`;
    const auth = `c65701${parm('30', '8d')}${parm('33', '9192909193')}01`;
    const hex = `030b6a0045c600015501${parm('36', '03773700')}${parm('38', '037800')}${auth}0101`;
    const [one] = dmApplications(readProvisioning(hexToBytes(hex), 'wbxml'));
    assert.deepEqual(one?.auth, [{ level: 'APPSRV', type: 'HTTP-BASIC,HTTP-DIGEST' }]);
  });

  test('an ADDR in the application itself', () => {
    const xml =
      '<wap-provisioningdoc><characteristic type="APPLICATION"><parm name="APPID" value="w7"/><parm name="PROVIDER-ID" value="x"/><parm name="ADDR" value="https://dm/"/></characteristic></wap-provisioningdoc>';
    const [one] = dmApplications(readProvisioning(utf8ToBytes(xml), 'xml'));
    assert.deepEqual(one?.addresses, [{ addr: 'https://dm/', portNumbers: [] }]);
  });
});

describe('what is no provisioning document is an error that says where', () => {
  const root = (content: string) => `<wap-provisioningdoc>${content}</wap-provisioningdoc>`;
  const application = (content: string) =>
    root(`<characteristic type="APPLICATION"><parm name="APPID" value="w7"/>${content}</characteristic>`);
  const id = '<parm name="PROVIDER-ID" value="x"/>';
  const port = (text: string) =>
    `${id}<characteristic type="APPADDR"><parm name="ADDR" value="a"/><characteristic type="PORT"><parm name="PORTNBR" value="${text}"/></characteristic></characteristic>`;
  const rows: readonly [string, string, RegExp][] = [
    ['another root', '<SyncML/>', /"SyncML", not wap-provisioningdoc/],
    ['a parameter outside', root('<parm name="a"/>'), /parm\[0\]: stands outside/],
    ['another element', root('<Item/>'), /holds "Item"/],
    ['text', root('<characteristic type="A">text</characteristic>'), /A\[0\]: holds text/],
    ['a characteristic without type', root('<characteristic/>'), /characteristic: has no type/],
    [
      'a parameter without name',
      root('<characteristic type="A"><parm/></characteristic>'),
      /A\[0\]\.parm\[0\]: has no name/,
    ],
    [
      'a parameter with content',
      root('<characteristic type="A"><parm name="a">b</parm></characteristic>'),
      /must be empty/,
    ],
    ['no PROVIDER-ID', application(''), /APPLICATION\[0\]\.PROVIDER-ID: is missing/],
    ['no ADDR', application(`${id}<characteristic type="APPADDR"/>`), /APPADDR\[0\]\.ADDR: is missing/],
    ['no AAUTHLEVEL', application(`${id}<characteristic type="APPAUTH"/>`), /APPAUTH\[0\]\.AAUTHLEVEL/],
    ['a port beyond 65535', application(port('65536')), /PORT\[0\]\.PORTNBR: "65536" is not a port number/],
    ['a port that is no number', application(port('a')), /"a" is not a port number/],
  ];
  for (const [name, xml, detail] of rows) {
    test(name, () => {
      const read = () => dmApplications(readProvisioning(utf8ToBytes(xml), 'xml'));
      assertDecodeError(read, 'BAD_VALUE', detail);
    });
  }

  test('a DOCTYPE by name is taken, one that defines something is not', () => {
    const name =
      '<!DOCTYPE wap-provisioningdoc PUBLIC "-//WAPFORUM//DTD PROV 1.0//EN" "http://www.wapforum.org/DTD/prov.dtd">';
    assert.deepEqual(readProvisioning(utf8ToBytes(name + root('')), 'xml'), { characteristics: [] });
    const entity = '<!DOCTYPE wap-provisioningdoc [<!ENTITY a SYSTEM "file:///etc/hostname">]>';
    assertDecodeError(() => readProvisioning(utf8ToBytes(entity + root('')), 'xml'), 'UNSUPPORTED', /DTD/);
  });

  test('WBXML-1.3 §5.8.3: tokens that the tables do not have', () => {
    const head = '030b6a0045';
    assertDecodeError(
      () => readProvisioning(hexToBytes(`${head}c64d01`), 'wbxml'),
      'BAD_VALUE',
      /attribute token 0x4d/,
    );
    assertDecodeError(
      () => readProvisioning(hexToBytes(`${head}c650ff01`), 'wbxml'),
      'BAD_VALUE',
      /token 0xff/,
    );
    assertDecodeError(() => readProvisioning(hexToBytes(`${head}c6000501`), 'wbxml'), 'TRUNCATED', /./);
    assertDecodeError(
      () => readProvisioning(hexToBytes(`${head}c600055001`), 'wbxml'),
      'BAD_VALUE',
      /token 0x50/,
    );
    assertDecodeError(
      () => readProvisioning(hexToBytes(`${head}88`), 'wbxml'),
      'BAD_VALUE',
      /unknown tag 0x08/,
    );
  });

  test('attribute tokens mean nothing in SyncML', () => {
    assertDecodeError(
      () => decodeWbxml(hexToBytes('02a4016a00ad500101')),
      'BAD_VALUE',
      /attribute token 0x50/,
    );
    // Nor does the identifier of Client Provisioning where the media type says SyncML.
    const octets = hexToBytes('020b6a002d');
    assert.equal(decodeWbxml(octets, { language: 'syncml' }).root.name, 'SyncML');
  });
});

const characteristic: fc.Arbitrary<Characteristic> = fc.letrec<{ one: Characteristic }>((tie) => ({
  one: fc.record(
    {
      type: fc.oneof(fc.constantFrom('APPLICATION', 'PORT', 'NAPDEF', 'RESOURCE'), word),
      parms: fc.array(
        fc
          .record(
            {
              name: fc.oneof(fc.constantFrom('NAME', 'APPID', 'T-BIT', 'ADDR', 'SPI'), word),
              value: optional(fc.oneof(token, fc.constantFrom('IPV6', 'APPSRV', 'HTTP-BASIC', 'HA', ','))),
            },
            { noNullPrototype: true },
          )
          .map(({ name, value }) => (value === undefined ? { name } : { name, value })),
        { maxLength: 3 },
      ),
      characteristics: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie('one'), { maxLength: 2 })),
    },
    { noNullPrototype: true },
  ),
})).one;

const provisioningDocument: fc.Arbitrary<ProvisioningDocument> = fc
  .record(
    {
      version: optional(fc.constantFrom('1.0', '1.1')),
      characteristics: fc.array(characteristic, { maxLength: 3 }),
    },
    { noNullPrototype: true },
  )
  .map(({ version, characteristics }) =>
    version === undefined ? { characteristics } : { version, characteristics },
  );

describe('properties', () => {
  test('any document survives a round trip', () => {
    fc.assert(
      fc.property(
        provisioningDocument,
        fc.constantFrom('wbxml', 'xml'),
        fc.constantFrom('1.1', '1.2', '1.3'),
        fc.boolean(),
        (document, form, version, stringTable) => {
          const octets = writeProvisioning(document, form, { version, stringTable });
          assert.deepEqual(readProvisioning(octets, form), document);
        },
      ),
    );
  });

  test('any octets are read or a DecodeError', () => {
    const octets = hexToBytes(example.hex);
    const patched = fc
      .array(fc.tuple(fc.nat(octets.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      .map((patches) => {
        const copy = octets.slice();
        for (const [at, octet] of patches) copy[at] = octet;
        return copy;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), patched), (bytes) => {
        const document = valueOrDecodeError(() => readProvisioning(bytes, 'wbxml'));
        if (document === undefined) return;
        valueOrDecodeError(() => [
          dmApplications(document),
          logicalProxies(document),
          accessPoints(document),
        ]);
      }),
      { numRuns: 500 },
    );
  });

  test('tokens that expand are bounded', () => {
    // Many long value tokens in one attribute.
    const many = `030b6a0045c650${'95'.repeat(1000)}0101`;
    assertDecodeError(
      () => readProvisioning(hexToBytes(many), 'wbxml', { maxOutput: 10_000 }),
      'LIMIT',
      /more than 10000/,
    );
  });

  test('attributes that another document type has names for are literals', () => {
    const octets = encodeWbxml(readXml('<parm other="a" name="NAME"/>'), { publicId: 0x0b });
    assert.equal(writeXml(decodeWbxml(octets).root), '<parm other="a" name="NAME"/>');
  });
});
