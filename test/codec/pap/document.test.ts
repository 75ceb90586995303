import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type PapDocument,
  papVersions,
  type ReadPapOptions,
  readPapDocument,
  writePapDocument,
} from '../../../src/codec/pap/index.ts';
import {
  bytesToDisplayText,
  type DecodeErrorCode,
  utf8ToBytes,
  ValueError,
} from '../../../src/core/index.ts';
import { assertDecodeError, valueOrDecodeError } from '../wbxml/support.ts';
import { papMessage } from './arbitrary.ts';

interface Vectors {
  readonly documents: readonly {
    readonly name: string;
    readonly xml: string;
    readonly document: PapDocument;
  }[];
  readonly kannel: readonly {
    readonly name: string;
    readonly xml: string;
    readonly version: string;
    readonly element: string;
    readonly code: number;
  }[];
}
const vectors = JSON.parse(
  readFileSync(new URL('../../vectors/pap.json', import.meta.url), 'utf8'),
) as Vectors;

const doctype20 =
  '<!DOCTYPE pap PUBLIC "-//WAPFORUM//DTD PAP 2.0//EN" "http://www.wapforum.org/DTD/pap_2.0.dtd" [<?wap-pap-ver supported-versions="2.0,1.*"?>]>';

describe('PAP §9: each element, both directions', () => {
  for (const { name, xml, document } of vectors.documents) {
    test(name, () => {
      assert.deepEqual(readPapDocument(xml), { ...document, version: undefined });
      const written = bytesToDisplayText(writePapDocument(document));
      assert.equal(written, `<?xml version="1.0" encoding="UTF-8"?>\r\n${doctype20}\r\n${xml}\r\n`);
      assert.deepEqual(readPapDocument(written), { ...document, version: '2.0' });
      const old = readPapDocument(writePapDocument(document, '1.0'));
      assert.deepEqual(old, { ...document, version: '1.0' });
    });
  }
});

describe('answers of Kannel', () => {
  for (const { name, xml, version, element, code } of vectors.kannel) {
    test(name, () => {
      const read = readPapDocument(xml);
      assert.equal(read.version, version);
      assert.equal(read.message.element, element);
      const { message } = read;
      const said =
        message.element === 'push-response'
          ? message.responseResult.code
          : message.element === 'badmessage-response'
            ? message.code
            : undefined;
      assert.equal(said, code);
    });
  }
});

const push = (attributes: string, content = '<address address-value="a"/>') =>
  `<pap><push-message ${attributes}>${content}</push-message></pap>`;

describe('PAP: what is refused', () => {
  const rows: readonly [string, string, DecodeErrorCode, RegExp][] = [
    ['another root', '<PAP/>', 'BAD_VALUE', /"PAP", not pap/],
    ['a root in a namespace', '<pap xmlns="urn:x"/>', 'BAD_VALUE', /not pap/],
    ['an attribute of pap', '<pap x="1"/>', 'BAD_VALUE', /no attribute "x"/],
    ['no message', '<pap> </pap>', 'BAD_VALUE', /holds no message/],
    [
      'two messages',
      '<pap><cancel-message push-id="1"/><cancel-message push-id="2"/></pap>',
      'BAD_VALUE',
      /one message/,
    ],
    ['text', '<pap>x</pap>', 'BAD_VALUE', /nothing else/],
    ['an unknown message', '<pap><pull-message/></pap>', 'BAD_VALUE', /unknown message "pull-message"/],
    ['a name in another case', '<pap><Push-Message push-id="1"/></pap>', 'BAD_VALUE', /unknown message/],
    ['a missing attribute', push(''), 'BAD_VALUE', /push-message: attribute push-id is missing/],
    ['an empty push-id', push('push-id=" "'), 'BAD_VALUE', /push-message.push-id: " " is not text that/],
    ['an unknown attribute', push('push-id="1" colour="red"'), 'BAD_VALUE', /no attribute "colour"/],
    ['no address', push('push-id="1"', ''), 'BAD_VALUE', /element address is missing/],
    [
      'an address without value',
      push('push-id="1"', '<address/>'),
      'BAD_VALUE',
      /address\[0\]: attribute address-value/,
    ],
    [
      'text in an element',
      push('push-id="1"', '<address address-value="a">b</address>'),
      'BAD_VALUE',
      /must not hold text/,
    ],
    [
      'an unknown element',
      push('push-id="1"', '<address address-value="a"/><x/>'),
      'BAD_VALUE',
      /element "x" must not stand/,
    ],
    [
      'elements out of order',
      push('push-id="1"', '<quality-of-service/><address address-value="a"/>'),
      'BAD_VALUE',
      /address is missing/,
    ],
    [
      'two of one',
      push('push-id="1"', '<address address-value="a"/><quality-of-service/><quality-of-service/>'),
      'BAD_VALUE',
      /quality-of-service: occurs twice/,
    ],
    [
      'a value that is not listed',
      push('push-id="1" replace-method="some"'),
      'BAD_VALUE',
      /one of pending-only, all/,
    ],
    ['a flag that is none', push('push-id="1" progress-notes-requested="yes"'), 'BAD_VALUE', /true or false/],
    [
      'a local time',
      push('push-id="1" deliver-before-timestamp="2026-01-01T00:00:00"'),
      'BAD_VALUE',
      /a time/,
    ],
    [
      '30 February',
      push('push-id="1" deliver-before-timestamp="2026-02-30T00:00:00Z"'),
      'BAD_VALUE',
      /a time/,
    ],
    [
      'a code of letters',
      '<pap><ccq-response code="ok"><address address-value="a"/></ccq-response></pap>',
      'BAD_VALUE',
      /code: "ok"/,
    ],
    [
      'a version that is to come',
      `<!DOCTYPE pap PUBLIC "-//OMA//DTD PAP 3.0//EN" "x">${push('push-id="1"')}`,
      'UNSUPPORTED',
      /version 3.0/,
    ],
    ['an entity', `<!DOCTYPE pap [<!ENTITY a "b">]>${push('push-id="1"')}`, 'UNSUPPORTED', /internal/],
    ['a processing instruction', `<?wap-pap-ver x?>${push('push-id="1"')}`, 'UNSUPPORTED', /processing/],
    [
      'more elements than allowed',
      push('push-id="1"', '<address address-value="a"/>'.repeat(1100)),
      'LIMIT',
      /1024 elements/,
    ],
    ['a document beyond its limit', push(`push-id="${'1'.repeat(70_000)}"`), 'LIMIT', /65536/],
  ];
  for (const [name, xml, code, detail] of rows) {
    test(name, () => {
      assertDecodeError(() => readPapDocument(xml), code, detail);
    });
  }

  test('values in an error are cut short', () => {
    const long = push(`push-id="1" replace-method="${'x'.repeat(5000)}"`);
    assert.ok(assertDecodeError(() => readPapDocument(long), 'BAD_VALUE', /x…/).message.length < 300);
  });
});

test('words in other cases are read, as deployed gateways read them, and written as the DTD has them', () => {
  const xml =
    '<pap><push-message push-id="1" replace-method="ALL" progress-notes-requested=" True"><address address-value="a"/>' +
    '<quality-of-service priority="High" delivery-method="UNCONFIRMED" bearer="sms" bearer-required="FALSE "/>' +
    '</push-message></pap>';
  const document = readPapDocument(xml);
  assert.deepEqual(document.message, {
    element: 'push-message',
    pushId: '1',
    replaceMethod: 'all',
    progressNotesRequested: true,
    addresses: ['a'],
    qualityOfService: {
      priority: 'high',
      deliveryMethod: 'unconfirmed',
      bearer: 'sms',
      bearerRequired: false,
    },
  });
  assert.match(
    bytesToDisplayText(writePapDocument(document)),
    /priority="high" delivery-method="unconfirmed"/,
  );
});

test('what the DTD does not have can be ignored, but not what is wrong', () => {
  const options: ReadPapOptions = { unknown: 'ignore' };
  const xml = push('push-id="1" colour="red" xml:lang="en"', '<address address-value="a" x="y"/><bpds/>');
  assert.deepEqual(readPapDocument(xml.replace('<pap>', '<pap x="y">'), options).message, {
    element: 'push-message',
    pushId: '1',
    addresses: ['a'],
  });
  assertDecodeError(() => readPapDocument(push('colour="red"'), options), 'BAD_VALUE', /push-id is missing/);
});

test('versions: as the DOCTYPE says, none without one', () => {
  const version = (doctype: string) => readPapDocument(`${doctype}${push('push-id="1"')}`).version;
  assert.equal(version(''), undefined);
  assert.equal(version('<!DOCTYPE pap>'), undefined);
  assert.equal(version('<!DOCTYPE pap SYSTEM "pap_2.0.dtd">'), undefined);
  assert.equal(version("<!DOCTYPE pap PUBLIC '-//WAPFORUM//DTD PAP 1.0//EN' 'x'>"), '1.0');
  assert.equal(version('<!DOCTYPE pap PUBLIC "-//OMA//DTD PAP 2.2//EN" "x" [<?wap-pap-ver a?>]>'), '2.2');
});

describe('PAP: what cannot be written', () => {
  const rows: readonly [string, object, RegExp][] = [
    ['no push-id', { element: 'cancel-message', addresses: [] }, /cancel-message.push-id: is missing/],
    ['an empty push-id', { element: 'cancel-message', pushId: '', addresses: [] }, /push-id: is not text/],
    ['no address', { element: 'push-message', pushId: '1', addresses: [] }, /needs at least 1/],
    ['no result', { element: 'cancel-response', pushId: '1', results: [] }, /needs at least 1/],
    ['a code out of range', { element: 'ccq-response', code: 12, address: 'a' }, /code: is not a code/],
    [
      'no time',
      { element: 'push-message', pushId: '1', addresses: ['a'], deliverBeforeTimestamp: NaN },
      /is not a time/,
    ],
    [
      'a time after the year 9999',
      { element: 'push-message', pushId: '1', addresses: ['a'], deliverBeforeTimestamp: 1e15 },
      /is not a time/,
    ],
    ['an unknown message', { element: 'pap' }, /no PAP message/],
    [
      'a control character',
      { element: 'cancel-message', pushId: '\u0001', addresses: [] },
      /XML 1.0 cannot carry/,
    ],
  ];
  for (const [name, message, detail] of rows) {
    test(name, () => {
      const document = { message } as unknown as PapDocument;
      assert.throws(
        () => writePapDocument(document),
        (error: unknown) => error instanceof ValueError && detail.test(error.message),
      );
    });
  }
});

test('any message survives a round trip, in both versions', () => {
  fc.assert(
    fc.property(papMessage, fc.constantFrom(...papVersions), (message, version) => {
      const octets = writePapDocument({ message }, version);
      assert.deepEqual(readPapDocument(octets), { message, version });
    }),
  );
});

test('a document cut short at any octet is an error', () => {
  const octets = writePapDocument({ message: { element: 'cancel-message', pushId: 'é', addresses: ['a'] } });
  const end =
    bytesToDisplayText(octets).lastIndexOf('</pap>') + utf8ToBytes('é').length - 1 + '</pap>'.length;
  for (let length = 0; length < end; length += 1) {
    assert.equal(
      valueOrDecodeError(() => readPapDocument(octets.subarray(0, length))),
      undefined,
    );
  }
  assert.ok(readPapDocument(octets.subarray(0, end)));
});

test('any octets, and any change to a document, give a document or a DecodeError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
      valueOrDecodeError(() => readPapDocument(octets));
    }),
  );
  fc.assert(
    fc.property(papMessage, fc.nat(), fc.nat({ max: 255 }), (message, at, octet) => {
      const octets = writePapDocument({ message });
      octets[at % octets.length] = octet;
      valueOrDecodeError(() => readPapDocument(octets, { unknown: 'ignore' }));
    }),
  );
});
