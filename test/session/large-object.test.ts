import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmCommand, Item, ManagementCommand, MessageForm } from '../../src/codec/syncml/index.ts';
import type { ClientSessionOptions, Outgoing, SessionStep, TreeCommand } from '../../src/session/index.ts';
import { asIncoming, converse, effectsOf, get, line, lines, stage, twoWay } from './conversation.ts';

const completed = { outcome: 'completed' };
const megabyte = 1_048_576;

/** Octets or text without a pattern that a mistake in cutting could hide. */
const octets = Uint8Array.from({ length: megabyte }, (_, i) => (i * 31 + (i >> 8) * 7) & 255);
const text = Array.from({ length: 90_000 }, (_, i) => `ü€😀&<${i}`)
  .join('')
  .slice(0, 400_000);

function add(data: string | Uint8Array): ManagementCommand {
  const meta = typeof data === 'string' ? {} : { meta: { format: 'bin' } };
  return { name: 'Add', cmdId: 'big', items: [{ target: { uri: './Big' }, ...meta, data }] };
}

/** The value as the device sees it: XML carries octets as Base64. */
function value(item: Item): string | Uint8Array | undefined {
  const { data, meta } = item;
  if (typeof data === 'string' && meta?.format === 'b64') return Uint8Array.from(Buffer.from(data, 'base64'));
  return typeof data === 'string' || data instanceof Uint8Array ? data : undefined;
}

const room = 8_000_000;
const small = { maxMsgSize: 4096, maxObjSize: room };

for (const encoding of ['xml', 'wbxml'] as const satisfies readonly MessageForm[]) {
  for (const [what, data] of [
    ['1 MB of octets', octets],
    ['text of 2, 3 and 4 octets a character and of references', text],
  ] as const) {
    test(`DM-PRO-1.2, large objects, ${encoding}: ${what} to the device in 4 KB messages`, async () => {
      const seen: TreeCommand[] = [];
      const execute = async (command: TreeCommand) => {
        seen.push(command);
        return { status: 200 };
      };
      const scene = await converse(
        stage({
          client: { encoding, execute, ...small },
          server: { encoding, maxObjSize: room },
          packages: [[get('first', './A'), add(data), get('last', './Z')]],
        }),
      );
      assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
      assert.ok(scene.messages.length > 100);
      assert.deepEqual(
        seen.map(({ name }) => name),
        ['Get', 'Add', 'Get'],
      );
      const item = seen[1]?.item;
      assert.ok(item);
      assert.equal(item.moreData, undefined);
      assert.deepEqual(value(item), data);
      const answered = effectsOf(scene.serverEffects, 'answered');
      assert.deepEqual(
        answered.map(({ command, statuses }) => [command.cmdId, ...statuses.map(({ status }) => status)]),
        [
          ['first', 200],
          ['big', 200],
          ['last', 200],
        ],
      );
    });

    test(`DM-PRO-1.2, large objects, ${encoding}: ${what} from the device in 4 KB messages`, async () => {
      const meta = typeof data === 'string' ? {} : { meta: { format: 'bin' } };
      const execute: ClientSessionOptions['execute'] = async ({ item }) => {
        const source = { uri: item.target?.uri ?? '' };
        return {
          status: 200,
          results: [source.uri === './Big' ? { source, ...meta, data } : { source, data: 'v' }],
        };
      };
      const scene = await converse(
        stage({
          client: { encoding, execute, maxObjSize: room },
          server: { encoding, ...small },
          packages: [[get('a', './A'), get('big', './Big'), get('z', './Z')], [get('next', './N')]],
        }),
      );
      assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
      assert.ok(scene.messages.length > 100);
      const answered = effectsOf(scene.serverEffects, 'answered');
      assert.deepEqual(
        answered.map(({ command, statuses }) => [command.cmdId, ...statuses.map(({ status }) => status)]),
        [
          ['a', 200],
          ['big', 200],
          ['z', 200],
          ['next', 200],
        ],
      );
      assert.deepEqual(effectsOf([...scene.clientEffects, ...scene.serverEffects], 'note'), []);
      const [item] = answered[1]?.results ?? [];
      assert.ok(item);
      assert.deepEqual(value(item), data);
    });
  }
}

test('DM-PRO-1.2, large objects: Size in the first chunk, MoreData in all but the last, 213 and Alert 1222 between', async () => {
  const data = 'x'.repeat(3000);
  const scene = await converse(stage({ client: { maxMsgSize: 2000 }, packages: [[add(data)]] }));
  assert.deepEqual(lines(scene).slice(1, 6), [
    'S1 SyncHdr=200 Alert=200 Replace=200 Add',
    'C2 SyncHdr=200 Add=213 Alert:1222',
    'S2 SyncHdr=200 Alert=200 Add',
    'C3 SyncHdr=200 Add=213 Alert:1222',
    'S3 SyncHdr=200 Alert=200 Add Final',
  ]);
  const chunks = scene.messages.flatMap(({ message }) =>
    message.commands.filter(({ name }) => name === 'Add'),
  );
  const items = chunks.flatMap((command) => ('items' in command ? command.items : []));
  assert.deepEqual(
    items.map(({ meta, moreData }) => [meta?.size, moreData]),
    items.map((_, i) => [i === 0 ? 3000 : undefined, i < items.length - 1 ? true : undefined]),
  );
  assert.equal(items.map((item) => item.data).join(''), data);
  assert.deepEqual(scene.executed, ['Add ./Big']);
});

test('large objects under MD5 and HMAC', async () => {
  for (const scheme of ['md5', 'hmac'] as const) {
    const { client, server } = twoWay(scheme, { server: 'a', serverAtClient: 'b' });
    const scene = await converse(
      stage({ client: { ...client, maxMsgSize: 2500 }, server, packages: [[add('x'.repeat(9000))]] }),
    );
    assert.deepEqual(
      [scene.session.ended, scene.server.ended],
      [completed, completed],
      lines(scene).join('\n'),
    );
    assert.deepEqual(scene.executed, ['Add ./Big']);
  }
});

test('an object beyond the device’s MaxObjSize is not sent; beyond the server’s, Get is 413', async () => {
  const toDevice = await converse(
    stage({ client: { maxObjSize: 100 }, packages: [[add('x'.repeat(101)), get('b', './B')]] }),
  );
  assert.deepEqual(toDevice.executed, ['Get ./B']);
  const [big] = effectsOf(toDevice.serverEffects, 'answered');
  assert.deepEqual([big?.command.cmdId, big?.sent, big?.statuses], ['big', false, []]);
  const execute: ClientSessionOptions['execute'] = async () => ({
    status: 200,
    results: [{ source: { uri: './Big' }, data: 'x'.repeat(101) }],
  });
  const fromDevice = await converse(
    stage({ client: { execute }, server: { maxObjSize: 100 }, packages: [[get('a', './Big')]] }),
  );
  assert.deepEqual(
    effectsOf(fromDevice.serverEffects, 'answered')[0]?.statuses.map(({ status }) => status),
    [413],
  );
});

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

test('DM-PRO-1.2, Alert 1225 from the server: the rest of an answer is not sent', async () => {
  const execute: ClientSessionOptions['execute'] = async () => ({
    status: 200,
    results: [{ source: { uri: './Big' }, data: 'x'.repeat(3000) }],
  });
  const scene = stage({ client: { execute }, server: { maxMsgSize: 2000 }, packages: [[get('a', './Big')]] });
  const first = sentBy(scene.session.start());
  const second = sentBy(await scene.server.receive(asIncoming(first)));
  const third = sentBy(await scene.session.receive(asIncoming(second)));
  const fourth = sentBy(await scene.server.receive(asIncoming(third)));
  assert.equal(line({ from: 'server', message: fourth.message }), 'S2 SyncHdr=200 Results=213 Alert:1222');
  const commands = fourth.message.commands.map((command) =>
    command.name === 'Alert' ? { ...command, data: '1225' } : command,
  );
  const fifth = await scene.session.receive(
    asIncoming({ message: { ...fourth.message, commands, final: true } }),
  );
  assert.equal(line({ from: 'client', message: sentBy(fifth).message }), 'C3 SyncHdr=200 Alert=200 Final');
});

test('an object that ends early in the client’s package is Alert 1225 from the server', async () => {
  const execute: ClientSessionOptions['execute'] = async () => ({
    status: 200,
    results: [{ source: { uri: './Big' }, data: 'x'.repeat(3000) }],
  });
  const scene = stage({ client: { execute }, server: { maxMsgSize: 2000 }, packages: [[get('a', './Big')]] });
  const second = sentBy(await scene.server.receive(asIncoming(sentBy(scene.session.start()))));
  const third = sentBy(await scene.session.receive(asIncoming(second)));
  const fourth = sentBy(await scene.server.receive(asIncoming(third)));
  const fifth = sentBy(await scene.session.receive(asIncoming(fourth)));
  const commands = fifth.message.commands.filter(({ name }) => name !== 'Results');
  const step = await scene.server.receive(
    asIncoming({ message: { ...fifth.message, commands, final: true } }),
  );
  assert.match(line({ from: 'server', message: sentBy(step).message }), /Alert:1225/);
  assert.deepEqual(effectsOf(step.effects, 'answered')[0]?.results, []);
});
