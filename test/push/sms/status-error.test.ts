import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandStatuses } from '../../../src/codec/smpp/index.ts';
import { statusError, statusMeaning } from '../../../src/push/sms/status-error.ts';

const slowDown = ['ESME_RTHROTTLED', 'ESME_RMSGQFUL'];
const passing = [
  'ESME_RSYSERR',
  'ESME_RSUBMITFAIL',
  'ESME_RX_T_APPN',
  'ESME_RDELIVERYFAILURE',
  'ESME_RUNKNOWNERR',
  'ESME_RALYBND',
];

for (const [name, status] of Object.entries(commandStatuses)) {
  if (status === 0) continue;
  const expected = slowDown.includes(name)
    ? 'slow-down'
    : name === 'ESME_RINVBNDSTS'
      ? 'rebind'
      : passing.includes(name)
        ? 'passing'
        : 'lasting';
  test(`SMPP 3.4 §5.1.3: ${name} is ${expected}`, () => {
    assert.equal(statusMeaning(status), expected);
    const error = statusError(status, 'sim');
    assert.equal(error.code, name);
    assert.equal(error.retryable, expected !== 'lasting');
    assert.ok(error.message.startsWith(`sim: refused the message: ${name}`));
  });
}

test('a status that a centre made up may pass; ESME_RINVDCS of SMPP 5.0 does not', () => {
  const own = statusError(0x404, 'sim');
  assert.deepEqual([own.code, own.retryable], ['SMPP_00000404', true]);
  assert.equal(statusError(0x104, 'sim').retryable, false);
});
