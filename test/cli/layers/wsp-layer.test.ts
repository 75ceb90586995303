// WSP PDUs: what a refused push carries is shown once, and octets are a PDU of another type only where its lengths fit.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noFindings, spanOf } from '../../../src/cli/layers/findings.ts';
import { isOtherWspPdu, takeWsp } from '../../../src/cli/layers/wsp-layer.ts';
import { concatBytes, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';

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
