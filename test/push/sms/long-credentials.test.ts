// Credentials that are longer than SMPP 3.4 has room for: operators hand them out, and their centres want them whole.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePdu, encodePdu, type SmppPdu } from '../../../src/codec/smpp/index.ts';
import { createSmsSender, SmsReceiver } from '../../../src/push/sms/index.ts';
import { eventually, type SmscEvent } from '../../../src/testing/index.ts';
import {
  centre,
  device,
  never,
  number,
  openHandset,
  openSender,
  openSmsc,
  pushOf,
  scene,
} from './support.ts';

const long = {
  systemId: 'reseller-account-of-the-dm-server',
  password: 'twelve-chars',
  systemType: 'DEVICE-MANAGEMENT',
};

test(
  'SMPP 3.4 §5.2.1–§5.2.3: longer credentials go out whole, with one warning for each, which holds no secret',
  scene(async (cleanup) => {
    const events: SmscEvent[] = [];
    const { port } = await openSmsc(cleanup, {
      accounts: [long, { systemId: 'handset', password: 'a password of a handset' }],
      onEvent: (event) => events.push(event),
    });
    const warnings: string[] = [];
    const { sender } = openSender(cleanup, {
      smscs: [centre(port, long)],
      onWarning: (text) => warnings.push(text),
    });
    const { pushes } = await openHandset(cleanup, port, {
      smsc: centre(port, { systemId: 'handset', password: 'a password of a handset' }),
      onWarning: (text) => warnings.push(`handset: ${text}`),
    });
    assert.equal((await sender.send(pushOf(3), device, never)).outcome, 'accepted');
    await eventually(() => pushes.length === 1);
    assert.deepEqual(
      warnings.map((text) => text.replace(/ \(.*/, '')),
      [
        'sim: systemId: 33 characters, at most 15 are allowed',
        'sim: password: 12 characters, at most 8 are allowed',
        'sim: systemType: 17 characters, at most 12 are allowed',
        'handset: sim: password: 23 characters, at most 8 are allowed',
      ],
    );
    for (const text of warnings) {
      assert.match(text, /\(SMPP 3\.4 §5\.2\.[123]\); it is sent whole all the same$/);
      assert.doesNotMatch(text, /twelve|a password of/);
    }
    assert.ok(events.some((event) => event.type === 'bound' && event.systemId === long.systemId));
  }),
);

test('credentials that fit are no reason to warn; beyond 255 characters they are refused, without being shown', () => {
  const secret = 'sesame'.repeat(50);
  const onWarning = (text: string): void => assert.fail(text);
  const smsc = centre(1, { password: '12345678', systemId: 'x'.repeat(15), systemType: 'x'.repeat(12) });
  new SmsReceiver({ smsc, number, handler: () => {}, onWarning });
  for (const field of ['systemId', 'password', 'systemType']) {
    assert.throws(
      () => createSmsSender({ smscs: [centre(1, { [field]: secret })] }),
      (error: Error) =>
        error.name === 'ValueError' && /at most 255/.test(error.message) && !/sesame/.test(error.message),
    );
  }
});

test('SMPP 3.4 §5.2.2: what is let pass on writing is reported, and read back whole', () => {
  const bind: SmppPdu = decodePdu(encodePdu({ command: 'bind_transmitter', systemId: 'x', password: 'pw' }));
  const deviations: string[] = [];
  const octets = encodePdu({ ...bind, password: 'p'.repeat(255) } as SmppPdu, {
    onDeviation: ({ field, value, offset }) => deviations.push(`${field} ${value} at ${offset}`),
  });
  assert.deepEqual(deviations, ['password (not shown) at 18']);
  assert.deepEqual(decodePdu(octets), { ...bind, password: 'p'.repeat(255) });
});
