import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandStatuses } from '../../../src/codec/smpp/index.ts';
import { statusError, statusMeaning } from '../../../src/push/sms/link/status-error.ts';

const passing = [
  'ESME_RSYSERR',
  'ESME_RSUBMITFAIL',
  'ESME_RX_T_APPN',
  'ESME_RDELIVERYFAILURE',
  'ESME_RUNKNOWNERR',
  'ESME_RALYBND',
  'ESME_RBINDFAIL',
  'ESME_RINVPASWD',
  'ESME_RINVSYSID',
  'ESME_RINVSYSTYP',
  'ESME_RINVEXPIRY',
];
const others: Readonly<Record<string, string>> = {
  ESME_RTHROTTLED: 'slow-down',
  ESME_RMSGQFUL: 'full-queue',
  ESME_RINVBNDSTS: 'rebind',
};

for (const [name, status] of Object.entries(commandStatuses)) {
  if (status === 0) continue;
  const expected = others[name] ?? (passing.includes(name) ? 'passing' : 'lasting');
  test(`SMPP 3.4 §5.1.3: ${name} is ${expected}`, () => {
    assert.equal(statusMeaning(status), expected);
    const error = statusError(status, 'sim');
    assert.equal(error.code, name);
    assert.equal(error.retryable, expected !== 'lasting');
    assert.ok(error.message.startsWith(`sim: refused the message: ${name}`));
  });
}

test('a status that a centre made up, or that is reserved, may pass', () => {
  for (const status of [0x09, 0x10, 0x12, 0x59, 0xc5, 0xfd, 0x113, 0x3ff, 0x400, 0x404, 0x4ff, 0x10000]) {
    const own = statusError(status, 'sim');
    const hex = status.toString(16).toUpperCase().padStart(8, '0');
    assert.deepEqual([own.code, own.retryable], [`SMPP_${hex}`, true]);
  }
});

test('statuses of SMPP 5.0: what is refused will be again, but for a service that is not available now', () => {
  for (const status of [0x100, 0x101, 0x103, 0x104, 0x105, 0x106]) {
    assert.equal(statusMeaning(status), 'lasting');
    assert.match(statusError(status, 'sim').message, /\(.+\)$/);
  }
  assert.equal(statusMeaning(0x102), 'passing');
});
