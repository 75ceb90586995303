import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodePdu, SubmitTemplate, type SubmitTemplateFields } from '../../../src/codec/smpp/index.ts';
import { bytesToHex, concatBytes, ValueError } from '../../../src/core/index.ts';

const octet = fc.nat(255);
const fields: fc.Arbitrary<SubmitTemplateFields> = fc.record(
  {
    serviceType: fc.constantFrom('', 'WAP', 'X'.repeat(5)),
    sourceTon: octet,
    sourceNpi: octet,
    sourceAddress: fc.stringMatching(/^[0-9A-Za-z]{0,20}$/),
    esmClass: octet,
    protocolId: octet,
    priorityFlag: octet,
    validityPeriod: fc.constantFrom('', '000000010000000R'),
    registeredDelivery: octet,
    dataCoding: octet,
  },
  { noNullPrototype: true, requiredKeys: [] },
);

test('SMPP 3.4 §4.4.1: a submit_sm of a template is that of encodePdu, octet by octet', () => {
  const address = fc.stringMatching(/^[0-9]{0,20}$/);
  const parts = fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 3 });
  fc.assert(
    fc.property(fields, octet, octet, address, parts, (some, ton, npi, to, content) => {
      const written = new SubmitTemplate(some).write(ton, npi, to, ...content);
      const expected = encodePdu({
        ...some,
        command: 'submit_sm',
        destinationTon: ton,
        destinationNpi: npi,
        destinationAddress: to,
        shortMessage: concatBytes(...content),
      });
      assert.equal(bytesToHex(written), bytesToHex(expected));
    }),
  );
});

test('SMPP 3.4 §4.4.1: what does not fit is refused', () => {
  const template = new SubmitTemplate({});
  const half = new Uint8Array(127);
  assert.equal(template.write(1, 1, '1'.repeat(20), half, half).at(-255), 254);
  const refused = (code: string, path: string) => (error: unknown) =>
    error instanceof ValueError && error.code === code && error.path === path;
  const overlong = (): Uint8Array => template.write(1, 1, '1', half, half, Uint8Array.of(1));
  assert.throws(overlong, refused('TOO_LONG', 'shortMessage'));
  assert.throws(() => template.write(1, 1, '1'.repeat(21)), refused('TOO_LONG', 'destinationAddress'));
  for (const address of ['4\u00e9', '4\0']) {
    assert.throws(() => template.write(1, 1, address), refused('BAD_FORMAT', 'destinationAddress'));
  }
  assert.throws(() => new SubmitTemplate({ serviceType: 'X'.repeat(6) }), ValueError);
});
