// Second half: the signature, with the keys that the sender's account pins. What comes out is read from the very text that
// was digested, so nothing that the signature does not cover can reach the device.
import { deepestDocument, readXml, type XmlElement } from '../codec/xml/index.ts';
import { DecodeError, equalConstantTime, utf8ToBytes } from '../core/index.ts';
import { type Refused, refused } from './message-refusal.ts';
import type { SignedMessage } from './read-signed.ts';
import type { SignatureAlgorithm } from './signature-algorithms.ts';
import type { VerificationKey } from './signature-keys.ts';
import { digestOf } from './signed-content.ts';

/** How to verify. */
export interface VerifyOptions {
  /** True takes SHA-1, as digest and with keys that are pinned for it. Default false. */
  readonly allowSha1?: boolean;
}

/** A message that its sender signed as it is. */
export interface VerifiedMessage {
  readonly verdict: 'verified';
  readonly serverId: string;
  readonly algorithm: SignatureAlgorithm;
  /** The document to process, without the Signature: read from the text that was digested. */
  readonly root: XmlElement;
  /** SHA-256 of that text, 32 octets: the same for every copy of the message, however it is encoded or signed again. */
  readonly contentDigest: Uint8Array;
}

/** Most keys of one account that are tried. */
export const mostKeys = 8;

/** Checks the signature with the account's keys, the first 8 of them. */
export function verifySigned(
  signed: SignedMessage,
  keys: readonly VerificationKey[],
  options: VerifyOptions = {},
): VerifiedMessage | Refused {
  const { serverId, content, signature } = signed;
  const { algorithm, digestAlgorithm } = signature;
  const refuse = (...reason: Parameters<typeof refused>): Refused => ({ ...refused(...reason), serverId });
  if (keys.length === 0) return refuse('no-key');
  const sha1 = digestAlgorithm === 'sha1' || algorithm.endsWith('-sha1');
  if (sha1 && options.allowSha1 !== true) return refuse('sha1');
  // The key says which algorithm it is for; the message may only agree.
  const usable = keys.slice(0, mostKeys).filter((key) => key.algorithm === algorithm);
  if (usable.length === 0)
    return refuse('substituted-algorithm', `no key of the account is for ${algorithm}`);
  const digest = digestOf(digestAlgorithm, content);
  if (!equalConstantTime(digest, signature.digest)) return refuse('digest-mismatch');
  const signedInfo = utf8ToBytes(signature.signedInfo);
  if (!usable.some((key) => key.verify(signedInfo, signature.value))) return refuse('wrong-signature');
  const root = signedCopy(content);
  if (root === undefined) return refuse('malformed-message');
  return {
    verdict: 'verified',
    serverId,
    algorithm,
    root,
    contentDigest: digestAlgorithm === 'sha256' ? digest : digestOf('sha256', content),
  };
}

/** The document that the text stands for; `undefined` where a sender signed what is not XML after all. */
function signedCopy(content: string): XmlElement | undefined {
  // The message itself was bounded before.
  const limits = { maxOctets: content.length, maxDepth: deepestDocument, maxElements: content.length };
  try {
    return readXml(content, { comments: 'refuse', limits });
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
