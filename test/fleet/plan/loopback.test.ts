// What is on loopback, and what only looks so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback, isLoopbackUrl } from '../../../src/fleet/plan/loopback.ts';

test('addresses of loopback and localhost are, other names and addresses are not', () => {
  for (const host of [
    '127.0.0.1',
    '127.255.0.9',
    '::1',
    '[::1]',
    'localhost',
    'LOCALHOST',
    '::ffff:127.0.0.1',
  ]) {
    assert.equal(isLoopback(host), true, host);
  }
  for (const host of [
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '127.example.com',
    '127.0.0.1.example.com',
    'localhost.example',
    '',
  ]) {
    assert.equal(isLoopback(host), false, host);
  }
  assert.equal(isLoopbackUrl('http://127.0.0.1:80/dm'), true);
  assert.equal(isLoopbackUrl('http://[::1]:80/dm'), true);
  // User information is not the host.
  assert.equal(isLoopbackUrl('http://127.0.0.1@example.com/dm'), false);
  assert.equal(isLoopbackUrl('no url'), false);
});
