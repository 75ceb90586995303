// A fleet behind a message centre that we did not write: node-smpp hands it the messages of all its numbers over one bind.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { contentTypeOf, encodeNotification, parseNotification } from '../../src/codec/notification/index.ts';
import { encodePush } from '../../src/codec/wsp/index.ts';
import { base64ToBytes } from '../../src/core/index.ts';
import { createFleet, type FleetEvent } from '../../src/fleet/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { type NodeSmppSession, nodeSmpp } from './node-smpp.ts';

test('node-smpp as message centre of a fleet: one bind, each number its device, and one that is off', async () => {
  let session: NodeSmppSession | undefined;
  let range: unknown;
  const server = nodeSmpp.createServer((made) => {
    session = made;
    made.on('error', () => {});
    made.on('bind_receiver', (pdu) => {
      range = pdu.address_range;
      made.send(pdu.response({ system_id: 'node-smpp' }));
    });
    made.on('enquire_link', (pdu) => made.send(pdu.response()));
    made.on('unbind', (pdu) => {
      made.send(pdu.response());
      made.close();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const journal: FleetEvent[] = [];
  const serverId = 'com.example.fleet';
  const fleet = createFleet({
    devices: 20,
    serverId,
    // Nobody is there: what counts here is who got which push.
    dmUrl: 'http://127.0.0.1:9/dm',
    backOff: { attempts: 1 },
    mix: {
      formats: { 'dm1.2': 1 },
      bindings: { sms: 1 },
      carriers: { sms: { smsc: { host: '127.0.0.1', port, systemId: 'fleet', password: 'secret' } } },
    },
    onEvent: (event) => journal.push(event),
  });
  try {
    await fleet.ready();
    assert.equal(range, '^49151000000[0-9]{2}$');
    fleet.kill(11);
    const statuses: number[] = [];
    for (const index of [3, 11, 17]) {
      const { serverSecret: secret, serverNonce, number } = fleet.device(index);
      const message = parseNotification({ format: 'dm1.2', serverId, sessionId: 100 + index });
      const body = encodeNotification(message, { secret, nonce: base64ToBytes(serverNonce) });
      const wsp = encodePush({ transactionId: 1, contentType: { code: contentTypeOf('dm1.2').code }, body });
      const udh = Buffer.from('0605040b8423f0', 'hex');
      const fields = {
        source_addr: '4940',
        dest_addr_ton: 1,
        destination_addr: number.slice(1),
        data_coding: 4,
      };
      const content = { esm_class: 0x40, short_message: { udh, message: Buffer.from(wsp) } };
      session?.deliver_sm({ ...fields, ...content }, (answer) => statuses.push(answer.command_status));
    }
    await eventually(() => statuses.length === 3, 'the answers', 20_000);
    // ESME_RX_T_APPN for the one that is off: the centre is to keep its message.
    assert.deepEqual(statuses.sort(), [0, 0, 0x64]);
    await fleet.settled();
    const seen = (name: FleetEvent['event']): readonly unknown[] =>
      journal.flatMap((event) => (event.event === name && 'device' in event ? [event.device] : [])).sort();
    const ids = [3, 17].map((index) => fleet.device(index).id).sort();
    assert.deepEqual(seen('push'), ids);
    assert.deepEqual(seen('notification-verified'), ids);
    assert.deepEqual(seen('missed'), [fleet.device(11).id]);
  } finally {
    await fleet.stop();
    session?.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
});
