// Pushes through a modem: octets on the line, references that come back, reports of each part, refusals and resets.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeUserData } from '../../../src/codec/sms/index.ts';
import { concatBytes } from '../../../src/core/index.ts';
import type { DeliveryReport } from '../../../src/push/index.ts';
import { type AtModem, createModemSender, type ModemSenderOptions } from '../../../src/push/modem/index.ts';
import type { SmsRoad } from '../../../src/push/short-message/index.ts';
import { createSmsRoutes } from '../../../src/push/sms-routes/index.ts';
import { eventually, type SubmitVerdict } from '../../../src/testing/index.ts';
import { fakeRoad } from '../sms-routes/fake-road.ts';
import { type Cleanup, modemPair, never, number, pushOf, reportOf, scene, started } from './support.ts';

function senderOf(cleanup: Cleanup, modem: AtModem, more: Partial<ModemSenderOptions> = {}) {
  const reports: DeliveryReport[] = [];
  const onReceipt = (report: DeliveryReport): void => {
    reports.push(report);
  };
  const sender = createModemSender({ modem, onReceipt, name: 'm1', ...more });
  cleanup.add(() => sender.close());
  return { sender, reports };
}

describe('a push through a modem', () => {
  it(
    'in four messages is delivered when each has its report, in any order',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup);
      await started(modem);
      const { sender, reports } = senderOf(cleanup, modem);
      const push = pushOf(480);
      const result = await sender.send(push, { number }, never);
      assert.deepEqual(result, { outcome: 'accepted', reference: 'm1:41 m1:42 m1:43 m1:44' });
      const { submitted } = simulator;
      for (const { tpdu } of submitted) {
        assert.deepEqual(
          [tpdu.address, tpdu.dataCoding, tpdu.reportWanted, tpdu.hasHeader],
          [number, 0xf5, true, true],
        );
      }
      const datagram = concatBytes(...submitted.map(({ tpdu }) => decodeUserData(tpdu.userData).payload));
      assert.deepEqual(datagram.subarray(-480), push.body);
      for (const reference of [43, 41, 44]) simulator.pass(reportOf(reference, number), '+CDS');
      // For another telephone, about nothing, still tried: none of them counts.
      simulator.pass(reportOf(42, '+491700000000'), '+CDS');
      simulator.pass(reportOf(90, number), '+CDS');
      simulator.pass(reportOf(42, number, 0x21), '+CDS');
      await eventually(() => sender.receipts().matched === 3);
      assert.equal(reports.length, 0);
      // In national form.
      simulator.pass(reportOf(42, '01701234567'), '+CDS');
      await eventually(() => reports.length === 1);
      assert.deepEqual([reports[0]?.outcome, reports[0]?.pushId], ['delivered', 'p1']);
    }),
  );

  it(
    'has failed when one message has',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup);
      await started(modem);
      const { sender, reports } = senderOf(cleanup, modem);
      await sender.send(pushOf(200), { number }, never);
      simulator.pass(reportOf(42, number, 0x46), '+CDS');
      await eventually(() => reports.length === 1);
      assert.equal(reports[0]?.outcome, 'failed');
      assert.match(reports[0]?.detail ?? '', /validity period is over.*0x46.*message 2 of 2/);
    }),
  );

  it(
    'a reference that comes back while the first wait for it lasts settles neither by a guess',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup);
      await started(modem);
      const { sender, reports } = senderOf(cleanup, modem);
      await sender.send(pushOf(40, 'dm1.3', 'a'), { number }, never);
      simulator.nextReference = 40;
      await sender.send(pushOf(40, 'dm1.3', 'b'), { number: '+491700000001' }, never);
      simulator.nextReference = 40;
      await sender.send(pushOf(40, 'dm1.3', 'c'), { number }, never);
      simulator.pass(reportOf(41, '+491700000001'), '+CDS');
      simulator.pass(reportOf(41, number), '+CDS');
      await eventually(() => reports.length === 3);
      assert.deepEqual(
        reports.map(({ pushId, outcome }) => [pushId, outcome]),
        [
          ['b', 'delivered'],
          ['a', 'unclear'],
          ['c', 'unclear'],
        ],
      );
    }),
  );

  it(
    'reports that lie in a memory are read, and deleted when they are ours; after a restart too',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup);
      await started(modem);
      const { sender, reports } = senderOf(cleanup, modem);
      sender.expectReport('before', 'm1:200', { number });
      assert.throws(() => sender.expectReport('before', 'no reference'), { code: 'BAD_FORMAT' });
      simulator.deliver(reportOf(99, number), 'ME', '+CDSI');
      simulator.say('+CDSI: "ME",1');
      simulator.deliver(reportOf(200, number), 'ME', '+CDSI');
      simulator.say('+CDSI: "ME",2');
      await eventually(() => reports.length === 1 && simulator.stored('ME').length === 1);
      assert.deepEqual([reports[0]?.pushId, simulator.stored('ME')], ['before', [1]]);
    }),
  );

  it(
    'a report that cannot be taken is given again',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup);
      await started(modem);
      let tries = 0;
      const onReceipt = (): void => {
        tries += 1;
        if (tries === 1) throw new Error('disk full');
      };
      const { sender } = senderOf(cleanup, modem, { onReceipt });
      await sender.send(pushOf(10), { number }, never);
      simulator.pass(reportOf(41, number), '+CDS');
      await eventually(() => tries === 2);
      await eventually(() => sender.receipts().open === 0);
    }),
  );
});

describe('what goes wrong', () => {
  const verdictsOf = (...verdicts: readonly SubmitVerdict[]) => {
    let at = 0;
    return { onSubmit: (): SubmitVerdict => verdicts[at++] ?? 'taken' };
  };

  it(
    'a message that a reset left without an answer goes out again, the same octets',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup, verdictsOf('taken', 'reset'));
      await started(modem);
      const { sender, reports } = senderOf(cleanup, modem);
      const result = await sender.send(pushOf(300), { number }, never);
      assert.deepEqual(result, { outcome: 'accepted', reference: 'm1:41 m1:43 m1:44' });
      const [, first, second] = simulator.submitted.map(({ tpdu }) => tpdu.userData);
      assert.deepEqual(first, second);
      for (const reference of [41, 43, 44]) simulator.pass(reportOf(reference, number), '+CDS');
      await eventually(() => reports.length === 1);
      assert.equal(reports[0]?.outcome, 'delivered');
    }),
  );

  it(
    'and is in doubt where that does not help',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup, verdictsOf('reset', 'reset'));
      await started(modem);
      const { sender } = senderOf(cleanup, modem);
      await assert.rejects(sender.send(pushOf(10), { number }, never), { code: 'IN_DOUBT', retryable: true });
      assert.equal(simulator.submitted.length, 2);
    }),
  );

  it(
    'refusals are told with their meaning, and are not sent again',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup, verdictsOf(331, 38, 21));
      await started(modem);
      const { sender } = senderOf(cleanup, modem);
      for (const [code, retryable] of [
        ['CMS_331', true],
        ['CMS_38', true],
        ['CMS_21', false],
      ] as const) {
        await assert.rejects(sender.send(pushOf(10), { number }, never), { code, retryable });
      }
      assert.equal(simulator.submitted.length, 3);
    }),
  );

  it(
    'a message that the service centre has already is accepted, without a reference',
    scene(async (cleanup) => {
      const { modem } = await modemPair(cleanup, verdictsOf('reset', 197, 'taken'));
      await started(modem);
      const { sender } = senderOf(cleanup, modem);
      const result = await sender.send(pushOf(200), { number }, never);
      assert.deepEqual(result, { outcome: 'accepted', reference: 'm1: m1:43' });
      sender.expectReport('before', 'm1: m1:43', { number });
    }),
  );

  it(
    'and so is one that the modem took and gave no reference for: it goes out once',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup, verdictsOf('unnumbered', 'taken'));
      await started(modem);
      const { sender } = senderOf(cleanup, modem);
      const result = await sender.send(pushOf(200), { number }, never);
      assert.deepEqual(result, { outcome: 'accepted', reference: 'm1: m1:42' });
      assert.equal(simulator.submitted.length, 2);
    }),
  );

  it(
    'a push waits for one place that is read, not for all that the modem told of',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup);
      await started(modem);
      const { sender } = senderOf(cleanup, modem);
      for (let index = 0; index < 3000; index += 1) simulator.say(`+CDSI: "ME",${index}`);
      const { commands } = simulator;
      await eventually(() => commands.some((text) => text.startsWith('+CMGR')));
      const before = commands.length;
      await sender.send(pushOf(10), { number }, never);
      const waited = commands.findIndex((text) => text.startsWith('+CMGS')) - before;
      assert.ok(waited < 20, `${waited} commands went before the push`);
    }),
  );

  it(
    'a push whose first message is out goes by no other road; one that is refused whole does, whatever the modem lacks',
    scene(async (cleanup) => {
      const { modem } = await modemPair(cleanup, verdictsOf('taken', 331, 'taken', 21, 330));
      await started(modem);
      const { sender } = senderOf(cleanup, modem);
      for (const [code, message, retryable, notTaken] of [
        ['CMS_331', /message 2 of 2, those before it are out: .*no network/, true, false],
        ['CMS_21', /message 2 of 2, those before it are out: .*refused/, false, false],
        ['CMS_330', /^AT\+CMGS: .*serviceCentre/, true, true],
      ] as const) {
        const expected = { code, message, retryable, notTaken };
        await assert.rejects(sender.send(pushOf(200), { number }, never), expected);
      }
    }),
  );

  it(
    'a modem whose SIM stays closed does not take the push, which another road may get',
    scene(async (cleanup) => {
      const { modem } = await modemPair(cleanup, { pin: '4711' });
      const { sender } = senderOf(cleanup, modem);
      modem.start();
      await eventually(() => modem.status().state === 'failed');
      const expected = { code: 'PIN_NEEDED', retryable: true, notTaken: true };
      await assert.rejects(sender.send(pushOf(10), { number }, never), expected);
    }),
  );

  it(
    'a modem that is not ready has no room, and says when it has',
    scene(async (cleanup) => {
      const { modem } = await modemPair(cleanup);
      const { sender } = senderOf(cleanup, modem, { linkWaitMs: 20 });
      const freed: string[] = [];
      sender.carriers?.onFree((name) => freed.push(name));
      assert.deepEqual([sender.carriers?.names, sender.carriers?.free('sms:m1')], [['sms:m1'], 0]);
      await assert.rejects(sender.send(pushOf(10), { number }, never), {
        code: 'LINK_DOWN',
        retryable: true,
      });
      modem.start();
      await eventually(() => freed.length > 0 && modem.ready);
      assert.equal(sender.carriers?.free('sms:m1'), 1);
      await assert.rejects(sender.send(pushOf(10), { number: 'nobody' }, never), { code: 'BAD_FORMAT' });
      await assert.rejects(sender.send({ ...pushOf(10), expiresAt: 1 }, { number }, never), {
        code: 'EXPIRED',
      });
    }),
  );

  const roadsOf = (cleanup: Cleanup, modem: AtModem) => {
    const { sender, reports } = senderOf(cleanup, modem);
    const other = fakeRoad('b');
    const roads = new Map<string, SmsRoad>([
      ['m1', { binding: sender, mayHave: sender.mayHave, isUp: () => modem.status().state !== 'waiting' }],
      ['b', other],
    ]);
    const binding = createSmsRoutes({ roads, routes: [{ prefix: '', roads: ['m1', 'b'] }] });
    return { binding, other, reports };
  };

  it(
    'a push that the modem did not ask for goes by the next road',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup, {}, { promptMs: 20 });
      await started(modem);
      const { binding, other } = roadsOf(cleanup, modem);
      simulator.prompts = false;
      await binding.send(pushOf(10), { number }, never);
      assert.deepEqual([other.sent, simulator.submitted.length], [['p1'], 0]);
      assert.equal(binding.carriers?.heldBy?.('p1'), undefined);
    }),
  );

  it(
    'a push that is given up before its message is out is in no doubt, from that very moment',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup);
      await started(modem);
      const { binding, other } = roadsOf(cleanup, modem);
      simulator.prompts = false;
      const aborter = new AbortController();
      const given = assert.rejects(binding.send(pushOf(10), { number }, aborter.signal), { notTaken: true });
      await eventually(() => simulator.commands.some((each) => each.startsWith('+CMGS')));
      aborter.abort();
      assert.equal(binding.carriers?.heldBy?.('p1'), undefined);
      await given;
      assert.equal(binding.carriers?.heldBy?.('p1'), undefined);
      await eventually(() => modem.ready);
      // It was in doubt here before: that remains.
      const again = new AbortController();
      const push = { ...pushOf(10), heldBy: 'sms:m1!' };
      const held = assert.rejects(binding.send(push, { number }, again.signal), { notTaken: true });
      const count = simulator.commands.length;
      await eventually(() => simulator.commands.length > count);
      again.abort();
      assert.equal(binding.carriers?.heldBy?.('p1'), 'sms:m1!');
      await held;
      assert.equal(binding.carriers?.heldBy?.('p1'), 'sms:m1!');
      assert.deepEqual([other.sent, simulator.submitted.length], [[], 0]);
    }),
  );

  it(
    'an answer that comes after its attempt was given up is that of the next attempt, which sends nothing',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup, verdictsOf('silent'));
      await started(modem);
      const { binding, other, reports } = roadsOf(cleanup, modem);
      const aborter = new AbortController();
      const sending = binding.send(pushOf(10), { number }, aborter.signal);
      await eventually(() => simulator.submitted.length === 1);
      aborter.abort();
      assert.equal(binding.carriers?.heldBy?.('p1'), 'sms:m1!');
      simulator.say('+CMGS: 41');
      simulator.say('OK');
      await sending;
      const push = { ...pushOf(10), heldBy: 'sms:m1!' };
      const result = await binding.send(push, { number }, never);
      assert.deepEqual(result, { outcome: 'accepted', reference: 'm1/m1:41' });
      assert.deepEqual([other.sent, simulator.submitted.length], [[], 1]);
      simulator.pass(reportOf(41, number), '+CDS');
      await eventually(() => reports.length === 1);
    }),
  );

  it(
    'with more than one place, too, the next attempt of a push waits for the answer of the one before',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup, verdictsOf('silent'));
      await started(modem);
      const { sender } = senderOf(cleanup, modem, { places: 4 });
      const aborter = new AbortController();
      const sending = sender.send(pushOf(10), { number }, aborter.signal);
      await eventually(() => simulator.submitted.length === 1);
      aborter.abort();
      const next = sender.send(pushOf(10), { number }, never);
      assert.equal(sender.mayHave('p1'), true);
      simulator.say('+CMGS: 41');
      simulator.say('OK');
      assert.deepEqual(await Promise.all([sending, next]), [
        { outcome: 'accepted', reference: 'm1:41' },
        { outcome: 'accepted', reference: 'm1:41' },
      ]);
      assert.equal(simulator.submitted.length, 1);
      assert.equal(sender.mayHave('p1'), false);
    }),
  );

  it(
    'an answer that comes after its time, and before the message goes out again, is its answer',
    scene(async (cleanup) => {
      const times = { submitMs: 30, commandMs: 100 };
      const { simulator, modem } = await modemPair(cleanup, verdictsOf('silent'), times);
      await started(modem);
      const { sender } = senderOf(cleanup, modem);
      const sending = sender.send(pushOf(10), { number }, never);
      await eventually(() => simulator.submitted.length === 1);
      // It is opened anew, and gets the message no sooner than it answers.
      simulator.deaf = true;
      await eventually(() => modem.status().state === 'initialising');
      simulator.say('+CMGS: 41');
      simulator.say('OK');
      simulator.deaf = false;
      assert.deepEqual(await sending, { outcome: 'accepted', reference: 'm1:41' });
      assert.equal(simulator.submitted.length, 1);
      // The line is still in step.
      assert.deepEqual(await sender.send({ ...pushOf(10), id: 'p2' }, { number }, never), {
        outcome: 'accepted',
        reference: 'm1:42',
      });
    }),
  );

  it(
    'a message whose reference came before a reset goes out once',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup, verdictsOf('numbered-reset'));
      await started(modem);
      const { sender } = senderOf(cleanup, modem);
      const result = await sender.send(pushOf(10), { number }, never);
      assert.deepEqual(result, { outcome: 'accepted', reference: 'm1:41' });
      assert.equal(simulator.submitted.length, 1);
    }),
  );

  for (const [name, answers, sent] of [
    ['is waited for', true, []],
    ['and does not answer is waited for no longer than it may take', false, ['p1']],
  ] as const) {
    it(
      `a first road that is coming up ${name}`,
      scene(async (cleanup) => {
        const { simulator, modem } = await modemPair(cleanup);
        simulator.deaf = !answers;
        const { sender } = senderOf(cleanup, modem, { linkWaitMs: answers ? 10_000 : 50 });
        const other = fakeRoad('b');
        modem.start();
        const roads = new Map<string, SmsRoad>([
          ['m1', { binding: sender, mayHave: sender.mayHave }],
          ['b', other],
        ]);
        const binding = createSmsRoutes({ roads, routes: [{ prefix: '', roads: ['m1', 'b'] }] });
        await binding.send(pushOf(10), { number }, never);
        assert.deepEqual([other.sent, simulator.submitted.length], [sent, answers ? 1 : 0]);
        assert.equal(modem.comingUp(50), false);
      }),
    );
  }

  it(
    'service centre, coding, validity and no reports, as they are set',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup);
      await started(modem);
      const { sender } = senderOf(cleanup, modem, {
        serviceCentre: '+491721111111',
        dataCoding: 0x04,
        receipts: 'none',
        validitySeconds: 3600,
        validityForm: 'absolute',
      });
      await sender.send(pushOf(10), { number }, never);
      const [sent] = simulator.submitted;
      assert.deepEqual(
        [sent?.serviceCentre, sent?.tpdu.dataCoding, sent?.tpdu.reportWanted, (sent?.octets[0] ?? 0) & 0x18],
        ['+491721111111', 0x04, false, 0x18],
      );
      for (const [options, path] of [
        [{ name: 'a b' }, 'name'],
        [{ serviceCentre: 'x' }, 'serviceCentre'],
        [{ dataCoding: 0 }, 'dataCoding'],
        [{ validitySeconds: 0 }, 'validitySeconds'],
        [{ maxResends: 11 }, 'maxResends'],
        [{ places: 0 }, 'places'],
      ] as const) {
        assert.throws(() => createModemSender({ modem, ...options }), { path });
      }
    }),
  );
});
