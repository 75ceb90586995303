// Generators of PDUs that can be written.
import fc from 'fast-check';
import type { SmppParameters, SmppPdu } from '../../../src/codec/smpp/index.ts';

const octet = fc.nat(255);
const text = (size: number): fc.Arbitrary<string> =>
  fc
    .array(fc.integer({ min: 1, max: 255 }), { maxLength: size - 1 })
    .map((codes) => String.fromCharCode(...codes));
const time = fc.oneof(fc.constant(''), fc.stringMatching(/^[0-9]{15}[0-9+R-]$/));
const octets = (maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ maxLength }).map((some) => Uint8Array.from(some));

const usedTags = new Set([
  0x0019, 0x001e, 0x020a, 0x020b, 0x020c, 0x020e, 0x020f, 0x0210, 0x0423, 0x0424, 0x0426, 0x0427,
]);
const others = fc.array(
  fc.record(
    { tag: fc.nat(0xffff).filter((tag) => !usedTags.has(tag)), value: octets(20) },
    { noNullPrototype: true },
  ),
  { minLength: 1, maxLength: 3 },
);

const parameters: fc.Arbitrary<SmppParameters> = fc.record(
  {
    sourcePort: fc.nat(0xffff),
    destinationPort: fc.nat(0xffff),
    sarReference: fc.nat(0xffff),
    sarTotal: octet,
    sarSequence: octet,
    payloadType: octet,
    receiptedMessageId: text(65),
    messageState: octet,
    networkErrorCode: octets(3),
    moreMessagesToSend: octet,
    scInterfaceVersion: octet,
    others,
  },
  { requiredKeys: [], noNullPrototype: true },
);

const head = { status: fc.constant(0), sequence: fc.integer({ min: 1, max: 0x7fffffff }), parameters };
const addresses = (size: number) => ({
  serviceType: text(6),
  sourceTon: octet,
  sourceNpi: octet,
  sourceAddress: text(size),
  destinationTon: octet,
  destinationNpi: octet,
  destinationAddress: text(size),
  esmClass: octet,
});

const bind = fc.record(
  {
    command: fc.constantFrom('bind_receiver', 'bind_transmitter', 'bind_transceiver'),
    ...head,
    systemId: text(16),
    password: text(9),
    systemType: text(13),
    interfaceVersion: octet,
    addressTon: octet,
    addressNpi: octet,
    addressRange: text(41),
  },
  { noNullPrototype: true },
);
const bindResponse = fc.record(
  {
    command: fc.constantFrom('bind_receiver_resp', 'bind_transmitter_resp', 'bind_transceiver_resp'),
    ...head,
    systemId: text(16),
  },
  { noNullPrototype: true },
);
const message = fc.record(
  {
    command: fc.constantFrom('submit_sm', 'deliver_sm'),
    ...head,
    ...addresses(21),
    protocolId: octet,
    priorityFlag: octet,
    scheduleDeliveryTime: time,
    validityPeriod: time,
    registeredDelivery: octet,
    replaceIfPresentFlag: octet,
    dataCoding: octet,
    smDefaultMessageId: octet,
    shortMessage: octets(254),
  },
  { noNullPrototype: true },
);
const data = fc.record(
  {
    command: fc.constant('data_sm'),
    ...head,
    parameters: fc
      .tuple(parameters, octets(300))
      .map(([some, messagePayload]) => ({ ...some, messagePayload })),
    ...addresses(65),
    registeredDelivery: octet,
    dataCoding: octet,
  },
  { noNullPrototype: true },
);
const messageResponse = fc.record(
  {
    command: fc.constantFrom('submit_sm_resp', 'deliver_sm_resp', 'data_sm_resp'),
    ...head,
    messageId: text(65),
  },
  { noNullPrototype: true },
);
const bare = fc.record(
  {
    command: fc.constantFrom('unbind', 'unbind_resp', 'enquire_link', 'enquire_link_resp', 'generic_nack'),
    ...head,
  },
  { noNullPrototype: true },
);
const opaque = fc.record(
  {
    command: fc.constant('opaque'),
    commandId: fc.constantFrom(3, 7, 8, 0x0b, 0x21, 0x102, 0x80000021, 0x12345),
    status: fc.nat(0xffffffff),
    sequence: fc.nat(0xffffffff),
    body: octets(100),
  },
  { noNullPrototype: true },
);

/** Any PDU that can be written and reads back the same. */
export const anyPdu = fc.oneof(
  bind,
  bindResponse,
  message,
  data,
  messageResponse,
  bare,
  opaque,
) as fc.Arbitrary<SmppPdu>;
