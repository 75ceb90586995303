import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeRequest,
  decodeResponse,
  encodeChallenge,
  encodeRequest,
  encodeResponse,
  headerIds,
  NonceMemory,
  type ObexServerOptions,
  octetsHeader,
  opcodes,
  responseCodes,
} from '../../../src/codec/obex/index.ts';
import { account, counter, newClient, newServer, open, put, run, success } from './session-pair.ts';

const wrong = { ...account, password: 'wrong' };

test('PB-C-008 PB-S-008 IrOBEX §3.5: mutual: both sides prove the password before anything is sent', () => {
  const client = newClient({ credentials: account, mutual: true });
  const server = newServer({ accounts: [{ password: 'other' }, account] });
  const { last, refusals } = run(client, server, client.connect());
  assert.deepEqual(last, { kind: 'connected', maxPacketLength: 4096, serverAuthenticated: true });
  assert.deepEqual(refusals, ['challenge']);
});

test('IrOBEX §3.5: a client that asks for proof has to give its own first', () => {
  const server = newServer({ accounts: [account] });
  const { packet } = server.receive(newClient({ credentials: account, mutual: true }).connect());
  const { code, headers } = decodeResponse(packet ?? success, { toConnect: true });
  assert.equal(code, responseCodes.unauthorized);
  assert.equal(octetsHeader(headers, headerIds.authenticationResponse), undefined);
});

test('PB-S-008 a device without accounts proves nothing, and the client goes away', () => {
  const client = newClient({ credentials: account, mutual: true });
  const { last } = run(client, newServer(), client.connect());
  assert.ok(last.kind === 'refused' && last.reason === 'server-not-authenticated');
});

test('PB-S-008 a device that proves another password is not taken', () => {
  const client = newClient({ credentials: account, mutual: true });
  client.connect();
  const server = newServer({ accounts: [wrong], authenticateConnect: true });
  const stranger = newClient({ credentials: wrong, mutual: true });
  const answer = stranger.receive(server.receive(stranger.connect()).packet ?? success);
  assert.ok(answer?.kind === 'send');
  const step = client.receive(server.receive(answer.packet).packet ?? success);
  assert.ok(step?.kind === 'refused' && step.reason === 'server-not-authenticated');
});

test('PB-C-008 wrong password: Unauthorized, a new challenge, and the client does not try again', () => {
  const client = newClient({ credentials: wrong });
  const server = newServer({ accounts: [account], authenticateConnect: true });
  const { last, refusals } = run(client, server, client.connect());
  assert.ok(last.kind === 'refused' && last.reason === 'credentials-refused');
  assert.deepEqual(refusals, ['challenge', 'credentials']);
});

test('PB-C-008 after three wrong proofs the server ends the session', () => {
  const server = newServer({ accounts: [account], authenticateConnect: true });
  const ends = [1, 2, 3].map(() => {
    const client = newClient({ credentials: wrong });
    const answer = client.receive(server.receive(client.connect()).packet ?? success);
    assert.ok(answer?.kind === 'send');
    return server.receive(answer.packet).end;
  });
  assert.deepEqual(ends, [false, false, true]);
});

test('PB-C-008 a proof holds once: replayed, it is wrong', () => {
  const server = newServer({ accounts: [account], authenticateConnect: true });
  const client = newClient({ credentials: account });
  const answer = client.receive(server.receive(client.connect()).packet ?? success);
  assert.ok(answer?.kind === 'send');
  const reasons = [1, 2, 3].map(() => {
    const { event } = server.receive(answer.packet);
    return event?.kind === 'refused' ? event.reason : event?.kind;
  });
  assert.deepEqual(reasons, ['connected', 'challenge', 'credentials']);
});

test('without credentials a challenge ends it; so does one that wants a user identifier, without any', () => {
  for (const credentials of [undefined, { password: account.password }]) {
    const client = newClient({ credentials });
    const server = newServer({ accounts: [account], authenticateConnect: true });
    const { last } = run(client, server, client.connect());
    assert.ok(last.kind === 'refused' && last.reason === 'credentials-missing');
  }
});

const forObjects: Partial<ObexServerOptions> = {
  accounts: [account],
  maxPacketLength: 255,
  admit: (_, proved) => (proved === undefined ? responseCodes.unauthorized : responseCodes.success),
};

test('PB-C-008 credentials wanted for an object: the PUT is challenged and sent again from its start', () => {
  const client = newClient({ credentials: account });
  const server = newServer(forObjects);
  open(client, server);
  const { last, objects } = run(client, server, client.put(put(600)));
  assert.equal(last.kind, 'accepted');
  assert.deepEqual(
    objects.map(({ body }) => body.length),
    [600],
  );
});

test('PB-C-008 credentials wanted for an object, and the wrong ones given: it does not come through', () => {
  const client = newClient({ credentials: wrong });
  const server = newServer(forObjects);
  open(client, server);
  const { last, objects } = run(client, server, client.put(put(600)));
  assert.ok(last.kind === 'refused' && last.reason === 'credentials-refused');
  assert.equal(objects.length, 0);
});

test('a client does not answer its own challenge when it comes back, in the same session or in another', () => {
  const nonces = new NonceMemory();
  const first = newClient({ credentials: account, mutual: true, nonces });
  const second = newClient({ credentials: account, mutual: true, nonces, random: counter(0xc2) });
  const sent = octetsHeader(decodeRequest(first.connect()).headers, headerIds.authenticationChallenge);
  assert.ok(sent !== undefined);
  const reflected = encodeResponse({
    code: responseCodes.unauthorized,
    connect: { maxPacketLength: 255 },
    headers: [{ id: headerIds.authenticationChallenge, value: sent }],
  });
  second.connect();
  for (const client of [first, second]) {
    const step = client.receive(reflected);
    assert.ok(step?.kind === 'refused' && step.reason === 'protocol');
  }
});

test('a server sends no proof over a nonce of its own', () => {
  const nonce = new Uint8Array(16).fill(7);
  const server = newServer({ accounts: [account], authenticateConnect: true, random: () => nonce });
  const client = newClient({ credentials: account });
  const answer = client.receive(server.receive(client.connect()).packet ?? success);
  assert.ok(answer?.kind === 'send');
  const { connect, headers } = decodeRequest(answer.packet);
  assert.ok(connect !== undefined);
  const trap = { id: headerIds.authenticationChallenge, value: encodeChallenge({ nonce }) };
  const { packet } = server.receive(
    encodeRequest({ opcode: opcodes.connect, final: true, connect, headers: [...headers, trap] }),
  );
  const response = decodeResponse(packet ?? success, { toConnect: true });
  assert.equal(response.code, responseCodes.success);
  assert.equal(octetsHeader(response.headers, headerIds.authenticationResponse), undefined);
});
