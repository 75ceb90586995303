// Everything between a pushed message's octets and a message that may be processed, in the one order that is safe:
// bounds, decoding, structure, sender, account, signature, addressee, decryption, parsing (DM-SESSIONLESS-1.3 §5.5).
import { type DmMessage, parseMessage, versionFailure } from '../codec/syncml/index.ts';
import { DecodeError } from '../core/index.ts';
import { type DecryptOptions, decryptDocument } from './decrypt-document.ts';
import type { DecryptionKey } from './encryption-keys.ts';
import { isRefused, type Refused, refused } from './message-refusal.ts';
import { type ReadSignedOptions, readSigned } from './read-signed.ts';
import type { SignatureAlgorithm } from './signature-algorithms.ts';
import type { VerificationKey } from './signature-keys.ts';
import { type VerifyOptions, verifySigned } from './verify-signed.ts';
import { headerUri } from './xml-parts.ts';

/**
 * The keys of the one account with that ServerID; or that there is none, or that there are several, so that nobody can tell
 * which is meant.
 */
export type SenderLookup = (
  serverId: string,
) => readonly VerificationKey[] | 'unknown-server' | 'ambiguous-server';

/** How to open a pushed message. */
export interface OpenMessageOptions extends ReadSignedOptions, VerifyOptions, DecryptOptions {
  /**
   * The device's own identifier (`./DevInfo/DevId`): a message whose Target is another one is refused. Without it, whoever
   * gets hold of a message for one device could push it to every other that trusts the same key.
   */
  readonly deviceId?: string;
  /** Keys that open encrypted parts. Default: none. */
  readonly decryptionKeys?: readonly DecryptionKey[];
}

/** A message that its sender signed, opened. Whether it was processed before is for the receiver to check. */
export interface OpenedMessage {
  readonly verdict: 'accepted';
  /** The message as it was signed, encrypted parts opened. */
  readonly message: DmMessage;
  /** ServerID of the account: the subject of every ACL decision. */
  readonly serverId: string;
  readonly algorithm: SignatureAlgorithm;
  /** 32 octets that every copy of this message has in common: what a memory of replays keeps. */
  readonly contentDigest: Uint8Array;
}

/** Opens a pushed message. Never throws over what the peer sent; the body is not looked at before the signature holds. */
export function openMessage(
  octets: Uint8Array,
  lookup: SenderLookup,
  options: OpenMessageOptions = {},
): OpenedMessage | Refused {
  const signed = readSigned(octets, options);
  if (isRefused(signed)) return signed;
  const { serverId } = signed;
  const keys = lookup(serverId);
  if (typeof keys === 'string') return { ...refused(keys), serverId };
  const verified = verifySigned(signed, keys, options);
  if (isRefused(verified)) return verified;
  const { root, algorithm, contentDigest } = verified;
  if (options.deviceId !== undefined && headerUri(root, 'Target') !== options.deviceId) {
    return { ...refused('other-device'), serverId };
  }
  const opened = decryptDocument(root, options.decryptionKeys ?? [], options);
  if (isRefused(opened)) return { ...opened, serverId };
  const message = parsed(opened);
  if (isRefused(message)) return { ...message, serverId };
  return { verdict: 'accepted', message, serverId, algorithm, contentDigest };
}

/** The refusal of a message whose version is not spoken here; it names the status that a session would answer with. */
export function refusalOfVersion({ header }: DmMessage): Refused | undefined {
  const failure = versionFailure(header);
  if (failure === undefined) return undefined;
  const { verDtd, verProto } = header;
  const shown = failure === 505 ? `VerDTD ${quoted(verDtd)}` : `VerProto ${quoted(verProto)}`;
  return refused('unsupported-version', `${shown} is not spoken here: status ${failure}`);
}

function parsed(root: Parameters<typeof parseMessage>[0]): DmMessage | Refused {
  try {
    // The signed text is XML: in it, octets are Base64.
    const message = parseMessage(root, { form: 'xml', strictCommands: true });
    return refusalOfVersion(message) ?? message;
  } catch (error) {
    // The path only: values may be what was encrypted.
    if (error instanceof DecodeError) return refused('malformed-message', `at ${error.at.path || 'SyncML'}`);
    throw error;
  }
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 40));
