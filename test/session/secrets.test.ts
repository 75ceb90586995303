import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesToBase64, bytesToHex } from '../../src/core/index.ts';
import type { SessionCredentials } from '../../src/session/index.ts';
import {
  clientSecret,
  converse,
  credentials,
  get,
  type Recorded,
  type Scene,
  serverSecret,
  stage,
  twoWay,
} from './conversation.ts';

const packages = [[get('a', './A')]];

/** Everything that a host may log: notes, ends, and errors. */
function loggable(run: Recorded): string {
  const notes = [...run.clientEffects, ...run.serverEffects].filter(({ effect }) => effect === 'note');
  return JSON.stringify([notes, run.session.ended, run.server.ended]);
}

function wrongSecret(side: 'client' | 'server', scheme: SessionCredentials['scheme']): Scene {
  const right = twoWay(scheme);
  const wrong = { ...credentials(side, scheme, 'client nonce'), secret: 'guess' };
  return side === 'client'
    ? { client: { account: { ...right.client.account, client: wrong } }, server: right.server }
    : { client: right.client, server: { ...right.server, server: wrong } };
}

for (const scheme of ['basic', 'md5', 'hmac'] as const) {
  for (const side of ['client', 'server'] as const) {
    test(`notes and ends hold no secret, nonce or digest: ${scheme}, wrong secret of the ${side}`, async () => {
      const run = await converse(stage({ ...wrongSecret(side, scheme), packages }));
      const text = loggable(run);
      assert.match(text, /credentials/);
      for (const secret of [clientSecret, serverSecret, 'guess', 'client nonce', 'server nonce']) {
        assert.ok(!text.includes(secret), `${secret} in ${text}`);
      }
      for (const { message } of run.messages) {
        const { cred } = message.header;
        if (cred !== undefined) assert.ok(!text.includes(cred.data));
        for (const command of message.commands) {
          const nonce = command.name === 'Status' ? command.chal?.meta.nextNonce : undefined;
          if (nonce === undefined) continue;
          assert.ok(!text.includes(bytesToHex(nonce)) && !text.includes(bytesToBase64(nonce)));
        }
      }
    });
  }
}

test('what a device says when a command fails inside is a name, not the error with its values', async () => {
  const execute = () => Promise.reject(new RangeError('cannot store AAuthSecret hunter2'));
  const run = await converse(stage({ client: { execute }, packages }));
  assert.ok(!loggable(run).includes('hunter2'));
  assert.match(loggable(run), /Get failed on the device: RangeError/);
  for (const { message } of run.messages) assert.ok(!JSON.stringify(message).includes('hunter2'));
});
