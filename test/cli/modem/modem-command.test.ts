// reveille modem, reveille device --listen modem:, and a road through a modem, at a simulated one.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startReceiver } from '../../../src/cli/bindings/receivers.ts';
import { run } from '../../../src/cli/program.ts';
import { modemRoad } from '../../../src/cli/roads/modem-road.ts';
import { encodeNotification, parseNotification } from '../../../src/codec/notification/index.ts';
import { bytesToHex, systemClock } from '../../../src/core/index.ts';
import type { DeliveryReport, ReceivedPush } from '../../../src/push/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { deliveries, modemPair, never, number, pushOf, reportOf, scene } from '../../push/modem/support.ts';
import { runCli, testIo } from '../run-cli.ts';

const package0 = encodeNotification(
  parseNotification({ format: 'dm1.2', serverId: 'com.example.dm', sessionId: 7 }),
  { secret: 's', nonce: new Uint8Array(4) },
);

describe('reveille modem', () => {
  it(
    'gives the PIN to a modem that does not count tries only when it is told to',
    scene(async (cleanup) => {
      const { port, simulator } = await modemPair(cleanup, { pin: '4711', tellsTries: false });
      const args = ['modem', 'info', '--port', `tcp:127.0.0.1:${port}`];
      const env = { REVEILLE_PIN: '4711' };
      const refused = await runCli(args, { env });
      assert.equal(refused.status, 1);
      assert.match(refused.stderr, /how many tries of the PIN are left \(\+CPINR\).*pinWithoutCount/);
      assert.ok(!simulator.commands.some((each) => each.startsWith('+CPIN="')));
      assert.equal((await runCli([...args, '--pin-without-count'], { env })).status, 0);
    }),
  );

  it(
    'info says that the PIN will not be given, while the SIM wants none',
    scene(async (cleanup) => {
      const { port } = await modemPair(cleanup, { tellsTries: false });
      const args = ['modem', 'info', '--port', `tcp:127.0.0.1:${port}`];
      const { status, lines, stderr } = await runCli(args, { env: { REVEILLE_PIN: '4711' } });
      assert.equal(status, 0);
      assert.ok(lines.includes('pin            will not be given'), lines.join());
      assert.match(stderr, /\+CPINR.*--pin-without-count/);
      assert.doesNotMatch(stderr, /4711/);
      assert.equal((await runCli(args)).stderr, '');
    }),
  );

  it(
    'info shows the modem, as text and as JSON',
    scene(async (cleanup) => {
      const { port } = await modemPair(cleanup, { pin: '4711' });
      const args = ['modem', 'info', '--port', `tcp:127.0.0.1:${port}`];
      const refused = await runCli(args);
      assert.deepEqual([refused.status, refused.stdout], [1, '']);
      assert.match(refused.stderr, /wants its PIN: set `pin` .*--pin-file/);
      const { status, lines } = await runCli(args, { env: { REVEILLE_PIN: '4711' } });
      assert.equal(status, 0);
      assert.ok(lines.includes('model          Simulated modem'));
      assert.ok(lines.includes('memory         SM, 0 of 20'));
      assert.ok(lines.includes('signal         -73 dBm') && lines.includes('service centre +491720000000'));
      const json = await runCli([...args, '--json'], { env: { REVEILLE_PIN: '4711' } });
      const facts: unknown = JSON.parse(json.stdout);
      assert.ok(typeof facts === 'object' && facts !== null && 'registration' in facts);
      assert.equal(facts.registration, 'home');
    }),
  );

  it(
    'send sends a Package #0, and waits for its report',
    scene(async (cleanup) => {
      const { port, simulator } = await modemPair(cleanup, {
        onSubmit: ({ reference }) => {
          setImmediate(() => simulator.pass(reportOf(reference, number), '+CDS'));
          return 'taken';
        },
      });
      const args = ['modem', 'send', number, '--port', `tcp:127.0.0.1:${port}`];
      const { status, lines, stderr } = await runCli([...args, '--wait', '30'], {
        stdin: bytesToHex(package0),
      });
      assert.equal(stderr, '');
      assert.deepEqual(lines, [
        `accepted ${package0.length} octets to ${number} as modem:41: application/vnd.syncml.notification`,
        'delivered: modem: DELIVERED',
      ]);
      assert.equal(status, 0);
      assert.equal(simulator.submitted[0]?.tpdu.reportWanted, true);
      const other = await runCli(args, { stdin: 'ffff' });
      assert.deepEqual(
        [other.status, other.stderr],
        [2, 'reveille: the octets are no Package #0. Say what they are with --type.\n'],
      );
      const none = await runCli(args, { stdin: '' });
      assert.deepEqual([none.status, /there are no octets to send/.test(none.stderr)], [2, true]);
      const typed = await runCli([...args, '--type', 'dm+wbxml'], { stdin: 'ffff' });
      assert.equal(typed.status, 0);
      for (const wrong of ['mm', 'nothing']) {
        assert.equal(
          (await runCli(['modem', 'send', number, '--port', wrong], { stdin: 'ff' })).status === 0,
          false,
        );
      }
      const managed = await runCli(['modem', 'listen', '--port', 'mm']);
      assert.match(managed.stderr, /only info takes it.*device --listen modem:mm/);
    }),
  );

  it(
    'send says where the modem gave no reference, of which no report can tell',
    scene(async (cleanup) => {
      const { port } = await modemPair(cleanup, { onSubmit: () => 'unnumbered' });
      const args = ['modem', 'send', number, '--port', `tcp:127.0.0.1:${port}`];
      const { status, lines } = await runCli([...args, '--wait', '30'], { stdin: bytesToHex(package0) });
      const of = `accepted ${package0.length} octets to ${number}, the modem gave no reference`;
      assert.deepEqual(lines, [
        `${of}: application/vnd.syncml.notification`,
        'no report can be told to be about it',
      ]);
      assert.equal(status, 1);
      const half = await modemPair(cleanup, {
        onSubmit: ({ reference }) => (reference === 41 ? 'taken' : 'unnumbered'),
      });
      const long = ['modem', 'send', number, '--port', `tcp:127.0.0.1:${half.port}`, '--type', 'dm+wbxml'];
      const parts = await runCli(long, { stdin: 'ff'.repeat(200) });
      assert.match(parts.stdout, / as modem:41, the modem gave no reference for 1 of 2 messages: /);
    }),
  );

  for (const [name, prompts, said] of [
    ['asks for no message', false, /^reveille: stopped: nothing was sent\n$/],
    ['has the message', true, /^reveille: stopped: .*whether the message went out, nobody can tell\n$/],
  ] as const) {
    it(
      `send ends when it is stopped while the modem ${name}`,
      scene(async (cleanup) => {
        const { port, simulator } = await modemPair(cleanup, { onSubmit: () => 'silent' });
        simulator.prompts = prompts;
        const stop = new AbortController();
        const { io, written } = testIo({ stdin: bytesToHex(package0), stop: stop.signal });
        const running = run(['modem', 'send', number, '--port', `tcp:127.0.0.1:${port}`], io);
        const { commands, submitted } = simulator;
        await eventually(() => commands.some((each) => each.startsWith('+CMGS')));
        await eventually(() => submitted.length === (prompts ? 1 : 0));
        stop.abort();
        assert.equal(await running, 1);
        assert.match(written.stderr, said);
      }),
    );
  }

  it(
    'says at once that a port is not there, in words about the modem',
    scene(async (cleanup) => {
      const { port, simulator } = await modemPair(cleanup);
      await simulator.close();
      for (const [at, why] of [
        [`tcp:127.0.0.1:${port}`, /nothing listens on the port \(ECONNREFUSED\)/],
        ['/nowhere/ttyUSB0', /no such file or directory/i],
      ] as const) {
        for (const command of [['info'], ['listen'], ['send', number]]) {
          const { status, stdout, stderr } = await runCli(['modem', ...command, '--port', at], {
            stdin: bytesToHex(package0),
          });
          assert.deepEqual([status, stdout], [1, '']);
          assert.ok(stderr.startsWith(`reveille: the modem cannot be opened: ${at}: `), stderr);
          assert.match(stderr, why);
          assert.doesNotMatch(stderr, /push|not ready within|Error:/);
        }
      }
    }),
  );

  it(
    'listen prints what lies there and what comes, and deletes nothing',
    scene(async (cleanup) => {
      const { port, simulator } = await modemPair(cleanup);
      const [tpdu = new Uint8Array()] = deliveries(package0, { type: 'dm1.2' });
      simulator.deliver(tpdu);
      const stop = new AbortController();
      const { io, written } = testIo({ stop: stop.signal });
      const running = run(['modem', 'listen', '--port', `tcp:127.0.0.1:${port}`], io);
      await eventually(() => written.stdout.includes('com.example.dm'));
      simulator.pass(reportOf(41, number, 0x46), '+CDS');
      await eventually(() => written.stdout.includes('validity period is over'));
      simulator.deliver(deliveries(pushOf(300).body)[1] ?? new Uint8Array(), 'ME');
      await eventually(() => /ME 1: SMS-DELIVER \+491709999999 .*part 2 of 3/.test(written.stdout));
      stop.abort();
      assert.equal(await running, 0);
      assert.deepEqual([simulator.stored('SM'), simulator.stored('ME')], [[1], [1]]);
    }),
  );
});

it(
  'device --listen modem: feeds the device, and tells when the modem is away',
  scene(async (cleanup) => {
    const { port, simulator } = await modemPair(cleanup);
    const received: ReceivedPush[] = [];
    const device = {
      receive: async (push: ReceivedPush): Promise<void> => {
        received.push(push);
      },
      dropped: (): void => {},
    };
    const news: string[] = [];
    const uri = `modem:tcp:127.0.0.1:${port}`;
    const { receiver, at } = await startReceiver(
      uri,
      device,
      { modem: { commandMs: 5000 } },
      (detail, level) => news.push(`${level} ${detail}`),
    );
    cleanup.add(() => receiver.close());
    assert.equal(at, uri);
    for (const tpdu of deliveries(pushOf(300).body)) simulator.deliver(tpdu);
    await eventually(() => received.length === 1 && simulator.stored().length === 0);
    simulator.hangUp();
    await eventually(() => news.length === 3);
    assert.match(
      news.join('; '),
      /^info sms: the modem is ready; error .*trying again; mended sms: the modem is ready$/,
    );
    for (const wrong of ['modem:', 'modem:ttyS0', 'modem:tcp:x']) {
      await assert.rejects(startReceiver(wrong, device), { name: 'UsageError' });
    }
  }),
);

it(
  'a road of the kind modem sends, reports, and is down while the modem is',
  scene(async (cleanup) => {
    const { port, simulator } = await modemPair(cleanup, { pin: '4711' });
    const reports: DeliveryReport[] = [];
    const road = (pin: string) =>
      modemRoad.open(
        { port: `tcp:127.0.0.1:${port}`, pin, linkWaitMs: 10_000 },
        {
          name: 'desk',
          carrier: 'sms:desk',
          clock: systemClock(),
          attemptMs: 90_000,
          connect: true,
          onReport: (report) => {
            reports.push(report);
          },
          callbackUrl: () => undefined,
          onTrouble: () => {},
          onWarning: () => {},
        },
      );
    const { binding, isUp } = road('4711');
    cleanup.add(() => binding.close());
    assert.deepEqual(binding.carriers?.names, ['sms:desk']);
    const result = await binding.send(pushOf(100), { number }, never);
    assert.deepEqual(result, { outcome: 'accepted', reference: 'desk:41' });
    assert.equal(isUp?.(), true);
    simulator.pass(reportOf(41, number), '+CDS');
    await eventually(() => reports.length === 1);
    await binding.close();
    simulator.reset('');
    const wrong = road('1234');
    cleanup.add(() => wrong.binding.close());
    await assert.rejects(wrong.binding.send(pushOf(100), { number }, never), {
      code: 'PIN_REFUSED',
      notTaken: true,
      retryable: true,
    });
    assert.equal(wrong.isUp?.(), false);
  }),
);
