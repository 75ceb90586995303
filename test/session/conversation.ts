// Two session machines talking to each other in memory, each message through the codec. No message may be longer than
// its receiver said it takes.
import assert from 'node:assert/strict';

import {
  type DmMessage,
  type ManagementCommand,
  type MessageForm,
  readMessage,
  writeMessage,
} from '../../src/codec/syncml/index.ts';
import { utf8ToBytes } from '../../src/core/index.ts';
import {
  ClientSession,
  type ClientSessionOptions,
  type Incoming,
  type Outgoing,
  ServerSession,
  type ServerSessionOptions,
  type SessionCredentials,
  type SessionEffect,
  type SessionStep,
} from '../../src/session/index.ts';

export const deviceId = 'IMEI:493005100592800';
export const serverId = 'com.mgmtsrv.manage';
export const serverUri = 'https://dm.example/';
export const clientSecret = 'OhBehave';
export const serverSecret = 'srvpwd';

/** Nonces that count: 16 octets, the last one the number. */
export function countingNonces(start: number): () => Uint8Array {
  let next = start;
  return () => {
    const nonce = new Uint8Array(16).fill(0xa0);
    nonce[15] = next;
    next += 1;
    return nonce;
  };
}

export function credentials(
  side: 'client' | 'server',
  scheme: SessionCredentials['scheme'],
  nonce = '',
): SessionCredentials {
  return {
    scheme,
    name: side === 'client' ? 'Bruce2' : serverId,
    secret: side === 'client' ? clientSecret : serverSecret,
    nonce: utf8ToBytes(nonce),
  };
}

export interface Scene {
  readonly client?: Partial<ClientSessionOptions>;
  readonly server?: Partial<ServerSessionOptions>;
  /** What the provider gives, one list a package. */
  readonly packages?: readonly (readonly ManagementCommand[])[];
}

export interface Recorded {
  readonly session: ClientSession;
  readonly server: ServerSession;
  readonly executed: string[];
  readonly form: MessageForm;
  /** Length of each message. */
  readonly octets: number[];
  readonly clientEffects: SessionEffect[];
  readonly serverEffects: SessionEffect[];
  /** Everything that was sent, in order. */
  readonly messages: { readonly from: 'client' | 'server'; readonly message: DmMessage }[];
}

/** A client and a server that fit together, unless `scene` says otherwise; without credentials the transport vouches. */
export function stage(scene: Scene = {}): Recorded {
  const executed: string[] = [];
  const packages = [...(scene.packages ?? [])];
  const session = new ClientSession({
    sessionId: 0x1234,
    trigger: 'server',
    account: { serverId, serverUri },
    deviceId,
    devInfo: [
      { uri: './DevInfo/DevId', data: deviceId },
      { uri: './DevInfo/Lang', data: 'en' },
    ],
    execute: async ({ name, item }) => {
      executed.push(`${name} ${item.target?.uri}`);
      if (name !== 'Get') return { status: 200 };
      return { status: 200, results: [{ source: { uri: item.target?.uri ?? '' }, data: 'value' }] };
    },
    randomNonce: countingNonces(0x10),
    transportTrusted: scene.client?.account?.server === undefined,
    ...scene.client,
  });
  const server = new ServerSession({
    sessionId: 0x1234,
    serverId,
    serverUri,
    deviceId,
    commands: { next: async () => packages.shift() ?? [] },
    randomNonce: countingNonces(0x80),
    transportTrusted: scene.server?.client === undefined,
    ...scene.server,
  });
  const { encoding: form = 'xml' } = session.options;
  return { session, server, executed, form, octets: [], clientEffects: [], serverEffects: [], messages: [] };
}

/** What the carrier does with the n-th message that is sent (from 1, both directions counted together). */
export type Carrier = (n: number) => 'pass' | 'drop' | 'twice';

/**
 * Lets the two talk until neither has anything to say. A dropped message is a timeout of whoever waits for it, unless
 * the client may send its last message again up to `resends` times.
 */
export async function converse(
  scene: Recorded,
  carrier: Carrier = () => 'pass',
  resends = 0,
): Promise<Recorded> {
  const inbox: { readonly to: 'client' | 'server'; readonly incoming: Incoming }[] = [];
  let sent = 0;
  const post = (from: 'client' | 'server', step: SessionStep): void => {
    (from === 'client' ? scene.clientEffects : scene.serverEffects).push(...step.effects);
    if (step.send === undefined) return;
    scene.messages.push({ from, message: step.send.message });
    sent += 1;
    const fate = carrier(sent);
    const to = from === 'client' ? 'server' : 'client';
    const incoming = asIncoming(step.send, scene.form);
    const limit = (from === 'client' ? scene.server : scene.session).options.maxMsgSize;
    const told = scene.messages.some((earlier) => earlier.from !== from);
    if (limit !== undefined && told)
      assert.ok(incoming.body.length <= limit, `${incoming.body.length} > ${limit}`);
    scene.octets.push(incoming.body.length);
    if (fate !== 'drop') inbox.push({ to, incoming });
    if (fate === 'twice') inbox.push({ to, incoming });
  };
  post('client', scene.session.start());
  let left = resends;
  for (let rounds = 0; rounds < 5000; rounds += 1) {
    const next = inbox.shift();
    if (next === undefined) {
      const send = left > 0 ? scene.session.repeat() : undefined;
      if (send === undefined) break;
      left -= 1;
      post('client', { effects: [], send });
      continue;
    }
    const machine = next.to === 'client' ? scene.session : scene.server;
    post(next.to, await machine.receive(next.incoming));
  }
  if (scene.session.ended === undefined) post('client', scene.session.timeout());
  if (scene.server.ended === undefined) post('server', scene.server.timeout());
  return scene;
}

/** A message as the peer gets it. */
export function asIncoming(outgoing: Outgoing, form: MessageForm = 'xml'): Incoming {
  const { message, hmac } = outgoing;
  const body = writeMessage(message, form);
  const read = readMessage(body, form);
  return hmac === undefined ? { message: read, body } : { message: read, body, hmac: hmac(body) };
}

/** A message in one line: `C1 Status:SyncHdr=212+Chal Alert=1200 Replace Final`. */
export function line({ from, message }: Recorded['messages'][number]): string {
  const parts = message.commands.map((command) => {
    if (command.name === 'Status') {
      return `${command.cmd}=${command.data}${command.chal === undefined ? '' : '+Chal'}`;
    }
    return command.name === 'Alert' ? `Alert:${command.data}` : command.name;
  });
  const cred = message.header.cred === undefined ? [] : ['Cred'];
  const who = `${from === 'client' ? 'C' : 'S'}${message.header.msgId}`;
  return [who, ...cred, ...parts, ...(message.final ? ['Final'] : [])].join(' ');
}

export const lines = (scene: Recorded): string[] => scene.messages.map(line);

export const get = (cmdId: string, uri: string): ManagementCommand => ({
  name: 'Get',
  cmdId,
  items: [{ target: { uri } }],
});

/** Effects of one kind. */
export function effectsOf<Kind extends SessionEffect['effect']>(
  effects: readonly SessionEffect[],
  kind: Kind,
): Extract<SessionEffect, { effect: Kind }>[] {
  return effects.filter(
    (effect): effect is Extract<SessionEffect, { effect: Kind }> => effect.effect === kind,
  );
}

/** Both ends' credentials, as each of them knows them. Nonces are text; what is not given is right on both ends. */
export function twoWay(
  scheme: SessionCredentials['scheme'],
  nonces: {
    readonly client?: string;
    readonly clientAtServer?: string;
    readonly server?: string;
    readonly serverAtClient?: string;
  } = {},
): {
  readonly client: Pick<ClientSessionOptions, 'account'>;
  readonly server: Partial<ServerSessionOptions>;
} {
  const { client = 'client nonce', server = 'server nonce' } = nonces;
  return {
    client: {
      account: {
        serverId,
        serverUri,
        client: credentials('client', scheme, client),
        server: credentials('server', scheme, nonces.serverAtClient ?? server),
      },
    },
    server: {
      client: credentials('client', scheme, nonces.clientAtServer ?? client),
      server: credentials('server', scheme, server),
    },
  };
}

/** The nonces that an end holds after a session: what its effects made durable, else what it had. */
export function noncesAfter(
  effects: readonly SessionEffect[],
  before: { readonly client: Uint8Array; readonly server: Uint8Array },
): { readonly client: Uint8Array; readonly server: Uint8Array } {
  return {
    client: effectsOf(effects, 'client-nonce').at(-1)?.nonce ?? before.client,
    server: effectsOf(effects, 'server-nonce').at(-1)?.nonce ?? before.server,
  };
}
