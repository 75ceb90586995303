import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Alert, ManagementCommand } from '../../src/codec/syncml/index.ts';
import {
  type ClientSessionOptions,
  codeOfInteraction,
  readUserInteraction,
  type UserInteraction,
  type UserResponse,
  writeUserInteraction,
} from '../../src/session/index.ts';
import { converse, stage } from './conversation.ts';

const alert = (code: number, ...items: readonly string[]): Alert => ({
  name: 'Alert',
  cmdId: '1',
  data: String(code),
  items: items.map((data) => ({ data })),
});

test('DM-PRO-1.2, option string: all keys, URL-encoded', () => {
  const options = 'MINDT=10&MAXDT=60&DR=John%20%26%20Co&MAXLEN=20&IT=A&ET=T';
  assert.deepEqual(readUserInteraction(alert(1102, options, 'Your name?')), {
    kind: 'text',
    text: 'Your name?',
    minimumDisplaySeconds: 10,
    maximumDisplaySeconds: 60,
    defaultResponse: 'John & Co',
    maxLength: 20,
    inputType: 'alphanumeric',
    echoType: 'text',
    choices: [],
  });
});

test('DM-PRO-1.2, option string: empty, unknown keys and values without sense are skipped', () => {
  for (const options of ['', 'X=1&Y', 'MINDT=&MAXDT=soon&MAXLEN=-1&IT=Z&ET=', '&&==&%']) {
    const read = readUserInteraction(alert(1100, options, 'Hello'));
    assert.deepEqual(read, { kind: 'display', text: 'Hello', choices: [] }, options);
  }
});

test('an alert without its text or its choices, or of another code, is none', () => {
  for (const bad of [
    alert(1100),
    alert(1100, ''),
    alert(1103, '', 'Which?'),
    alert(1105, '', 'Text'),
    alert(1200),
  ]) {
    assert.equal(readUserInteraction(bad), undefined);
  }
});

test('what is written is read', () => {
  const request = fc.record(
    {
      kind: fc.constantFrom<UserInteraction['kind']>(
        'display',
        'confirm',
        'text',
        'single-choice',
        'multiple-choice',
      ),
      text: fc.string(),
      minimumDisplaySeconds: fc.nat(100_000),
      maximumDisplaySeconds: fc.nat(100_000),
      defaultResponse: fc.string().map((text) => text.trim()),
      maxLength: fc.nat(1000),
      inputType: fc.constantFrom<NonNullable<UserInteraction['inputType']>>(
        'alphanumeric',
        'numeric',
        'date',
        'time',
        'phone-number',
        'ip-address',
      ),
      echoType: fc.constantFrom<NonNullable<UserInteraction['echoType']>>('text', 'password'),
      choices: fc.array(fc.string(), { minLength: 1 }),
    },
    { requiredKeys: ['kind', 'text', 'choices'], noNullPrototype: true },
  );
  fc.assert(
    fc.property(request, (any) => {
      const wanted = any.kind.endsWith('choice') ? any : { ...any, choices: [] };
      const items = writeUserInteraction(wanted);
      const code = codeOfInteraction(wanted.kind);
      assert.deepEqual(readUserInteraction({ name: 'Alert', cmdId: '1', data: String(code), items }), wanted);
    }),
  );
});

async function ask(command: ManagementCommand, interact?: ClientSessionOptions['interact']): Promise<string> {
  const client = interact === undefined ? {} : { interact };
  const scene = await converse(stage({ client, packages: [[command]] }));
  const status = scene.messages[2]?.message.commands[1];
  assert.ok(status?.name === 'Status');
  return [status.data, ...status.items.map(({ data }) => data)].join(' ');
}

const choose = alert(1103, '', 'Which?', 'red', 'green');
for (const [what, command, response, expected] of [
  ['1100 shown', alert(1100, '', 'Hello'), { response: 'accepted' }, '200'],
  ['1101 yes', alert(1101, '', 'Sure?'), { response: 'accepted' }, '200'],
  ['1101 no', alert(1101, '', 'Sure?'), { response: 'rejected' }, '304'],
  ['1101 cancelled', alert(1101, '', 'Sure?'), { response: 'cancelled' }, '214'],
  ['1101 silence', alert(1101, '', 'Sure?'), { response: 'timeout' }, '408'],
  ['1102 text', alert(1102, '', 'Name?'), { response: 'accepted', text: 'Bruce' }, '200 Bruce'],
  ['1103 one choice', choose, { response: 'accepted', choices: [2] }, '200 2'],
  ['1104 two choices', { ...choose, data: '1104' }, { response: 'accepted', choices: [1, 2] }, '200 1 2'],
  ['no user interface', alert(1100, '', 'Hello'), undefined, '406'],
  ['without a text', alert(1101, ''), { response: 'accepted' }, '412'],
  ['an alert that is no server’s', alert(1226, '', 'x'), { response: 'accepted' }, '406'],
] as const) {
  test(`DM-PRO-1.2, user interaction: ${what} is ${expected}`, async () => {
    const interact = response === undefined ? undefined : async (): Promise<UserResponse> => response;
    assert.equal(await ask(command, interact), expected);
  });
}

test('a user interface that fails is 500', async () => {
  assert.equal(await ask(alert(1100, '', 'Hello'), () => Promise.reject(new Error('no screen'))), '500');
});
