// A device in memory: checks pushes like a real one and runs its end of the session, over any carrier of DM messages.
import {
  type DecodedNotification,
  decodeNotification,
  verifyNotification,
} from '../../src/codec/notification/index.ts';
import {
  type MessageForm,
  messageContentType,
  readMessage,
  writeMessage,
} from '../../src/codec/syncml/index.ts';
import type { Push } from '../../src/push/index.ts';
import type { DmRequest, DmResponse } from '../../src/server/index.ts';
import {
  ClientSession,
  type ClientSessionOptions,
  type Incoming,
  type Outgoing,
  type SessionCredentials,
  type SessionEnd,
  type SessionStep,
} from '../../src/session/index.ts';

/** Carries one message to the server. */
export type Carrier = (request: DmRequest & { readonly url: string }) => Promise<DmResponse>;

export interface DeviceState {
  readonly deviceId: string;
  readonly serverId: string;
  readonly serverUri: string;
  client: SessionCredentials;
  server: SessionCredentials;
}

export interface SessionRun {
  readonly end: SessionEnd | undefined;
  /** Answers of the server in order. */
  readonly responses: readonly DmResponse[];
  /** The requests as they went out. */
  readonly requests: readonly (DmRequest & { readonly url: string })[];
}

export class ScriptedDevice {
  readonly state: DeviceState;
  readonly form: MessageForm;
  readonly #carrier: Carrier;
  readonly peer: string;
  /** Verdicts of the pushes so far. */
  readonly verdicts: ('given' | 'default' | null)[] = [];

  constructor(state: DeviceState, carrier: Carrier, options: { form?: MessageForm; peer?: string } = {}) {
    this.state = state;
    this.#carrier = carrier;
    this.form = options.form ?? 'xml';
    this.peer = options.peer ?? '192.0.2.1';
  }

  /** Takes a push: verified, it opens a session; otherwise it is ignored. */
  async take(push: Push, changes: Partial<ClientSessionOptions> = {}): Promise<SessionRun | undefined> {
    const decoded: DecodedNotification = decodeNotification(push.body, {
      contentTypeCode: push.contentType.code,
    });
    const { secret, nonce } = this.state.server;
    const verdict = verifyNotification(decoded, { secret, nonce });
    this.verdicts.push(verdict);
    if (verdict === null) return undefined;
    return this.run({
      sessionId: decoded.message.sessionId,
      defaultNonce: verdict === 'default' && decoded.format !== 'dm1.3',
      ...changes,
    });
  }

  /** Runs a session to its end. */
  async run(
    changes: Partial<ClientSessionOptions> & { readonly sessionId: number },
    limit = 20,
  ): Promise<SessionRun> {
    const session = this.open(changes);
    const responses: DmResponse[] = [];
    const requests: SessionRun['requests'][number][] = [];
    let step: SessionStep = session.start();
    for (let count = 0; count < limit; count += 1) {
      this.keep(step);
      if (step.send === undefined) break;
      const request = this.request(step.send);
      requests.push(request);
      const response = await this.#carrier(request);
      responses.push(response);
      if (step.end !== undefined || response.status !== 200) break;
      step = await session.receive(this.read(response));
    }
    return { end: session.ended, responses, requests };
  }

  /** The client's end of a session, not started. */
  open(changes: Partial<ClientSessionOptions> & { readonly sessionId: number }): ClientSession {
    const { deviceId, serverId, serverUri, client, server } = this.state;
    return new ClientSession({
      trigger: 'server',
      account: { serverId, serverUri, client, server },
      deviceId,
      devInfo: [
        { uri: './DevInfo/DevId', data: deviceId },
        { uri: './DevInfo/Man', data: 'Acme' },
      ],
      encoding: this.form,
      execute: async () => ({ status: 200 }),
      ...changes,
    });
  }

  /** A message as it goes out. */
  request({ message, hmac }: Outgoing): SessionRun['requests'][number] {
    const body = writeMessage(message, this.form);
    const url = message.header.target.uri;
    const token = new URL(url).searchParams.get('s');
    return {
      url,
      method: 'POST',
      contentType: messageContentType(this.form),
      body,
      peer: this.peer,
      ...(token !== null && { token }),
      ...(hmac !== undefined && { hmac: hmac(body) }),
    };
  }

  /** An answer as it comes in. */
  read({ headers, body }: DmResponse): Incoming {
    const hmac = headers['x-syncml-hmac'];
    const message = readMessage(body, headers['content-type'] ?? '');
    return hmac === undefined ? { message, body } : { message, body, hmac };
  }

  /** `cmd=status` of every Status in an answer, and the names of other commands. */
  statusesOf(response: DmResponse): string {
    return this.read(response)
      .message.commands.map((command) =>
        command.name === 'Status' ? `${command.cmd}=${command.data}` : command.name,
      )
      .join(' ');
  }

  /** Stores what a step makes durable. */
  keep(step: SessionStep): void {
    for (const effect of step.effects) {
      if (effect.effect === 'client-nonce') this.state.client = { ...this.state.client, nonce: effect.nonce };
      if (effect.effect === 'server-nonce') this.state.server = { ...this.state.server, nonce: effect.nonce };
    }
  }
}
