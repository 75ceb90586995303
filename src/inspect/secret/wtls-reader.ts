// A conversation in WTLS read from outside: hellos as they pass, keys from the secret that was given, records opened where
// their MAC holds. Which keys a record is under is never guessed: the MAC says it.
import {
  type ClientHello,
  type DecodedWtlsRecord,
  decodeAlert,
  decodeHandshake,
  decodeWtls,
  type HandshakeMessage,
  recordTypes,
  type ServerHello,
  type WtlsContent,
  type WtlsDecodeOptions,
  type WtlsRecord,
  type WtlsSecret,
  type WtlsSide,
} from '../../codec/wtls/index.ts';
import { DecodeError, equalConstantTime } from '../../core/index.ts';
import { epochsOf, type WtlsEpoch, type WtlsMasterSecrets } from './wtls-epoch.ts';

/** One of the two ends of a conversation, as the capture tells them apart. */
export type End = 0 | 1;

/** A record of a conversation. */
export interface ReadWtlsRecord extends DecodedWtlsRecord {
  /** Who wrote it; `undefined` before a hello of either was seen. */
  readonly from: WtlsSide | undefined;
  /** Only of a record that was protected and is open now. */
  readonly opened?: OpenedWtlsRecord;
  /** Of a record that stays closed: why, and what would open it. */
  readonly why?: string;
}

/** What was under the protection. */
export interface OpenedWtlsRecord {
  /** The fragment without MAC and padding. Offsets of its annotations count from its own start. */
  readonly fragment: Uint8Array;
  /** What it holds; `other` also for what cannot be read. */
  readonly content: WtlsContent;
  /** Which secret opened it, in words. */
  readonly by: string;
  /** What is wrong with a fragment that opened and cannot be read. */
  readonly error?: DecodeError;
}

/** Hellos of each side, and keys, that one conversation keeps: handshakes are repeated and begin anew. */
const maximumHellos = 4;
const maximumEpochs = 16;

/** Records in a row that no keys open, after which only the newest keys are tried: each try costs hashing. */
const patience = 64;
const maximumTried = 2;

const heard: ReadonlySet<string> = new Set(['client-hello', 'server-hello', 'hello-request']);

/** Reads the datagrams of one conversation: two ends by address and port. */
export class WtlsReader {
  readonly #secrets: readonly WtlsSecret[];
  readonly #sessions: WtlsMasterSecrets;
  #client: End | undefined;
  #clientHellos: ClientHello[] = [];
  #serverHellos: ServerHello[] = [];
  /** The one that opened a record last comes first. */
  #epochs: WtlsEpoch[] = [];
  #hasOpened = false;
  #closedInARow = 0;
  #why = 'no handshake of it is in the capture so far';

  /** `sessions` is shared by the conversations of a capture. Takes at most 16 secrets of an identity. */
  constructor(secrets: readonly WtlsSecret[], sessions: WtlsMasterSecrets = new Map()) {
    this.#secrets = secrets;
    this.#sessions = sessions;
  }

  /**
   * The records of the next datagram of `end`, in order of the capture.
   * @throws {DecodeError} when a record, or a message in the clear, is malformed
   */
  read(datagram: Uint8Array, end: End, options: WtlsDecodeOptions = {}): readonly ReadWtlsRecord[] {
    const records = decodeWtls(datagram, options);
    return records.map(({ record, content }) => {
      if (content.type === 'handshake') {
        for (const { message, octets } of content.messages) {
          // Read once more from a copy: a hello is needed for longer than the buffer of its datagram.
          if (heard.has(message.type)) this.#hear(decodeHandshake(octets.slice())[0]?.message, end);
        }
      }
      const from = this.#sideOf(end);
      return content.type === 'encrypted'
        ? { record, content, from, ...this.#open(record, from) }
        : { record, content, from };
    });
  }

  #sideOf(end: End): WtlsSide | undefined {
    if (this.#client === undefined) return undefined;
    return end === this.#client ? 'client' : 'server';
  }

  #hear(message: HandshakeMessage | undefined, end: End): void {
    if (message?.type === 'client-hello') this.#onClientHello(message.hello, end);
    else if (message?.type === 'server-hello') this.#onServerHello(message.hello, end);
    else if (message?.type === 'hello-request') this.#client ??= end === 0 ? 1 : 0;
  }

  #onClientHello(hello: ClientHello, end: End): void {
    this.#client = end;
    if (this.#clientHellos.some(({ random }) => equalConstantTime(random, hello.random))) return;
    this.#clientHellos = [hello, ...this.#clientHellos.slice(0, maximumHellos - 1)];
    for (const server of this.#serverHellos) this.#pair(hello, server);
  }

  #onServerHello(hello: ServerHello, end: End): void {
    this.#client = end === 0 ? 1 : 0;
    if (this.#serverHellos.some(({ random }) => equalConstantTime(random, hello.random))) return;
    this.#serverHellos = [hello, ...this.#serverHellos.slice(0, maximumHellos - 1)];
    if (this.#clientHellos.length === 0) this.#why = 'the ClientHello of its handshake is not in the capture';
    for (const client of [...this.#clientHellos].reverse()) this.#pair(client, hello);
  }

  /** Datagrams change places and get lost, so every pair of hellos may be a handshake: the MACs tell. */
  #pair(client: ClientHello, server: ServerHello): void {
    const made = epochsOf(client, server, this.#secrets, this.#sessions);
    this.#closedInARow = 0;
    if ('why' in made) this.#why = made.why;
    else this.#epochs = [...made.epochs, ...this.#epochs].slice(0, maximumEpochs);
  }

  #open(record: WtlsRecord, from: WtlsSide | undefined): Pick<ReadWtlsRecord, 'opened' | 'why'> {
    if (from === undefined || this.#epochs.length === 0) return { why: this.#why };
    const tried = this.#closedInARow < patience ? maximumEpochs : maximumTried;
    for (const epoch of this.#epochs.slice(0, tried)) {
      const fragment = epoch.open(record, from);
      if (fragment === undefined) continue;
      this.#hasOpened = true;
      this.#closedInARow = 0;
      this.#epochs = [epoch, ...this.#epochs.filter((one) => one !== epoch)];
      epoch.rememberIn(this.#sessions);
      return { opened: openedOf(record, fragment, epoch.name) };
    }
    this.#closedInARow += 1;
    const [first] = this.#epochs;
    return {
      why: this.#hasOpened
        ? 'padding or MAC is wrong: it was damaged, or belongs to another handshake than those in the capture'
        : `it does not open: another secret belongs to the ${first?.name ?? 'identity'} than the one given, or it was damaged`,
    };
  }
}

function openedOf(record: WtlsRecord, fragment: Uint8Array, by: string): OpenedWtlsRecord {
  try {
    return { fragment, by, content: contentOf(record.contentType, fragment) };
  } catch (error) {
    if (error instanceof DecodeError) return { fragment, by, content: { type: 'other' }, error };
    throw error;
  }
}

function contentOf(contentType: number, fragment: Uint8Array): WtlsContent {
  switch (contentType) {
    case recordTypes.changeCipherSpec:
      return { type: 'change-cipher-spec' };
    case recordTypes.alert:
      return { type: 'alert', alert: decodeAlert(fragment) };
    case recordTypes.handshake:
      return { type: 'handshake', messages: decodeHandshake(fragment) };
    case recordTypes.applicationData:
      return { type: 'application-data', data: fragment };
    default:
      return { type: 'other' };
  }
}
