// Keys from files: octets that are no text, hex digits, and public keys by mistake.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readSigningKey } from '../../../src/cli/message/message-keys.ts';
import { testIo } from '../run-cli.ts';
import { file } from './message-files.ts';

it('a shared key may be octets of any kind', async () => {
  const { io } = testIo();
  for (const [name, content] of [
    ['octets.key', Uint8Array.of(0xff, 0xfe, 0x80, ...new Uint8Array(29).fill(0xc0))],
    ['text.key', 'a shared key of thirty-two octets\n'],
    ['hex.key', `hex:${'a5'.repeat(32)}\r\n`],
  ] as const) {
    const key = await readSigningKey(io, { hmacKeyFile: file(name, content) });
    assert.equal(key.constructor.name, 'SharedKey', name);
  }
});
