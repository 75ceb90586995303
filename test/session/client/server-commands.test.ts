// Objects in pieces that a server sends to a device (DM-PRO-1.2, large objects).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmCommand } from '../../../src/codec/syncml/index.ts';
import type { ClientSessionOptions, Outgoing, SessionStep } from '../../../src/session/index.ts';
import { asIncoming, line, stage } from '../conversation.ts';

/** A device in a session with a server that says whatever the test wants. */
function withServer(client: Partial<ClientSessionOptions> = {}) {
  const scene = stage({ client });
  let last = scene.session.start();
  let msgId = 0;
  return {
    scene,
    async say(commands: readonly DmCommand[], final = true): Promise<string> {
      const request = sentBy(last).message;
      msgId += 1;
      const message = {
        header: {
          ...request.header,
          msgId: String(msgId),
          source: request.header.target,
          target: request.header.source,
        },
        commands: [
          {
            name: 'Status' as const,
            cmdId: '1',
            msgRef: request.header.msgId,
            cmdRef: '0',
            cmd: 'SyncHdr',
            targetRefs: [],
            sourceRefs: [],
            data: '200',
            items: [],
          },
          ...commands,
        ],
        final,
      };
      last = await scene.session.receive(asIncoming({ message }));
      return last.send === undefined ? '' : line({ from: 'client', message: last.send.message });
    },
  };
}

function sentBy(step: SessionStep): Outgoing {
  assert.ok(step.send);
  return step.send;
}

function chunk(
  data: string,
  more: { readonly size?: number; readonly moreData?: true },
  uri = './Big',
): DmCommand {
  const { size, moreData } = more;
  const meta = size === undefined ? {} : { meta: { size } };
  const rest = moreData === undefined ? {} : { moreData };
  return { name: 'Add', cmdId: '2', items: [{ target: { uri }, ...meta, data, ...rest }] };
}

test('DM-PRO-1.2, large objects: a size that does not match is 424, and nothing is carried out', async () => {
  const { say, scene } = withServer();
  assert.equal(
    await say([chunk('12345', { size: 9, moreData: true })], false),
    'C2 SyncHdr=200 Add=213 Alert:1222',
  );
  assert.equal(await say([chunk('678', {})]), 'C3 SyncHdr=200 Add=424 Final');
  assert.deepEqual(scene.executed, []);
});

test('DM-PRO-1.2, large objects: more than Size said is 424 at once', async () => {
  const { say, scene } = withServer();
  await say([chunk('12345', { size: 6, moreData: true })], false);
  assert.equal(await say([chunk('678', { moreData: true })], false), 'C3 SyncHdr=200 Add=424 Alert:1222');
  assert.deepEqual(scene.executed, []);
});

test('DM-PRO-1.2, large objects: a Size beyond MaxObjSize is 416, without Size 412', async () => {
  const tooBig = withServer({ maxObjSize: 10 });
  assert.equal(
    await tooBig.say([chunk('1', { size: 11, moreData: true })], false),
    'C2 SyncHdr=200 Add=416 Alert:1222',
  );
  const noSize = withServer();
  assert.equal(
    await noSize.say([chunk('1', { moreData: true })], false),
    'C2 SyncHdr=200 Add=412 Alert:1222',
  );
  const whole = withServer({ maxObjSize: 10 });
  assert.equal(await whole.say([chunk('12345678901', {})]), 'C2 SyncHdr=200 Add=413 Final');
});

test('DM-PRO-1.2, large objects: a device that names no MaxObjSize takes 1048576 octets', async () => {
  const atMost = withServer();
  assert.match(await atMost.say([chunk('1', { size: 1_048_576, moreData: true })], false), /Add=213/);
  const beyond = withServer();
  assert.match(await beyond.say([chunk('1', { size: 1_048_577, moreData: true })], false), /Add=416/);
});

test('Final in the middle of an object: what the server sends next is the rest of it', async () => {
  const values: unknown[] = [];
  const { say } = withServer({
    execute: async ({ item }) => {
      values.push(item.data);
      return { status: 200 };
    },
  });
  assert.equal(await say([chunk('123', { size: 6, moreData: true })]), 'C2 SyncHdr=200 Add=213 Final');
  assert.equal(await say([chunk('456', {})]), 'C3 SyncHdr=200 Add=200 Final');
  assert.deepEqual(values, ['123456']);
});

test('DM-PRO-1.2, large objects: after a refused piece the last one is no value on the device either', async () => {
  const { say, scene } = withServer();
  assert.equal(await say([chunk('123', { moreData: true })], false), 'C2 SyncHdr=200 Add=412 Alert:1222');
  assert.equal(await say([chunk('456', { moreData: true })], false), 'C3 SyncHdr=200 Add=412 Alert:1222');
  assert.equal(await say([chunk('789', {})]), 'C4 SyncHdr=200 Add=412 Final');
  assert.deepEqual(scene.executed, []);
  // Another package may bring it again, right this time.
  assert.equal(await say([chunk('789', {})]), 'C5 SyncHdr=200 Add=200 Final');
  assert.deepEqual(scene.executed, ['Add ./Big']);
});

test('DM-PRO-1.2, large objects: Size in the Meta of the command holds for its item', async () => {
  const { say, scene } = withServer();
  const first = chunk('123', { moreData: true });
  assert.ok(first.name === 'Add');
  const withMeta: DmCommand = { ...first, meta: { size: 6 } };
  assert.equal(await say([withMeta], false), 'C2 SyncHdr=200 Add=213 Alert:1222');
  assert.equal(await say([chunk('456', {})]), 'C3 SyncHdr=200 Add=200 Final');
  assert.deepEqual(scene.executed, ['Add ./Big']);
});

test('an object in chunks cannot be in an Atomic, which is never split: 412, and the Atomic 507', async () => {
  const step = async (): Promise<void> => undefined;
  const { say, scene } = withServer({ transaction: { begin: step, commit: step, rollback: step } });
  const part = chunk('12345', { size: 9, moreData: true });
  assert.ok(part.name === 'Add');
  const atomic: DmCommand = { name: 'Atomic', cmdId: '3', commands: [part] };
  assert.equal(await say([atomic]), 'C2 SyncHdr=200 Atomic=507 Add=412 Final');
  assert.equal(await say([chunk('678', {})]), 'C3 SyncHdr=200 Add=200 Final');
  assert.deepEqual(scene.executed, ['Add ./Big']);
});

test('DM-PRO-1.2, Alert 1225: another command where the rest of an object was due', async () => {
  const { say, scene } = withServer();
  await say([chunk('12345', { size: 9, moreData: true })], false);
  assert.equal(await say([chunk('x', {}, './Other')]), 'C3 SyncHdr=200 Alert:1225 Add=200 Final');
  assert.deepEqual(scene.executed, ['Add ./Other']);
  const next = withServer();
  await next.say([chunk('12345', { size: 9, moreData: true })], false);
  assert.equal(await next.say([]), 'C3 SyncHdr=200 Alert:1225 Final');
});
