// A DM server on real HTTP for the device tests: one device, nonces in memory, commands as scripted.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type DmMessage,
  type ManagementCommand,
  messageContentType,
  messageForm,
  readMessage,
  writeMessage,
} from '../../src/codec/syncml/index.ts';
import type { AuthScheme } from '../../src/security/index.ts';
import {
  type CommandStatus,
  type Incoming,
  ServerSession,
  type SessionEffect,
  type SessionEnd,
  sessionIdOf,
} from '../../src/session/index.ts';
import { serverId as onlyServerId, secret } from './fixtures.ts';

export const deviceId = 'IMEI:493005100592800';

/** What the server keeps of its device. */
export interface Nonces {
  client: Uint8Array;
  server: Uint8Array;
}

/** An answer instead of the session's. */
export type Interference =
  | number
  | 'hang up'
  | 'hang'
  | 'empty'
  | { readonly type: string; readonly body: string };

export class ScriptedServer {
  readonly nonces: Nonces;
  readonly scheme: AuthScheme;
  readonly serverId: string;
  /** Session-IDs of notifications sent under the default nonce. */
  readonly resynchronising = new Set<number>();
  /** SRVCRED of the server. */
  secret = secret;
  /** Commands of each session's packages, in order. */
  script: readonly (readonly ManagementCommand[])[] = [];
  /** Called with the number of the request, from 1. */
  interfere: (request: number) => Interference | undefined = () => undefined;
  readonly messages: DmMessage[] = [];
  readonly requests: IncomingMessage[] = [];
  readonly effects: SessionEffect[] = [];
  readonly ends: SessionEnd[] = [];
  readonly answers: {
    readonly name: string;
    readonly statuses: readonly CommandStatus[];
    readonly data: unknown[];
  }[] = [];
  readonly #http: Server;
  readonly #sessions = new Map<number, ServerSession>();

  constructor(nonces: Nonces, scheme: AuthScheme = 'md5', serverId = onlyServerId) {
    this.nonces = nonces;
    this.scheme = scheme;
    this.serverId = serverId;
    this.#http = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('error', () => undefined);
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => void this.#handle(request, Buffer.concat(parts), response));
    });
  }

  async start(port = 0): Promise<void> {
    this.#http.listen(port, '127.0.0.1');
    await new Promise((resolve) => this.#http.once('listening', resolve));
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/dm`;
  }

  /** As after kill -9: sessions are gone, what was stored is not. */
  forgetSessions(): void {
    this.#sessions.clear();
  }

  /** Commands of the first package #1, by name. */
  names(message = 0): string[] {
    return this.messages[message]?.commands.map((command) => command.name) ?? [];
  }

  close(): Promise<void> {
    this.#http.closeAllConnections();
    return new Promise((resolve) => this.#http.close(() => resolve()));
  }

  async #handle(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    this.requests.push(request);
    const interference = this.interfere(this.requests.length);
    if (interference === 'hang') return;
    if (interference === 'hang up') {
      request.socket.destroy();
      return;
    }
    if (typeof interference === 'number') {
      response.writeHead(interference).end();
      return;
    }
    if (interference === 'empty') {
      response.end();
      return;
    }
    if (interference !== undefined) {
      response.setHeader('content-type', interference.type);
      response.end(interference.body);
      return;
    }
    const form = messageForm(request.headers['content-type'] ?? '') ?? 'xml';
    const hmac = request.headers['x-syncml-hmac'];
    const incoming: Incoming = {
      message: readMessage(body, form),
      body,
      ...(typeof hmac === 'string' ? { hmac } : {}),
    };
    this.messages.push(incoming.message);
    const session = this.#sessionFor(incoming, form);
    if (session === undefined) {
      response.writeHead(404).end();
      return;
    }
    const step = await session.receive(incoming);
    for (const effect of step.effects) this.#apply(effect);
    if (step.end !== undefined) this.ends.push(step.end);
    if (step.send === undefined) {
      response.writeHead(400).end();
      return;
    }
    const answer = writeMessage(step.send.message, form);
    if (step.send.hmac !== undefined) response.setHeader('x-syncml-hmac', step.send.hmac(answer));
    response.setHeader('content-type', messageContentType(form));
    response.end(answer);
  }

  #sessionFor(incoming: Incoming, encoding: 'xml' | 'wbxml'): ServerSession | undefined {
    const sessionId = sessionIdOf(incoming.message.header.sessionId, () => true) ?? 0;
    const known = this.#sessions.get(sessionId);
    if (known !== undefined && known.order(incoming) !== 'restart') return known;
    // A session begins with message 1; a later one belongs to a session that is forgotten.
    if (incoming.message.header.msgId !== '1') return undefined;
    const packages = [...this.script];
    const session = new ServerSession({
      sessionId,
      serverId: this.serverId,
      serverUri: this.url,
      deviceId,
      client: { scheme: this.scheme, name: 'Bruce2', secret: 'OhBehave', nonce: this.nonces.client },
      server: { scheme: this.scheme, name: this.serverId, secret: this.secret, nonce: this.nonces.server },
      acceptDefaultNonce: this.resynchronising.has(sessionId),
      commands: { next: () => Promise.resolve(packages.shift() ?? []) },
      encoding,
    });
    this.#sessions.set(sessionId, session);
    return session;
  }

  #apply(effect: SessionEffect): void {
    this.effects.push(effect);
    if (effect.effect === 'client-nonce') this.nonces.client = effect.nonce;
    if (effect.effect === 'server-nonce') this.nonces.server = effect.nonce;
    if (effect.effect === 'answered') {
      const { name } = effect.command;
      this.answers.push({ name, statuses: effect.statuses, data: effect.results.map((item) => item.data) });
    }
  }
}
