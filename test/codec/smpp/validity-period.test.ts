import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  absoluteTime,
  encodePdu,
  relativeTime,
  secondsUntil,
  setValidityPeriod,
} from '../../../src/codec/smpp/index.ts';
import { bytesToHex, ValueError } from '../../../src/core/index.ts';

test('SMPP 3.4 §7.1.1.1: moments as absolute times, in UTC', () => {
  assert.equal(absoluteTime(Date.UTC(2026, 10, 29, 19, 2, 16, 789)), '261129190216700+');
  assert.equal(absoluteTime(Date.UTC(2000, 0, 1)), '000101000000000+');
  assert.equal(absoluteTime(Date.UTC(2100, 0, 1) - 1), '991231235959900+');
  for (const time of [Date.UTC(2000, 0, 1) - 1, Date.UTC(2100, 0, 1), Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => absoluteTime(time), ValueError);
  }
});

test('SMPP 3.4 §7.1.1.1: any moment comes back, to a tenth of a second', () => {
  const moment = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) - 1 });
  fc.assert(
    fc.property(moment, (time) => {
      const seconds = secondsUntil(absoluteTime(time), 0) ?? Number.NaN;
      assert.equal(Math.round(seconds * 10), Math.floor(time / 100));
    }),
  );
});

test('SMPP 3.4 §5.2.16: a period set afterwards gives the octets that it would have been written with', () => {
  const text = (maxLength: number) => fc.stringMatching(new RegExp(`^[0-9A-Za-z]{0,${maxLength}}$`));
  fc.assert(
    fc.property(
      text(5),
      text(20),
      text(20),
      fc.boolean(),
      fc.uint8Array({ maxLength: 140 }),
      (serviceType, sourceAddress, destinationAddress, scheduled, shortMessage) => {
        const fields = {
          command: 'submit_sm',
          serviceType,
          sourceTon: 5,
          sourceAddress,
          destinationNpi: 1,
          destinationAddress,
          esmClass: 0x40,
          scheduleDeliveryTime: scheduled ? relativeTime(5) : '',
          shortMessage,
        } as const;
        const pdu = encodePdu({ ...fields, validityPeriod: relativeTime(1) });
        setValidityPeriod(pdu, relativeTime(600));
        assert.equal(
          bytesToHex(pdu),
          bytesToHex(encodePdu({ ...fields, validityPeriod: relativeTime(600) })),
        );
      },
    ),
  );
});

test('SMPP 3.4 §5.2.16: there has to be one, and the new one has to be one', () => {
  const timed = encodePdu({ command: 'submit_sm', validityPeriod: relativeTime(1) });
  assert.throws(() => setValidityPeriod(encodePdu({ command: 'submit_sm' }), relativeTime(1)), ValueError);
  for (const text of ['', '1', '0000000000010000R']) {
    assert.throws(() => setValidityPeriod(timed, text), ValueError);
  }
});
