// The section `waps`: secrets are looked at when it is opened, and strangers' datagrams do not flood the log.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { it } from 'node:test';
import { openSender } from '../../../src/cli/bindings/open-senders.ts';
import { startReceiver } from '../../../src/cli/bindings/receivers.ts';
import { UsageError } from '../../../src/cli/io/io.ts';
import { ConfigError, generateSecret, hexToBytes } from '../../../src/core/index.ts';
import { parseAddress } from '../../../src/push/index.ts';

const strong = { identity: 'dm', secret: generateSecret() };
const weak = { identity: 'dm', secret: 'a secret of some length', hosts: ['192.0.2.9'] };
const device = { receive: async () => {}, dropped: () => {} } as unknown as Parameters<
  typeof startReceiver
>[1];

it('a secret that can be guessed is refused when the server opens the section, for whichever host it is', () => {
  assert.throws(
    () => openSender('waps', { waps: { secrets: [strong, weak] } }),
    (error: unknown) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /^waps\.secrets\[1\]\.secret: can be guessed: .*reveille secret$/);
      return true;
    },
  );
});

it('so it is when the device starts, and so are more identities for one server than it asks for', async () => {
  const many = Array.from({ length: 16 }, (_, i) => ({
    identity: `server-${i}.example.com`,
    secret: generateSecret(),
    hosts: ['192.0.2.9'],
  }));
  for (const [secrets, says] of [
    [[strong, weak], /can be guessed/],
    [many, /HelloRequests.*fewer, or shorter identities/],
  ] as const) {
    await assert.rejects(
      startReceiver('waps:127.0.0.1:0', device, { waps: { secrets: [...secrets] } }),
      (error: unknown) => error instanceof UsageError && says.test(error.message),
    );
  }
  const apart = many.map((one, i) => ({ ...one, hosts: [`192.0.2.${i}`] }));
  const { receiver } = await startReceiver('waps:127.0.0.1:0', device, { waps: { secrets: apart } });
  await receiver.close();
});

it("what strangers send to the sender's port is summed up in the log", async () => {
  const lines: string[] = [];
  const peer = createSocket('udp4').bind(0, '127.0.0.1');
  await once(peer, 'listening');
  const { binding } = openSender(
    'waps',
    { waps: { secrets: [strong], retransmitMs: 500, tries: 1, flow: 'full' } },
    { onTrouble: ({ detail }) => lines.push(detail) },
  );
  const { port } = peer.address();
  const push = {
    id: 'p',
    contentType: { code: 0x42, mime: 'application/vnd.syncml.dm+wbxml' },
    body: new Uint8Array(1),
  };
  const to = parseAddress(`waps:127.0.0.1:${port}`, 'to');
  peer.once('message', (_, from) => {
    const stray = hexToBytes('e40001000800112233445566770000');
    for (let i = 0; i < 200; i += 1) peer.send(stray, from.port, '127.0.0.1');
  });
  await assert.rejects(binding.send(push, to, AbortSignal.timeout(10_000)), /does not answer/);
  const about = lines.filter((line) => line.includes('dropped'));
  assert.ok(about.length >= 1 && about.length < 5, lines.join('\n'));
  await binding.close();
  peer.close();
});
