// References of accepted pushes as text: what a store keeps, and what a later process recognises receipts by. One
// message is `CENTRE:MESSAGE_ID`; a push of several has them with a space between.
import { ValueError } from '../../../core/index.ts';
import type { AcceptedMessage } from './part-receipt.ts';

/** Text of one message. What is not printable, and `%`, `:` and space, stand as `%` and two hex digits. */
export function messageReference({ smsc, messageId }: AcceptedMessage): string {
  return `${escaped(smsc)}:${escaped(messageId)}`;
}

/** Text of all messages of a push, in order. */
export function joinReferences(references: readonly string[]): string {
  return references.join(' ');
}

/** The messages of a text that `joinReferences` made. @throws {ValueError} BAD_FORMAT */
export function parseReferences(text: string): readonly AcceptedMessage[] {
  return text.split(' ').map((one) => {
    const match = /^((?:[!-$&-9;-~]|%[0-9A-F]{2})+):((?:[!-$&-9;-~]|%[0-9A-F]{2})*)$/.exec(one);
    if (match === null) {
      const shown = JSON.stringify(one.slice(0, 80));
      throw new ValueError('BAD_FORMAT', `${shown} is not CENTRE:MESSAGE_ID`, 'reference');
    }
    return { smsc: unescaped(match[1] ?? ''), messageId: unescaped(match[2] ?? '') };
  });
}

function escaped(text: string): string {
  if (/^[0-9A-Za-z._-]*$/.test(text)) return text;
  let out = '';
  for (const octet of new TextEncoder().encode(text)) {
    const plain = octet > 0x20 && octet < 0x7f && octet !== 0x25 && octet !== 0x3a;
    out += plain ? String.fromCharCode(octet) : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

function unescaped(text: string): string {
  const octets: number[] = [];
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '%') {
      octets.push(Number.parseInt(text.slice(i + 1, i + 3), 16));
      i += 2;
    } else octets.push(text.charCodeAt(i));
  }
  return new TextDecoder().decode(Uint8Array.from(octets));
}
