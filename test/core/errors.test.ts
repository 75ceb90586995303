import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ConfigError,
  DecodeError,
  PushError,
  ReveilleError,
  StoreError,
  ValueError,
} from '../../src/core/index.ts';

const spec = { doc: 'DM-NOTI-1.2', section: '6.2.10' };

test('a DecodeError says what, where, and which rule', () => {
  const cause = new Error('inner');
  const error = new DecodeError('BAD_VALUE', 'is 0', { path: 'sessionId', offset: 5, bit: 0 }, spec, {
    cause,
  });
  assert.equal(String(error), 'DecodeError: sessionId: is 0 (byte 5; DM-NOTI-1.2 §6.2.10)');
  assert.deepEqual(
    [error.code, error.detail, error.at.offset, error.spec, error.cause],
    ['BAD_VALUE', 'is 0', 5, spec, cause],
  );
  const within = new DecodeError(
    'TRUNCATED',
    'cut',
    { path: '', offset: 1, bit: 3 },
    { doc: 'X', section: '' },
  );
  assert.equal(within.message, 'cut (byte 1, bit 3; X)');
});

test('a ValueError says which value, and the rule where there is one', () => {
  const error = new ValueError('OUT_OF_RANGE', 'must be 1', 'sessionId', spec);
  assert.equal(String(error), 'ValueError: sessionId: must be 1 (DM-NOTI-1.2 §6.2.10)');
  assert.deepEqual([error.path, error.spec, error.detail], ['sessionId', spec, 'must be 1']);
  const bare = new ValueError('WRONG_TYPE', 'must be an object');
  assert.deepEqual([bare.message, bare.path, bare.spec], ['must be an object', '', undefined]);
});

test('every family is told by its class, and all by their base', () => {
  const errors = [
    new DecodeError('LIMIT', 'x', { path: '', offset: 0, bit: 0 }, spec),
    new ValueError('MISSING', 'x'),
    new PushError('REFUSED', 'x', true),
    new StoreError('GONE', 'x'),
    new ConfigError('x'),
  ];
  assert.deepEqual(
    errors.map((error) => [error.name, error.code, error instanceof ReveilleError, error instanceof Error]),
    [
      ['DecodeError', 'LIMIT', true, true],
      ['ValueError', 'MISSING', true, true],
      ['PushError', 'REFUSED', true, true],
      ['StoreError', 'GONE', true, true],
      ['ConfigError', 'CONFIG', true, true],
    ],
  );
  assert.equal(new PushError('REFUSED', 'x', true).retryable, true);
});
