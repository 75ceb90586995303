// A session of a client that spells Session-IDs in decimal, over HTTP, by a client that none of the project's code makes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alert,
  clientName,
  clientSecret,
  cred,
  devInfo,
  message,
  serverName,
  serverSecret,
  shown,
  status,
  withForeignClient,
} from './foreign-client.ts';

for (const [family, answered] of [
  [undefined, 6],
  ['windows', 0],
] as const) {
  test(`ruling 10: SessionID 16 of ${family ?? 'a client of no family'}, while 16 and 0x16 both wait`, () => {
    const device = {
      firstSessionId: 16,
      clientCredentials: { scheme: 'basic', name: clientName, secret: clientSecret },
      serverCredentials: { scheme: 'basic', name: serverName, secret: serverSecret },
      ...(family !== undefined && { family }),
    } as const;
    return withForeignClient({ device }, async (bench) => {
      const ids: string[] = [];
      for (let count = 0; count < 7; count += 1) {
        const id = await bench.push();
        await bench.reaches(id, 'sent');
        ids.push(id);
      }
      assert.equal((await bench.notification(ids[6] ?? '')).sessionId, 0x16);
      const fields = { sid: '16', cred: cred('basic') };
      const first = await bench.post(message(fields, alert(1, 1200) + devInfo(2)));
      assert.match(shown(first), /^212:SyncHdr/);
      const meant = ids[answered] ?? '';
      await bench.reaches(meant, 'answered');
      const last = status(1, 1, 0, 'SyncHdr', 212) + status(2, 1, 4, 'Get', 404);
      assert.equal((await bench.post(message({ sid: '16', msg: 2 }, last))).status, 200);
      await bench.reaches(meant, 'completed');
      const states = await Promise.all(ids.map(async (id) => (await bench.store.push(id))?.state));
      assert.deepEqual(
        states,
        ids.map((id) => (id === meant ? 'completed' : 'sent')),
      );
    });
  });
}
