// What a seed decides: devices, faults, first states, whatever is asked and when.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConfigError } from '../../../src/core/index.ts';
import { exactSamples, Samples } from '../../../src/fleet/journal/samples.ts';
import { type FleetMix, faultKinds } from '../../../src/fleet/mix/fleet-mix.ts';
import { faultOf } from '../../../src/fleet/plan/fault-plan.ts';
import { idOf, indexOfId, planOf } from '../../../src/fleet/plan/fleet-plan.ts';
import { packState, unpackState } from '../../../src/fleet/state/packed-state.ts';
import { provisionedText, StateTemplates } from '../../../src/fleet/state/state-template.ts';

const mix: FleetMix = {
  formats: { 'dm1.2': 2, 'dm1.3-2010': 1, 'dm1.3': 1 },
  bindings: { wap: 3, http: 1 },
  clientSchemes: { md5: 1, hmac: 1 },
  families: { aosp: 9, libdmclient: 1 },
  faults: {
    lost: 0.05,
    dead: { rate: 0.05 },
    late: { rate: 0.05, delayMs: [10, 20] },
    duplicate: 0.05,
    wrongNonce: 0.05,
    refuses: 0.05,
    broken: 0.05,
    slow: { rate: 0.05 },
  },
};

test('a device is the same whenever it is asked for, and another one under another seed', () => {
  assert.deepEqual(planOf(3, 17, mix), planOf(3, 17, mix));
  const [one, other] = [planOf(3, 17, mix), planOf(4, 17, mix)];
  assert.notEqual(one.serverSecret, other.serverSecret);
  assert.notEqual(one.serverNonce, other.serverNonce);
  assert.equal(one.id, other.id);
});

test('every stretch of devices has all kinds in their shares, and kinds do not go together', () => {
  for (const first of [0, 5000]) {
    const plans = Array.from({ length: 400 }, (_, at) => planOf(1, first + at, mix));
    const count = (is: (plan: (typeof plans)[0]) => boolean): number => plans.filter(is).length;
    assert.ok(Math.abs(count(({ format }) => format === 'dm1.2') - 200) < 20);
    assert.ok(Math.abs(count(({ binding }) => binding === 'http') - 100) < 20);
    assert.ok(Math.abs(count(({ family }) => family === 'libdmclient') - 40) < 20);
    assert.ok(Math.abs(count(({ format, binding }) => format === 'dm1.2' && binding === 'http') - 50) < 25);
  }
});

test('ids are IMEIs with their check digit, and say their index', () => {
  // 3GPP TS 23.003 Annex B.
  assert.match(idOf(0), /^IMEI:99000000000000[0-9]$/);
  const digits = [...idOf(0).slice(5)].map(Number);
  const sum = digits.reduce((total, digit, at) => {
    const value = at % 2 === 1 ? digit * 2 : digit;
    return total + Math.floor(value / 10) + (value % 10);
  }, 0);
  assert.equal(sum % 10, 0);
  fc.assert(fc.property(fc.nat(99_999_999), (index) => indexOfId(idOf(index)) === index));
  assert.equal(indexOfId('IMEI:493005100592800'), undefined);
  assert.equal(indexOfId(idOf(7).replace(/.$/, (last) => String((Number(last) + 1) % 10))), undefined);
});

test('faults follow from seed, device and push, in their rates; each kind strikes', () => {
  const found = new Map<string, number>();
  for (let index = 0; index < 400; index += 1) {
    for (let push = 1; push <= 10; push += 1) {
      const fault = faultOf(9, index, push, mix);
      assert.deepEqual(fault, faultOf(9, index, push, mix));
      if (fault !== undefined) found.set(fault.kind, (found.get(fault.kind) ?? 0) + 1);
      if (fault?.kind === 'late') assert.ok(Number(fault.delayMs) >= 10 && Number(fault.delayMs) <= 20);
    }
  }
  for (const kind of faultKinds) assert.ok(Math.abs((found.get(kind) ?? 0) - 200) < 60, kind);
  assert.equal(faultOf(9, 1, 1, {}), undefined);
  assert.equal(faultOf(9, 1, 1, { faults: { broken: 1 } })?.kind, 'broken');
});

test('the first state of a device is the one that it would be provisioned with', async () => {
  const templates = new StateTemplates('com.example.fleet', 'http://127.0.0.1:8080/dm');
  for (const index of [0, 1, 2, 99_999_999]) {
    const plan = planOf(5, index, mix);
    assert.equal(
      await templates.textFor(plan),
      await provisionedText(plan, 'com.example.fleet', 'http://127.0.0.1:8080/dm'),
    );
  }
});

test('a packed state is what it was, small where little changed, and opens with its own first state only', async () => {
  const templates = new StateTemplates('com.example.fleet', 'http://127.0.0.1:8080/dm');
  const [first, other] = [
    await templates.textFor(planOf(5, 1, mix)),
    await templates.textFor(planOf(5, 2, mix)),
  ];
  const changed = first.replace('"servers":{}', '"servers":{"com.example.fleet":{"floor":0,"ä":"€"}}');
  const packed = packState(changed, first);
  assert.equal(unpackState(packed, first, 'd'), changed);
  assert.ok(packed.length < 200, `${packed.length} octets`);
  assert.throws(() => unpackState(packed, other, 'd'), ConfigError);
  assert.throws(() => unpackState(packed.slice(0, -3), first, 'd'), ConfigError);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, dictionary) => {
      assert.equal(unpackState(packState(text, dictionary), dictionary, 'd'), text.toWellFormed());
    }),
  );
});

test('percentiles are exact as long as all times are kept, and fair beyond', () => {
  const samples = new Samples(() => 0.5);
  assert.deepEqual(samples.percentiles(), { count: 0, p50: 0, p90: 0, p99: 0, max: 0 });
  for (let ms = 1000; ms >= 1; ms -= 1) samples.add(ms);
  assert.deepEqual(samples.percentiles(), { count: 1000, p50: 500, p90: 900, p99: 990, max: 1000 });
  let drawn = 0;
  const many = new Samples(() => {
    drawn += 1;
    return (drawn * Math.SQRT2) % 1;
  });
  for (let at = 0; at < exactSamples * 3; at += 1) many.add((at * 7919) % 1000);
  const { count, p50, max } = many.percentiles();
  assert.equal(count, exactSamples * 3);
  assert.ok(Math.abs(p50 - 500) < 30, `${p50}`);
  assert.equal(max, 999);
});
