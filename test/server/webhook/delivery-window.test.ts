// The window of a webhook under whatever comes: no event is lost, each lane keeps its order, and the place is never ahead.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Delivery, DeliveryWindow } from '../../../src/server/webhook/delivery-window.ts';
import type { HeldDelivery, NewDelivery } from '../../../src/store/index.ts';

/** A store of one webhook, as far as a window needs it. */
class Kept {
  held: HeldDelivery[] = [];
  position = { event: 0, notice: 0 };
  #number = 0;

  write(step: ReturnType<DeliveryWindow['takeStep']>): void {
    const { done = [], again = [], dead = [], hold = [] } = step;
    this.position = step.position;
    this.held = this.held.filter(({ number }) => !done.includes(number));
    const change = (number: number, changes: Partial<HeldDelivery>): void => {
      this.held = this.held.map((each) => (each.number === number ? { ...each, ...changes } : each));
    };
    for (const { number, dueAt, attempts } of again) change(number, { dueAt, attempts });
    for (const { number } of dead) change(number, { state: 'dead' });
    for (const each of hold) this.#add(each);
  }

  due(): readonly HeldDelivery[] {
    const lanes = new Set<string>();
    return this.held.filter(({ lane, state }) => {
      if (state === 'dead' || lanes.has(lane)) return false;
      lanes.add(lane);
      return true;
    });
  }

  #add(delivery: NewDelivery): void {
    if (this.held.some(({ eventId }) => eventId === delivery.eventId)) return;
    this.#number += 1;
    this.held.push({ ...delivery, number: this.#number, state: 'waiting', updatedAt: 0 });
  }
}

type Act = 'read' | 'begin' | 'deliver' | 'fail' | 'die' | 'write' | 'held' | 'kill';
const acts: readonly Act[] = [
  'read',
  'read',
  'begin',
  'begin',
  'deliver',
  'deliver',
  'fail',
  'die',
  'write',
  'held',
  'kill',
];

test('any course of deliveries, failures and kills: all are delivered or dead, in order within each lane', () => {
  const course = fc.array(fc.record({ act: fc.constantFrom(...acts), pick: fc.nat(9) }), { maxLength: 120 });
  fc.assert(
    fc.property(course, (steps) => {
      const kept = new Kept();
      const total = 30;
      let window = new DeliveryWindow(kept.position, kept.held);
      let running: Delivery[] = [];
      const first = new Map<string, number>();
      let order = 0;
      const act = (what: Act, pick: number): void => {
        const one = running[pick % Math.max(1, running.length)];
        if (what === 'read') {
          const sequence = window.read.event + 1;
          if (sequence > total) return;
          const lane = `d${sequence % 4}`;
          const place = { of: 'event', sequence } as const;
          window.add({ eventId: `e${sequence}`, lane, type: 't', at: 0, payload: '', attempts: 0, place });
          window.readTo({ event: sequence });
        } else if (what === 'begin') running.push(...window.begin(3 - window.running));
        else if (what === 'write') kept.write(window.takeStep());
        else if (what === 'held' && !window.changesHeld) for (const each of kept.due()) window.addHeld(each);
        else if (what === 'kill') {
          window = new DeliveryWindow(kept.position, kept.held);
          running = [];
        } else if (one !== undefined && (what === 'deliver' || what === 'fail' || what === 'die')) {
          running = running.filter((each) => each !== one);
          if (what === 'deliver') {
            order += 1;
            if (!first.has(one.eventId)) first.set(one.eventId, order);
            window.delivered(one);
          } else window.failed(one, 'x', what === 'die' && one.held !== undefined ? undefined : 1);
        }
        assert.equal(window.running, running.length);
        const lanes = running.map(({ lane }) => lane);
        assert.equal(new Set(lanes).size, lanes.length, 'one of a lane at a time');
      };
      for (const { act: what, pick } of steps) act(what, pick);
      for (let round = 0; round < 200; round += 1)
        for (const what of ['read', 'begin', 'deliver', 'deliver', 'deliver', 'write', 'held'] as const)
          act(what, 0);
      const dead = new Set(kept.held.map(({ eventId, state }) => (state === 'dead' ? eventId : '')));
      assert.equal(kept.held.filter(({ state }) => state === 'waiting').length, 0);
      assert.deepEqual(kept.position, { event: total, notice: 0 });
      for (let sequence = 1; sequence <= total; sequence += 1)
        assert.ok(first.has(`e${sequence}`) || dead.has(`e${sequence}`), `e${sequence}`);
      for (let sequence = 5; sequence <= total; sequence += 1) {
        const [before, now] = [first.get(`e${sequence - 4}`), first.get(`e${sequence}`)];
        if (before !== undefined && now !== undefined && !dead.has(`e${sequence - 4}`))
          assert.ok(before < now);
      }
    }),
    { numRuns: 300 },
  );
});
