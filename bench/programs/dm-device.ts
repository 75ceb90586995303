// A device that runs DM sessions over HTTP: WBXML, MD5, nonces that go on from session to session.
import { messageContentType, readMessage, writeMessage } from '../../src/codec/syncml/index.ts';
import { ClientSession, type SessionCredentials, type SessionStep } from '../../src/session/index.ts';
import { serverId } from './names.ts';

const contentType = messageContentType('wbxml');

/** Sends a body to a path, and gives what came back. */
export type Exchange = (request: {
  readonly path: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}) => Promise<{ readonly status: number; readonly body: Uint8Array }>;

/** What came of a session. */
export interface DeviceSession {
  /** Messages that it sent. */
  readonly sent: readonly Uint8Array[];
  /** Why it did not end well. */
  readonly failure?: string;
}

/** One device of `fill.ts`. */
export class DmDevice {
  readonly #id: string;
  #client: SessionCredentials = cred('bench', 'Y2xpZW50IHNlY3JldA', new Uint8Array(0));
  #server: SessionCredentials = cred(serverId, 'c2Vydm9yIHNlY3JldA', Buffer.from('benchmark nonce'));

  constructor(id: string) {
    this.#id = id;
  }

  /** Runs a session to its end. `path`: where package #1 goes. */
  async session(sessionId: number, path: string, exchange: Exchange): Promise<DeviceSession> {
    const session = new ClientSession({
      sessionId,
      trigger: 'server',
      account: {
        serverId,
        serverUri: `http://127.0.0.1${path}`,
        client: this.#client,
        server: this.#server,
      },
      deviceId: this.#id,
      devInfo: [
        { uri: './DevInfo/DevId', data: this.#id },
        { uri: './DevInfo/Man', data: 'Acme' },
      ],
      encoding: 'wbxml',
      execute: async ({ item }) => ({
        status: 200,
        results: [{ source: { uri: item.target?.uri ?? '' }, data: 'Acme' }],
      }),
    });
    const sent: Uint8Array[] = [];
    let step = session.start();
    for (;;) {
      this.#keep(step);
      if (step.send === undefined) break;
      const { message } = step.send;
      const body = writeMessage(message, 'wbxml');
      sent.push(body);
      const { pathname, search } = new URL(message.header.target.uri);
      const answer = await exchange({ path: pathname + search, contentType, body });
      if (answer.status !== 200) return { sent, failure: `status ${answer.status}` };
      if (step.end !== undefined) break;
      step = await session.receive({ message: readMessage(answer.body, contentType), body: answer.body });
    }
    const { ended } = session;
    return ended?.outcome === 'completed' ? { sent } : { sent, failure: JSON.stringify(ended) };
  }

  #keep({ effects }: SessionStep): void {
    for (const effect of effects) {
      if (effect.effect === 'client-nonce') this.#client = { ...this.#client, nonce: effect.nonce };
      if (effect.effect === 'server-nonce') this.#server = { ...this.#server, nonce: effect.nonce };
    }
  }
}

function cred(name: string, secret: string, nonce: Uint8Array): SessionCredentials {
  return { scheme: 'md5', name, secret, nonce };
}
