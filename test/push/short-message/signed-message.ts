// A signed DM message that takes exactly four short messages: HMAC-SHA1, for one with SHA-256 takes five. Peers of before SHA-256 send such;
// its receiver switches SHA-1 on (docs/signed-messages.md).
import assert from 'node:assert/strict';
import { utf8ToBytes } from '../../../src/core/index.ts';
import { contentTypes, type Push } from '../../../src/push/index.ts';
import { openMessage, SharedKey } from '../../../src/security/index.ts';
import { composeMessage } from '../../../src/sessionless/index.ts';

const serverId = 'com.example.dm';
const deviceId = 'IMEI:1';
const key = new SharedKey(utf8ToBytes('a secret of both ends'), 'hmac-sha1');

/** The push. */
export function signedPush(id: string): Push {
  const commands = [
    { name: 'Add', cmdId: '', items: [{ target: { uri: './Vendor/N' }, data: 'hello' }] },
  ] as const;
  const { octets } = composeMessage(
    { serverId, deviceId, sessionId: '1', commands },
    { key, allowSha1: true },
  );
  return { id, contentType: contentTypes['dm+wbxml'], body: octets };
}

/** Opens what came, as a device with this account does. */
export function assertSigned(body: Uint8Array): void {
  const opened = openMessage(body, (asked) => (asked === serverId ? [key] : 'unknown-server'), {
    deviceId,
    allowSha1: true,
  });
  assert.equal(opened.verdict, 'accepted', JSON.stringify(opened));
  assert.ok('message' in opened);
  assert.deepEqual(
    opened.message.commands.map(({ name }) => name),
    ['Add'],
  );
}
