// What initiators hand in and are told, over a store on disk.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { silentLogger } from '../../../src/core/index.ts';
import type { PapSubmission, ResultNotification } from '../../../src/push/pap/index.ts';
import { PapPushes, PapResults } from '../../../src/server/index.ts';
import type { MessagePush, PushChange, Store } from '../../../src/store/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { FakeBinding, ManualClock } from '../../../src/testing/index.ts';

/** Addresses of the two recipients of `submission`. */
export const first = 'WAPPUSH=+491701234567/TYPE=PLMN@ppg';
export const second = 'WAPPUSH=127.0.0.1/TYPE=IPv4@ppg';

const folder = await mkdtemp(join(tmpdir(), 'reveille-pap-pushes-'));
const closers: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closers) await close();
  await rm(folder, { recursive: true });
});

/** `wrapStore`: what stands between the store and those who work with it. */
export async function desk(wrapStore: (store: Store) => Store = (store) => store) {
  const clock = new ManualClock();
  const file = join(folder, `${closers.length}.sqlite`);
  const opened = await openSqliteStore({ file, clock, groupCommitMs: 0 });
  closers.push(() => opened.close());
  const store = wrapStore(opened);
  /** All messages, oldest first. */
  const all = async (): Promise<readonly MessagePush[]> =>
    (await store.listPushes({ limit: 100 })).items
      .flatMap((push) => (push.purpose === 'notification' ? [] : push))
      .reverse();
  /** Makes a change of the message with that index. */
  const apply = async (index: number, ...events: PushChange['event'][]): Promise<void> => {
    const id = (await all())[index]?.id ?? '';
    for (const event of events) {
      const [outcome] = await store.change([{ id, change: { event } }]);
      assert.equal(outcome?.verdict, 'changed', event);
    }
  };
  const bindings = { sms: { ...reporting() }, wap: new FakeBinding('wap') };
  const devices = { device: (id: string) => store.device(id) };
  const pushes = new PapPushes({ store, bindings, devices, clock, node: 'n' });
  const told: ResultNotification[] = [];
  const notify: { respond: () => Promise<void> } = { respond: async () => undefined };
  const results = new PapResults({
    store,
    clock,
    node: 'n',
    logger: silentLogger,
    notifier: {
      notify: async (_to, result) => {
        await notify.respond();
        told.push(result);
      },
    },
  });
  const ends = () => results.stop();
  return { clock, store, pushes, results, told, notify, all, apply, ends };
}

function reporting() {
  return {
    name: 'sms',
    maxPayload: 30,
    send: async () => ({ outcome: 'sent' }) as const,
    close: async () => undefined,
    expectReport: () => undefined,
  };
}

export function submission(change: Partial<PapSubmission> = {}): PapSubmission {
  return {
    initiator: 'partner',
    pushId: '1@partner',
    recipients: [
      { type: 'PLMN', value: '+491701234567', gateway: 'ppg', text: first },
      { type: 'IPv4', value: '127.0.0.1', gateway: 'ppg', text: second },
    ],
    kind: 'dm+wbxml',
    contentType: { mime: 'application/vnd.syncml.dm+wbxml', parameters: { sec: '1', mac: 'AB', q: 'x' } },
    body: Uint8Array.of(1, 2, 3),
    notifyTo: 'http://partner/results',
    progressNotesRequested: false,
    ...change,
  };
}

/** The push of `submission`, all its addresses. */
export const reference = { initiator: 'partner', pushId: '1@partner', addresses: [] };
