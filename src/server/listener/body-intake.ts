// Reads the bodies of requests, with bounds on what is held of all together: a peer that sends slowly, or many that do, can
// fill no more than their share, and the oldest that is not whole gives way.
import type { Readable } from 'node:stream';
import { type HeldOctets, type OctetBounds, OctetPlaces } from '../../core/index.ts';

/** Octets of bodies that are on their way or worked on: of clients outside a session, and of those in one. */
export interface BodyBounds {
  /** Of clients that may be anybody, for each source. */
  readonly strangers: OctetBounds;
  /** Of sessions, for each device. */
  readonly sessions: OctetBounds;
}

/** 32 MiB of each kind; 8 MiB of one source, 4 MiB of one device. */
export const bodyDefaults: BodyBounds = Object.freeze({
  strangers: Object.freeze({ total: 32 * 1_048_576, perHolder: 8 * 1_048_576 }),
  sessions: Object.freeze({ total: 32 * 1_048_576, perHolder: 4 * 1_048_576 }),
});

/** Why a body was not read. */
export class BodyRefusal extends Error {
  /** 413: longer than a body may be; 503: there is no room now; 400: it broke off. */
  readonly statusCode: 400 | 413 | 503;

  constructor(statusCode: 400 | 413 | 503, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** Octets that are set aside for a body before more of it comes. */
const firstOctets = 4096;

/** Reads bodies. What it gives is counted until it is released. */
export class BodyIntake {
  readonly #maxBody: number;
  readonly #strangers: OctetPlaces;
  readonly #sessions: OctetPlaces;

  /** @throws {RangeError} a bound is not a whole number above 0 */
  constructor(maxBody: number, bounds: BodyBounds) {
    this.#maxBody = maxBody;
    this.#strangers = new OctetPlaces(bounds.strangers);
    this.#sessions = new OctetPlaces(bounds.sessions);
  }

  /**
   * Reads a body. `from` is the device in whose session it comes, or the source of any other.
   * @returns its octets, and what gives their room back
   * @throws {BodyRefusal}
   */
  async read(
    stream: Readable,
    declared: number | undefined,
    from: { readonly device: string } | { readonly source: string },
  ): Promise<{ readonly body: Uint8Array; release(): void }> {
    if (declared !== undefined && declared > this.#maxBody) throw this.#tooLong();
    const displaced = (): void => {
      stream.destroy(new BodyRefusal(503, 'others need the room'));
    };
    const place =
      'device' in from
        ? this.#sessions.open(from.device, displaced)
        : this.#strangers.open(from.source, displaced);
    try {
      const body = await this.#collect(stream, declared ?? this.#maxBody, place);
      place.finish();
      return { body, release: place.release };
    } catch (error) {
      place.release();
      throw error instanceof BodyRefusal ? error : new BodyRefusal(400, 'the body broke off');
    }
  }

  /**
   * In one buffer of its own, since a small part of a stream may hold a large one. The stream stays open when it fails, so that
   * whoever sends too much can be told so.
   */
  #collect(stream: Readable, declared: number, place: HeldOctets): Promise<Uint8Array> {
    const collected = new Collected(Math.min(declared, this.#maxBody), place);
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        stream.off('data', take);
        stream.pause();
        reject(error);
      };
      const take = (part: Buffer): void => {
        try {
          if (collected.length + part.length > this.#maxBody) throw this.#tooLong();
          collected.add(part);
        } catch (error) {
          fail(error);
        }
      };
      stream.on('data', take);
      stream.on('end', () => resolve(collected.octets));
      stream.on('error', fail);
      stream.on('close', () => {
        if (!stream.readableEnded) reject(new BodyRefusal(400, 'the body broke off'));
      });
    });
  }

  #tooLong(): BodyRefusal {
    return new BodyRefusal(413, `at most ${this.#maxBody} octets`);
  }
}

/** Octets as they come. More is set aside than has come, so that they need not be moved for each part. */
class Collected {
  /** Octets that are awaited at most. */
  readonly #most: number;
  readonly #place: HeldOctets;
  #buffer: Buffer = Buffer.alloc(0);
  length = 0;

  constructor(most: number, place: HeldOctets) {
    this.#most = most;
    this.#place = place;
  }

  get octets(): Uint8Array {
    return this.#buffer.subarray(0, this.length);
  }

  /** @throws {BodyRefusal} 503 there is no room for it */
  add(part: Uint8Array): void {
    const wanted = this.length + part.length;
    if (wanted > this.#buffer.length) this.#grow(wanted);
    this.#buffer.set(part, this.length);
    this.length = wanted;
  }

  #grow(wanted: number): void {
    const ahead = Math.max(firstOctets, this.#buffer.length * 2);
    const size = Math.max(wanted, Math.min(this.#most, ahead));
    if (!this.#place.take(size - this.#buffer.length)) throw new BodyRefusal(503, 'there is no room now');
    // Not of the pool that all buffers share, for it may be held as long as a session lasts.
    const larger = Buffer.allocUnsafeSlow(size);
    larger.set(this.octets);
    this.#buffer = larger;
  }
}
