// A modem by AT commands: its state after starts, resets and silences; PIN; echo, lines cut and unasked (3GPP TS 27.005, 27.007).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeSubmit, withServiceCentre } from '../../../src/codec/sms/index.ts';
import { hexToBytes } from '../../../src/core/index.ts';
import { AtModem, type ModemListener } from '../../../src/push/modem/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { modemPair, never, number, scene, started } from './support.ts';

const tpdu = encodeSubmit({ to: number, userData: hexToBytes('0605040b84c0020102'), hasHeader: true });
const octets = withServiceCentre(tpdu);

describe('a modem, made ready', () => {
  it(
    'is brought into PDU mode, tells of itself, and takes a message',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup);
      await started(modem);
      assert.deepEqual(await modem.info(), {
        maker: 'Reveille',
        model: 'Simulated modem',
        revision: '1.0',
        operator: 'Test network',
        serviceCentre: '+491720000000',
      });
      const { state, registration, signalDbm, memory } = modem.status();
      assert.deepEqual([state, registration, signalDbm], ['ready', 'home', -73]);
      assert.deepEqual(memory, { name: 'SM', used: 0, total: 20 });
      simulator.nextReference = 254;
      assert.equal(await modem.submit(octets, tpdu.length), 255);
      assert.equal(await modem.submit(octets, tpdu.length), 0);
      assert.deepEqual(simulator.submitted[0]?.octets, tpdu);
    }),
  );

  it(
    'with echo that stays, lines between and octets one by one',
    scene(async (cleanup) => {
      const noise = ['+CREG: 5', '^RSSI: 20', '+CUSD: 0,"Hi, there",15', 'RING'];
      const { modem, simulator } = await modemPair(cleanup, { noise, chunk: 1, echo: true });
      await started(modem);
      assert.equal(modem.status().registration, 'home');
      assert.equal((await modem.info()).maker, 'Reveille');
      assert.equal(await modem.submit(octets, tpdu.length), 41);
      assert.deepEqual(simulator.submitted.at(-1)?.octets, tpdu);
    }),
  );

  for (const [name, options] of [
    ['as they come', {}],
    ['one by one', { chunk: 1 }],
    ['seven by seven, lines between', { chunk: 7, noise: ['+CREG: 5', 'RING'] }],
  ] as const) {
    it(
      `that gives everything back whatever it is told, octets ${name}: it is not reset for that`,
      scene(async (cleanup) => {
        const { modem, simulator } = await modemPair(cleanup, { ...options, alwaysEchoes: true });
        let downs = 0;
        modem.listen({ onDown: () => (downs += 1) });
        await started(modem);
        assert.equal(await modem.submit(octets, tpdu.length), 41);
        simulator.deliver(hexToBytes('040b911346610089f60000208062917314080cc8f71d14969741f977fd07'));
        assert.equal((await modem.list()).length, 1);
        assert.equal((await modem.info()).maker, 'Reveille');
        assert.equal(await modem.submit(octets, tpdu.length), 42);
        assert.deepEqual(simulator.submitted[1]?.octets, tpdu);
        assert.deepEqual([downs, modem.ready], [0, true]);
      }),
    );
  }

  it(
    'whose SIM is busy after its PIN: what sets it up is given until it is taken',
    scene(async (cleanup) => {
      const pin = '4711';
      const { modem, simulator } = await modemPair(cleanup, { pin, simBusy: 3 }, { pin });
      const warnings: string[] = [];
      modem.listen({ onWarning: (detail) => warnings.push(detail) });
      await started(modem);
      for (const command of ['+CSMS=0', '+CNMI=2,1,0,1,0'])
        assert.equal(simulator.commands.filter((each) => each === command).length, 4, command);
      assert.deepEqual([modem.memory?.name, warnings], ['SM', []]);
      assert.equal(await modem.submit(octets, tpdu.length), 41);
    }),
  );

  it(
    'without what it does not know',
    scene(async (cleanup) => {
      const unknown = [/^\+CMEE/, /^\+CSMS/, /^\+CNMI/, /^\+CREG/, /^\+CPIN/, /^\+CPMS/, /^\+CSQ/];
      const { modem } = await modemPair(cleanup, { unknown });
      const warnings: string[] = [];
      modem.listen({ onWarning: (detail) => warnings.push(detail) });
      await started(modem);
      assert.match(warnings.join('; '), /AT\+CMEE, AT\+CSMS.*tells of no messages/);
      assert.equal(modem.status().signalDbm, undefined);
      assert.equal(await modem.submit(octets, tpdu.length), 41);
    }),
  );

  it(
    'that falls silent: it is opened again, and late answers are let pass',
    scene(async (cleanup) => {
      const { modem, simulator } = await modemPair(cleanup);
      await started(modem);
      simulator.deaf = true;
      const lost = assert.rejects(modem.run({ text: 'AT+CSQ', prefix: '+CSQ:', timeoutMs: 20 }), {
        code: 'TIMEOUT',
      });
      await lost;
      simulator.deaf = false;
      await eventually(() => modem.ready);
      assert.equal(await modem.submit(octets, tpdu.length), 41);
    }),
  );
});

describe('a modem that begins anew', () => {
  for (const [name, says] of [
    ['with a word', 'RDY'],
    ['without one', ''],
  ] as const) {
    it(
      `${name}: it is initialised again`,
      scene(async (cleanup) => {
        const { modem, simulator } = await modemPair(cleanup);
        await started(modem);
        let ups = 0;
        modem.listen({ onReady: () => (ups += 1) });
        simulator.reset(says);
        if (says === '') await assert.rejects(modem.submit(octets, tpdu.length), { inDoubt: false });
        await eventually(() => ups === 1 && modem.ready);
        assert.equal(await modem.submit(octets, tpdu.length), 41);
      }),
    );
  }

  it(
    'while a message waits for its answer: that is in doubt',
    scene(async (cleanup) => {
      const verdicts = ['reset', 'silent'] as const;
      let at = 0;
      const { modem, simulator } = await modemPair(
        cleanup,
        { onSubmit: () => verdicts[at++] ?? 'taken' },
        { submitMs: 50 },
      );
      await started(modem);
      await assert.rejects(modem.submit(octets, tpdu.length), {
        code: 'RESET',
        inDoubt: true,
        retryable: true,
      });
      await eventually(() => modem.ready);
      await assert.rejects(modem.submit(octets, tpdu.length), { code: 'TIMEOUT', inDoubt: true });
      await eventually(() => modem.ready);
      assert.equal(await modem.submit(octets, tpdu.length), 43);
      assert.equal(simulator.submitted.length, 3);
    }),
  );

  for (const verdict of ['numbered-reset', 'unfinished'] as const) {
    it(
      `between a reference and its OK (${verdict}): the message is taken, and the modem is opened again`,
      scene(async (cleanup) => {
        const verdicts = [verdict];
        const onSubmit = () => verdicts.pop() ?? 'taken';
        const { modem, simulator } = await modemPair(cleanup, { onSubmit }, { submitMs: 50 });
        await started(modem);
        let ups = 0;
        modem.listen({ onReady: () => (ups += 1) });
        assert.equal(await modem.submit(octets, tpdu.length), 41);
        await eventually(() => ups === 1);
        assert.equal(await modem.submit(octets, tpdu.length), 42);
        assert.equal(simulator.submitted.length, 2);
      }),
    );
  }

  it(
    'when its line is gone: it is opened again',
    scene(async (cleanup) => {
      const { modem, simulator } = await modemPair(cleanup);
      const downs: string[] = [];
      modem.listen({ onDown: (error) => downs.push(error.code) });
      await started(modem);
      simulator.hangUp();
      await eventually(() => downs.length > 0);
      await eventually(() => modem.ready);
      assert.deepEqual(downs, ['LINK_LOST']);
      assert.equal(await modem.submit(octets, tpdu.length), 41);
    }),
  );

  it(
    'nobody there: the wait ends, and says why',
    scene(async (cleanup) => {
      const { modem, simulator } = await modemPair(cleanup);
      await simulator.close();
      modem.start();
      await assert.rejects(modem.whenReady(50, never), { code: 'LINK_DOWN', message: /127\.0\.0\.1/ });
      assert.equal(modem.status().state === 'ready', false);
    }),
  );
});

describe('3GPP TS 27.005 §3.5.1: a modem that asks for no message', () => {
  it(
    'has not taken it, whatever else it says, and is opened again',
    scene(async (cleanup) => {
      const { modem, simulator } = await modemPair(cleanup, {}, { promptMs: 100 });
      await started(modem);
      const downs: string[] = [];
      modem.listen({ onDown: ({ message }) => downs.push(message) });
      simulator.prompts = false;
      const refused = assert.rejects(modem.submit(octets, tpdu.length), {
        code: 'NO_PROMPT',
        inDoubt: false,
        notTaken: true,
        retryable: true,
      });
      // The answer to another message, and late.
      simulator.say('+CMGS: 9');
      simulator.say('OK');
      await refused;
      await eventually(() => downs.length === 1);
      assert.match(downs.join(), /AT\+CMGS: the modem asks for no message within 100 ms/);
      simulator.prompts = true;
      await eventually(() => modem.ready);
      assert.match(modem.status().error ?? '', /asks for no message/);
      assert.equal(await modem.submit(octets, tpdu.length), 41);
      assert.equal(modem.status().error, undefined);
      assert.equal(simulator.submitted.length, 1);
    }),
  );

  it(
    'is left by whoever gives up, before the command or after it',
    scene(async (cleanup) => {
      const { modem, simulator } = await modemPair(cleanup);
      await started(modem);
      simulator.prompts = false;
      const aborter = new AbortController();
      const { signal } = aborter;
      const left = assert.rejects(modem.submit(octets, tpdu.length, { signal }), {
        code: 'GIVEN_UP',
        notTaken: true,
      });
      await eventually(() => simulator.commands.some((each) => each.startsWith('+CMGS')));
      aborter.abort();
      await left;
      await eventually(() => modem.ready);
      const before = { code: 'ABORTED', notTaken: true };
      await assert.rejects(modem.submit(octets, tpdu.length, { signal }), before);
      simulator.prompts = true;
      assert.equal(await modem.submit(octets, tpdu.length), 41);
      assert.equal(simulator.commands.filter((each) => each.startsWith('+CMGS')).length, 2);
    }),
  );
});

describe('3GPP TS 27.005 §3.2.5, 27.007 §9.2: refusals', () => {
  for (const [number, message, retryable, inDoubt] of [
    [331, /no network/, true, false],
    [332, /did not answer in time/, true, true],
    [21, /was refused/, false, false],
    [304, /parameter of PDU mode/, true, false],
    [330, /serviceCentre/, true, false],
    [197, /has it/, true, true],
    [513, /maker/, true, false],
  ] as const) {
    it(
      `+CMS ERROR: ${number}`,
      scene(async (cleanup) => {
        const { modem } = await modemPair(cleanup, { onSubmit: () => number });
        await started(modem);
        const code = `CMS_${number}`;
        await assert.rejects(modem.submit(octets, tpdu.length), {
          code,
          number,
          message,
          retryable,
          inDoubt,
        });
      }),
    );
  }
});

describe('3GPP TS 27.007 §8.3: the PIN', () => {
  const pin = '4711';

  it(
    'is given once, and again after a reset',
    scene(async (cleanup) => {
      const { modem, simulator } = await modemPair(cleanup, { pin }, { pin });
      await started(modem);
      simulator.reset();
      await eventually(() => !modem.ready);
      await eventually(() => modem.ready);
      assert.equal(simulator.commands.filter((each) => each.startsWith('+CPIN="')).length, 2);
      assert.equal(modem.status().pin, 'given');
    }),
  );

  it(
    'is given without a count of tries where that is wanted',
    scene(async (cleanup) => {
      const { modem } = await modemPair(cleanup, { pin, tellsTries: false }, { pin, pinWithoutCount: true });
      await started(modem);
    }),
  );

  for (const [name, options, ours, standing] of [
    ['is not needed', {}, { pin }, 'not needed'],
    ['is not configured', { tellsTries: false }, {}, 'not needed'],
    ['will not be given later', { tellsTries: false }, { pin }, 'will not be given'],
    ['would be given', { tellsTries: false }, { pin, pinWithoutCount: true }, 'not needed'],
  ] as const) {
    it(
      `${name}: a SIM that wants none now`,
      scene(async (cleanup) => {
        const { modem, simulator } = await modemPair(cleanup, options, ours);
        await started(modem);
        assert.equal(modem.status().pin, standing);
        assert.ok(!simulator.commands.some((each) => each.startsWith('+CPIN="')));
      }),
    );
  }

  for (const [name, options, ours, code, standing = 'refused'] of [
    ['that is missing', { pin }, {}, 'PIN_NEEDED', 'needed'],
    ['that is wrong', { pin }, { pin: '1234' }, 'PIN_REFUSED'],
    [
      'where the modem does not tell tries',
      { pin, tellsTries: false },
      { pin },
      'PIN_UNCOUNTED',
      'not given',
    ],
    [
      'that is wrong where it is tried all the same',
      { pin, tellsTries: false },
      { pin: '1234', pinWithoutCount: true },
      'PIN_REFUSED',
    ],
    ['after one that was refused', { pin, pinTries: 2 }, { pin }, 'PIN_SUSPECT', 'suspect'],
    ['of a SIM that is locked', { pin, pinTries: 0 }, { pin }, 'SIM_LOCKED', 'locked'],
  ] as const) {
    it(
      `${name}: nothing is tried any more, and the error does not show it`,
      scene(async (cleanup) => {
        const { modem, simulator, port } = await modemPair(cleanup, options, ours);
        modem.start();
        await assert.rejects(modem.whenReady(10_000, never), (error: Error) => {
          assert.ok('code' in error && error.code === code, error.message);
          assert.doesNotMatch(error.message, /4711|1234/);
          return true;
        });
        const tries = (): number => simulator.commands.filter((each) => each.startsWith('+CPIN="')).length;
        assert.equal(tries(), code === 'PIN_REFUSED' ? 1 : 0);
        assert.deepEqual([modem.status().state, modem.status().pin], ['failed', standing]);
        // Another process does not try either, where the SIM tells that one was refused.
        if (code !== 'PIN_REFUSED' || 'tellsTries' in options) return;
        const second = new AtModem({ port: `tcp:127.0.0.1:${port}`, ...ours });
        cleanup.add(() => second.close());
        second.start();
        await assert.rejects(second.whenReady(10_000, never), { code: 'PIN_SUSPECT', retryable: false });
        assert.equal(tries(), 1);
      }),
    );
  }
});

it('settings that cannot be', () => {
  for (const [options, path] of [
    [{ port: 'ttyUSB0' }, 'port'],
    [{ port: 'tcp:host' }, 'port'],
    [{ port: 'mm' }, 'port'],
    [{ port: '/dev/null', pin: '12' }, 'pin'],
    [{ port: '/dev/null', baudRate: 1 }, 'baudRate'],
    [{ port: '/dev/null', memories: ['"'] }, 'memories[0]'],
    [{ port: '/dev/null', submitMs: 0 }, 'submitMs'],
  ] as const) {
    assert.throws(() => new AtModem(options), { path });
  }
  const listener: ModemListener = {};
  assert.equal(typeof new AtModem({ port: '/dev/null' }).listen(listener), 'function');
});
