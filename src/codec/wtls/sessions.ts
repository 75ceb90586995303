// The sessions of an endpoint, by peer, bounded for each source and in all. Beyond a bound the one that was not used for
// longest ends; one whose secret nobody proved (RSA_anon) never makes one end that was proved.

/** A session in use. */
export interface WtlsSession<C> {
  readonly connection: C;
  /** When it was made, in milliseconds on the monotonic clock. */
  readonly since: number;
  /** True when both ends have proved a secret. */
  readonly proven: boolean;
}

/** Bounds, and how peers are told apart. */
export interface SessionsOptions {
  readonly total: number;
  readonly perSource: number;
  readonly sourceOf: (peer: string) => string;
}

interface Kept<C> extends WtlsSession<C> {
  usedAt: number;
}

/** Sessions of one kind, each map and set in the order of their last use. */
class Kind<C> {
  readonly byPeer = new Map<string, Kept<C>>();
  readonly bySource = new Map<string, Set<string>>();
}

/** Sessions by peer. */
export class Sessions<C> {
  readonly #options: SessionsOptions;
  readonly #proven = new Kind<C>();
  readonly #anonymous = new Kind<C>();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#proven.byPeer.size + this.#anonymous.byPeer.size;
  }

  get peers(): readonly string[] {
    return [...this.#proven.byPeer.keys(), ...this.#anonymous.byPeer.keys()];
  }

  get(peer: string): WtlsSession<C> | undefined {
    return this.#proven.byPeer.get(peer) ?? this.#anonymous.byPeer.get(peer);
  }

  /** The peer whose session has to end before another of `peer` can be kept; `peer` itself when it cannot be. */
  inTheWayOf(peer: string, proven: boolean): string | undefined {
    const kind = this.#kind(proven);
    const ofSource = kind.bySource.get(this.#options.sourceOf(peer));
    if (ofSource !== undefined && ofSource.size >= this.#options.perSource) return first(ofSource);
    if (this.size < this.#options.total) return undefined;
    const anonymous = first(this.#anonymous.byPeer.keys());
    return anonymous ?? (proven ? first(this.#proven.byPeer.keys()) : peer);
  }

  /** Keeps a session with a peer that has none. */
  add(peer: string, session: WtlsSession<C>): void {
    const { byPeer, bySource } = this.#kind(session.proven);
    byPeer.set(peer, { ...session, usedAt: session.since });
    const source = this.#options.sourceOf(peer);
    const ofSource = bySource.get(source) ?? new Set();
    bySource.set(source, ofSource.add(peer));
  }

  remove(peer: string): void {
    const source = this.#options.sourceOf(peer);
    for (const { byPeer, bySource } of [this.#proven, this.#anonymous]) {
      if (!byPeer.delete(peer)) continue;
      const ofSource = bySource.get(source);
      ofSource?.delete(peer);
      if (ofSource?.size === 0) bySource.delete(source);
    }
  }

  /** A record of this session was sent, or came and was true. */
  used(peer: string, now: number): void {
    for (const { byPeer, bySource } of [this.#proven, this.#anonymous]) {
      const session = byPeer.get(peer);
      if (session === undefined) continue;
      session.usedAt = now;
      byPeer.delete(peer);
      byPeer.set(peer, session);
      const ofSource = bySource.get(this.#options.sourceOf(peer));
      ofSource?.delete(peer);
      ofSource?.add(peer);
    }
  }

  /** A peer whose session was not used since `limit`. */
  idleSince(limit: number): string | undefined {
    for (const { byPeer } of [this.#proven, this.#anonymous]) {
      const oldest = byPeer.entries().next();
      if (oldest.done !== true && oldest.value[1].usedAt <= limit) return oldest.value[0];
    }
    return undefined;
  }

  #kind(proven: boolean): Kind<C> {
    return proven ? this.#proven : this.#anonymous;
  }
}

function first(names: Iterable<string>): string | undefined {
  for (const name of names) return name;
  return undefined;
}
