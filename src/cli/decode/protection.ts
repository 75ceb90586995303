// How a DM message that was decoded is protected. Loaded for DM messages alone: it brings all of message security with it.
import type { Payload } from '../../inspect/index.ts';
import { encryptedParts } from '../../security/index.ts';
import { partLine, signatureFacts, signatureLines } from '../message/signature-facts.ts';

/** A DM message that was decoded. */
export type DecodedMessage = Extract<Payload, { readonly kind: 'message' }>;

/** What is said of a message's signature and encrypted parts, where there are any. */
export interface Protection {
  /** Lines for people. */
  readonly lines: readonly string[];
  /** Fields for JSON. */
  readonly facts: object;
}

/** Reads what the message says of its protection; nothing is verified. */
export function protectionOf(message: DecodedMessage): Protection {
  const signature = signatureFacts(message);
  const encrypted = encryptedParts(message.root);
  const absent = signature.state === 'absent';
  return {
    lines:
      absent && encrypted.length === 0
        ? []
        : ['', ...(absent ? [] : signatureLines(signature)), ...encrypted.map(partLine)],
    facts: { ...(absent ? {} : { signature }), ...(encrypted.length > 0 && { encrypted }) },
  };
}
