// Whether a message may hold a secret that a link would hand on. It is careful: a link too few does no harm.
import { readWbxmlType } from '../../../src/codec/wbxml/index.ts';
import { base64ToBytes, bytesToBase64, bytesToHex, hexToBytes } from '../../../src/core/index.ts';
import { isSecretName, isSecretNode, secretsInText, wordsOf } from '../../../src/inspect/index.ts';

/** A field as far as it is looked at. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** What of a message is looked through. */
export interface LookedThrough {
  /** The octets that were given, and those that were put together of them. */
  readonly octets: readonly Uint8Array[];
  /** Fields of all layers. */
  readonly fields: readonly NamedValue[];
  /** Names of the layers, outermost first. */
  readonly layers: readonly string[];
  /** What the message says as a text, where it says something. */
  readonly text: string;
  /** Whether it was read to its end: what was not read has no fields. */
  readonly isWhole: boolean;
  /** Secrets and nonces that were typed in. */
  readonly typed?: readonly Uint8Array[];
}

/** Words that make a name that of a secret. */
const secretWord =
  /^(?:password|passwd|pass|pwd?|secret|token|key|apikey|authorization|cookie|credentials?|pin|cred|mac|psk)$/i;

/** What stands in values and octets beside secrets, and what of it is told. */
const marks: readonly (readonly [RegExp, string])[] = [
  [/passw(?:or)?d|passphrase|-pw\b|\b(?:pass|pwd?|psk)["']?\s*[:=]/i, 'password'],
  [/secret/i, 'secret'],
  [/authorization\s*[:=]|\b(?:basic|bearer)\s+[\w+/.~=-]{2}/i, 'authorization'],
  [/cookie\s*[:=]/i, 'cookie'],
  [/api[-_]?key|private[-_ ]?key|access[-_]?key/i, 'key'],
  [/x-auth|token["']?\s*[:=]|<[\w:]*token\b/i, 'token'],
  [/credential|<(?:\w+:)?cred\b/i, 'credentials'],
  [/userpin|\bpin["']?\s*[:=]|name\s*=\s*["']pin["']/i, 'PIN'],
  [/one[-_ ]?time[-_ ]?(?:code|pass|pin)|\b(?:otp|passcode)\b|verification[-_ ]?code/i, 'one-time code'],
  [/\/\/[^\s/?#@]{0,512}:[^\s/?#@]{0,512}@/, 'password in an address'],
  [/content-encoding\s*:\s*(?!identity)/i, 'content in an encoding'],
  [/content-transfer-encoding\s*:\s*quoted-printable/i, 'content in an encoding'],
  // Authorization and Proxy-Authorization with the scheme Basic (WAP-230-WSP-20010705-a §8.4.2.5).
  [/[\x87\xa1][^\x80]\x80[ -~]{0,126}\0[ -~]/, 'authorization'],
  // The digest in an authentication response (IrOBEX §3.5.2.1).
  // biome-ignore lint/suspicious/noControlCharactersInRegex: octets of OBEX
  [/N\0[\x12-\xff]\0\x10/, 'digest of OBEX'],
];

/** An address of a node or a name of one alone, as fields show it. */
const nodeValue = /^(?:name=)?["']?([\w./-]{1,255})["']?$/;
/** Addresses of nodes in any text. */
const nodeInText = /[\w.-]{0,64}\/[\w./-]{1,255}/g;
/** Octets as text, as companies take short messages over HTTP. */
const encodedRun = /(?:[0-9A-Fa-f]{2}){12,}|[A-Za-z0-9+/_-]{16,}={0,2}/g;
/** Octets at the beginning of such a run among which a document may begin. */
const mostAround = 64;
/** Octets of what was typed in that are looked for in other spellings, too. */
const shortestSpelt = 4;

/**
 * What secret a message may hold, in a few words; `undefined` where nothing looks like one. Names count whatever their values
 * are: an empty password is one too.
 */
export function secretIn(message: LookedThrough): string | undefined {
  const { octets, fields, layers, text, isWhole, typed = [] } = message;
  if (octets.some(beginsBind)) return 'password of an SMPP bind';
  const named = fields.find(({ name }) => isNameOfSecret(name));
  if (named !== undefined) return named.name;
  const texts = octets.map(latin1);
  if ([text, ...texts].some((each) => typed.some((one) => holds(each, one)))) return 'what was typed in';
  const node = fields.find(({ value }) => isSecretNode(nodeValue.exec(value)?.[1] ?? ''));
  if (node !== undefined) return 'secret of an account';
  for (const part of [text, ...fields.map(({ name, value }) => `${name}: ${value}`), ...texts]) {
    const mark = markIn(part);
    if (mark !== undefined) return mark;
  }
  for (const part of [text, ...texts]) {
    const found = recordedAsSecret(part) ?? recordedAsSecret(unhidden(part));
    if (found !== undefined) return found;
  }
  const isDocument = layers.some((name) => name === 'wbxml') || octets.some(isWbxml);
  return !isWhole && isDocument ? 'credentials in a document that is not whole' : undefined;
}

function isNameOfSecret(name: string): boolean {
  const isProof = name === 'authenticationResponse';
  return isProof || isSecretName(name) || wordsOf(name).some((word) => secretWord.test(word));
}

/** The first mark in a text as it is, and as it is without what hides letters. */
function markIn(text: string): string | undefined {
  const plain = unhidden(text);
  return marks.find(([mark]) => mark.test(text) || mark.test(plain))?.[1];
}

/** A text without what hides letters: NULs of UTF-16, escapes, sizes of chunks. */
function unhidden(text: string): string {
  return text
    .replaceAll('\0', '')
    .replaceAll(/\r\n[0-9a-f]{1,7}(?:;[^\r\n]{0,100})?\r\n/gi, '')
    .replaceAll(/(?:%|\\u00|\\x|&#x)([0-9a-f]{2});?/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
}

/** What `reveille capture` would cover in a text; nodes count without their values, and octets as text where they may be such. */
function recordedAsSecret(text: string): string | undefined {
  for (const { what } of secretsInText(text)) return what;
  if ([...text.matchAll(nodeInText)].some(([address]) => isSecretNode(address)))
    return 'secret of an account';
  const hasSecret = ([run]: RegExpMatchArray): boolean => {
    const octets = decoded(run);
    const within = latin1(octets);
    const isDocument = octets.subarray(0, mostAround).some((_, at) => isWbxml(octets.subarray(at)));
    return isDocument || markIn(within) !== undefined || !secretsInText(within).next().done;
  };
  return [...text.matchAll(encodedRun)].some(hasSecret) ? 'encoded content' : undefined;
}

function decoded(run: string): Uint8Array {
  if (/^(?:[0-9A-Fa-f]{2})+$/.test(run)) return hexToBytes(run);
  const base64 = run.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/');
  // A last character alone is part of no octet.
  const whole = base64.length % 4 === 1 ? base64.slice(0, -1) : base64;
  try {
    return base64ToBytes(whole.padEnd(Math.ceil(whole.length / 4) * 4, '='));
  } catch {
    return new Uint8Array(0);
  }
}

/** True where a text has what was typed in: as it is, in Base64 or in hex. */
function holds(text: string, typed: Uint8Array): boolean {
  if (typed.length === 0) return false;
  const plain = latin1(typed);
  if (text.includes(plain) || unhidden(text).includes(plain)) return true;
  if (typed.length < shortestSpelt) return false;
  const hex = bytesToHex(typed).toLowerCase();
  return text.includes(bytesToBase64(typed).replace(/=+$/, '')) || text.toLowerCase().includes(hex);
}

/** bind_receiver, bind_transmitter, bind_transceiver and outbind (SMPP 3.4 §5.1.2.1), whole or not, in one PDU or a later one. */
function beginsBind(octets: Uint8Array): boolean {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  for (let at = 0; at + 8 <= octets.length; ) {
    const length = view.getUint32(at);
    const isLikely = length >= 16 && length <= 0xffff;
    if (isLikely && [1, 2, 9, 11].includes(view.getUint32(at + 4))) return true;
    if (!isLikely) return false;
    at += length;
  }
  return false;
}

function isWbxml(octets: Uint8Array): boolean {
  return readWbxmlType(octets) !== undefined;
}

function latin1(octets: Uint8Array): string {
  return Array.from(octets, (octet) => String.fromCharCode(octet)).join('');
}
