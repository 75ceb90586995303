import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ManagementCommand, MessageForm } from '../../src/codec/syncml/index.ts';
import { converse, effectsOf, get, lines, type Recorded, stage, twoWay } from './conversation.ts';

const completed = { outcome: 'completed' };
const address = `./Vendor/${'x'.repeat(400)}`;

function run(
  encoding: MessageForm,
  maxMsgSize: number,
  packages: readonly (readonly ManagementCommand[])[],
  scheme?: 'md5' | 'hmac',
): Promise<Recorded> {
  const { client, server } = scheme === undefined ? { client: {}, server: {} } : twoWay(scheme);
  // The device's own messages are not what is measured.
  return converse(
    stage({
      client: { encoding, maxMsgSize, ...client },
      server: { encoding, ...server },
      packages,
    }),
  );
}

/** Length of the server's message that holds a Get. */
function octetsOfGet(scene: Recorded): number {
  const index = scene.messages.findIndex(
    ({ from, message }) => from === 'server' && message.commands.some(({ name }) => name === 'Get'),
  );
  return scene.octets[index] ?? 0;
}

const serverLines = (scene: Recorded): string[] => lines(scene).filter((each) => each.startsWith('S'));

for (const encoding of ['xml', 'wbxml'] as const satisfies readonly MessageForm[]) {
  test(`DM-PRO-1.2 MaxMsgSize, ${encoding}: a command goes with the Statuses when that fits`, async () => {
    const roomy = await run(encoding, 100_000, [[get('a', address)]]);
    const need = octetsOfGet(roomy);
    const together = serverLines(roomy);
    assert.equal(together.length, 2);
    // Its CmdID has one digit; in a message of this size it may need three.
    const scene = await run(encoding, need + 2, [[get('a', address)]]);
    assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
    assert.deepEqual(serverLines(scene), together);
    assert.equal(octetsOfGet(scene), need);
  });

  test(`DM-PRO-1.2 MaxMsgSize, ${encoding}: below that the Statuses go first, and the command next`, async () => {
    const need = octetsOfGet(await run(encoding, 100_000, [[get('a', address)]]));
    const scene = await run(encoding, need - 1, [[get('a', address)]]);
    assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
    assert.deepEqual(scene.executed, [`Get ${address}`]);
    assert.deepEqual(serverLines(scene), [
      'S1 SyncHdr=200 Alert=200 Replace=200',
      'S2 SyncHdr=200 Alert=200 Get Final',
      'S3 SyncHdr=200 Final',
    ]);
    assert.ok(octetsOfGet(scene) < need);
  });

  test(`DM-PRO-1.2 MaxMsgSize, ${encoding}: a command goes out at its need, and is left out below`, async () => {
    const roomy = octetsOfGet(await run(encoding, 100_000, [[get('a', address)]]));
    const need = octetsOfGet(await run(encoding, roomy - 1, [[get('a', address)]]));
    // A CmdID of one digit, where a message of this size may need three.
    const fits = await run(encoding, need + 2, [[get('a', address)]]);
    assert.deepEqual(fits.executed, [`Get ${address}`]);
    const short = await run(encoding, need - 1, [[get('a', address)]]);
    assert.deepEqual(short.executed, []);
    assert.deepEqual([short.session.ended, short.server.ended], [completed, completed]);
    const notes = effectsOf(short.serverEffects, 'note');
    assert.match(JSON.stringify(notes), /Get fits into no message/);
  });

  test(`DM-PRO-1.2 MaxMsgSize, ${encoding}: chunks fill their messages`, async () => {
    const limit = encoding === 'xml' ? 1800 : 900;
    const add: ManagementCommand = {
      name: 'Add',
      cmdId: 'a',
      items: [{ target: { uri: './Big' }, meta: { format: 'bin' }, data: new Uint8Array(8000).fill(7) }],
    };
    const scene = await run(encoding, limit, [[add]]);
    assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
    const chunks = scene.messages.flatMap(({ from, message }, index) => {
      const inner = message.commands.some(
        (command) => command.name === 'Add' && command.items[0]?.moreData === true,
      );
      return from === 'server' && inner ? [scene.octets[index] ?? 0] : [];
    });
    assert.ok(chunks.length > 5);
    for (const octets of chunks) assert.ok(octets <= limit && octets > limit - 24, `${octets} octets`);
  });

  for (const scheme of ['md5', 'hmac'] as const) {
    test(`DM-PRO-1.2 MaxMsgSize, ${encoding}, ${scheme}: small messages and a Get that they have room for`, async () => {
      const limit = encoding === 'xml' ? 1400 : 830;
      const scene = await run(encoding, limit, [[get('a', './A')]], scheme);
      assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
      assert.deepEqual(scene.executed, ['Get ./A']);
    });
  }

  test(`DM-PRO-1.2 MaxMsgSize, ${encoding}: without room for the Statuses the session ends, and nothing goes out`, async () => {
    const scene = await run(encoding, 100, [[get('a', './A')]]);
    assert.deepEqual(scene.server.ended, {
      outcome: 'failed',
      reason: "the client's MaxMsgSize of 100 octets leaves no room for an answer",
    });
    assert.deepEqual(serverLines(scene), []);
  });
}
