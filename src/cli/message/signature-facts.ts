// What the protection of a DM message says of itself, without a key.
import { createHash } from 'node:crypto';
import { bytesToHex, equalConstantTime, printable, utf8ToBytes } from '../../core/index.ts';
import {
  type EncryptedPart,
  isRefused,
  readSigned,
  type SignatureAlgorithm,
  signatureKeyName,
} from '../../security/index.ts';
import { hasSignature, type MessageSource } from './message-source.ts';
import { refusalAdvice } from './refusal-advice.ts';

/** A message as it came. */
export type SignedOctets = Pick<MessageSource, 'root' | 'body' | 'form'>;

/** What is known of the signature without a key. */
export type SignatureFacts =
  | {
      readonly state: 'readable';
      readonly algorithm: SignatureAlgorithm;
      readonly digestAlgorithm: string;
      readonly digest: string;
      /** Whether the message is still the text that was signed. Says nothing of who signed it. */
      readonly digestHolds: boolean;
      readonly keyName: string | null;
      /** What would verify it. */
      readonly verifyWith: string;
    }
  | { readonly state: 'refused'; readonly reason: string; readonly detail: string; readonly advice: string }
  | { readonly state: 'absent' };

/** What the Signature of a message says; `body` are the octets that `root` was read from. */
export function signatureFacts({ root, body, form }: SignedOctets): SignatureFacts {
  if (!hasSignature(root)) return { state: 'absent' };
  const signed = readSigned(body, { form });
  if (isRefused(signed)) {
    const { reason, detail } = signed;
    return { state: 'refused', reason, detail, advice: refusalAdvice(reason) };
  }
  const { algorithm, digestAlgorithm, digest } = signed.signature;
  const actual = createHash(digestAlgorithm).update(utf8ToBytes(signed.content)).digest();
  return {
    state: 'readable',
    algorithm,
    digestAlgorithm,
    digest: bytesToHex(digest),
    digestHolds: equalConstantTime(new Uint8Array(actual), digest),
    keyName: signatureKeyName(root) ?? null,
    verifyWith: verifyWith(algorithm),
  };
}

function verifyWith(algorithm: SignatureAlgorithm): string {
  const old = algorithm.endsWith('-sha1') ? ` --algorithm ${algorithm}` : '';
  if (algorithm.startsWith('hmac')) {
    return `the key that both ends have: reveille message verify --hmac-key-file FILE${old}`;
  }
  const kind = algorithm.startsWith('rsa') ? 'RSA' : 'ECDSA';
  return `the server's ${kind} public key: reveille message verify --key FILE.pem${old}`;
}

/** The facts for people. */
export function signatureLines(facts: SignatureFacts): readonly string[] {
  if (facts.state === 'absent')
    return ['signature  none: devices refuse it; sign it with reveille message sign'];
  if (facts.state === 'refused') {
    return [
      `signature  refused by every device, ${facts.reason}: ${printable(facts.detail)}`,
      `           ${facts.advice}`,
    ];
  }
  const { algorithm, keyName, digestAlgorithm, digest, digestHolds, verifyWith: needed } = facts;
  return [
    `signature  ${algorithm}${keyName === null ? '' : `, KeyName ${printable(keyName)} (a hint)`}; not verified`,
    `digest     ${digestAlgorithm} ${digest}: ${digestHolds ? 'holds' : 'does not hold, the message was changed after it was signed'}`,
    `verify     needs ${needed}`,
  ];
}

/** One encrypted part for people. */
export function partLine({ cmdId, content, transport, keyName }: EncryptedPart): string {
  const hint = keyName === undefined ? '' : `, KeyName ${printable(keyName)} (a hint)`;
  return `encrypted  in command ${printable(cmdId)}: ${printable(content)}, key by ${printable(transport)}${hint}`;
}
