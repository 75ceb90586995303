// A client that is challenged, and challenges the server in its next message: what it says beside that is answered, and
// the server's commands come with the credentials that it asked for (deployed clients end at a package without commands).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmCommand, DmMessage, Status } from '../../src/codec/syncml/index.ts';
import {
  type AuthScheme,
  makeCred,
  makeHmac,
  type SessionCredentials,
  writeChallenge,
} from '../../src/security/index.ts';
import type { Outgoing, ServerSessionOptions, SessionStep } from '../../src/session/index.ts';
import {
  asIncoming,
  converse,
  credentials,
  deviceId,
  effectsOf,
  get,
  line,
  lines,
  serverUri,
  stage,
  twoWay,
} from './conversation.ts';

const schemes = ['basic', 'md5', 'hmac'] as const satisfies readonly AuthScheme[];
const completed = { outcome: 'completed' };
const theirNonce = new Uint8Array(4);

/** A client that says what the test wants, to a server of this project. */
function foreignClient(server: Partial<ServerSessionOptions>, uris: readonly string[] = ['./DevInfo/Man']) {
  const scene = stage({ server, packages: uris.length === 0 ? [] : [uris.map((uri) => get(uri, uri))] });
  let msgId = 0;
  let lastOfServer = '0';
  const client = {
    scene,
    effects: [] as SessionStep['effects'][number][],
    /** Sends a message, and gives the answer. */
    async say(
      commands: readonly DmCommand[],
      proof?: {
        readonly scheme: AuthScheme;
        readonly credentials: SessionCredentials;
        readonly nonce: Uint8Array;
      },
      final = true,
    ): Promise<DmMessage | undefined> {
      msgId += 1;
      const cred =
        proof === undefined || proof.scheme === 'hmac'
          ? {}
          : { cred: makeCred(proof.scheme, proof.credentials, proof.nonce) };
      const name = proof === undefined ? {} : { name: proof.credentials.name };
      const message: DmMessage = {
        header: {
          verDtd: '1.2',
          verProto: 'DM/1.2',
          sessionId: '1234',
          msgId: String(msgId),
          target: { uri: serverUri },
          source: { uri: deviceId, ...name },
          ...cred,
        },
        commands: commands.map((command, index) => ({ ...command, cmdId: String(index + 1) })),
        final,
      };
      const outgoing: Outgoing =
        proof?.scheme === 'hmac'
          ? { message, hmac: (body) => makeHmac(proof.credentials, proof.nonce, body) }
          : { message };
      const step = await scene.server.receive(asIncoming(outgoing));
      client.effects.push(...step.effects);
      if (step.send !== undefined) lastOfServer = step.send.message.header.msgId;
      return step.send?.message;
    },
    /** A Status for the SyncHdr of the server's last message. */
    headerStatus(data: string, chal?: Status['chal']): Status {
      return {
        ...bareStatus(lastOfServer, '0', 'SyncHdr', data),
        ...(chal === undefined ? {} : { chal }),
      };
    },
    commandStatus: (command: DmCommand, data: string): Status =>
      bareStatus(lastOfServer, command.cmdId, command.name, data),
  };
  return client;
}

function bareStatus(msgRef: string, cmdRef: string, cmd: string, data: string): Status {
  return { name: 'Status', cmdId: '', msgRef, cmdRef, cmd, targetRefs: [], sourceRefs: [], data, items: [] };
}

const packageOne: readonly DmCommand[] = [
  { name: 'Alert', cmdId: '', data: '1201', items: [] },
  { name: 'Replace', cmdId: '', items: [{ source: { uri: './DevInfo/DevId' }, data: deviceId }] },
];

function shown(message: DmMessage | undefined): string {
  assert.ok(message);
  return line({ from: 'server', message });
}

/** The nonce of the challenge in a message's Status for SyncHdr. */
function nonceIn(message: DmMessage | undefined): Uint8Array {
  const status = message?.commands.find((command) => command.name === 'Status' && command.cmdRef === '0');
  return (status?.name === 'Status' ? status.chal?.meta.nextNonce : undefined) ?? new Uint8Array();
}

for (const own of schemes) {
  for (const wanted of schemes) {
    test(`challenged under ${own}, a client challenges the server under ${wanted}: commands come at once`, async () => {
      const client = foreignClient({
        client: credentials('client', own, 'stale'),
        server: credentials('server', wanted, 'stale'),
      });
      const first = await client.say(packageOne);
      assert.equal(shown(first), 'S1 SyncHdr=407+Chal Alert=407 Replace=407 Final');
      const proof = {
        scheme: own,
        credentials: credentials('client', own),
        nonce: nonceIn(first),
      };
      const challenge = writeChallenge({ scheme: wanted, nextNonce: theirNonce });
      const second = await client.say([client.headerStatus('407', challenge), ...packageOne], proof);
      const taken = own === 'hmac' ? '200+Chal' : own === 'md5' ? '212+Chal' : '212';
      const cred = wanted === 'hmac' ? '' : ' Cred';
      assert.equal(shown(second), `S2${cred} SyncHdr=${taken} Alert=200 Replace=200 Get Final`);
      assert.deepEqual(
        effectsOf(client.effects, 'received').map(({ command }) => command.name),
        ['Alert', 'Replace'],
      );
      if (wanted !== 'hmac') {
        assert.deepEqual(second?.header.cred, makeCred(wanted, credentials('server', wanted), theirNonce));
      }
      // The nonce that the client gave is kept once the client has said that the credentials hold.
      assert.deepEqual(effectsOf(client.effects, 'server-nonce'), []);
      const asked = second?.commands.at(-1);
      assert.ok(asked !== undefined);
      const next = { ...proof, nonce: nonceIn(second) };
      const third = await client.say(
        [client.headerStatus(wanted === 'hmac' ? '200' : '212'), client.commandStatus(asked, '404')],
        own === 'hmac' ? next : undefined,
      );
      assert.match(shown(third), /Final$/);
      assert.deepEqual(client.scene.server.ended, completed);
      const [answered] = effectsOf(client.effects, 'answered');
      assert.deepEqual(
        answered?.statuses.map(({ status }) => status),
        [404],
      );
      const stored = effectsOf(client.effects, 'server-nonce').map(({ nonce }) => nonce);
      assert.deepEqual(stored, wanted === 'basic' ? [] : [theirNonce]);
    });
  }
}

test('a resynchronising client that challenges all the same gets its commands, and both ends fresh nonces', async () => {
  const client = foreignClient({
    client: credentials('client', 'basic', ''),
    server: credentials('server', 'md5', 'stale'),
    acceptDefaultNonce: true,
  });
  const first = await client.say(packageOne);
  assert.equal(shown(first), 'S1 SyncHdr=407+Chal Alert=407 Replace=407 Final');
  const nextNonce = new Uint8Array(16).fill(7);
  const challenge = writeChallenge({ scheme: 'md5', nextNonce });
  const proof = { scheme: 'basic' as const, credentials: credentials('client', 'basic'), nonce: theirNonce };
  const second = await client.say([client.headerStatus('407', challenge), ...packageOne], proof);
  assert.equal(shown(second), 'S2 Cred SyncHdr=212 Alert=200 Replace=200 Get Final');
  assert.deepEqual(second?.header.cred, makeCred('md5', credentials('server', 'md5'), nextNonce));
  const asked = second?.commands.at(-1);
  assert.ok(asked !== undefined);
  await client.say([client.headerStatus('212'), client.commandStatus(asked, '404')]);
  assert.deepEqual(client.scene.server.ended, completed);
  assert.deepEqual(
    effectsOf(client.effects, 'server-nonce').map(({ nonce }) => nonce),
    [nextNonce],
  );
  assert.equal(effectsOf(client.effects, 'resynchronised').length, 1);
});

test('without commands of the host, the challenged server still says something that has to be answered', async () => {
  const client = foreignClient(
    { client: credentials('client', 'md5', 'n'), server: credentials('server', 'md5', 'n') },
    [],
  );
  const first = await client.say(packageOne);
  const proof = { scheme: 'md5' as const, credentials: credentials('client', 'md5'), nonce: nonceIn(first) };
  const challenge = writeChallenge({ scheme: 'md5', nextNonce: theirNonce });
  const second = await client.say([client.headerStatus('407', challenge), ...packageOne], proof);
  assert.equal(shown(second), 'S2 Cred SyncHdr=212+Chal Alert=200 Replace=200 Get Final');
});

test('a client that goes on with its package while it challenges is asked for the rest first', async () => {
  const client = foreignClient({
    client: credentials('client', 'md5', 'n'),
    server: credentials('server', 'md5', 'n'),
  });
  const first = await client.say(packageOne);
  const proof = { scheme: 'md5' as const, credentials: credentials('client', 'md5'), nonce: nonceIn(first) };
  const challenge = writeChallenge({ scheme: 'md5', nextNonce: theirNonce });
  const alert = packageOne.slice(0, 1);
  const second = await client.say([client.headerStatus('407', challenge), ...alert], proof, false);
  assert.equal(shown(second), 'S2 Cred SyncHdr=212+Chal Alert=200 Alert:1222');
  const third = await client.say([client.headerStatus('212'), ...packageOne.slice(1)]);
  assert.equal(shown(third), 'S3 SyncHdr=212 Replace=200 Get Final');
});

test('a client that does not take the credentials in the end still gets a Status for all that it sent', async () => {
  const client = foreignClient({
    client: credentials('client', 'md5', 'n'),
    server: credentials('server', 'md5', 'n'),
    serverSchemes: ['md5'],
  });
  const first = await client.say(packageOne);
  const proof = { scheme: 'md5' as const, credentials: credentials('client', 'md5'), nonce: nonceIn(first) };
  const challenge = writeChallenge({ scheme: 'hmac', nextNonce: theirNonce });
  const second = await client.say([client.headerStatus('407', challenge), ...packageOne], proof);
  assert.equal(shown(second), 'S2 Cred SyncHdr=212+Chal Alert=200 Replace=200 Alert:1223 Final');
  assert.equal(client.scene.server.ended?.outcome, 'unauthenticated');
});

test('the word of a client on a message without credentials says nothing about them', async () => {
  for (const word of ['200', '212']) {
    const client = foreignClient(
      { client: credentials('client', 'md5', 'n'), server: credentials('server', 'md5', 'n') },
      [],
    );
    const first = await client.say(packageOne);
    const proof = {
      scheme: 'md5' as const,
      credentials: credentials('client', 'md5'),
      nonce: nonceIn(first),
    };
    const second = await client.say([client.headerStatus(word), ...packageOne], proof);
    assert.equal(
      shown(second),
      'S2 Cred SyncHdr=212+Chal Alert=200 Replace=200 Get Final',
      'the server proves itself, and asks whether it did',
    );
  }
});

for (const word of ['0', '', ' ', 'OK']) {
  test(`a Status ${JSON.stringify(word)} says nothing of a message without credentials, and ends the session elsewhere`, async () => {
    const client = foreignClient({
      client: credentials('client', 'md5', 'n'),
      server: credentials('server', 'md5', 'n'),
    });
    const first = await client.say(packageOne);
    const proof = {
      scheme: 'md5' as const,
      credentials: credentials('client', 'md5'),
      nonce: nonceIn(first),
    };
    const second = await client.say([client.headerStatus(word), ...packageOne], proof);
    assert.equal(shown(second), 'S2 Cred SyncHdr=212+Chal Alert=200 Replace=200 Get Final');
    const third = await client.say([client.headerStatus(word)]);
    assert.match(shown(third), /Final$/);
    assert.deepEqual(client.scene.server.ended, {
      outcome: 'failed',
      reason: `the client answers the message with ${JSON.stringify(word.trim())}, which is no status`,
    });
  });
}

test('a Status for a command that is none fails the command, and is quoted', async () => {
  const client = foreignClient({
    client: credentials('client', 'basic'),
    server: credentials('server', 'basic'),
  });
  const proof = { scheme: 'basic' as const, credentials: credentials('client', 'basic'), nonce: theirNonce };
  const first = await client.say(packageOne, proof);
  const asked = first?.commands.at(-1);
  assert.ok(asked !== undefined);
  await client.say([client.headerStatus('212'), client.commandStatus(asked, '0')]);
  const [answered] = effectsOf(client.effects, 'answered');
  assert.deepEqual(answered?.statuses, []);
  assert.equal(answered?.problem, 'the device answered "0", which is no status');
});

test('DM-SEC-1.2, auth-MAC: a peer that answers 212 instead of 200 is taken, and each message is still signed', async () => {
  const scene = stage({ ...twoWay('hmac'), packages: [[get('a', './A')], [get('b', './B')]] });
  // Each end says 212 to the other: what was 200 for a SyncHdr is changed on the way.
  let from: 'client' | 'server' = 'client';
  let step = scene.session.start();
  const said: string[] = [];
  const signed: boolean[] = [];
  for (let rounds = 0; rounds < 10 && step.send !== undefined; rounds += 1) {
    const { message, hmac } = step.send;
    const commands = message.commands.map((command) =>
      command.name === 'Status' && command.cmdRef === '0' ? { ...command, data: '212' } : command,
    );
    const odd: Outgoing = { ...step.send, message: { ...message, commands } };
    said.push(line({ from, message: odd.message }));
    signed.push(hmac !== undefined);
    (from === 'client' ? scene.clientEffects : scene.serverEffects).push(...step.effects);
    from = from === 'client' ? 'server' : 'client';
    step = await (from === 'client' ? scene.session : scene.server).receive(asIncoming(odd));
  }
  (from === 'client' ? scene.clientEffects : scene.serverEffects).push(...step.effects);
  assert.deepEqual(said, [
    'C1 Alert:1200 Replace Final',
    'S1 SyncHdr=212+Chal Alert=200 Replace=200 Get Final',
    'C2 SyncHdr=212+Chal Get=200 Results Final',
    'S2 SyncHdr=212+Chal Get Final',
    'C3 SyncHdr=212+Chal Get=200 Results Final',
    'S3 SyncHdr=212+Chal Final',
  ]);
  assert.deepEqual(signed, [true, true, true, true, true, true]);
  assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
  for (const effects of [scene.clientEffects, scene.serverEffects]) {
    const notes = effectsOf(effects, 'note').map(({ text }) => text);
    assert.ok(
      notes.some((text) => text.includes('212 instead of 200')),
      'the deviation is told',
    );
  }
});

test('on the device, a Status that is none: nothing for a message without credentials, else the end, quoted', async () => {
  for (const scheme of ['md5', 'basic'] as const) {
    const nonce = scheme === 'md5' ? '' : 'n';
    const scene = stage({
      ...twoWay(scheme, { client: nonce, clientAtServer: 'n' }),
      packages: [[get('a', './A')]],
    });
    const begun = scene.session.start();
    assert.ok(begun.send);
    const { header, commands } = begun.send.message;
    const answer: DmMessage = {
      header: { ...header, msgId: '1', target: header.source, source: header.target },
      commands: [
        { ...bareStatus('1', '0', 'SyncHdr', '0'), cmdId: '1' },
        ...commands.map((command, index) => ({
          ...bareStatus('1', command.cmdId, command.name, '200'),
          cmdId: String(index + 2),
        })),
      ],
      final: true,
    };
    const step = await scene.session.receive(asIncoming({ message: answer }));
    const reason =
      scheme === 'md5'
        ? 'the server gave no credentials'
        : 'the server answers the message with "0", which is no status';
    assert.equal(step.end !== undefined && 'reason' in step.end && step.end.reason, reason);
  }
});

test('a session with both ends out of step and both challenging goes through as ever', async () => {
  for (const scheme of ['md5', 'hmac'] as const) {
    const nonces = { client: 'a', clientAtServer: 'b', server: 'c', serverAtClient: 'd' };
    const scene = await converse(stage({ ...twoWay(scheme, nonces), packages: [[get('a', './A')]] }));
    assert.deepEqual(
      [scene.session.ended, scene.server.ended],
      [completed, completed],
      lines(scene).join('\n'),
    );
    assert.deepEqual(scene.executed, ['Get ./A']);
  }
});
