import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Item, ManagementCommand, MessageForm } from '../../src/codec/syncml/index.ts';
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
    // The piece that was not believed goes out again: it is not lost.
    const notes = effectsOf(scene.serverEffects, 'note').map(({ text }) => text);
    assert.ok(!notes.some((text) => text.includes('the rest of it is not sent')), notes.join('\n'));
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

function sentBy(step: SessionStep): Outgoing {
  assert.ok(step.send);
  return step.send;
}

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
