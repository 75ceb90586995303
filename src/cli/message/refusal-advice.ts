// What to do about a signed message that is refused, for each reason (docs/signed-messages.md).
import type { MessageRefusal } from '../../security/index.ts';

const signAgain =
  'Whoever made it has to sign it as docs/signed-messages.md says; reveille message sign does.';
const tampered = 'Do not use it: no honest sender writes this. Ask the sender for the message again.';
const damaged = 'Compare it with what the sender made, octet by octet, and get it again.';
const otherProfile =
  'The sender uses another profile of XML-Signature; see docs/signed-messages.md for ours.';

const advice: Readonly<Record<MessageRefusal, string>> = {
  'too-large': 'Devices refuse it as well. Split it into several messages.',
  'oversize-opaque': 'Devices refuse it as well. Split it into several messages.',
  undecodable: damaged,
  'external-entity': tampered,
  'entity-expansion': tampered,
  doctype: 'Remove the DOCTYPE and sign again.',
  comment: 'Remove comments and sign again.',
  'not-xml': 'Send such values as octets (Format bin), and sign again.',
  'not-a-message': 'Give the whole DM message, not a part of it or what carries it.',
  'not-signed': 'Sign it: reveille message sign FILE --key server.pem',
  'several-signatures': signAgain,
  'signature-misplaced': signAgain,
  'wrapped-message': tampered,
  'unsigned-sibling': tampered,
  attribute: signAgain,
  'signature-object': otherProfile,
  'signature-shape': otherProfile,
  'several-references': otherProfile,
  'reference-without-uri': otherProfile,
  'reference-missing-id': otherProfile,
  'reference-duplicate-id': tampered,
  'reference-other-element': otherProfile,
  'reference-external': otherProfile,
  transform: otherProfile,
  canonicalization: otherProfile,
  'truncated-mac': otherProfile,
  'unknown-algorithm': otherProfile,
  sha1: 'To take it all the same, name the algorithm: --algorithm rsa-sha1 or hmac-sha1.',
  'no-sender': 'SyncHdr/Source/LocURI has to have the ServerID; build the message again.',
  'unknown-server': 'Check the ServerID: reveille message show FILE prints the one in the message.',
  'ambiguous-server': 'Remove the account that is not wanted.',
  'no-key': 'Give --key or --hmac-key-file.',
  'substituted-algorithm':
    'Give the key, or the --algorithm, that belongs to the sender; do not take the one of the message.',
  'digest-mismatch':
    'It was changed on the way, or encoded again by other rules: get it again from the sender.',
  'wrong-signature': 'Check that the key is that of this sender; if it is, somebody else made the message.',
  'other-device': 'Check --device-id; reveille message show FILE prints whom the message is for.',
  undecryptable: 'Give the key of the device that it is for: --decrypt-key or --wrap-key-file.',
  'too-many-encrypted-parts': 'Devices refuse it as well. Encrypt the whole body in place of single items.',
  'unsupported-version': 'Send the message as DM/1.2 or DM/1.3, with VerDTD 1.2.',
  'malformed-message': 'The sender signed something that is no DM message; build it again.',
  replay: 'Sign the job again with another SessionID.',
};

/** A sentence that says what to do. */
export function refusalAdvice(reason: MessageRefusal): string {
  return advice[reason];
}
