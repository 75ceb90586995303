// What of a text is covered, to the character: secrets that a name or their form tells, and nothing of what DM says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secretsInText } from '../../src/inspect/index.ts';

/** The text with `*` for each character that is covered. */
function covered(text: string): string {
  const characters = [...text];
  for (const { offset, length } of secretsInText(text)) characters.fill('*', offset, offset + length);
  return characters.join('');
}

const cases: readonly (readonly [text: string, secret: string])[] = [
  ['say eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln now', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'],
  ['a=%20eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln&b', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'],
  ['{"otp":"123456","a":1}', '123456'],
  ['GET /?code=SplxlOBeZQQYbYS6&b=c HTTP/1.1', 'SplxlOBeZQQYbYS6'],
  ['GET /?a=b&state=af0ifjsldkj93kdk2 HTTP/1.1', 'af0ifjsldkj93kdk2'],
  ['client_assertion=abc&b=c', 'abc'],
  ['X-Session-Id: 4711\r\nB: c', '4711'],
  ['GET /?JSESSIONID=0123456789 HTTP/1.1', '0123456789'],
  ['a=crypto:1 AES inline:WVNfX19zZW1jdGwgKCkg|2^20|1:4', 'WVNfX19zZW1jdGwgKCkg'],
  ['say AKIAABCDEFGHIJKLMNOP now', 'AKIAABCDEFGHIJKLMNOP'],
  ['a: ghp_0123456789abcdefghijABCDEFGHIJ', 'ghp_0123456789abcdefghijABCDEFGHIJ'],
  ['auth_key=abc&b=c', 'abc'],
  ['kennwort=abc&b=c', 'abc'],
  ['Your one-time code is 481516.', '481516'],
  ['481516 is your login code', '481516'],
];

for (const [text, secret] of cases) {
  test(JSON.stringify(text), () => {
    assert.equal(covered(text), text.replace(secret, '*'.repeat(secret.length)));
  });
}

for (const text of [
  '{"sessionId":"1234","state":"failed","code":"BAD_VALUE"}',
  'GET /v1/notifications?state=failed,expired&sessionId=4660 HTTP/1.1',
  '<SessionID>1234</SessionID>',
  'a=rtpmap:0 PCMU/8000',
  'MAKIAABCDEFGHIJKLMNOPQ task_live_0123456789ab',
  'Your order 481516 is ready',
]) {
  test(`nothing of ${text}`, () => assert.equal(covered(text), text));
}
