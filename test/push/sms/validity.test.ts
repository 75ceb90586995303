// The life of a push as message centres are told it: validity_period (SMPP 3.4 §4.4.1, §7.1.1).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePdu, longestRelativeSeconds, type PduOf } from '../../../src/codec/smpp/index.ts';
import { PushError } from '../../../src/core/index.ts';
import type { SmsForm, ValidityForm } from '../../../src/push/sms/index.ts';
import { composeSettings, type SmsSenderOptions } from '../../../src/push/sms/sender-options.ts';
import { Composer } from '../../../src/push/sms/submit/compose.ts';
import { eventually, ManualClock, type SmscEvent } from '../../../src/testing/index.ts';
import { ScriptedSmsc } from './scripted-smsc.ts';
import { centre, device, never, openSender, openSmsc, pushOf, scene } from './support.ts';

const now = Date.UTC(2026, 10, 29, 12, 0, 0, 400);
const to = { ton: 1, npi: 1, address: '447700900123' };

function periods(
  leftMs: number | undefined,
  options: Partial<SmsSenderOptions>,
  octets = 3,
): readonly string[] {
  const push = { ...pushOf(octets), ...(leftMs !== undefined && { expiresAt: now + leftMs }) };
  return new Composer(composeSettings({ smscs: [], ...options }))
    .compose(push, to, () => 1, now)
    .map((pdu) => (decodePdu(pdu) as PduOf<'submit_sm'>).validityPeriod);
}

const hour = 3_600_000;
const day = 24 * hour;
const rows: readonly (readonly [string, number | undefined, number | undefined, ValidityForm, string])[] = [
  ['nothing is said without a life or a setting', undefined, undefined, 'relative', ''],
  ['the life of the push', 2 * hour, undefined, 'relative', '000000020000000R'],
  ['the setting, for a push without an end', undefined, 3600, 'relative', '000000010000000R'],
  ['the life where it is shorter than the setting', 600_000, 3600, 'relative', '000000001000000R'],
  ['the setting where it is shorter than the life', 2 * hour, 3600, 'relative', '000000010000000R'],
  ['a broken second is not given', 90_999, undefined, 'relative', '000000000130000R'],
  ['less than a second is a second', 1, undefined, 'relative', '000000000001000R'],
  ['more than 30 days are 30 days', 400 * day, undefined, 'relative', '000030000000000R'],
  ['a moment in UTC', 2 * hour, undefined, 'absolute', '261129140000400+'],
  ['a moment by the setting', undefined, 3600, 'absolute', '261129130000400+'],
  ['a moment of the next month', 29.9 * day, undefined, 'absolute', '261229093600400+'],
  ['nothing is said to a centre that is to be told nothing', 2 * hour, 3600, 'none', ''],
];
for (const [name, leftMs, validitySeconds, validityForm, expected] of rows) {
  test(`SMPP 3.4 §5.2.16: ${name}`, () => {
    for (const form of ['udh', 'payload', 'sar'] satisfies SmsForm[]) {
      const options = { form, validityForm, ...(validitySeconds !== undefined && { validitySeconds }) };
      assert.deepEqual(periods(leftMs, options), [expected]);
      assert.deepEqual(new Set(periods(leftMs, options, 300)), new Set([expected]));
    }
  });
}

test('a push whose time is over is not sent: EXPIRED, which no repetition mends', () => {
  for (const validityForm of ['relative', 'absolute', 'none'] as const) {
    assert.throws(
      () => periods(0, { validityForm }),
      (error) => error instanceof PushError && error.code === 'EXPIRED' && !error.retryable,
    );
  }
});

test('the longest setting and the longest life agree', () => {
  assert.deepEqual(periods(undefined, { validitySeconds: longestRelativeSeconds }), ['000030000000000R']);
});

test(
  'a message that waited for the centre says what is left by then; one whose time ended meanwhile is not sent',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const smsc = await ScriptedSmsc.open();
    cleanup.add(() => smsc.close());
    const { sender } = openSender(cleanup, { smscs: [centre(smsc.port)], clock, window: 1 });
    await eventually(() => sender.links()[0]?.state === 'bound');
    const peer = await smsc.peer(0);
    const push = (leftMs: number) => ({ ...pushOf(3), expiresAt: clock.now() + leftMs });
    const first = sender.send(push(60_000), device, never);
    const submit = await peer.next('submit_sm');
    assert.equal(submit.validityPeriod, '000000000100000R');
    const second = sender.send(push(60_000), device, never);
    const short = sender.send(push(5000), device, never);
    const failed = short.then(
      () => assert.fail('it was accepted'),
      (error: PushError) => error,
    );
    clock.advance(5000);
    const { code, retryable } = await failed;
    assert.deepEqual([code, retryable], ['EXPIRED', false]);
    clock.advance(2000);
    peer.accept(submit, '1');
    await first;
    const next = await peer.next('submit_sm');
    assert.equal(next.validityPeriod, '000000000053000R');
    // The wall clock is set: the end of a push is a date.
    clock.jump(600_000);
    peer.accept(next, '2');
    await second;
    await assert.rejects(sender.send({ ...pushOf(3), expiresAt: clock.now() - 1 }, device, never), {
      code: 'EXPIRED',
    });
    assert.deepEqual(peer.arrived, []);
  }),
);

test(
  'in doubt: sent again, the same message says what is left by then',
  scene(async (cleanup) => {
    const clock = new ManualClock();
    const smsc = await ScriptedSmsc.open();
    cleanup.add(() => smsc.close());
    const { sender } = openSender(cleanup, { smscs: [centre(smsc.port)], clock });
    await eventually(() => sender.links()[0]?.state === 'bound');
    const sending = sender.send({ ...pushOf(3), expiresAt: clock.now() + 60_000 }, device, never);
    const peer = await smsc.peer(0);
    const before = await peer.next('submit_sm');
    peer.socket.destroy();
    await eventually(() => sender.links()[0]?.state === 'down');
    clock.advance(1000);
    const next = await smsc.peer(1);
    const again = await next.next('submit_sm');
    assert.deepEqual(
      { ...again, sequence: 0 },
      { ...before, sequence: 0, validityPeriod: '000000000059000R' },
    );
    next.accept(again, '1');
    await sending;
  }),
);

for (const validityForm of ['relative', 'absolute'] as const) {
  test(
    `the simulated centre gives a push up when its life is over (${validityForm}), and says so`,
    scene(async (cleanup) => {
      const clock = new ManualClock();
      const events: SmscEvent[] = [];
      const { port } = await openSmsc(cleanup, { clock, onEvent: (event) => events.push(event) });
      const { sender, reports } = openSender(cleanup, { smscs: [centre(port)], clock, validityForm });
      // Nobody is there to take it.
      await sender.send({ ...pushOf(3), expiresAt: clock.now() + 60_000 }, { number: '+4666' }, never);
      clock.advance(59_000);
      assert.ok(!events.some(({ type }) => type === 'final'));
      await eventually(() => {
        clock.advance(500);
        return reports.length === 1;
      });
      assert.match(reports[0]?.detail ?? '', /EXPIRED/);
    }),
  );
}
