// Our PDUs as node-smpp reads them, and its PDUs as we read them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { commandIds, commandStatuses, decodePdu, encodePdu, type PduOf } from '../../src/codec/smpp/index.ts';
import { encodeUserData } from '../../src/codec/sms/index.ts';
import { bytesToHex, concatBytes } from '../../src/core/index.ts';
import { plain, vectors } from '../codec/smpp/vectors.ts';
import { type NodeSmppPdu, nodeSmpp } from './node-smpp.ts';

/** node-smpp's names of our fields. */
const names: Readonly<Record<string, string>> = {
  systemId: 'system_id',
  password: 'password',
  systemType: 'system_type',
  interfaceVersion: 'interface_version',
  addressTon: 'addr_ton',
  addressNpi: 'addr_npi',
  addressRange: 'address_range',
  serviceType: 'service_type',
  sourceTon: 'source_addr_ton',
  sourceNpi: 'source_addr_npi',
  sourceAddress: 'source_addr',
  destinationTon: 'dest_addr_ton',
  destinationNpi: 'dest_addr_npi',
  destinationAddress: 'destination_addr',
  esmClass: 'esm_class',
  protocolId: 'protocol_id',
  priorityFlag: 'priority_flag',
  registeredDelivery: 'registered_delivery',
  replaceIfPresentFlag: 'replace_if_present_flag',
  dataCoding: 'data_coding',
  smDefaultMessageId: 'sm_default_msg_id',
  messageId: 'message_id',
};

/** Compares every field that both sides name. */
function assertSameFields(ours: object, theirs: NodeSmppPdu): void {
  let compared = 0;
  for (const [name, value] of Object.entries(ours)) {
    const other = names[name];
    if (other === undefined) continue;
    assert.equal(theirs[other] ?? (typeof value === 'string' ? '' : 0), value, name);
    compared += 1;
  }
  const known = Object.keys(ours).filter((name) => names[name] !== undefined);
  assert.equal(compared, known.length);
}

for (const { name, bytes, pdu } of vectors) {
  test(`SMPP 3.4 ${name}: node-smpp reads the same fields`, () => {
    const theirs = new nodeSmpp.PDU(Buffer.from(bytes));
    assert.equal(theirs.command, pdu.command);
    assert.equal(theirs.command_status, pdu.status);
    assert.equal(theirs.sequence_number, pdu.sequence);
    assertSameFields(pdu, theirs);
  });
}

test('SMPP 3.4 §5.1.2, §5.1.3: command ids and status codes are those of node-smpp', () => {
  for (const [name, id] of Object.entries(commandIds)) assert.equal(nodeSmpp.commands[name]?.id, id, name);
  for (const [name, code] of Object.entries(commandStatuses)) {
    // It follows SMPP 5.0, which calls this one by another name.
    const theirs = name === 'ESME_RINVOPTPARSTREAM' ? 'ESME_RINVTLVSTREAM' : name;
    const renamed: Readonly<Record<string, string>> = {
      ESME_ROPTPARNOTALLWD: 'ESME_RTLVNOTALLWD',
      ESME_RINVPARLEN: 'ESME_RINVTLVLEN',
      ESME_RMISSINGOPTPARAM: 'ESME_RMISSINGTLV',
      ESME_RINVOPTPARAMVAL: 'ESME_RINVTLVVAL',
    };
    const found = nodeSmpp.errors[name] ?? nodeSmpp.errors[theirs] ?? nodeSmpp.errors[renamed[name] ?? ''];
    assert.equal(found, code, name);
  }
});

const digits = fc.stringMatching(/^[0-9]{1,20}$/);
const octets = (maxLength: number) => fc.uint8Array({ maxLength }).map((some) => Uint8Array.from(some));

test('SMPP 3.4 §4.4.1: any submit_sm of a push reads the same in node-smpp, and back', () => {
  const submit = fc.record(
    {
      command: fc.constant('submit_sm'),
      sequence: fc.integer({ min: 1, max: 0x7fffffff }),
      serviceType: fc.constantFrom('', 'WAP'),
      sourceTon: fc.nat(6),
      sourceNpi: fc.nat(14),
      sourceAddress: digits,
      destinationTon: fc.nat(6),
      destinationNpi: fc.nat(14),
      destinationAddress: digits,
      priorityFlag: fc.nat(3),
      registeredDelivery: fc.nat(2),
      dataCoding: fc.constantFrom(0x04, 0xf5),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(submit, fc.nat(255), octets(128), (fields, reference, payload) => {
      const header = {
        ports: { destination: 2948, source: 49154, bits: 16 },
        concatenation: { reference, referenceBits: 8, total: 2, sequence: 1 },
      } as const;
      const shortMessage = encodeUserData(header, payload);
      const ours = encodePdu({ ...fields, command: 'submit_sm', esmClass: 0x40, shortMessage });
      const theirs = new nodeSmpp.PDU(Buffer.from(ours));
      assertSameFields({ ...fields, esmClass: 0x40 }, theirs);
      const content = theirs.short_message;
      assert.ok(typeof content === 'object' && 'message' in content && Array.isArray(content.udh));
      const elements: readonly Buffer[] = content.udh;
      assert.equal(
        bytesToHex(concatBytes(...elements)),
        bytesToHex(shortMessage.subarray(1, 1 + (shortMessage[0] ?? 0))),
      );
      assert.equal(bytesToHex(Buffer.from(content.message as Buffer)), bytesToHex(payload));
      // What it reads, it cannot write again; so it is given the same values.
      const given = Object.fromEntries(
        Object.entries(fields).flatMap(([name, value]) =>
          names[name] === undefined ? [] : [[names[name], value]],
        ),
      );
      const length = 1 + (shortMessage[0] ?? 0);
      const written = new nodeSmpp.PDU('submit_sm', {
        ...given,
        sequence_number: fields.sequence,
        esm_class: 0x40,
        short_message: {
          udh: Buffer.from(shortMessage.subarray(0, length)),
          message: Buffer.from(shortMessage.subarray(length)),
        },
      });
      assert.equal(bytesToHex(written.toBuffer()), bytesToHex(ours));
    }),
  );
});

test('SMPP 3.4 §5.3.2: ports, SAR and payload parameters written by node-smpp', () => {
  const message = Buffer.from([1, 6, 3, 0xc4, 0xaf, 0x87]);
  const theirs = new nodeSmpp.PDU('deliver_sm', {
    sequence_number: 5,
    source_addr: '4940',
    destination_addr: '4711',
    data_coding: 4,
    source_port: 9200,
    dest_port: 2948,
    sar_msg_ref_num: 0x1234,
    sar_total_segments: 3,
    sar_segment_seqnum: 2,
    message_payload: { message },
  });
  const pdu = decodePdu(Uint8Array.from(theirs.toBuffer())) as PduOf<'deliver_sm'>;
  assert.equal(pdu.command, 'deliver_sm');
  assert.deepEqual(plain(pdu.parameters), {
    sourcePort: 9200,
    destinationPort: 2948,
    sarReference: 0x1234,
    sarTotal: 3,
    sarSequence: 2,
    messagePayload: '010603c4af87',
  });
});

test('SMPP 3.4 appendix B: a receipt written by node-smpp', () => {
  const theirs = new nodeSmpp.PDU('deliver_sm', {
    esm_class: 4,
    short_message: { message: Buffer.from('id:1 stat:DELIVRD err:000') },
    receipted_message_id: '1',
    message_state: 2,
  });
  const pdu = decodePdu(Uint8Array.from(theirs.toBuffer())) as PduOf<'deliver_sm'>;
  assert.deepEqual([pdu.parameters.receiptedMessageId, pdu.parameters.messageState], ['1', 2]);
  assert.equal(new TextDecoder().decode(pdu.shortMessage), 'id:1 stat:DELIVRD err:000');
});
