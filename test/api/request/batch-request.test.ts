// A line of a batch as a request, and what its body has to be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notLines, readRequest, requireLines } from '../../../src/api/request/batch-request.ts';
import { ApiError } from '../../../src/api/request/problem.ts';
import { ValueError } from '../../../src/core/index.ts';

test('a line is what the single route takes, and with it the key', () => {
  assert.deepEqual(readRequest('{"device":"IMEI:1"}'), { value: { device: 'IMEI:1' } });
  assert.deepEqual(readRequest('{"device":"IMEI:1","idempotencyKey":"k"}'), {
    value: { device: 'IMEI:1' },
    idempotencyKey: 'k',
  });
  for (const value of [null, 1, 'idempotencyKey', ['idempotencyKey']]) {
    assert.deepEqual(readRequest(JSON.stringify(value)), { value });
  }
});

test('a key that is none is a fault of that field, as is a line of the whole', () => {
  const fault = (text: string): unknown => {
    try {
      return readRequest(text);
    } catch (error) {
      assert.ok(error instanceof ValueError);
      return [error.code, error.path];
    }
  };
  for (const key of ['null', '1', '{}']) {
    assert.deepEqual(fault(`{"idempotencyKey":${key}}`), ['WRONG_TYPE', 'idempotencyKey']);
  }
  assert.deepEqual(fault('{"idempotencyKey":""}'), ['BAD_FORMAT', 'idempotencyKey']);
  assert.deepEqual(fault('{'), ['BAD_FORMAT', '']);
});

test('lines come as they are, and as what they are', () => {
  for (const coding of [undefined, 'identity', ' Identity ']) {
    const headers = coding === undefined ? {} : { 'content-encoding': coding };
    assert.doesNotThrow(() => requireLines({ headers }));
  }
  for (const coding of ['gzip', '', 'identity, gzip', 'gzip, identity']) {
    assert.throws(
      () => requireLines({ headers: { 'content-encoding': coding } }),
      (error) =>
        error instanceof ApiError &&
        error.status === 415 &&
        error.code === 'UNSUPPORTED' &&
        error.message === 'send the lines as they are, without Content-Encoding',
      coding,
    );
  }
  const { status, code, message } = notLines();
  assert.deepEqual(
    [status, code, message],
    [415, 'UNSUPPORTED', 'send one JSON object a line, as Content-Type: application/x-ndjson'],
  );
});
