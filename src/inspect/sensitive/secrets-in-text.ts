// Secrets by the words around them: fields of HTTP and SIP headers, parameters of addresses and forms, members of JSON, XML.
// Patterns rather than parsers: what is damaged is covered like what is whole. Peers choose what is looked through, so each of
// them goes over the text once, and none begins anew where another beginning has been.
import { isSecretName, isSecretParameter, isSessionField } from './secret-names.ts';
import type { SecretPlace } from './secret-place.ts';
import { secretsInParameters, secretsInTags } from './secrets-in-xml.ts';

interface Pattern {
  /** The secret is in the group `secret`. */
  readonly expression: RegExp;
  readonly what: string;
}

/** What is a secret by its form. */
const patterns: readonly Pattern[] = [
  // A proof of a password that can be guessed against: the nonce stands beside it (RFC 7616 §3.4).
  {
    expression: /(?:^|[\s,])(?:response|rspauth)[ \t]*=[ \t]*"?(?<secret>[^",\s]*)/dgim,
    what: 'Digest response',
  },
  {
    expression: /^(?:cookie|set-cookie)[ \t]*:[ \t]*(?<secret>[^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)*)/dgim,
    what: 'cookie',
  },
  {
    expression: /^x-syncml-hmac[ \t]*:[^\r\n]*?\bmac[ \t]*=[ \t]*"?(?<secret>[^",\s]*)/dgim,
    what: 'SyncML HMAC',
  },
  // The MAC of a bootstrap lets a PIN be guessed; as text, and as the parameter 12 of WSP (WAP-230 table 38).
  { expression: /[;\s]MAC[ \t]*=[ \t]*"?(?<secret>[0-9A-F]+)/dgi, what: 'bootstrap MAC' },
  // biome-ignore lint/suspicious/noControlCharactersInRegex: octets of WSP
  { expression: /\x92(?<secret>[0-9A-Fa-f]{8,})\x00/dg, what: 'bootstrap MAC' },
  // The token of a DM session in the address that answers go to. In WBXML, text ends with 00.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: octets of WBXML
  { expression: /[?&;]s=(?<secret>[^&\s"'<>#;\u0000-\u001f]*)/dg, what: 'session token' },
  // Tokens of ours that tie reports to messages, also in an address within an address.
  { expression: /(?:\/|%2F)(?<secret>[A-Za-z0-9_-]{24})(?=[?\s%"'#&]|$)/dg, what: 'token in a path' },
  { expression: /:\/\/[^\s/?#@:]*:(?<secret>[^\s/?#@]+)@/dg, what: 'password in an address' },
  // Tokens by their form (RFC 7519 §3.1, RFC 7516 §7.1), whatever stands around them.
  {
    expression: /(?:(?<![\w-])|(?<=%[0-9A-Fa-f]{2}))(?<secret>eyJ[\w-]{8,}(?:\.[\w-]*){2,4})/dg,
    what: 'JSON Web Token',
  },
  // Keys that services give out with a beginning of their own, so that they are found where they leaked.
  {
    expression:
      /(?<![\w-])(?<secret>(?:AKIA|ASIA)[0-9A-Z]{16}|gh[oprsu]_[0-9A-Za-z]{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|[rs]k_(?:live|test)_[0-9A-Za-z]{10,})/dg,
    what: 'key of a service',
  },
  // Keys of media in SDP (RFC 4568 §9.1, RFC 4566 §5.12, RFC 8839 §5.4).
  { expression: /\binline:(?<secret>[\w+/=-]{16,})/dg, what: 'key in SDP' },
  { expression: /^(?:a=(?:ice-pwd|key-mgmt)|k=\w{1,16}):(?<secret>[^\r\n]*)/dgim, what: 'key in SDP' },
  // Codes that people are sent, in words.
  {
    expression:
      /\b(?:one[- ]time|verification|security|confirmation|activation|access|login|otp|pass|pin)[- ]?(?:code|pin|password|passcode)?\b[^\d\r\n]{0,40}?(?<secret>\d{4,10})\b/dgi,
    what: 'one-time code',
  },
  {
    expression: /\b(?<secret>\d{4,10}) is your [^\d\r\n]{0,40}?(?:code|pin|otp|password)\b/dgi,
    what: 'one-time code',
  },
];

/** What is a secret by its name: the name and the value, which ends the match. */
const named: readonly Pattern[] = [
  {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: octets of WBXML
    expression: /(?:^|[?&;\s])(?<name>[\w.%-]+)=(?<secret>[^&\s"'<>#;\u0000-\u001f]*)/g,
    what: 'parameter with a secret',
  },
  {
    expression: /(?:^|[\s"'])(?<name>[\w.:-]+)\s*=\s*(?:"(?<secret>[^"<>]*)|'(?<other>[^'<>]*))/g,
    what: 'attribute with a secret',
  },
];

/**
 * Places of secrets in a text, by the words around them, in no order; they may overlap. Octets are looked through as a text of
 * one character each.
 */
export function* secretsInText(text: string): Generator<SecretPlace> {
  yield* secretsInFields(text);
  for (const { expression, what } of patterns) {
    for (const { indices } of text.matchAll(expression)) {
      const place = indices?.groups?.secret;
      if (place !== undefined) yield { offset: place[0], length: place[1] - place[0], what };
    }
  }
  for (const { expression, what } of named) {
    for (const { index, groups, 0: all } of text.matchAll(expression)) {
      const [name, value] = [groups?.name ?? '', groups?.secret ?? groups?.other ?? ''];
      if (!isSecretName(name) && !isSecretParameter(name, value)) continue;
      const { length } = value;
      yield { offset: index + all.length - length, length, what };
    }
  }
  yield* secretsInMembers(text);
  yield* secretsInTags(text);
  yield* secretsInParameters(text);
}

/** The name of a member of JSON, and what its value begins with. */
const member = /"(?<name>[\w.-]+)"\s*:\s*(?:"|(?<number>-?[0-9][0-9.eE+-]*))/g;

function* secretsInMembers(text: string): Generator<SecretPlace> {
  const what = 'member with a secret';
  const walk = new RegExp(member);
  for (let found = walk.exec(text); found !== null; found = walk.exec(text)) {
    const { name = '', number } = found.groups ?? {};
    if (!isSecretName(name)) {
      // The quote at its end may begin the next name.
      if (number === undefined) walk.lastIndex -= 1;
    } else if (number !== undefined) {
      yield { offset: walk.lastIndex - number.length, length: number.length, what };
    } else {
      const from = walk.lastIndex;
      const end = stringEnd(text, from);
      yield { offset: from, length: end - from, what };
      walk.lastIndex = end;
    }
  }
}

/** The quote that ends a string of JSON, or the end of the text. */
function stringEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '"') return at;
    if (text[at] === '\\') at += 1;
  }
  return text.length;
}

/** A field of a header, with what is folded behind it. */
const headerField = /^(?<name>[\w-]+)[ \t]*:[ \t]*(?<value>[^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)*)/gm;
const authorizationField = /^(?:proxy-)?authorization$/i;

/** `Authorization` but for the scheme; of Digest only what is a proof, by a pattern. Fields whose names say secret. */
function* secretsInFields(text: string): Generator<SecretPlace> {
  for (const { index, groups, 0: all } of text.matchAll(headerField)) {
    const { name = '', value = '' } = groups ?? {};
    const offset = index + all.length - value.length;
    if (authorizationField.test(name)) {
      const scheme = /^\S*\s*/.exec(value)?.[0] ?? '';
      const schemeName = scheme.trim();
      if (schemeName.toLowerCase() === 'digest') continue;
      // Without a second word, the first one is no scheme.
      const kept = scheme.length < value.length ? scheme.length : 0;
      const what = kept === 0 ? 'credentials' : `${schemeName} credentials`;
      yield { offset: offset + kept, length: value.length - kept, what };
    } else if (isSecretName(name) || isSessionField(name))
      yield { offset, length: value.length, what: 'secret header field' };
  }
}
