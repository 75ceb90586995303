// Secrets that stand in a template itself: found, and not shown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentTypes } from '../../../src/push/index.ts';
import { centreFindings, type HttpCentreOptions, shownRequests } from '../../../src/push/sms-http/index.ts';

test('literal secrets in query, header fields, form and JSON are hidden, and found', () => {
  const base = { url: 'https://acme.example/send', headers: { 'X-Signature': 'head-hush' } };
  const query = { to: '{to}', ud: '{userData}', pin: '4711', apikey: 'q hush' };
  const json = {
    to: '{to}',
    data: '{userData}',
    auth: { user: 'j-hush', more: ['list "hush"'] },
    api_token: '{account.id}-tail-hush',
  };
  const push = { id: 'p', contentType: contentTypes['dm+wbxml'], body: new Uint8Array(3) };
  const of = (request: HttpCentreOptions['request']): HttpCentreOptions => ({
    name: 'acme',
    account: { id: 'account-hush' },
    request,
    answer: { id: '/id' },
  });
  for (const request of [
    { ...base, query },
    { ...base, form: query },
    { ...base, json },
  ]) {
    const shown = JSON.stringify(shownRequests(of(request), push, '+447700900000'));
    assert.doesNotMatch(shown, /hush|4711/);
    assert.match(shown, /•••/);
  }
  const paths = centreFindings(of({ ...base, json })).map(({ path }) => path);
  for (const path of ['auth.user', 'auth.more[0]', 'api_token'])
    assert.ok(paths.includes(`request.json.${path}`), paths.join(' '));
  assert.ok(!paths.includes('request.json.data'));
});
