// A TLS connection read from outside with a key log: records of both directions, opened where their tag or MAC holds. What
// is not opened says why, and what would open it.
import type { DecodeError } from '../../core/index.ts';
import { tlsTypes, tlsVersionName, tlsVersions } from './tls-code-points.ts';
import type { TlsClientHello, TlsServerHello } from './tls-hello.ts';
import type { TlsKeyLabel, TlsKeyLog } from './tls-key-log.ts';
import { keysOfTls12 } from './tls-keys.ts';
import { type TlsAlert, type TlsMessage, TlsMessages, tlsAlertIn } from './tls-messages.ts';
import type { TlsOpened } from './tls-protection.ts';
import { type TlsRecord, TlsRecordCutter } from './tls-record.ts';
import { Tls12Protection, Tls13Protection, type TlsProtection } from './tls-side.ts';
import { tlsSuite, tlsSuiteName } from './tls-suites.ts';
import type { End } from './wtls-reader.ts';

/** Who wrote a record. */
export type TlsSide = 'client' | 'server';

/** A record of a connection. */
export interface ReadTlsRecord {
  /** Which direction of the stream. */
  readonly end: End;
  /** `undefined` where no hello was seen. */
  readonly from: TlsSide | undefined;
  readonly record: TlsRecord;
  readonly protected: boolean;
  /** Of a record that was protected and is open now. */
  readonly opened?: TlsOpened;
  /** Of a record that stays closed: why, and what would open it. */
  readonly why?: string;
  /** Handshake messages that end in it. */
  readonly messages: readonly TlsMessage[];
  readonly alert?: TlsAlert;
}

/** Octets of records of one direction that wait for a hello of the other, at most. */
const maximumWaiting = 65_536;

interface Direction {
  readonly cutter: TlsRecordCutter;
  messages: TlsMessages;
  waiting: TlsRecord[];
  waitingOctets: number;
  /** Records are protected from here on. */
  sealed: boolean;
  protection: TlsProtection | undefined;
  /** Why there is none. */
  why: string;
  opened: boolean;
  /** Octets are missing, so that keys and numbers are unknown. */
  broken: boolean;
}

/** Reads the two directions of one TCP connection. */
export class TlsReader {
  readonly #keys: TlsKeyLog;
  readonly #directions: readonly [Direction, Direction] = [newDirection(), newDirection()];
  #client: End | undefined;
  #clientHello: TlsClientHello | undefined;
  #serverHello: TlsServerHello | undefined;
  /** As the server chose it, also where it asked for another hello. */
  #version: number | undefined;
  /** The handshake began before the capture. */
  #midway = false;

  constructor(keys: TlsKeyLog) {
    this.#keys = keys;
  }

  /** What the hellos said so far. */
  get hellos(): { readonly client: TlsClientHello | undefined; readonly server: TlsServerHello | undefined } {
    return { client: this.#clientHello, server: this.#serverHello };
  }

  /**
   * The records that end in the next octets of a direction, and those of the other that waited for them. What waits for a
   * hello comes later, so that records are in order only within a direction.
   */
  read(octets: Uint8Array, end: End): readonly ReadTlsRecord[] {
    const direction = this.#directions[end];
    const read: ReadTlsRecord[] = [];
    for (const record of direction.cutter.feed(octets)) {
      direction.waiting.push(record);
      direction.waitingOctets += record.fragment.length;
      this.#pump(read);
    }
    return read;
  }

  /** Octets of a direction are missing. What comes after cannot be told apart any more. */
  gap(end: End): readonly ReadTlsRecord[] {
    const read = this.finish();
    this.#directions[end].broken = true;
    return read;
  }

  /** Why a direction is not read any further; `undefined` while it is. */
  errorOf(end: End): DecodeError | undefined {
    return this.#directions[end].cutter.error;
  }

  /** Octets of a direction that make no whole record, and where they begin. */
  leftOf(end: End): { readonly at: number; readonly octets: number } {
    const { at, left } = this.#directions[end].cutter;
    return { at, octets: left };
  }

  /** Nothing more comes: records that wait are given as they are. */
  finish(): readonly ReadTlsRecord[] {
    this.#midway = true;
    const read: ReadTlsRecord[] = [];
    this.#pump(read);
    return read;
  }

  #pump(read: ReadTlsRecord[]): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const end of [0, 1] as const) {
        const direction = this.#directions[end];
        const [record] = direction.waiting;
        if (record === undefined || this.#mustWait(direction, record)) continue;
        direction.waiting.shift();
        direction.waitingOctets -= record.fragment.length;
        read.push(this.#take(record, end, direction));
        moved = true;
      }
    }
  }

  /** Protected records need the hellos of both ends, and segments of the two directions come in any order. */
  #mustWait(direction: Direction, record: TlsRecord): boolean {
    if (this.#midway || direction.broken || direction.waitingOctets > maximumWaiting) return false;
    const { contentType } = record;
    if (!direction.sealed && (contentType === tlsTypes.handshake || contentType === tlsTypes.alert))
      return false;
    if (contentType === tlsTypes.changeCipherSpec && this.#isTls13()) return false;
    if (this.#clientHello === undefined && this.#serverHello === undefined) {
      // A stream that does not begin with a handshake was captured from its middle.
      this.#midway = record.at === 0;
      return !this.#midway;
    }
    return this.#clientHello === undefined || this.#serverHello === undefined;
  }

  #take(record: TlsRecord, end: End, direction: Direction): ReadTlsRecord {
    const from = (): TlsSide | undefined => this.#sideOf(end);
    if (direction.broken) {
      const why = 'octets of the stream before it are missing, and with them its number';
      return { end, from: from(), record, protected: true, messages: [], why };
    }
    if (!direction.sealed && record.contentType !== tlsTypes.applicationData) {
      const messages = this.#hear(record.contentType, record.fragment, end, direction);
      const alert = record.contentType === tlsTypes.alert ? tlsAlertIn(record.fragment) : undefined;
      if (record.contentType === tlsTypes.changeCipherSpec) this.#onChangeCipherSpec(end, direction);
      return {
        end,
        from: from(),
        record,
        protected: false,
        messages,
        ...(alert === undefined ? {} : { alert }),
      };
    }
    const isCompatibility = record.contentType === tlsTypes.changeCipherSpec && this.#isTls13();
    if (isCompatibility) return { end, from: from(), record, protected: false, messages: [] };
    return this.#takeProtected(record, end, direction);
  }

  #takeProtected(record: TlsRecord, end: End, direction: Direction): ReadTlsRecord {
    this.#seal(end, direction);
    const common = { end, from: this.#sideOf(end), record, protected: true } as const;
    const opened = direction.protection?.open(record);
    if (opened === undefined) {
      direction.messages.lose();
      return { ...common, messages: [], why: this.#whyClosed(direction) };
    }
    direction.opened = true;
    const messages = this.#hear(opened.contentType, opened.data, end, direction);
    const alert = opened.contentType === tlsTypes.alert ? tlsAlertIn(opened.data) : undefined;
    // Only TLS 1.2 changes keys by a message of its own: a handshake within the connection.
    if (opened.contentType === tlsTypes.changeCipherSpec) this.#onChangeCipherSpec(end, direction);
    return { ...common, opened, messages, ...(alert === undefined ? {} : { alert }) };
  }

  #whyClosed(direction: Direction): string {
    if (direction.protection === undefined) return direction.why;
    if (direction.opened)
      return 'its tag or MAC is wrong: the record was damaged, or records before it are missing';
    return 'it does not open: the key log has another secret under the random of this connection, or it was damaged';
  }

  #hear(type: number, fragment: Uint8Array, end: End, direction: Direction): readonly TlsMessage[] {
    if (type !== tlsTypes.handshake) return [];
    const messages = direction.messages.feed(fragment);
    for (const { hello } of messages) {
      if (hello?.type === 'client-hello') {
        this.#client = end;
        this.#clientHello = hello;
      } else if (hello?.type === 'server-hello') {
        this.#client = end === 0 ? 1 : 0;
        this.#version = hello.version;
        if (!hello.isRetry) this.#serverHello = hello;
      }
    }
    return messages;
  }

  #onChangeCipherSpec(end: End, direction: Direction): void {
    // TLS 1.3 sends it for the sake of boxes on the way.
    if (this.#isTls13()) return;
    direction.sealed = true;
    direction.protection = undefined;
    direction.messages = new TlsMessages();
    this.#seal(end, direction);
  }

  /** Makes the keys of a direction, as soon as they are needed. */
  #seal(end: End, direction: Direction): void {
    direction.sealed = true;
    if (direction.protection !== undefined) return;
    const made = this.#protectionOf(end);
    if (typeof made === 'string') direction.why = made;
    else direction.protection = made;
  }

  #protectionOf(end: End): TlsProtection | string {
    const [client, server, side] = [this.#clientHello, this.#serverHello, this.#sideOf(end)];
    if (client === undefined || side === undefined) {
      return 'the ClientHello, whose random names the keys, is not in the capture';
    }
    if (server === undefined) return 'the ServerHello, which names the cipher, is not in the capture';
    const suite = tlsSuite(server.cipherSuite);
    if (suite === undefined)
      return `its cipher is ${tlsSuiteName(server.cipherSuite)}, which is not read here`;
    const secrets = (labels: readonly TlsKeyLabel[]): readonly Uint8Array[] =>
      labels.flatMap((label) => this.#keys.secretOf(label, client.random) ?? []);
    if (server.version === tlsVersions.tls13) {
      const early: readonly TlsKeyLabel[] = client.earlyData ? ['CLIENT_EARLY_TRAFFIC_SECRET'] : [];
      const labels: readonly TlsKeyLabel[] =
        side === 'client'
          ? [...early, 'CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'CLIENT_TRAFFIC_SECRET_0']
          : ['SERVER_HANDSHAKE_TRAFFIC_SECRET', 'SERVER_TRAFFIC_SECRET_0'];
      const found = secrets(labels).filter(({ length }) => length === (suite.hash === 'sha384' ? 48 : 32));
      return found.length === 0 ? this.#notInLog(labels, client) : new Tls13Protection(suite, found);
    }
    if (server.version !== tlsVersions.tls12) return `${tlsVersionName(server.version)} is not read here`;
    const [master] = secrets(['CLIENT_RANDOM']);
    if (master === undefined) return this.#notInLog(['CLIENT_RANDOM'], client);
    const keys = keysOfTls12(suite, master, client.random, server.random)[side];
    return new Tls12Protection(suite, keys, server.encryptThenMac);
  }

  #notInLog(labels: readonly TlsKeyLabel[], { random }: TlsClientHello): string {
    const wanted = `${labels.join(' or ')} ${Array.from(random.subarray(0, 4), twoDigits).join('')}…`;
    if (this.#keys.connections === 0) return `a key log of either end would open it, with the line ${wanted}`;
    return `the key log has no line ${wanted}: it is of other connections`;
  }

  #isTls13(): boolean {
    return this.#version === tlsVersions.tls13;
  }

  #sideOf(end: End): TlsSide | undefined {
    if (this.#client === undefined) return undefined;
    return end === this.#client ? 'client' : 'server';
  }
}

function newDirection(): Direction {
  return {
    cutter: new TlsRecordCutter(),
    messages: new TlsMessages(),
    waiting: [],
    waitingOctets: 0,
    sealed: false,
    protection: undefined,
    why: '',
    opened: false,
    broken: false,
  };
}

function twoDigits(octet: number): string {
  return octet.toString(16).padStart(2, '0');
}
