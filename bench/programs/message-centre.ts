// A message centre that does as little as it can: it answers each PDU, and tells of each message at once that it was delivered.
import type { Socket } from 'node:net';

/** Commands of SMPP 3.4 (§5.1.2.1), and the bit of their answers. */
const submitSm = 4;
const deliverSm = 5;
const answer = 0x80000000;
const headOctets = 16;
/** What follows the head of a bind_transceiver_resp. */
const ownName = Buffer.from('bench\0');

/** Serves one connection. */
export function serveCentre(socket: Socket): void {
  let rest: Buffer = Buffer.alloc(0);
  let messages = 0;
  let sequence = 0;
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', (octets: Buffer) => {
    const input = rest.length === 0 ? octets : Buffer.concat([rest, octets]);
    const output: Buffer[] = [];
    let at = 0;
    while (input.length - at >= headOctets && input.length - at >= input.readUInt32BE(at)) {
      const command = input.readUInt32BE(at + 4);
      if (command === submitSm) {
        messages += 1;
        output.push(pdu(submitSm | answer, input.readUInt32BE(at + 12), Buffer.from(`${messages}\0`)));
        sequence += 1;
        output.push(pdu(deliverSm, sequence, receipt(addressIn(input, at + headOctets), messages)));
      } else if (command < answer) {
        const body = command === 1 || command === 2 || command === 9 ? ownName : Buffer.alloc(0);
        output.push(pdu(command | answer, input.readUInt32BE(at + 12), body));
      }
      at += input.readUInt32BE(at);
    }
    rest = input.subarray(at);
    if (output.length > 0) socket.write(Buffer.concat(output));
  });
}

/** The destination of a submit_sm whose service type is empty (§4.4.1). */
function addressIn(input: Buffer, body: number): string {
  const from = input.indexOf(0, body + 3) + 3;
  return input.toString('latin1', from, input.indexOf(0, from));
}

/** The body of a deliver_sm with a receipt (§4.6.1, appendix B). */
function receipt(from: string, message: number): Buffer {
  const text = `id:${message} sub:001 dlvrd:001 submit date:2601010000 done date:2601010000 stat:DELIVRD err:000 text:`;
  return Buffer.from(
    `\0\x01\x01${from}\0\x00\x014040\0\x04\0\0\0\0\0\0\0\0${String.fromCharCode(text.length)}${text}`,
    'latin1',
  );
}

function pdu(command: number, sequence: number, body: Buffer): Buffer {
  const octets = Buffer.allocUnsafe(headOctets + body.length);
  octets.writeUInt32BE(octets.length, 0);
  octets.writeUInt32BE(command >>> 0, 4);
  octets.writeUInt32BE(0, 8);
  octets.writeUInt32BE(sequence, 12);
  body.copy(octets, headOctets);
  return octets;
}
