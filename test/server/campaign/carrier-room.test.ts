// How many pushes of campaigns may wait for a carrier, by what is heard of them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CarrierRooms, roomBounds } from '../../../src/server/campaign/carrier-room.ts';
import type { NotificationPush, PushState } from '../../../src/store/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { storedNotification } from '../engine/stored.ts';

function push(id: string, state: PushState, more: Partial<NotificationPush> = {}): NotificationPush {
  const out = state !== 'queued' && state !== 'sending';
  return {
    ...storedNotification(),
    id,
    carrier: 'wap',
    state: state as 'queued',
    sends: out ? 1 : 0,
    ...more,
  };
}

function roomsAt(clock = new ManualClock()) {
  let freed = 0;
  const rooms = new CarrierRooms(clock, () => {
    freed += 1;
  });
  return { rooms, clock, freed: () => freed };
}

describe('CarrierRooms', () => {
  it('has room for so many, each carrier for itself, and says when there is some again', () => {
    const { rooms, freed } = roomsAt();
    assert.equal(rooms.room('wap'), roomBounds.least);
    for (let index = 0; index < 500; index += 1) rooms.hear(push(`p${index}`, 'queued'), undefined);
    assert.equal(rooms.room('wap'), 0);
    assert.equal(rooms.room('sms'), roomBounds.least);
    for (let index = 0; index < 124; index += 1) rooms.hear(push(`p${index}`, 'sent'), 'sending');
    assert.deepEqual([rooms.room('wap'), freed()], [0, 0], 'not for each of them');
    rooms.hear(push('p124', 'sent'), 'sending');
    assert.deepEqual([rooms.room('wap'), freed()], [125, 1]);
    assert.deepEqual([...rooms.waiting()], [['wap', 375]]);
  });

  it('counts one that goes elsewhere there, and none that is kept back or tried again', () => {
    const { rooms } = roomsAt();
    rooms.hear(push('a', 'queued'), undefined);
    rooms.hear(push('a', 'sending'), 'queued');
    rooms.hear(push('a', 'queued', { carrier: 'sms' }), 'sending');
    assert.deepEqual([...rooms.waiting()], [['sms', 1]]);
    rooms.hear(push('a', 'queued', { carrier: 'sms', gated: true }), 'queued');
    assert.deepEqual([...rooms.waiting()], []);
    rooms.hear(push('b', 'sent'), 'sending');
    rooms.hear(push('b', 'sending', { sends: 1 }), 'sent');
    assert.deepEqual([...rooms.waiting()], []);
  });

  it('goes on from the number of those that waited before', () => {
    const { rooms } = roomsAt();
    rooms.load([
      { campaign: 'c', carrier: 'wap', count: 300 },
      { campaign: 'd', carrier: 'wap', count: 100 },
      { campaign: 'c', carrier: null, count: 3 },
    ]);
    assert.deepEqual(
      [...rooms.waiting()],
      [
        ['wap', 400],
        [null, 3],
      ],
    );
    // Claimed: known by its id from here on.
    rooms.hear(push('a', 'sending'), 'queued');
    assert.equal(rooms.waiting().get('wap'), 400);
    rooms.hear(push('a', 'sent'), 'sending');
    rooms.hear(push('b', 'sent'), 'sending');
    assert.equal(rooms.waiting().get('wap'), 398);
    assert.ok(rooms.isGuessed);
    rooms.hear(push('c', 'queued'), undefined);
    rooms.correct([{ campaign: 'c', carrier: 'wap', count: 1 }]);
    assert.deepEqual([...rooms.waiting()], [['wap', 1]]);
    assert.ok(!rooms.isGuessed);
  });

  it('has more room for a carrier that takes more, and knows how fast that is', () => {
    const { rooms, clock } = roomsAt();
    assert.equal(rooms.rateOf('wap'), undefined);
    for (let second = 0; second < 10; second += 1) {
      for (let index = 0; index < 1000; index += 1) rooms.hear(push(`p${index}`, 'sent'), 'sending');
      clock.advance(1000);
    }
    const rate = rooms.rateOf('wap') ?? 0;
    assert.ok(rate > 900 && rate <= 1000, String(rate));
    const room = rooms.room('wap');
    assert.ok(room > 2700 && room <= 3000, String(room));
    for (let index = 0; index < 100_000; index += 1) rooms.hear(push(`p${index}`, 'sent'), 'sending');
    clock.advance(1000);
    assert.equal(rooms.room('wap'), roomBounds.most);
    clock.advance(120_000);
    assert.equal(rooms.room('wap'), roomBounds.least);
  });
});
