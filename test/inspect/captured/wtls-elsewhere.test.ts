// WTLS that comes elsewhere than over UDP and its ports: on any port, and in short messages, whole and in segments; with the secret
// it is read through.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodePdu } from '../../../src/codec/smpp/index.ts';
import { segmentDatagram } from '../../../src/codec/sms/index.ts';
import { concatBytes, hexToBytes } from '../../../src/core/index.ts';
import { type CapturedExplanation, CaptureReader, explainCaptured } from '../../../src/inspect/index.ts';
import { device, Pair } from '../../codec/wtls/support.ts';
import { pcap, type SamplePacket } from '../capture/samples.ts';
import { datagram, frame } from '../frames/samples.ts';
import { conversation, type Said } from '../streams/samples.ts';

const push = hexToBytes(
  '010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);

/** What both ends send for a handshake and a push. */
function exchange(
  pushed: Uint8Array = push,
): readonly { readonly back: boolean; readonly octets: Uint8Array }[] {
  const pair = new Pair();
  pair.connect();
  pair.run();
  pair.push(pushed);
  pair.run();
  return pair.sent.map(({ direction, datagram: octets }) => ({ back: direction === 'to-server', octets }));
}

function explainAll(packets: readonly SamplePacket[], withSecret: boolean): readonly CapturedExplanation[] {
  const reader = new CaptureReader(withSecret ? { wtlsSecrets: [device] } : {});
  const messages = [...reader.feed(pcap(packets)), ...reader.end().messages];
  return messages.map((message) => explainCaptured(message, { key: { secret: 'secret' } }));
}

/** Short messages between the number of the server and that of the device, over one link of SMPP. */
function inMessages(port: number, pushed?: Uint8Array): readonly Said[] {
  let sequence = 0;
  let reference = 0;
  return exchange(pushed).flatMap(({ back, octets }) => {
    reference += 1;
    const ports = back
      ? { destinationPort: 40_000, sourcePort: port }
      : { destinationPort: port, sourcePort: 40_000 };
    const parts = segmentDatagram(octets, { ...ports, reference });
    return parts.map((shortMessage): Said => {
      sequence += 1;
      const [sourceAddress, destinationAddress] = back ? ['49151', '4989'] : ['4989', '49151'];
      const fields = { sourceAddress, destinationAddress, esmClass: 0x40, dataCoding: 4, shortMessage };
      const command = back ? 'deliver_sm' : 'submit_sm';
      return { from: back ? 'server' : 'client', octets: encodePdu({ command, sequence, ...fields }) };
    });
  });
}

for (const port of [2949, 9203]) {
  test(`in short messages for port ${port}: to Package #0 with the secret, to its records without`, () => {
    const packets = conversation(inMessages(port), { port: 2775 });
    const opened = explainAll(packets, true);
    const last = opened.at(-1);
    assert.deepEqual([last?.format, last?.verified, last?.error], ['dm1.2', true, undefined]);
    const names = last?.layers.map(({ name }) => name).filter((name) => name !== 'smpp');
    assert.deepEqual(names?.slice(-4), ['wtls', 'wtls', 'wsp', 'package0']);
    assert.ok(opened.every(({ note = '' }) => !note.includes('closed')));
    // The answers of the device are of WTLS too, and no fault.
    const back = opened.filter(({ layers }) =>
      layers.some(({ title }) => title.startsWith('SMPP deliver_sm')),
    );
    assert.ok(back.length > 0);
    assert.ok(
      back.every(({ layers, error }) => error === undefined && layers.some(({ name }) => name === 'wtls')),
    );
    const closed = explainAll(packets, false);
    assert.match(
      closed.at(-1)?.note ?? '',
      /WTLS stays closed: the secret under the identity "dev1" would open it/,
    );
    assert.notEqual(closed.at(-1)?.format, 'dm1.2');
  });
}

test('in the segments of short messages', () => {
  const long = concatBytes(push, new Uint8Array(200).fill(0x5a));
  const explained = explainAll(conversation(inMessages(9203, long), { port: 2775 }), true);
  const last = explained.at(-1);
  assert.equal(last?.note, '3 segments of a short message, reference 5');
  assert.deepEqual([last?.format, last?.error], ['dm1.2', undefined]);
});

test('over UDP on ports that nobody knows, by its records', () => {
  const packets = exchange().map(({ back, octets }) => {
    const [source, destination] = back ? [5555, 40_000] : [40_000, 5555];
    const framed = frame('ethernet', datagram(octets, { source, destination }));
    if (back) framed.set([...framed.subarray(30, 34), ...framed.subarray(26, 30)], 26);
    return { octets: framed };
  });
  const last = explainAll(packets, true).at(-1);
  assert.deepEqual([last?.protocol, last?.format, last?.verified], ['wtls', 'dm1.2', true]);
  assert.match(explainAll(packets, false).at(-1)?.note ?? '', /stays closed/);
});
