// Pieces put together again: what becomes of odd ones, and what is remembered of refused ones (DM-PRO-1.2, large objects).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Item, ItemCommand, Meta, Results } from '../../../src/codec/syncml/index.ts';
import { OctetPlaces, utf8ToBytes } from '../../../src/core/index.ts';
import { LargeObjectReceiver } from '../../../src/session/message/large-object.ts';

const add: ItemCommand = { name: 'Add', cmdId: '2', items: [] };
const piece = (data: string | Uint8Array | undefined, more: Partial<Item> = {}, uri = './Big'): Item => ({
  target: { uri },
  ...(data === undefined ? {} : { data }),
  ...more,
});
const first = (data: string | Uint8Array | undefined, size: number, uri?: string): Item =>
  piece(data, { moreData: true, meta: { size } }, uri);
const binary = (data: string | Uint8Array, size: number): Item =>
  piece(data, { moreData: true, meta: { size, format: 'bin' } });
const more = { moreData: true };

/** Takes the items one after the other: the value, or the last status. */
function taken(
  objects: LargeObjectReceiver,
  ...items: readonly Item[]
): string | Uint8Array | number | undefined {
  const last = items.map((item) => objects.take(add, item)).at(-1);
  if (last?.state === 'refused') return last.status;
  assert.equal(last?.state, 'whole');
  const { data } = last.item;
  assert.ok(data === undefined || typeof data === 'string' || data instanceof Uint8Array);
  return data;
}

const receiver = () => new LargeObjectReceiver(1000);

test('octets may be announced by the length of their Base64, and texts may not', () => {
  const octets = Uint8Array.of(1, 2, 3, 4);
  const last = piece(octets.subarray(2));
  assert.deepEqual(taken(receiver(), binary(octets.subarray(0, 2), 4), last), octets);
  assert.deepEqual(taken(receiver(), binary(octets.subarray(0, 2), 8), last), octets);
  assert.equal(taken(receiver(), binary(octets.subarray(0, 2), 7), last), 424);
  assert.equal(taken(receiver(), first('ab', 8), piece('cd')), 424);
  assert.equal(taken(receiver(), first('ab', 4), piece('cd')), 'abcd');
});

test('octets stay octets where they would be a text as well', () => {
  const octets = utf8ToBytes('abcd');
  assert.deepEqual(taken(receiver(), binary(octets.subarray(0, 2), 4), piece(octets.subarray(2))), octets);
  assert.equal(
    taken(receiver(), binary('ab', 4), piece('cd')),
    'abcd',
    'whose pieces came as texts is a text',
  );
});

test('a text is a text again, though it was cut inside a character and no piece is one', () => {
  const octets = utf8ToBytes('aüb');
  assert.equal(taken(receiver(), first(octets.subarray(0, 2), 4), piece(octets.subarray(2))), 'aüb');
  assert.equal(
    taken(receiver(), first('a', 4), piece(octets.subarray(1, 2), more), piece(octets.subarray(2))),
    'aüb',
  );
  const none = Uint8Array.of(0xff, 0xfe);
  assert.deepEqual(taken(receiver(), first(none.subarray(0, 1), 2), piece(none.subarray(1))), none);
});

test('a piece is kept as it came, though its message is written over', () => {
  const message = Uint8Array.of(1, 2, 3, 4);
  const objects = receiver();
  objects.take(add, binary(message.subarray(0, 2), 4));
  message.fill(9);
  assert.deepEqual(taken(objects, piece(Uint8Array.of(3, 4))), Uint8Array.of(1, 2, 3, 4));
});

test('an empty piece holds nothing, and does not say what the object is', () => {
  const places = new OctetPlaces({ total: 10_000, perHolder: 10_000 });
  const objects = new LargeObjectReceiver(1000, places.open('device'));
  objects.take(add, binary('', 4));
  const held = places.held;
  for (let each = 0; each < 100; each += 1) assert.equal(objects.take(add, piece('', more)).state, 'kept');
  assert.equal(places.held, held);
  const octets = utf8ToBytes('abcd');
  assert.deepEqual(taken(objects, piece(octets)), octets, 'octets, as all of its pieces that have any');
  assert.equal(taken(receiver(), first('ab', 2), piece('')), 'ab');
});

test('a piece without data, be it the first or the last, ends the object with 412', () => {
  const objects = receiver();
  assert.equal(taken(objects, first(undefined, 4)), 412);
  assert.equal(taken(objects, piece('abcd')), 412);
  assert.equal(taken(objects, first('ab', 4), piece(undefined)), 412);
  assert.equal(taken(objects, first('ab', 2), piece('')), 'ab', 'that was the end of it');
});

test('of many refused objects the oldest is forgotten', () => {
  const objects = receiver();
  const uris = Array.from({ length: 65 }, (_, index) => `./${index}`);
  for (const uri of uris) assert.equal(taken(objects, piece('a', more, uri)), 412);
  assert.equal(objects.continues(add, piece('b', {}, './0')), false);
  assert.equal(taken(objects, piece('b', {}, './1')), 412);
  assert.equal(taken(objects, piece('b', {}, './64')), 412);
  assert.equal(objects.continues(add, piece('b', {}, './1')), false, 'its last piece came');
});

/** The statuses of a command with one such item that could not be read. */
const unreadable = (objects: LargeObjectReceiver, item: Item, status: number): (number | string)[] =>
  objects
    .unreadable({ ...add, items: [item] }, status, 'it cannot be read')
    .map((verdict) => (verdict.state === 'refused' ? verdict.status : verdict.state));

test('the first reason for which an object is refused stands, whatever else cannot be read of it', () => {
  const objects = receiver();
  assert.equal(taken(objects, piece('ab', more)), 412, 'no Size');
  assert.deepEqual(unreadable(objects, piece('cd', more), 400), [412]);
  assert.equal(taken(objects, piece('ef', more)), 412);
  assert.deepEqual(unreadable(objects, piece('gh'), 400), [412]);
  assert.equal(taken(objects, first('ab', 2), piece('')), 'ab', 'the unreadable one was the last');
});

test('of an object that is begun anew with a piece that cannot be read, that is the reason', () => {
  const objects = receiver();
  objects.take(add, first('ab', 4));
  objects.interrupt();
  assert.deepEqual(unreadable(objects, first('ab', 4), 400), [400]);
  assert.equal(taken(objects, piece('cd')), 400);
});

test('what cannot be read and is no piece is refused by itself, and nothing after it', () => {
  const objects = receiver();
  assert.deepEqual(unreadable(objects, piece('ab'), 400), []);
  assert.equal(taken(objects, piece('cd')), 'cd');
  objects.take(add, first('ab', 4, './Open'));
  assert.deepEqual(unreadable(objects, piece('cd'), 400), []);
  assert.equal(taken(objects, piece('cd', {}, './Open')), 'abcd', 'the open object is another one');
});

test('an interrupted object may be begun anew by a piece with Size, and by no other', () => {
  const objects = receiver();
  objects.take(add, first('ab', 4));
  objects.interrupt();
  assert.equal(taken(objects, piece('cd', more)), 412);
  assert.equal(taken(objects, first('ef', 4), piece('gh')), 'efgh');
  objects.interrupt();
  assert.equal(taken(objects, piece('whole')), 'whole', 'there was nothing to interrupt');
});

test('the Meta of the first command goes with the value, unless it is no Meta of reasonable length', () => {
  const results = (meta: Meta): Results => ({ name: 'Results', cmdId: '1', cmdRef: '2', meta, items: [] });
  for (const [length, kept] of [
    [300, true],
    [600, false],
  ] as const) {
    const objects = receiver();
    const command = results({ type: 'x'.repeat(length) });
    objects.take(command, first('ab', 4));
    const verdict = objects.take({ ...command, meta: {} }, piece('cd'));
    assert.equal(verdict.state, 'whole');
    assert.equal(verdict.state === 'whole' && verdict.command.meta?.type?.length, kept ? length : undefined);
  }
});
