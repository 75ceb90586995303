// Names whose values nobody may see: of parameters, members, attributes, fields of headers, and nodes of the management tree.
// What is recorded is covered by them, and what is linked to is refused by them: there is one list.

/** Words that make a name one of a secret wherever they stand in it. */
const anywhere =
  /passw|passphrase|secret|credential|signature|(?:api|auth)[-_]?key|kennwort|pre-?shared|psk|user-?pin|(?:auth|client|server|user)-?pw/i;

/** Names of codes that are good for one time, and of proofs of OAuth (RFC 7636 §4.1, RFC 7521 §4.2), wherever they stand. */
const once =
  /passcode|one[-_]?time|(?:verification|security|activation|access|auth|mfa|2fa|otp|sms)[-_]?code|code[-_]?verifier|assertion$/i;

/** What names of secrets end with, also without anything before it that ends a word. */
const atEnd = /(?:pwd|tokens?|pin)$/i;

/** Last words of such names; within longer words they mean nothing (`monkey`). */
const lastWords: ReadonlySet<string> = new Set([
  ...['pass', 'pw', 'key', 'keys', 'sig', 'mac', 'hmac', 'creds'],
  ...['otp', 'totp', 'hotp', 'cookie', 'cookies'],
]);

/** Characters of a name at most: longer ones are looked at by their end. */
const mostName = 256;

/** True for a name such as `password`, `PXAUTH-PW`, `apiKey`, `NETWORK-KEY`, `user_pin`. */
export function isSecretName(name: string): boolean {
  const end = unescaped(name.slice(-mostName));
  if (anywhere.test(end) || once.test(end) || atEnd.test(end)) return true;
  return lastWords.has(wordsOf(end).at(-1)?.toLowerCase() ?? '');
}

/** Names of sessions of the web; DM sessions have the same ones, so that their values decide. */
const session = /sess(?:ion)?[-_.]?id$|(?:^|[-_.])sid$/i;

/**
 * True for a parameter or a field of a header that names a session of the web, or a step of OAuth (RFC 6749 §4.1), by its name and
 * a value that is none that people choose: `JSESSIONID`, `code`, `state`. Session ids of DM are shorter.
 */
export function isSecretParameter(name: string, value: string): boolean {
  const end = unescaped(name.slice(-mostName));
  if (value.length < 8) return false;
  if (session.test(end) || /^code$/i.test(end)) return true;
  return /^state$/i.test(end) && value.length >= 16 && /^[\w.~%+/=-]*$/.test(value) && /\d/.test(value);
}

/** True for the field of a header that names a session: `X-Session-Id`. */
export function isSessionField(name: string): boolean {
  return session.test(name.slice(-mostName));
}

/** True for the address of a node with a secret, or its name alone: `./DMAcc/a/AppAuth/s/AAuthSecret`, `ClientPW`. */
export function isSecretNode(address: string): boolean {
  const end = address.slice(-mostName).trim().replace(/\/+$/, '');
  return anywhere.test(end) || isSecretName(end.slice(end.lastIndexOf('/') + 1));
}

/** Words of a name: `PXAUTH-PW` is PXAUTH and PW, `X-API-Key` X, API and Key, `privateKey` private and Key. */
export function wordsOf(name: string): readonly string[] {
  return name.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/);
}

function unescaped(name: string): string {
  return name.replace(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
