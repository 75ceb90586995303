// Captures that a test made, read again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type CapturedExplanation, CaptureReader, explainCaptured } from '../../../src/inspect/index.ts';

/** Messages of a capture, explained; nothing of it may be damaged. */
export function messagesOf(file: string): readonly CapturedExplanation[] {
  const reader = new CaptureReader();
  const messages = [...reader.feed(Uint8Array.from(readFileSync(file)))];
  const { messages: last, summary } = reader.end();
  assert.equal(summary.error, undefined);
  return [...messages, ...last].map((each) => explainCaptured(each));
}

/** None of the secrets is in the file, neither as it is nor in Base64 at any of its three places. */
export function assertWithout(file: string, secrets: readonly string[]): void {
  const text = readFileSync(file).toString('latin1');
  for (const each of secrets) {
    assert.equal(text.includes(each), false, `a secret of ${each.length} characters`);
    for (const shift of [0, 1, 2]) {
      const base64 = Buffer.from('x'.repeat(shift) + each, 'latin1').toString('base64');
      assert.equal(text.includes(base64.slice(shift === 0 ? 0 : 4, -4)), false, 'a secret in Base64');
    }
  }
}
