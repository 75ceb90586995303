// One SMPP session over a connection that stands, from either end: sequence numbers, requests that wait for their
// response, timers, enquire_link, batched writes (SMPP 3.4 §2, §4.11, §7.2).
import type { Socket } from 'node:net';
import {
  commandIds,
  commandStatuses,
  decodePdu,
  encodePdu,
  isResponseId,
  maxSequence,
  type PduHeader,
  PduReader,
  readHeader,
  type SmppPdu,
  type SmppPduInput,
  setSequence,
} from '../../../codec/smpp/index.ts';
import { type Clock, DecodeError, PushError, type Timer } from '../../../core/index.ts';
import { connectionError, linkLost } from './link-error.ts';
import { readResponse } from './read-response.ts';

/** Times and limits of a connection. */
export interface ConnectionSettings {
  readonly clock: Clock;
  /** Wait for a response, in milliseconds. */
  readonly responseMs: number;
  /** Silence after which enquire_link asks, in milliseconds, once `keepAlive` was called; 0: never. */
  readonly enquireMs: number;
  /** Names the peer in errors. */
  readonly peer: string;
  /** Longest PDU that is taken, in octets. Default 66 000. */
  readonly maxPduLength?: number | undefined;
}

/** What a connection tells its owner. None of these may throw. */
export interface ConnectionEvents {
  /** A request of the peer; `enquire_link` and what no SMPP knows are answered already. */
  onRequest(request: SmppPdu): void;
  /** The connection is over; every request has been told. Called once. */
  onClose(error: PushError): void;
  /** What was written has left, after `congested` was true. */
  onDrain?(): void;
  /** The peer answered otherwise than SMPP has it, which the session survives: what it did. */
  onDeviation?(detail: string): void;
}

/** What comes of a request: the response, or why there is none: `NO_RESPONSE` in time, or `LINK_LOST`. */
export type RequestOutcome = SmppPdu | PushError;

interface Waiting {
  readonly commandId: number;
  readonly deadline: number;
  /** PDUs that had arrived when it was sent. */
  readonly heard: number;
  readonly done: (outcome: RequestOutcome) => void;
}

/** Octets that may wait to be written before nothing more is read. */
const maxUnwritten = 1024 * 1024;
/** Octets that are gathered for one write. */
const batchOctets = 64 * 1024;
const maxUnanswered = 2;

/** One session. */
export class SmppConnection {
  readonly #socket: Socket;
  readonly #settings: ConnectionSettings;
  readonly #events: ConnectionEvents;
  readonly #reader: PduReader;
  /** By sequence number, oldest first: all wait equally long. */
  readonly #waiting = new Map<number, Waiting>();
  #sequence = 0;
  #heard = 0;
  #heardAt: number;
  #unanswered = 0;
  #unansweredEnquiries = 0;
  #responseTimer: Timer | undefined;
  #enquireTimer: Timer | undefined;
  #closeTimer: Timer | undefined;
  #outgoing: Uint8Array[] = [];
  #outgoingOctets = 0;
  #flushing = false;
  #closed: PushError | undefined;
  #ending = false;
  #keptAlive = false;

  /** Begins at once, but for enquire_link: `keepAlive`. */
  constructor(socket: Socket, settings: ConnectionSettings, events: ConnectionEvents) {
    this.#socket = socket;
    this.#settings = settings;
    this.#events = events;
    this.#reader = new PduReader(settings.maxPduLength);
    this.#heardAt = settings.clock.monotonic();
    socket.on('data', (chunk: Uint8Array) => this.#take(chunk));
    socket.on('error', (error) => this.#close(connectionError(error, settings.peer)));
    socket.on('end', () => this.#close(linkLost(settings.peer, 'closed the connection')));
    socket.on('close', () => this.#close(linkLost(settings.peer, 'closed the connection')));
    socket.on('drain', () => {
      socket.resume();
      if (this.#closed === undefined) events.onDrain?.();
    });
  }

  /**
   * From now on silence is asked about with enquire_link, until one end unbinds: the session is bound. Outside of bound
   * states SMPP does not allow it (SMPP 3.4 §2.3, table 2-1), and centres hang up on it.
   */
  keepAlive(): void {
    if (this.#keptAlive || !this.open) return;
    this.#keptAlive = true;
    this.#watch(this.#settings.enquireMs);
  }

  /** Requests that wait for their response, enquire_link left out. */
  get inFlight(): number {
    return this.#waiting.size - this.#unansweredEnquiries;
  }

  /** True while the peer takes less than we write. */
  get congested(): boolean {
    return this.#socket.writableNeedDrain || this.#outgoingOctets >= maxUnwritten;
  }

  /** True until the connection is over or being ended. */
  get open(): boolean {
    return this.#closed === undefined && !this.#ending;
  }

  /** Sends a request, under a sequence number that is set in its octets. `done` is called exactly once. */
  request(pdu: Uint8Array, done: (outcome: RequestOutcome) => void): void {
    if (!this.open) {
      done(lostBy(this.#closed ?? linkLost(this.#settings.peer, 'the connection is being closed')));
      return;
    }
    // Numbers still in use are left out: after 2^31 requests there might be one.
    do this.#sequence = this.#sequence === maxSequence ? 1 : this.#sequence + 1;
    while (this.#waiting.has(this.#sequence));
    setSequence(pdu, this.#sequence);
    const { clock, responseMs } = this.#settings;
    const { commandId } = readHeader(pdu);
    if (commandId === commandIds.unbind) this.#letRest();
    this.#waiting.set(this.#sequence, {
      commandId,
      deadline: clock.monotonic() + responseMs,
      heard: this.#heard,
      done,
    });
    if (this.#responseTimer === undefined) this.#expireAfter(responseMs);
    this.#write(pdu);
  }

  /** Sends a response. */
  respond(response: SmppPduInput): void {
    if (response.command === 'unbind_resp') this.#letRest();
    if (this.#closed === undefined) this.#write(encodePdu(response));
  }

  /** Says nothing more: what is written goes out, then the connection is closed. */
  end(): void {
    if (this.#closed !== undefined || this.#ending) return;
    this.#ending = true;
    this.#letRest();
    this.#flush();
    this.#socket.end();
    // A peer that neither reads nor closes does not keep it.
    const { clock, responseMs, peer } = this.#settings;
    this.#closeTimer = clock.after(responseMs, () =>
      this.#close(linkLost(peer, 'did not close the connection')),
    );
  }

  /** Closes the connection at once. */
  destroy(error: PushError): void {
    this.#close(error);
  }

  #take(chunk: Uint8Array): void {
    if (this.#closed !== undefined) return;
    // Not the Buffer that it is: what is cut out of that is a view, also by `slice`.
    const plain = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    try {
      this.#reader.read(plain, (octets) => {
        this.#hear();
        this.#handle(octets);
        return this.#closed === undefined;
      });
    } catch (error) {
      this.#giveUp(error);
    }
    if (this.#socket.writableLength > maxUnwritten) this.#socket.pause();
  }

  #hear(): void {
    this.#heard += 1;
    this.#heardAt = this.#settings.clock.monotonic();
    this.#unanswered = 0;
  }

  #handle(octets: Uint8Array): void {
    const header = readHeader(octets);
    if (isResponseId(header.commandId)) {
      this.#settle(octets, header);
      return;
    }
    let pdu: SmppPdu;
    try {
      pdu = decodePdu(octets);
    } catch {
      this.#refuse(header.sequence, commandStatuses.ESME_RINVCMDLEN);
      return;
    }
    if (pdu.command === 'opaque') this.#refuse(pdu.sequence, commandStatuses.ESME_RINVCMDID);
    else if (pdu.command === 'enquire_link') {
      this.respond({ command: 'enquire_link_resp', sequence: pdu.sequence });
    } else this.#events.onRequest(pdu);
  }

  /** Were the link given up for an odd answer, what it answers would be sent again, and answered so again. */
  #settle(octets: Uint8Array, header: PduHeader): void {
    const waiting = this.#waiting.get(header.sequence);
    // The answer to a request that was given up: it has been dealt with.
    if (waiting === undefined) return;
    const { response, deviation } = readResponse(octets, header, waiting.commandId);
    if (deviation !== undefined) this.#events.onDeviation?.(deviation);
    if (response === undefined) return;
    this.#waiting.delete(header.sequence);
    waiting.done(response);
  }

  /** The stream makes no sense any more. A sequence of 0 tells the peer so. */
  #giveUp(error: unknown): void {
    const detail = error instanceof DecodeError ? error.message : 'unreadable';
    this.#refuse(0, commandStatuses.ESME_RINVCMDLEN);
    this.#flush();
    const text = `${this.#settings.peer}: sent what is not SMPP: ${detail}`;
    this.#close(new PushError('PROTOCOL', text, true, { cause: error }));
  }

  #refuse(sequence: number, status: number): void {
    this.respond({ command: 'generic_nack', status, sequence });
  }

  #write(octets: Uint8Array): void {
    this.#outgoing.push(octets);
    this.#outgoingOctets += octets.length;
    if (this.#outgoingOctets >= batchOctets) this.#flush();
    else if (!this.#flushing) {
      this.#flushing = true;
      // After everything that this turn of the event loop has to say: one write for all of it.
      setImmediate(() => {
        this.#flushing = false;
        this.#flush();
      });
    }
  }

  #flush(): void {
    const [first, ...more] = this.#outgoing;
    if (first === undefined || this.#socket.destroyed || this.#socket.writableEnded) return;
    const octets = more.length === 0 ? first : Buffer.concat(this.#outgoing, this.#outgoingOctets);
    this.#outgoing = [];
    this.#outgoingOctets = 0;
    this.#socket.write(octets);
  }

  #expireAfter(delayMs: number): void {
    this.#responseTimer?.cancel();
    this.#responseTimer = this.#settings.clock.after(delayMs, () => this.#expire());
  }

  #expire(): void {
    const { clock, responseMs, peer } = this.#settings;
    const now = clock.monotonic();
    this.#responseTimer = undefined;
    for (const [sequence, waiting] of this.#waiting) {
      if (waiting.deadline > now) {
        this.#expireAfter(waiting.deadline - now);
        return;
      }
      if (waiting.heard === this.#heard && waiting.commandId !== commandIds.enquire_link) {
        this.#close(linkLost(peer, `has said nothing for ${responseMs} ms`));
        return;
      }
      this.#waiting.delete(sequence);
      waiting.done(new PushError('NO_RESPONSE', `${peer}: no response within ${responseMs} ms`, true));
      if (this.#closed !== undefined) return;
    }
  }

  /** The session is being ended: no enquire_link any more. */
  #letRest(): void {
    this.#keptAlive = false;
    this.#enquireTimer?.cancel();
  }

  /** Asks when it was silent for too long, and looks again. */
  #watch(delayMs: number): void {
    const { clock, enquireMs } = this.#settings;
    if (enquireMs === 0) return;
    this.#enquireTimer = clock.after(delayMs, () => {
      const silentMs = clock.monotonic() - this.#heardAt;
      if (silentMs < enquireMs) {
        this.#watch(enquireMs - silentMs);
        return;
      }
      this.#enquire();
      this.#watch(enquireMs);
    });
  }

  #enquire(): void {
    if (!this.#keptAlive) return;
    this.#unansweredEnquiries += 1;
    this.request(encodePdu({ command: 'enquire_link' }), (outcome) => {
      this.#unansweredEnquiries -= 1;
      if (!(outcome instanceof PushError) || outcome.code !== 'NO_RESPONSE') return;
      this.#unanswered += 1;
      if (this.#unanswered < maxUnanswered) this.#enquire();
      else this.#close(linkLost(this.#settings.peer, `left ${maxUnanswered} enquire_link unanswered`));
    });
  }

  #close(error: PushError): void {
    if (this.#closed !== undefined) return;
    this.#closed = error;
    this.#responseTimer?.cancel();
    this.#enquireTimer?.cancel();
    this.#closeTimer?.cancel();
    // What is on its way goes out if the system takes it; errors have nobody to tell any more.
    this.#socket.on('error', () => {});
    this.#socket.destroySoon();
    if (this.#socket.writableLength > 0) setImmediate(() => this.#socket.destroy());
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { done } of lost) done(lostBy(error));
    this.#events.onClose(error);
  }
}

function lostBy(error: PushError): PushError {
  if (error.code === 'LINK_LOST') return error;
  return new PushError('LINK_LOST', error.message, true, { cause: error });
}
