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
      const body = await this.#collect(stream, place);
      place.finish();
      return { body, release: place.release };
    } catch (error) {
      place.release();
      throw error instanceof BodyRefusal ? error : new BodyRefusal(400, 'the body broke off');
    }
  }

  /** In one buffer of its own, since a small part of a stream may hold a large one. */
  async #collect(stream: Readable, place: HeldOctets): Promise<Uint8Array> {
    let buffer = Buffer.alloc(0);
    let length = 0;
    // The stream stays open, so that whoever sends too much can be told so.
    for await (const part of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      const wanted = length + part.length;
      if (wanted > this.#maxBody) throw this.#tooLong();
      if (wanted > buffer.length) {
        const size = Math.max(wanted, Math.min(this.#maxBody, Math.max(firstOctets, buffer.length * 2)));
        if (!place.take(size - buffer.length)) throw new BodyRefusal(503, 'there is no room now');
        const larger = Buffer.alloc(size);
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      part.copy(buffer, length);
      length = wanted;
    }
    return buffer.subarray(0, length);
  }

  #tooLong(): BodyRefusal {
    return new BodyRefusal(413, `at most ${this.#maxBody} octets`);
  }
}
