import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesToBase64, utf8ToBytes } from '../../src/core/index.ts';
import {
  asIncoming,
  converse,
  credentials,
  effectsOf,
  get,
  line,
  lines,
  type Scene,
  stage,
  twoWay,
} from './conversation.ts';

const oneGet = [[get('a', './DevInfo/Man')]];
const completed = { outcome: 'completed' };

async function played(scene: Scene): Promise<ReturnType<typeof stage>> {
  return await converse(stage(scene));
}

test('DM-PRO-1.2, packages: with nothing to do, package 2 of Statuses only ends the session', async () => {
  const scene = await played({});
  assert.deepEqual(lines(scene), [
    'C1 Alert:1200 Replace Final',
    'S1 SyncHdr=200 Alert=200 Replace=200 Final',
  ]);
  assert.deepEqual(scene.session.ended, completed);
  assert.deepEqual(scene.server.ended, completed);
  assert.deepEqual(effectsOf(scene.serverEffects, 'peer-authenticated'), [
    { effect: 'peer-authenticated', scheme: 'none', defaultNonce: false },
  ]);
});

test('N12-C-001 N12-S-001 N10-C-001 N10-S-001 N13-C-001 N13-C-008: commands, answers, more commands, end', async () => {
  const packages = [[get('a', './A'), get('b', './B')], [get('c', './C')]];
  const scene = await played({ packages });
  assert.deepEqual(lines(scene), [
    'C1 Alert:1200 Replace Final',
    'S1 SyncHdr=200 Alert=200 Replace=200 Get Get Final',
    'C2 SyncHdr=200 Get=200 Results Get=200 Results Final',
    'S2 SyncHdr=200 Get Final',
    'C3 SyncHdr=200 Get=200 Results Final',
    'S3 SyncHdr=200 Final',
  ]);
  assert.deepEqual(scene.executed, ['Get ./A', 'Get ./B', 'Get ./C']);
  const answered = effectsOf(scene.serverEffects, 'answered');
  assert.deepEqual(
    answered.map(({ command }) => command),
    packages.flat(),
  );
  for (const { statuses, results } of answered) {
    assert.deepEqual(
      statuses.map(({ status }) => status),
      [200],
    );
    assert.deepEqual(
      results.map(({ data }) => data),
      ['value'],
    );
  }
  for (const { message } of scene.messages) assert.equal(message.header.sessionId, '1234');
  assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
});

test('DM-SEC-1.2, auth-basic both ways: 212 each, credentials once', async () => {
  const scene = await played({ ...twoWay('basic'), packages: oneGet });
  assert.deepEqual(lines(scene), [
    'C1 Cred Alert:1200 Replace Final',
    'S1 Cred SyncHdr=212 Alert=200 Replace=200 Get Final',
    'C2 SyncHdr=212 Get=200 Results Final',
    'S2 SyncHdr=212 Final',
  ]);
  assert.equal(scene.messages[0]?.message.header.cred?.data, 'QnJ1Y2UyOk9oQmVoYXZl');
  assert.deepEqual(effectsOf(scene.clientEffects, 'server-nonce'), []);
});

test('DM-SEC-1.2, auth-md5 both ways: 212 with the nonce of the next session, each way', async () => {
  const scene = await played({ ...twoWay('md5'), packages: oneGet });
  assert.deepEqual(lines(scene), [
    'C1 Cred Alert:1200 Replace Final',
    'S1 Cred SyncHdr=212+Chal Alert=200 Replace=200 Get Final',
    'C2 SyncHdr=212+Chal Get=200 Results Final',
    'S2 SyncHdr=212 Final',
  ]);
  for (const kind of ['client-nonce', 'server-nonce'] as const) {
    const atClient = effectsOf(scene.clientEffects, kind);
    assert.equal(atClient.length, 1);
    assert.equal(atClient[0]?.nonce.length, 16);
    assert.deepEqual(effectsOf(scene.serverEffects, kind), atClient);
  }
  const [proof] = effectsOf(scene.clientEffects, 'peer-authenticated');
  assert.deepEqual(proof, { effect: 'peer-authenticated', scheme: 'md5', defaultNonce: false });
});

test('DM-SEC-1.2, auth-MAC both ways: 200 and a new nonce with each message, no Cred', async () => {
  const scene = await played({ ...twoWay('hmac'), packages: [...oneGet, ...oneGet] });
  assert.deepEqual(lines(scene), [
    'C1 Alert:1200 Replace Final',
    'S1 SyncHdr=200+Chal Alert=200 Replace=200 Get Final',
    'C2 SyncHdr=200+Chal Get=200 Results Final',
    'S2 SyncHdr=200+Chal Get Final',
    'C3 SyncHdr=200+Chal Get=200 Results Final',
    'S3 SyncHdr=200+Chal Final',
  ]);
  assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
  for (const kind of ['client-nonce', 'server-nonce'] as const) {
    const atClient = effectsOf(scene.clientEffects, kind).map(({ nonce }) => nonce);
    const atServer = effectsOf(scene.serverEffects, kind).map(({ nonce }) => nonce);
    assert.deepEqual(atClient, atServer);
    assert.equal(atClient.length, kind === 'client-nonce' ? 3 : 2);
  }
});

for (const scheme of ['md5', 'hmac'] as const) {
  test(`DM-SEC-1.2: a stale client nonce is 401 with a fresh one, and ${scheme} goes on`, async () => {
    const scene = await played({
      ...twoWay(scheme, { client: 'old', clientAtServer: 'new' }),
      packages: oneGet,
    });
    assert.match(lines(scene)[1] ?? '', /^S1 SyncHdr=401\+Chal Alert=401 Replace=401 Final$/);
    assert.match(lines(scene)[2] ?? '', /^C2 (Cred )?Alert:1200 Replace Final$/);
    assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
    assert.deepEqual(scene.executed, ['Get ./DevInfo/Man']);
  });

  test(`DM-SEC-1.2: a stale server nonce is 401 from the client, and ${scheme} goes on`, async () => {
    const scene = await played({
      ...twoWay(scheme, { server: 'old', serverAtClient: 'new' }),
      packages: oneGet,
    });
    assert.match(lines(scene)[2] ?? '', /^C2 SyncHdr=401\+Chal Get=401 Final$/);
    assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
    assert.deepEqual(scene.executed, ['Get ./DevInfo/Man']);
    assert.equal(effectsOf(scene.serverEffects, 'answered').length, 1);
    assert.deepEqual(
      effectsOf(scene.serverEffects, 'server-nonce').at(-1),
      effectsOf(scene.clientEffects, 'server-nonce').at(-1),
    );
  });
}

test('no credentials are 407, and the client that has them gives them then', async () => {
  const scene = await played({ ...twoWay('md5', { client: '', server: '' }), packages: oneGet });
  assert.deepEqual(lines(scene), [
    'C1 Alert:1200 Replace Final',
    'S1 SyncHdr=407+Chal Alert=407 Replace=407 Final',
    'C2 Cred Alert:1200 Replace Final',
    'S2 Cred SyncHdr=212+Chal Alert=200 Replace=200 Get Final',
    'C3 SyncHdr=212+Chal Get=200 Results Final',
    'S3 SyncHdr=212 Final',
  ]);
  assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
});

test('a client without credentials that is asked for them ends, and so does the server by time', async () => {
  const { server } = twoWay('md5');
  const scene = await played({ server, packages: oneGet });
  assert.equal(scene.session.ended?.outcome, 'unauthenticated');
  assert.equal(scene.server.ended?.outcome, 'failed');
  assert.deepEqual(scene.executed, []);
});

for (const scheme of ['basic', 'md5', 'hmac'] as const) {
  test(`a client with the wrong secret gets one fresh challenge under ${scheme}, then 401 and no more`, async () => {
    const right = twoWay(scheme);
    const account = {
      ...right.client.account,
      client: { ...credentials('client', scheme, 'n'), secret: 'guess' },
    };
    const scene = await played({ client: { account }, server: right.server, packages: oneGet });
    assert.equal(scene.messages.length, 4);
    assert.match(lines(scene)[1] ?? '', /SyncHdr=401\+Chal/);
    assert.match(lines(scene)[3] ?? '', /^S2 SyncHdr=401 Alert=401 Replace=401 Final$/);
    assert.deepEqual(scene.session.ended, {
      outcome: 'unauthenticated',
      reason: "the peer refuses the credentials: check the client's name and secret on both ends",
    });
    assert.deepEqual(scene.server.ended, {
      outcome: 'unauthenticated',
      reason: "the credentials of the client do not hold: check the client's name and secret on both ends",
    });
    assert.equal(scene.server.authenticated, false);
    assert.deepEqual(scene.executed, []);
    const kinds = new Set([...scene.clientEffects, ...scene.serverEffects].map(({ effect }) => effect));
    assert.deepEqual([...kinds], ['note']);
  });

  test(`a server with the wrong secret gets one fresh challenge under ${scheme}; nothing is carried out`, async () => {
    const right = twoWay(scheme);
    const server = { ...right.server, server: { ...credentials('server', scheme, 'n'), secret: 'guess' } };
    const scene = await played({ client: right.client, server, packages: oneGet });
    assert.equal(scene.session.ended?.outcome, 'unauthenticated');
    assert.equal(scene.server.ended?.outcome, 'unauthenticated');
    assert.deepEqual(scene.executed, []);
    assert.deepEqual(effectsOf(scene.clientEffects, 'client-nonce'), []);
    assert.deepEqual(effectsOf(scene.clientEffects, 'server-nonce'), []);
    const [answered] = effectsOf(scene.serverEffects, 'answered');
    assert.deepEqual([answered?.sent, answered?.statuses], [false, []]);
  });
}

test('DM-SEC-1.2: invalid server credentials without commands are not answered, and no nonce is stored', async () => {
  const { client, server } = twoWay('md5', { server: 'old', serverAtClient: 'new' });
  const scene = await played({ client, server: { ...server, confirmCredentials: false } });
  assert.equal(scene.messages.length, 2);
  assert.equal(scene.session.ended?.outcome, 'unauthenticated');
  assert.deepEqual(effectsOf(scene.clientEffects, 'client-nonce'), []);
  assert.deepEqual(scene.server.ended, completed);
});

test('a server that never proves itself: the session is not completed, and no nonce is stored', async () => {
  const { client, server } = twoWay('md5');
  const { server: _none, ...without } = server;
  const scene = await played({ client, server: without });
  assert.deepEqual(scene.session.ended, {
    outcome: 'unauthenticated',
    reason: 'the server gave no credentials',
  });
  assert.deepEqual(effectsOf(scene.clientEffects, 'client-nonce'), []);
});

test('an account for MD5 does not fall back to basic, unless it allows it', async () => {
  const { client } = twoWay('md5');
  const server = { client: credentials('client', 'basic'), clientSchemes: ['basic'] as const };
  const refused = await played({ client, server });
  assert.equal(refused.session.ended?.outcome, 'unauthenticated');
  const { server: _server, ...account } = client.account;
  const allowed = await played({
    client: { account: { ...account, clientSchemes: ['basic', 'md5'] } },
    server,
  });
  assert.deepEqual(allowed.session.ended, completed);
  assert.equal(allowed.server.authenticated, true);
});

test('a weaker scheme than the server demands is 401 with the right one in the challenge', async () => {
  const { client, server } = twoWay('basic');
  const strict = { ...server, client: credentials('client', 'md5', 'n') };
  const scene = await played({ client, server: strict, packages: oneGet });
  assert.match(lines(scene)[1] ?? '', /SyncHdr=401\+Chal/);
  assert.equal(effectsOf(scene.serverEffects, 'peer-authenticated')[0]?.scheme, 'md5');
  assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
});

test('transport-layer trust: credentials are not demanded, but wrong ones still do not pass', async () => {
  const right = twoWay('md5');
  const { client: _client, server: _server, ...bare } = right.client.account;
  const trusting = { ...right.server, transportTrusted: true };
  const none = await played({ client: { account: bare }, server: trusting, packages: oneGet });
  assert.deepEqual([none.session.ended, none.server.ended], [completed, completed]);
  assert.equal(effectsOf(none.serverEffects, 'peer-authenticated')[0]?.scheme, 'none');
  const account = { ...bare, client: { ...credentials('client', 'md5', 'n'), secret: 'guess' } };
  const wrong = await played({ client: { account }, server: trusting });
  assert.equal(wrong.server.ended?.outcome, 'unauthenticated');
  const { server: _unused, ...withoutCredentials } = right.server;
  const { account: full } = right.client;
  const client = { account: full, transportTrusted: true };
  const byTls = await played({ client, server: withoutCredentials, packages: oneGet });
  assert.deepEqual(byTls.session.ended, completed);
  assert.deepEqual(byTls.executed, ['Get ./DevInfo/Man']);
});

test('DM-SEC-1.2: with neither credentials nor a trusted transport, nothing is carried out and nothing is told', async () => {
  const device = await played({ client: { transportTrusted: false }, packages: oneGet });
  assert.deepEqual(device.executed, []);
  assert.deepEqual(device.session.ended, {
    outcome: 'unauthenticated',
    reason: 'nothing vouches for the server',
  });
  const server = await played({ server: { transportTrusted: false }, packages: oneGet });
  assert.equal(lines(server)[1], 'S1 SyncHdr=407 Alert=407 Replace=407 Final');
  assert.equal(server.server.ended?.outcome, 'unauthenticated');
  assert.deepEqual(effectsOf(server.serverEffects, 'received'), []);
});

test('a server that holds no nonce yet proves itself under the default nonce to a device without one', async () => {
  const scene = await played(twoWay('md5', { server: '' }));
  assert.deepEqual(lines(scene).slice(1), [
    'S1 Cred SyncHdr=212+Chal Alert=200 Replace=200 Get Final',
    'C2 SyncHdr=212+Chal Get=200 Results Final',
    'S2 SyncHdr=212 Final',
  ]);
  assert.equal(effectsOf(scene.serverEffects, 'server-nonce').length, 1);
  assert.deepEqual(scene.server.ended, completed);
});

test('DM-SEC-1.2, auth-MAC: a later message without it ends the session', async () => {
  const scene = stage({ ...twoWay('hmac'), packages: [...oneGet, ...oneGet] });
  const { send } = scene.session.start();
  assert.ok(send);
  const answer = await scene.server.receive(asIncoming(send));
  assert.ok(answer.send);
  const reply = await scene.session.receive(asIncoming(answer.send));
  assert.ok(reply.send);
  const bare = await scene.server.receive(asIncoming({ message: reply.send.message }));
  assert.equal(bare.end?.outcome, 'unauthenticated');
  assert.ok(bare.send);
  assert.match(line({ from: 'server', message: bare.send.message }), /^S2 SyncHdr=407 Final$/);
});

test('a peer that never decodes its nonce is believed only where that is allowed', async () => {
  const { client, server } = twoWay('md5');
  const text = credentials('client', 'md5', bytesToBase64(utf8ToBytes('client nonce')));
  const account = { ...client.account, client: text };
  const strict = await played({ client: { account }, server });
  assert.match(lines(strict)[1] ?? '', /SyncHdr=401/);
  const lenient = await played({ client: { account }, server: { ...server, acceptNonceText: true } });
  assert.match(lines(lenient)[1] ?? '', /SyncHdr=212/);
});

test('DM-SEC-1.2: whoever is challenged again after a fresh nonce gives up, however patient the peer is', async () => {
  const right = twoWay('md5');
  const account = {
    ...right.client.account,
    client: { ...credentials('client', 'md5', 'n'), secret: 'guess' },
  };
  const client = await played({ client: { account }, server: { ...right.server, maxChallenges: 50 } });
  assert.equal(client.messages.length, 4);
  assert.deepEqual(client.session.ended, {
    outcome: 'unauthenticated',
    reason: "the peer refuses the credentials again: check the client's name and secret on both ends",
  });
  const server = { ...right.server, server: { ...credentials('server', 'md5', 'n'), secret: 'guess' } };
  const scene = await played({ client: { ...right.client, maxChallenges: 50 }, server, packages: oneGet });
  assert.match(lines(scene).at(-1) ?? '', /Alert:1223 Final$/);
  assert.deepEqual(scene.server.ended, {
    outcome: 'unauthenticated',
    reason: "the peer refuses the credentials again: check the server's name and secret on both ends",
  });
});

test('DM-SEC-1.2: a server that asks again in mid-session gets the same message with credentials', async () => {
  const scene = stage({ ...twoWay('md5'), packages: oneGet });
  const { send } = scene.session.start();
  assert.ok(send);
  const answer = await scene.server.receive(asIncoming(send));
  assert.ok(answer.send);
  const reply = await scene.session.receive(asIncoming(answer.send));
  assert.ok(reply.send);
  assert.equal(reply.send.message.header.cred, undefined);
  const { header, commands } = answer.send.message;
  const [status] = commands;
  assert.ok(status?.name === 'Status');
  const nextNonce = new Uint8Array(16).fill(3);
  const chal = { meta: { type: 'syncml:auth-md5', format: 'b64', nextNonce } };
  const challenge = {
    header: { ...header, msgId: '2' },
    commands: [{ ...status, msgRef: '2', data: '401', chal }],
    final: true,
  };
  const again = await scene.session.receive(asIncoming({ message: challenge }));
  assert.ok(again.send);
  assert.equal(
    line({ from: 'client', message: again.send.message }),
    'C3 Cred SyncHdr=212+Chal Get=200 Results Final',
  );
  assert.deepEqual(effectsOf(again.effects, 'client-nonce'), []);
  assert.deepEqual(scene.executed, ['Get ./DevInfo/Man']);
});
