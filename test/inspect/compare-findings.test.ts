// Two messages whose octets differ anywhere are never said to be the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesToHex, hexToBytes, ReveilleError } from '../../src/core/index.ts';
import { compareFindings, type Findings, takeApart } from '../../src/inspect/index.ts';
import { noFindings } from '../../src/inspect/layers/findings.ts';

const push = hexToBytes(
  '010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);

function takenApart(octets: Uint8Array): Findings {
  const findings = noFindings();
  try {
    takeApart([octets], { as: 'auto' }, findings);
  } catch (error) {
    assert.ok(error instanceof ReveilleError);
  }
  return findings;
}

test('every octet of a message that is changed is told', async () => {
  const whole = takenApart(push);
  for (let at = 0; at < push.length; at += 1) {
    for (const bit of [1, 16, 128]) {
      const changed = push.slice();
      changed[at] = (changed[at] ?? 0) ^ bit;
      const differences = compareFindings(whole, takenApart(changed), [push, changed]);
      assert.ok(differences.length > 0, `octet ${at}`);
    }
  }
});

test('what a field says in other octets is told as that, and changes of value are not told twice', () => {
  const longer = hexToBytes(bytesToHex(push).replace('010603', '02068003'));
  const found = compareFindings(takenApart(push), takenApart(longer), [push, longer]);
  assert.deepEqual(
    found.map(({ field, spelledOtherwise, first, second }) => [
      field,
      spelledOtherwise,
      first?.octets,
      second?.octets,
    ]),
    [
      ['wsp.transactionId', undefined, undefined, undefined],
      ['wsp.headersLength', true, '03', '8003'],
    ],
  );
});
