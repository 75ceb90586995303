// Whatever comes in whatever order, crashes included: no notification is acted on twice, nothing forged is acted on, and
// after each completed session both ends hold the same nonces.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { bytesToBase64, bytesToHex } from '../../src/core/index.ts';
import { sessionEntry } from '../../src/device/account/account.ts';
import { Device, memoryState, provisionDevice } from '../../src/device/index.ts';
import type { ReceivedPush } from '../../src/push/index.ts';
import { ManualClock } from '../../src/testing/index.ts';
import {
  defaultNonce,
  dm12,
  dm13,
  dm2010,
  pushOf,
  secret,
  sentAt,
  serverId,
  storedNonce,
} from './fixtures.ts';
import { deviceId, ScriptedServer } from './scripted-server.ts';

const servers: ScriptedServer[] = [];
after(() => Promise.all(servers.map((server) => server.close())));

type Action =
  | { readonly act: 'push'; readonly format: 0 | 1 | 2; readonly nonce: 'current' | 'default' }
  | { readonly act: 'again'; readonly which: number; readonly bit: number | undefined }
  | { readonly act: 'crash' }
  | { readonly act: 'outage' }
  | { readonly act: 'wait'; readonly hours: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record(
    {
      act: fc.constant('push' as const),
      format: fc.constantFrom(0 as const, 1 as const, 2 as const),
      nonce: fc.constantFrom('current' as const, 'default' as const),
    },
    { noNullPrototype: true },
  ),
  fc.record(
    {
      act: fc.constant('again' as const),
      which: fc.nat(20),
      bit: fc.option(fc.nat(2000), { nil: undefined }),
    },
    { noNullPrototype: true },
  ),
  fc.constant({ act: 'crash' as const }),
  fc.constant({ act: 'outage' as const }),
  fc.record({ act: fc.constant('wait' as const), hours: fc.nat(48) }, { noNullPrototype: true }),
);

test('property: a device and its server stay in step through replays, forgeries, outages and crashes', async () => {
  const server = new ScriptedServer({ client: storedNonce, server: storedNonce });
  servers.push(server);
  await server.start();
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 15 }), async (actions) => {
      server.nonces.client = storedNonce;
      server.nonces.server = storedNonce;
      server.forgetSessions();
      server.resynchronising.clear();
      const clock = new ManualClock(sentAt * 1000);
      let storage = memoryState();
      const nonce = bytesToBase64(storedNonce);
      await provisionDevice(storage, {
        deviceId,
        man: 'Example',
        mod: 'One',
        accounts: [
          {
            serverId,
            address: server.url,
            client: { scheme: 'md5', name: 'Bruce2', secret: 'OhBehave', nonceBase64: nonce },
            server: { scheme: 'md5', secret, nonceBase64: nonce },
          },
        ],
      });
      const begin = async (): Promise<Device> => {
        const made = new Device({ storage, clock, replay: { maxResynchronisations: 100 } });
        await made.start();
        return made;
      };
      let device = await begin();
      const crashed: Device[] = [];
      const sent: ReceivedPush[] = [];
      const completed = new Set<string>();
      let outage = false;
      server.interfere = () => (outage ? 404 : undefined);

      const handle = async (push: ReceivedPush, forged: boolean): Promise<void> => {
        const key = bytesToHex(push.body);
        const before = server.ends.length;
        const outcome = await device.handlePush(push);
        if (forged || completed.has(key)) {
          assert.equal(outcome.outcome, 'ignored');
          assert.equal(server.ends.length, before);
          return;
        }
        if (outcome.outcome !== 'completed') return;
        completed.add(key);
        const [account] = device.accounts;
        assert.ok(account !== undefined);
        const held = (level: 'CLCRED' | 'SRVCRED') => sessionEntry(account, level)?.data ?? new Uint8Array();
        assert.equal(bytesToHex(held('CLCRED')), bytesToHex(server.nonces.client));
        assert.equal(bytesToHex(held('SRVCRED')), bytesToHex(server.nonces.server));
      };

      for (const each of actions) {
        if (each.act === 'wait') clock.advance(each.hours * 3_600_000);
        else if (each.act === 'outage') outage = !outage;
        else if (each.act === 'crash') {
          // What was saved is all that is left.
          crashed.push(device);
          storage = memoryState(storage.load());
          server.forgetSessions();
          device = await begin();
        } else if (each.act === 'push') {
          const sessionId = sent.length + 1;
          const timestamp = Math.floor(clock.now() / 1000);
          const message = [dm12, dm2010, { ...dm13, timestamp }][each.format] ?? dm12;
          const atDefault = each.nonce === 'default' && message.format !== 'dm1.3';
          if (atDefault) server.resynchronising.add(sessionId);
          const push = pushOf({ ...message, sessionId }, atDefault ? defaultNonce : server.nonces.server);
          sent.push(push);
          await handle(push, false);
        } else if (sent.length > 0) {
          const push = sent[each.which % sent.length] ?? assert.fail();
          const body = Uint8Array.from(push.body);
          const bit = (each.bit ?? 0) % (body.length * 8);
          if (each.bit !== undefined) body[bit >> 3] = (body[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
          await handle({ ...push, body }, each.bit !== undefined);
        }
      }
      for (const old of crashed) await old.stop();
      await device.stop();
    }),
    { numRuns: 25 },
  );
});
