// What a server's session holds for its client: counted, bounded, copied out of the messages, and given back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmCommand, Item, ManagementCommand, Results, Status } from '../../src/codec/syncml/index.ts';
import { OctetPlaces } from '../../src/core/index.ts';
import { LargeObjectReceiver } from '../../src/session/message/large-object.ts';
import { detached, heldOctets } from '../../src/session/message/memory.ts';
import { asIncoming, deviceId, effectsOf, get, serverUri, stage } from './conversation.ts';

const results: Results = { name: 'Results', cmdId: '1', msgRef: '1', cmdRef: '2', items: [] };
const item = (data: string | Uint8Array, more: Partial<Item> = {}): Item => ({
  source: { uri: './A' },
  data,
  ...more,
});

test('a copy shares no octets with what it was made of, and is equal to it', () => {
  const message = new Uint8Array(100_000);
  const value = { uri: './A', parts: [message.subarray(10, 20)], more: undefined, number: 3, yes: true };
  const copy = detached(value);
  assert.deepEqual(copy, value);
  assert.equal(copy.parts[0]?.buffer.byteLength, 10);
});

test('octets are counted as they lie in memory: two for each character beyond Latin', () => {
  assert.ok(heldOctets('a'.repeat(1000)) < 1100);
  assert.ok(heldOctets('ш'.repeat(1000)) > 2000);
  assert.ok(heldOctets(new Uint8Array(1000)) >= 1000);
  assert.ok(heldOctets([{ a: { b: 'x'.repeat(500) } }]) >= 500);
});

test('what is neither text nor octets nor made of parts takes next to nothing', () => {
  for (const value of [undefined, null, 5, true]) assert.ok(heldOctets(value) <= 8, String(value));
  assert.ok(heldOctets(Array.from({ length: 1000 }, (_, index) => index)) < 10_000);
  assert.ok(heldOctets({ a: null, b: undefined, c: false }) < 100);
});

test('a piece of an object is kept by itself, not with the message it came in', () => {
  const memory = new OctetPlaces({ total: 1_000_000, perHolder: 1_000_000 }).open('device');
  const objects = new LargeObjectReceiver(1_000_000, memory);
  const message = new Uint8Array(500_000);
  for (let each = 0; each < 8; each += 1) {
    const piece = item(message.subarray(each, each + 4), {
      moreData: true,
      ...(each === 0 && { meta: { size: 40 } }),
    });
    assert.equal(objects.take(results, piece).state, 'kept');
  }
  assert.ok(memory.octets < 4000, `${memory.octets} octets for 32`);
  const whole = objects.take(results, item(message.subarray(0, 8)));
  assert.equal(whole.state, 'whole');
  assert.equal(memory.octets, 0);
});

test('an object beyond the room there is ends with 413, gives all back, and its last piece is no value', () => {
  const places = new OctetPlaces({ total: 10_000, perHolder: 10_000 });
  const memory = places.open('device');
  const objects = new LargeObjectReceiver(1_000_000, memory);
  const piece = (more: Partial<Item>) =>
    objects.take(results, item('x'.repeat(4000), { moreData: true, ...more }));
  assert.equal(piece({ meta: { size: 20_000 } }).state, 'kept');
  assert.equal(piece({}).state, 'kept');
  const refused = piece({});
  assert.ok(refused.state === 'refused');
  assert.equal(refused.status, 413);
  assert.equal(places.held, 0);
  assert.ok(objects.take(results, item('x')).state === 'refused');
});

test('an object that is given up, interrupted or over with its package holds nothing', () => {
  const places = new OctetPlaces({ total: 100_000, perHolder: 100_000 });
  const objects = new LargeObjectReceiver(1_000_000, places.open('device'));
  const begin = () =>
    objects.take(results, item('x'.repeat(4000), { moreData: true, meta: { size: 20_000 } }));
  begin();
  assert.ok(places.held > 4000);
  objects.interrupt();
  assert.equal(places.held, 0);
  begin();
  objects.endPackage();
  assert.equal(places.held, 0);
});

/** A client in a session whose memory is `memory`; each call sends one message. */
function talker(memory: ReturnType<OctetPlaces['open']>, packages = [[get('1', './A')]]) {
  const scene = stage({ server: { memory, maxObjSize: 1_000_000 }, packages });
  let msgId = 0;
  const effects: object[] = [];
  const say = async (said: readonly DmCommand[], final: boolean) => {
    msgId += 1;
    const header = {
      verDtd: '1.2',
      verProto: 'DM/1.2',
      sessionId: '1234',
      msgId: String(msgId),
      target: { uri: serverUri },
      source: { uri: deviceId },
    };
    const numbered = said.map((command, index) => ({ ...command, cmdId: String(index + 1) }));
    const step = await scene.server.receive(asIncoming({ message: { header, commands: numbered, final } }));
    effects.push(...step.effects);
    return step;
  };
  return { scene, say, effects };
}

const alert: DmCommand = { name: 'Alert', cmdId: '', data: '1201', items: [] };

test('what a session holds in its course is given back as its package ends', async () => {
  const places = new OctetPlaces({ total: 1_000_000, perHolder: 1_000_000 });
  const { scene, say } = talker(places.open('device'));
  const first = await say([alert], true);
  const gets = first.send?.message.commands.find(({ name }) => name === 'Get');
  assert.ok(gets);
  const before = places.held;
  const header: DmCommand = {
    name: 'Status',
    cmdId: '',
    msgRef: '1',
    cmdRef: '0',
    cmd: 'SyncHdr',
    targetRefs: [],
    sourceRefs: [],
    data: '200',
    items: [],
  };
  const status: DmCommand = { ...header, cmdRef: gets.cmdId, cmd: 'Get' };
  const value: DmCommand = { ...results, cmdRef: gets.cmdId, items: [item('x'.repeat(50_000))] };
  await say([header, status, value], false);
  assert.ok(places.held > before + 50_000);
  const more: DmCommand = { ...header, msgRef: '2' };
  await say([more, alert], true);
  assert.ok(scene.server.ended !== undefined);
  assert.ok(places.held < 10_000, `${places.held} for the last answer alone`);
});

test('commands under way are held for as long as they are, and an open object until the session ends', async () => {
  const places = new OctetPlaces({ total: 1_000_000, perHolder: 1_000_000 });
  const long: ManagementCommand = { name: 'Replace', cmdId: '1', items: [item('x'.repeat(50_000))] };
  const { scene, say } = talker(places.open('device'), [[long], [get('2', './A')]]);
  const first = await say([alert], true);
  const replace = first.send?.message.commands.find(({ name }) => name === 'Replace');
  assert.ok(replace);
  assert.ok(places.held > 100_000, 'in the package, and in the message that went out');
  const header: Status = {
    name: 'Status',
    cmdId: '',
    msgRef: '1',
    cmdRef: '0',
    cmd: 'SyncHdr',
    targetRefs: [],
    sourceRefs: [],
    data: '200',
    items: [],
  };
  const second = await say([header, { ...header, cmdRef: replace.cmdId, cmd: 'Replace' }], true);
  assert.ok(places.held < 10_000, `${places.held} after it was answered`);
  const asked = second.send?.message.commands.find(({ name }) => name === 'Get');
  assert.ok(asked);
  const piece = item('x'.repeat(30_000), { moreData: true, meta: { size: 60_000 } });
  const value: Results = { ...results, msgRef: '2', cmdRef: asked.cmdId, items: [piece] };
  await say([{ ...header, msgRef: '2' }, value], false);
  assert.ok(places.held > 30_000);
  scene.server.fail('the host stops');
  assert.ok(places.held < 10_000, `${places.held} after the end`);
});

test('answers beyond the room there is are refused with 413, and their command has failed', async () => {
  const places = new OctetPlaces({ total: 140_000, perHolder: 140_000 });
  const { say, effects, scene } = talker(places.open('device'));
  const first = await say([alert], true);
  const gets = first.send?.message.commands.find(({ name }) => name === 'Get');
  assert.ok(gets);
  const value: DmCommand = { ...results, cmdRef: gets.cmdId, items: [item('x'.repeat(200_000))] };
  const step = await say([value], true);
  assert.ok(
    step.send?.message.commands.some((command) => command.name === 'Status' && command.data === '413'),
  );
  assert.match(effectsOf(effects as never, 'answered')[0]?.problem ?? '', /no room/);
  assert.ok(scene.server.ended !== undefined);
});

test('without room for commands none are fetched, and the session ends with an alert that says so', async () => {
  const places = new OctetPlaces({ total: 50_000, perHolder: 50_000 });
  const { say } = talker(places.open('device'));
  const step = await say([alert], true);
  assert.equal(step.end?.outcome, 'failed');
  assert.ok(step.end?.outcome === 'failed' && /no room for commands/.test(step.end.reason));
  const last = step.send?.message.commands.at(-1);
  assert.ok(last?.name === 'Alert' && last.data === '1223');
});
