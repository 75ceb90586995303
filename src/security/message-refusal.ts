// Why a pushed message was refused: one name for each way, so that a log says what happened.
import type { DecodeError } from '../core/index.ts';

/**
 * Each reason to refuse a pushed message, with what it means. `docs/signed-messages.md` lists them. `replay` is for receivers,
 * which remember what they processed.
 */
export const refusalMeanings = {
  'too-large': 'a bound on size, depth, elements or content was passed',
  'oversize-opaque': 'an OPAQUE is longer than the bound',
  undecodable: 'the octets are no document',
  'external-entity': 'the document defines an external entity',
  'entity-expansion': 'the document defines an entity',
  doctype: 'the document has a DOCTYPE',
  comment: 'the document has a comment',
  'not-xml': 'the document has content that XML cannot carry, so nobody can have signed it',
  'not-a-message': 'the document element is not SyncML',
  'not-signed': 'there is no Signature',
  'several-signatures': 'there is more than one Signature',
  'signature-misplaced': 'the Signature is not the last child of SyncML',
  'wrapped-message': 'a SyncML, SyncHdr or SyncBody stands where none belongs',
  'unsigned-sibling': 'SyncML has children besides one SyncHdr, one SyncBody and the Signature',
  attribute: 'an element outside the Signature has an attribute',
  'signature-object': 'the Signature has an Object',
  'signature-shape': 'the Signature is not built as the profile says',
  'several-references': 'the Signature has more than one Reference',
  'reference-without-uri': 'the Reference has no URI',
  'reference-missing-id': 'the Reference names an Id that no element has',
  'reference-duplicate-id': 'the Reference names an Id that several elements have',
  'reference-other-element': 'the Reference is to another element than the whole message',
  'reference-external': 'the Reference is to something outside the message',
  transform: 'the transforms are not enveloped-signature and exclusive canonicalisation',
  canonicalization: 'the canonicalisation of SignedInfo is not the exclusive one',
  'truncated-mac': 'the signature method has parameters, such as a shorter MAC',
  'unknown-algorithm': 'an algorithm is not one of the profile',
  sha1: 'SHA-1 is used and not switched on',
  'no-sender': 'SyncHdr does not say who sent the message',
  'unknown-server': 'no account has this ServerID',
  'ambiguous-server': 'several accounts have this ServerID',
  'no-key': 'the account has no key to verify with',
  'substituted-algorithm': 'the signature method is not that of a key of the account',
  'digest-mismatch': 'the message was changed after it was signed',
  'wrong-signature': 'the signature was not made with a key of the account',
  'other-device': 'the message is for another device',
  undecryptable: 'an encrypted part does not open with a key of the device',
  'too-many-encrypted-parts': 'more parts are encrypted than the bound allows',
  'malformed-message': 'what was signed is no DM message',
  'unsupported-version':
    'VerProto is none of DM/1.1 to DM/1.3 (as status 513), or VerDTD neither 1.1 nor 1.2 (505)',
  replay: 'the message was processed before',
} as const;

/** A reason to refuse a pushed message. */
export type MessageRefusal = keyof typeof refusalMeanings;

/** A message that must not be processed. */
export interface Refused {
  readonly verdict: 'refused';
  readonly reason: MessageRefusal;
  /** For people and logs; quotes a name of the document at most, none of its values. */
  readonly detail: string;
  /** Whom the message claims to be from, once that was read. Not proven. */
  readonly serverId?: string;
}

/** A refusal; `detail` defaults to what the reason means. */
export function refused(reason: MessageRefusal, detail: string = refusalMeanings[reason]): Refused {
  return { verdict: 'refused', reason, detail };
}

/** True for a refusal among other results. */
export function isRefused(result: object): result is Refused {
  return 'verdict' in result && result.verdict === 'refused';
}

/** The refusal of a document that cannot be read. `source` tells, for XML, what kind of DOCTYPE was tried. */
export function refusalOfDocument(error: DecodeError, source: string | undefined): Refused {
  if (error.code === 'LIMIT') {
    return refused(error.detail.startsWith('OPAQUE') ? 'oversize-opaque' : 'too-large', error.message);
  }
  if (error.detail.startsWith('comments')) return refused('comment', error.message);
  const doctype = source === undefined ? undefined : /<!DOCTYPE[\s\S]{0,4096}/.exec(source)?.[0];
  if (doctype === undefined) return refused('undecodable', error.message);
  const entity = /<!ENTITY\s[^>]{0,1024}/.exec(doctype)?.[0];
  if (entity === undefined) return refused('doctype', error.message);
  const external = /\s(?:SYSTEM|PUBLIC)\s/.test(entity);
  return refused(external ? 'external-entity' : 'entity-expansion', error.message);
}
