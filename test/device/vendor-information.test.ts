// What a server says besides (vendor specific information: DM-NOTI-1.2 §6.2.13, DM-NOTI-1.3-2010 §6.2.19, DM-NOTI-1.3 §6.5.3) and
// who it says has caused the session (§6.4.3) reach whoever embeds the device, its log, and its user. A whole device on
// real UDP, notifications of a whole server.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeDeviceEvent } from '../../src/cli/device/device-lines.ts';
import type { DeviceEvent, SessionPurpose } from '../../src/device/index.ts';
import { vendorText } from '../../src/device/notification/vendor-information.ts';
import { noticeText } from '../../src/device/user/user-interface.ts';
import { eventually } from '../../src/testing/index.ts';
import { deviceId, serverId, withWorld } from '../e2e/server-and-device.ts';

const time = new Date('2026-01-02T03:04:05.678Z');
const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex');

describe('vendor information and initiator', { concurrency: false, timeout: 240_000 }, () => {
  for (const [format, fields, told, shown] of [
    ['dm1.2', { vendorData: hex('order 66') }, { vendorData: hex('order 66') }, 'order 66'],
    ['dm1.2', { vendorData: '00c0ffee' }, { vendorData: '00c0ffee' }, '00c0ffee'],
    [
      'dm1.3-2010',
      { vendorData: hex('größer'), reason: 'Weekly check' },
      { vendorData: hex('größer'), reason: 'Weekly check' },
      'größer',
    ],
    [
      'dm1.3',
      { vendorInfo: 'größer', reason: 'Weekly check' },
      { vendorInfo: 'größer', reason: 'Weekly check' },
      'größer',
    ],
  ] as const) {
    for (const initiator of ['user', 'server'] as const) {
      it(`N13-C-012: ${format}, ${shown}, initiator ${initiator}: event, log, mayStart, notice and line`, async () => {
        const events: DeviceEvent[] = [];
        const lines: { readonly fields: object; readonly message: string }[] = [];
        const log = (given: object, message: string): void => void lines.push({ fields: given, message });
        const purposes: SessionPurpose[] = [];
        const notices: string[] = [];
        const device = {
          onEvent: (event: DeviceEvent) => void events.push(event),
          logger: { debug: log, info: log, warn: log, error: log },
          mayStart: (purpose: SessionPurpose) => {
            purposes.push(purpose);
            return true as const;
          },
          user: { inform: (notice: string) => void notices.push(notice), confirm: async () => true },
        };
        await withWorld({ device }, async ({ server, store }) => {
          const { push: notification } = await server.pushes.createNotification({
            device: deviceId,
            format,
            uiMode: 'informative',
            initiator,
            ...fields,
          });
          const { id, sessionId } = notification;
          await eventually(async () => (await store.push(id))?.state === 'completed', 'the end', 400_000);
          const about = { serverId, sessionId, initiator, ...told };
          const nonce = format === 'dm1.3' ? 'timestamp' : 'stored';
          const event = {
            event: 'notification-verified',
            format,
            nonce,
            uiMode: 'informative',
            ...about,
          } as const;
          const found = events.filter((each) => each.event === 'notification-verified');
          assert.deepEqual(found, [event]);
          const { event: _, ...logged } = event;
          assert.deepEqual(
            lines.filter(({ message }) => message === 'notification verified').map((each) => each.fields),
            [logged],
          );
          const { sessionId: __, ...purpose } = about;
          assert.deepEqual(purposes, [{ ...purpose, targetedMo: [] }]);
          const why = 'reason' in fields ? `: ${fields.reason}` : '';
          const cause = initiator === 'user' ? ', as its user has asked' : '';
          assert.deepEqual(notices, [`${serverId} wants to manage this device${cause}${why} (${shown})`]);
          const line = describeDeviceEvent(event, time);
          assert.ok(line.includes(`caused by the ${initiator}`), line);
          assert.ok(line.includes(`vendor information "${shown}"`), line);
        });
      });
    }
  }
});

it('without vendor information nothing is said of it', () => {
  assert.equal(vendorText({}), undefined);
  assert.equal(vendorText({ vendorData: '' }), undefined);
  const notice = { uiMode: 'informative', from: 'a' } as const;
  assert.equal(noticeText({ ...notice, initiator: 'server' }), 'a wants to manage this device');
  assert.equal(noticeText({ ...notice, vendor: '\u0007' }), 'a wants to manage this device');
});

it('octets that are no text are shown in hex, and none of it plays tricks on a terminal', () => {
  for (const vendorData of ['00', 'ff', '1b5b324a', 'c3', '616207'])
    assert.equal(vendorText({ vendorData }), vendorData);
  const event = {
    event: 'notification-verified',
    serverId: 'a',
    sessionId: 1,
    nonce: 'stored',
    format: 'dm1.2',
    uiMode: 'background',
    initiator: 'user',
    vendorData: hex('ab\u202ecd'),
  } as const;
  assert.match(describeDeviceEvent(event, time), /vendor information "abcd"$/);
  const long = describeDeviceEvent({ ...event, vendorData: '00'.repeat(60_000) }, time);
  assert.ok(long.length < 700 && long.endsWith('…"'), `${long.length}`);
  assert.ok(describeDeviceEvent({ ...event, vendorData: hex('x'.repeat(60_000)) }, time).length < 700);
});
