// Every code that a binding gives a push has a reason of its own.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { failureReason, failureReasons } from '../../../src/server/index.ts';

const root = resolve(import.meta.dirname, '../../../src');
const codes = new Set<string>();
for (const file of globSync('push/**/*.ts', { cwd: root })) {
  const text = readFileSync(resolve(root, file), 'utf8');
  for (const [, code = ''] of text.matchAll(/new (?:Sip)?PushError\(\s*['`]([A-Z_]+)['`]/g)) codes.add(code);
}

test('the codes of bindings are known', () => {
  assert.ok(codes.size >= 15, `${codes.size} codes were found`);
  const unknown = [...codes].filter((code) => failureReason(code) === 'other');
  assert.deepEqual(unknown, []);
});

test('codes of protocols, of the system and of the engine', () => {
  for (const [code, reason] of [
    ['ESME_RINVDSTADR', 'unknown-receiver'],
    ['ESME_RSYSERR', 'rejected'],
    ['ESME_RTHROTTLED', 'throttled'],
    ['SMPP_00000400', 'rejected'],
    ['SIP_480', 'unreachable'],
    ['SIP_500', 'rejected'],
    ['OBEX_NOT_FOUND', 'rejected'],
    ['ECONNREFUSED', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['WTLS_SECRET', 'security'],
    ['TLS', 'security'],
    ['SIM_LOCKED', 'modem'],
    ['NO_ANSWER', 'no-answer'],
    ['constructor', 'other'],
    [undefined, 'other'],
  ] as const) {
    assert.equal(failureReason(code), reason, code);
    assert.ok(failureReasons.includes(reason));
  }
});
