// Over every binding, from the server's sender to the device's receiver: Package #0 in all formats, whole DM messages of
// 12 KB in both encodings, unchanged and under their types; what a route cannot carry is refused before it is sent. That
// waps: takes no Package #0 unless told to is a rule of server and device (ruling 26), not of its octets.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openSender, sectionOf } from '../../src/cli/bindings/open-senders.ts';
import { startReceiver } from '../../src/cli/bindings/receivers.ts';
import type { SenderSections } from '../../src/cli/bindings/sender-shapes.ts';
import { type DemoCarriers, startCarriers } from '../../src/cli/demo/carriers.ts';
import {
  contentTypeOf,
  decodeNotification,
  defaultNonce,
  encodeNotification,
  notificationFormats,
  parseNotification,
  verifyNotification,
} from '../../src/codec/notification/index.ts';
import { bytesToHex, ValueError } from '../../src/core/index.ts';
import {
  type Binding,
  contentTypes,
  type DeviceAddress,
  type Push,
  parseAddress,
  type ReceivedPush,
} from '../../src/push/index.ts';
import { eventually } from '../../src/testing/index.ts';

const never = new AbortController().signal;
const secret = 'server secret';

const notifications: readonly Push[] = notificationFormats.map((format) => {
  const fields = format === 'dm1.3' ? { timestamp: 1_900_000_000, requestedMo: [1] } : {};
  const message = parseNotification({ format, serverId: 'com.example.dm', sessionId: 0x1a2b, ...fields });
  const body = encodeNotification(message, { secret, nonce: defaultNonce });
  return { id: format, contentType: contentTypeOf(format), body };
});

const messages: readonly Push[] = (['dm+wbxml', 'dm+xml'] as const).map((type) => ({
  id: type,
  contentType: contentTypes[type],
  body: Uint8Array.from({ length: 12_288 }, (_, index) => (index * 31 + (index >> 8)) & 0xff),
}));

describe('every binding from end to end', { concurrency: false }, () => {
  let carriers: DemoCarriers;
  before(async () => {
    carriers = await startCarriers();
  });
  after(() => carriers.close());

  /** Opens sender and receiver of a binding; runs the test with both. */
  async function withRoute(
    name: string,
    run: (
      binding: Binding<DeviceAddress>,
      to: DeviceAddress,
      received: readonly ReceivedPush[],
    ) => Promise<void>,
    change: (sections: SenderSections) => SenderSections = (sections) => sections,
  ): Promise<void> {
    const route = carriers.routes.find(({ binding }) => binding === name);
    assert.ok(route !== undefined);
    const received: ReceivedPush[] = [];
    const device = {
      receive: async (push: ReceivedPush) => {
        received.push(push);
      },
      dropped: () => {},
    };
    const listener = { ...route.listener, http: { messages: 'any' as const } };
    const { receiver, at } = await startReceiver(route.listen, device, listener);
    const to = parseAddress(route.address(at));
    const { binding } = openSender(sectionOf(to.scheme), change(carriers.sections));
    try {
      await route.ready();
      await run(binding, to, received);
    } finally {
      await binding.close();
      await receiver.close();
    }
  }

  /** As configured for a network that carries whole messages. */
  const forMessages = ({ waps, ...sections }: SenderSections): SenderSections => ({
    ...sections,
    wap: { maxDatagram: 16_000 },
    ...(waps === undefined ? {} : { waps: { ...waps, maxDatagram: 16_000 } }),
    http: { messages: 'any' },
  });

  for (const name of ['wap', 'waps', 'sms', 'sip', 'http', 'obex', 'pap']) {
    it(`${name}: Package #0 in every format, and DM messages of 12 KB, arrive unchanged`, () =>
      withRoute(
        name,
        async (binding, to, received) => {
          for (const push of [...notifications, ...messages]) {
            const before = received.length;
            await binding.send(push, to, never);
            const got = await eventually(() => received[before], push.id, 400_000);
            assert.equal(bytesToHex(got.body), bytesToHex(push.body), push.id);
            // A binding that carries the assigned number does not carry the name, which two formats share.
            const { code, mime } = got.contentType;
            if (code === undefined) assert.equal(mime, push.contentType.mime);
            else assert.equal(code, push.contentType.code);
          }
          for (const [index, push] of notifications.entries()) {
            const body = received[index]?.body ?? new Uint8Array();
            const { code, mime } = received[index]?.contentType ?? { code: undefined, mime: undefined };
            const type = code === undefined ? { mime: mime ?? '' } : { contentTypeCode: code };
            const decoded = decodeNotification(body, type);
            assert.equal(decoded.format, push.id);
            assert.equal(verifyNotification(decoded, { secret, nonce: defaultNonce }), 'given', push.id);
          }
        },
        forMessages,
      ));
  }

  for (const name of ['wap', 'waps', 'sms', 'sip', 'http', 'obex', 'pap']) {
    it(`OMA ProvBoot: ${name} carries SEC and MAC of a bootstrap message, in both profiles`, () =>
      withRoute(
        name,
        async (binding, to, received) => {
          for (const kind of ['connectivity+wbxml', 'connectivity+xml', 'dm+wbxml'] as const) {
            const before = received.length;
            const parameters = { SEC: 'USERNETWPIN', MAC: '0123456789ABCDEF0123456789ABCDEF01234567' };
            const contentType = { ...contentTypes[kind], parameters };
            const push = { id: `bootstrap-${kind}`, contentType, body: Uint8Array.of(3, 11, 106, 0) };
            await binding.send(push, to, never);
            const got = await eventually(() => received[before], push.id, 400_000);
            assert.equal(got.contentType.mime, contentType.mime);
            assert.deepEqual(got.parameters, parameters);
          }
        },
        forMessages,
      ));
  }

  for (const [name, limit, change] of [
    ['wap', undefined, undefined],
    ['waps', undefined, undefined],
    ['sms', undefined, (sections: SenderSections) => withSms(sections, { maxSegments: 3 })],
    ['sip', 1300, withUdpProxy],
    [
      'http',
      4096,
      (sections: SenderSections) => ({ ...sections, http: { maxPayload: 4096, messages: 'any' as const } }),
    ],
    [
      'obex',
      4096,
      (sections: SenderSections) => ({ ...sections, obex: { ...sections.obex, maxPayload: 4096 } }),
    ],
  ] as const) {
    it(`${name}: what the route cannot carry is refused before it is sent, with size and limit`, () =>
      withRoute(
        name,
        async (binding, to, received) => {
          const [message] = messages;
          assert.ok(message !== undefined);
          await assert.rejects(binding.send(message, to, never), (error: unknown) => {
            assert.ok(error instanceof ValueError && error.code === 'TOO_LONG', String(error));
            assert.match(error.message, name === 'sip' ? /\b12[0-9]{3} octets/ : /\b12288 octets/);
            assert.match(error.message, limit === undefined ? /, \d+ fit / : new RegExp(`\\b${limit}\\b`));
            return true;
          });
          assert.equal(received.length, 0);
        },
        change,
      ));
  }
});

function withSms(
  sections: SenderSections,
  options: Partial<NonNullable<SenderSections['sms']>>,
): SenderSections {
  return sections.sms === undefined ? sections : { ...sections, sms: { ...sections.sms, ...options } };
}

function withUdpProxy(sections: SenderSections): SenderSections {
  const { sip } = sections;
  if (sip === undefined) return sections;
  const outboundProxy = (sip.outboundProxy ?? '').replace('=tcp', '=udp');
  return { ...sections, sip: { ...sip, outboundProxy } };
}
