// What a rejected push has to be.
import assert from 'node:assert/strict';
import { PushError } from '../../../src/core/index.ts';

/** For `assert.rejects`: a PushError of this code. */
export function isPushError(code: string, retryable: boolean): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof PushError, String(error));
    assert.deepEqual([error.code, error.retryable], [code, retryable], error.message);
    return true;
  };
}
