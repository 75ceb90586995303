// WSP PDUs: what a refused push carries is shown once, and octets are a PDU of another type only where its lengths fit.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { noFindings, spanOf } from '../../../src/inspect/layers/findings.ts';
import { isOtherWspPdu, takeWsp } from '../../../src/inspect/layers/wsp-layer.ts';

/** A push for another application than DM, with a body of that type. */
const foreign = (mime: string, body: Uint8Array): Uint8Array => {
  const headers = concatBytes(utf8ToBytes(`${mime}\0`), hexToBytes('af80'));
  return concatBytes(Uint8Array.of(1, 6, headers.length), headers, body);
};

function taken(octets: Uint8Array): {
  readonly layers: readonly string[];
  readonly refusal: string | undefined;
} {
  const findings = noFindings();
  takeWsp(spanOf(octets), { findings, options: { as: 'auto' } });
  return { layers: findings.layers.map(({ name }) => name), refusal: findings.refusal?.message };
}

describe('a push that no DM client takes', () => {
  const xml = 'application/vnd.syncml.dm+xml';

  it('is refused, and what it carries is read', () => {
    const { layers, refusal = '' } = taken(foreign(xml, utf8ToBytes('<SyncML/>')));
    assert.deepEqual(layers, ['wsp', 'xml']);
    assert.match(refusal, /not a push for DM/);
  });

  it('shows a body that cannot be read as one layer', () => {
    for (const [mime, name] of [
      [xml, 'xml'],
      ['text/xml', 'xml'],
    ] as const) {
      assert.deepEqual(taken(foreign(mime, utf8ToBytes('<SyncML><'))).layers, ['wsp', name]);
    }
    assert.deepEqual(taken(foreign('image/x-other', Uint8Array.of(0xff, 1, 2))).layers, ['wsp', 'content']);
  });

  it('has no layer for no body', () => {
    assert.deepEqual(taken(foreign(xml, new Uint8Array(0))).layers, ['wsp']);
  });
});

describe('a WSP PDU', () => {
  const package0 = '4e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765';

  /** Titles with the names and places of fields, and the refusal. */
  function told(hex: string): readonly unknown[] {
    const findings = noFindings();
    takeWsp(spanOf(hexToBytes(hex)), { findings, options: { as: 'auto' } });
    const [{ title = '', annotations = [] } = {}, ...inner] = findings.layers;
    const fields = annotations.map(({ field, offset, length }) => `${field} ${offset}+${length}`).join(', ');
    const { at, message = 'accepted', spec } = findings.refusal ?? {};
    assert.deepEqual(spec ?? { doc: 'DM-NOTI-1.3', section: '7.1.1' }, {
      doc: 'DM-NOTI-1.3',
      section: '7.1.1',
    });
    return [
      title,
      fields,
      inner.map((each) => each.title),
      at === undefined ? message : `${at.path}@${at.offset}`,
      message,
    ];
  }
  const head = 'transactionId 0+1, pduType 1+1';
  const push = `${head}, headersLength 2+1, contentType 3+1`;
  const inner = ['Package #0, format dm1.2 (42 octets)'];

  it('is a push for DM', () => {
    const [title, fields, layers, verdict] = told(`010603c4af87${package0}`);
    assert.deepEqual([title, verdict, layers], ['WSP connectionless push', 'accepted', inner]);
    assert.equal(fields, `${push}, X-Wap-Application-Id 4+2`);
  });

  it('is refused at the application that it names, or does not', () => {
    const [, , layers, place, message] = told(`010603c4af81${package0}`);
    assert.deepEqual([layers, place], [inner, 'X-Wap-Application-Id@4']);
    assert.match(
      String(message),
      /application id 1 \(push\.sia\), not syncml\.dm \(byte 4; DM-NOTI-1\.3 §7\.1\.1\)$/,
    );
    const [, , , none, missing] = told(`010601c4${package0}`);
    assert.equal(none, 'X-Wap-Application-Id@0');
    assert.match(String(missing), /what is missing is the header .*\(octets AF 87\)/);
  });

  it('is refused at its content type', () => {
    const [, , layers, place, message] = told('010603b0af870102');
    assert.deepEqual([layers, place], [['application/vnd.wap.slc (2 octets)'], 'contentType@3']);
    assert.match(String(message), /content type 0x30 "application\/vnd\.wap\.slc" \(byte 3/);
  });

  it('is refused as what it is where it is another', () => {
    assert.deepEqual(told('01400468747470').slice(0, 4), [
      'WSP Get',
      head,
      ['what follows the type (5 octets)'],
      'pduType@1',
    ]);
    assert.deepEqual(told('010503').slice(0, 4), [
      'WSP Disconnect',
      head,
      ['what follows the type (1 octets)'],
      'pduType@1',
    ]);
    const [title, , layers, place] = told(`010703c4af87${package0}`);
    assert.deepEqual([title, layers, place], ['WSP ConfirmedPush', inner, 'pduType@1']);
  });
});

describe('PDUs of the session service', () => {
  const is = (hex: string, more = 0): boolean =>
    isOtherWspPdu(concatBytes(hexToBytes(hex), new Uint8Array(more)));

  it('are Connect of version 1, whose lengths fit', () => {
    assert.ok(is('00011003020102030405'));
    assert.ok(is('00011003020102030405', 60), 'of any length');
    assert.ok(!is('000110040201020304'), 'one octet is missing');
    assert.ok(!is('00012003020102030405'), 'version 2');
    assert.ok(!is('0001108180808080'), 'a number that does not end');
  });

  it('are ConnectReply, Suspend, Disconnect and Resume, which are short', () => {
    assert.ok(is('00020501010a0b'));
    assert.ok(!is('00020502010a0b'), 'one octet is missing');
    assert.ok(!is('00020501010a0b', 48), 'too long');
    assert.ok(is('000505') && is('00088105'));
    assert.ok(!is('00050500'), 'more than the number of the session');
    assert.ok(is('00090501aa') && !is('00090502aa'));
    assert.ok(!is('000705'), 'no such type');
  });
});
