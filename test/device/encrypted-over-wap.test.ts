// Encrypted messages over `wap:` as it is by default: what fits, in either spelling, on a whole device over UDP.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../src/core/index.ts';
import { Device, memoryState, provisionDevice } from '../../src/device/index.ts';
import { contentTypes } from '../../src/push/index.ts';
import { createWapSender } from '../../src/push/wap/index.ts';
import { SharedKey, WrappingKey } from '../../src/security/index.ts';
import { composeMessage } from '../../src/sessionless/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { listenOnUdp } from './udp-peers.ts';

const serverId = 'com.example.dm';
const deviceId = 'IMEI:490154203237518';
const secret = 'shared-secret-16b';
const wrapKey = hexToBytes('5a'.repeat(16));

test('DM-SESSIONLESS-1.3 §5.2: a whole body under AES key wrap goes over wap: as it is, and either spelling is read', async () => {
  const storage = memoryState();
  const account = {
    serverId,
    address: 'http://127.0.0.1:1/dm',
    client: { scheme: 'md5', name: 'd', secret: 'client secret' },
    server: { scheme: 'md5', secret },
    messages: { decrypt: [{ transport: 'aes-wrap', key: bytesToHex(wrapKey) }] },
  } as const;
  await provisionDevice(storage, { deviceId, man: 'E', mod: 'E1', accounts: [account] });
  const device = new Device({ storage });
  await device.start();
  const { port } = await listenOnUdp(device);
  const sender = createWapSender();
  const never = new AbortController().signal;
  try {
    for (const [index, spelling] of ([undefined, 'compact', 'opaque'] as const).entries()) {
      const { octets } = composeMessage(
        {
          ...{ serverId, deviceId, sessionId: String(index + 1) },
          commands: [
            {
              name: 'Add',
              cmdId: '1',
              items: [
                { target: { uri: `./Note${index}` }, meta: { format: 'chr' }, data: `${index} hush & <€>` },
              ],
            },
          ],
        },
        {
          key: new SharedKey(utf8ToBytes(secret)),
          encrypt: { parts: 'body', key: new WrappingKey(wrapKey) },
          ...(spelling !== undefined && { spelling }),
        },
      );
      const push = { id: 'p', contentType: contentTypes['dm+wbxml'], body: octets };
      await sender.send(push, { host: '127.0.0.1', port }, never);
      const { counters } = device;
      await eventually(() => counters.processed === index + 1, JSON.stringify(counters.dropped));
      await eventually(
        () => device.tree?.node(`./Note${index}`)?.value === `${index} hush & <€>`,
        String(spelling),
      );
    }
    assert.equal(device.counters.processed, 3);
  } finally {
    await sender.close();
    await device.stop();
  }
});
