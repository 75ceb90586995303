// Fragments of IP put together (RFC 791 §3.2, RFC 8200 §4.5), within bounds.
import { bytesToHex, concatBytes } from '../../core/index.ts';
import { addressOctets, type PacketHeaders } from '../frames/packet-headers.ts';
import { mostNamedFrames } from './captured-message.ts';
import { WaitingParts } from './waiting-parts.ts';

/** Octets of a datagram at their place. */
interface Piece {
  readonly start: number;
  readonly octets: Uint8Array;
}

/** The pieces of a datagram. */
interface Pieces {
  readonly pieces: Piece[];
  /** Octets in them. */
  octets: number;
  /** Fragments overlapped with other octets than were there. */
  overlap: boolean;
}

/** A fragment as it was seen; `end` is that of the datagram where it is its last one. */
interface SeenPiece extends Piece {
  readonly frame: number;
  readonly seconds: number;
  readonly end: number | undefined;
}

/** A datagram that became whole, and fragments like its own that came since, from its first one on. */
interface Whole {
  readonly octets: Uint8Array;
  /** When it became whole, in seconds. */
  readonly since: number;
  readonly again: SeenPiece[];
}

interface Open extends Pieces {
  readonly frames: number[];
  /** Octets in all, once the last fragment was seen. */
  total: number | undefined;
  readonly datagram: DatagramHead;
}

/** What all fragments of a datagram share. */
export interface DatagramHead {
  readonly version: 4 | 6;
  readonly protocol: number;
  /** Source and destination as they stand in the header. */
  readonly addresses: Uint8Array;
}

/** Bounds of what waits for its fragments; seconds are those of the capture. */
const bounds = { open: 1024, ofOneSource: 64, octets: 4 << 20, seconds: 60, again: 5 } as const;
const most = { pieces: 1024, whole: 64, datagram: 65_535 } as const;

/** A datagram that is whole. */
export interface WholeDatagram {
  readonly octets: Uint8Array;
  readonly frames: readonly number[];
  /** Fragments of it overlapped and differed; the octets that came first stand. */
  readonly overlap: boolean;
  /** A fragment has octets behind its last one, which are no part of it. */
  readonly beyond: boolean;
}

/** What never became whole. */
export interface BrokenDatagram {
  readonly frames: readonly number[];
  /** Octets that are there. */
  readonly octets: number;
  /** The octets that it begins with, as far as they follow one another; empty where its beginning is not there. */
  readonly begins: Uint8Array;
  readonly datagram: DatagramHead;
}

/** Puts fragments together. */
export class Fragments {
  readonly #open: WaitingParts<Open>;
  /** The last datagrams that became whole: a fragment that comes twice may come late. */
  readonly #whole = new Map<string, Whole>();
  readonly #onBroken: (broken: BrokenDatagram) => void;

  /** `onBroken` is told of what is given up. */
  constructor(onBroken: (broken: BrokenDatagram) => void) {
    this.#onBroken = onBroken;
    this.#open = new WaitingParts(bounds, ({ frames, datagram, pieces }, octets) =>
      onBroken({ frames, octets, begins: beginningOf(pieces), datagram }),
    );
  }

  /**
   * Takes a fragment in; gives the content of the datagram when it is whole with it. Of one that the capture cut, what is there
   * counts.
   */
  add(octets: Uint8Array, headers: PacketHeaders, frame: number, seconds: number): WholeDatagram | undefined {
    this.#open.expire(seconds);
    const [at, length] = addressOctets(headers);
    const addresses = octets.slice(at, at + length);
    const named = bytesToHex(addresses);
    const key = `${named} ${headers.protocol} ${headers.identification}`;
    const start = headers.fragmentOffset;
    const content = octets.subarray(headers.content, headers.end);
    const end = start + content.length + headers.missing;
    const datagram = {
      version: headers.version === 6 ? 6 : 4,
      protocol: headers.protocol,
      addresses,
    } as const;
    if (end > most.datagram) {
      this.#onBroken({ frames: [frame], octets: content.length, begins: noOctets, datagram });
      return undefined;
    }
    const last = headers.moreFragments ? undefined : end;
    const piece: SeenPiece = { start, octets: content, frame, end: last, seconds };
    const before = this.#open.get(key) === undefined ? this.#wholeAt(key, seconds) : undefined;
    if (before !== undefined && isPartOf(before.octets, piece)) {
      again(before, piece);
      return undefined;
    }
    const open =
      this.#open.get(key) ??
      this.#open.begin(key, named.slice(0, length), seconds, {
        ...{ pieces: [], frames: [], octets: 0, total: undefined, overlap: false, datagram },
      });
    // A sender uses its numbers again: what began like the datagram before, and goes on otherwise, is another one.
    let added = 0;
    const begins = before?.again.filter(({ seconds: then }) => seconds - then <= bounds.again) ?? [];
    for (const each of [...begins, piece]) added += take(open, each);
    this.#whole.delete(key);
    if (open.pieces.length > most.pieces) {
      this.#open.giveUp(key);
      return undefined;
    }
    this.#open.grow(key, added);
    const isHeld = this.#open.get(key) === open;
    if (open.total === undefined || octetsBefore(open, open.total) < open.total || !isHeld) return undefined;
    this.#open.take(key);
    const whole = new Uint8Array(open.total);
    for (const piece of open.pieces) {
      if (piece.start < whole.length)
        whole.set(piece.octets.subarray(0, whole.length - piece.start), piece.start);
    }
    this.#remember(key, { octets: whole, since: seconds, again: [] });
    const beyond = open.octets > open.total;
    return { octets: whole, frames: open.frames, overlap: open.overlap, beyond };
  }

  /** The capture is over: all that waits is given up. */
  end(): void {
    this.#open.end();
  }

  /** The datagram that became whole under this key, while fragments of it may still come again. */
  #wholeAt(key: string, seconds: number): Whole | undefined {
    const whole = this.#whole.get(key);
    return whole !== undefined && Math.abs(seconds - whole.since) <= bounds.seconds ? whole : undefined;
  }

  #remember(key: string, whole: Whole): void {
    const [oldest] = this.#whole.keys();
    if (oldest !== undefined && this.#whole.size >= most.whole) this.#whole.delete(oldest);
    this.#whole.set(key, whole);
  }
}

/** Puts a fragment in, and says how many octets of it are new. */
function take(open: Open, { start, octets, frame, end }: SeenPiece): number {
  if (open.frames.length < mostNamedFrames) open.frames.push(frame);
  open.total ??= end;
  return insert(open, { start, octets });
}

/** Whether a fragment stands at its place in a datagram, octet by octet, and is its last one where it says so. */
function isPartOf(whole: Uint8Array, { start, octets, end }: SeenPiece): boolean {
  if (start + octets.length > whole.length || (end !== undefined && end !== whole.length)) return false;
  return octets.every((octet, at) => octet === whole[start + at]);
}

/**
 * A fragment of a datagram that is whole: it came twice, or it begins another datagram that goes on otherwise. Which of both,
 * those behind it tell; all of them once more are the datagram twice.
 */
function again({ octets: whole, again: all }: Whole, { start, octets, ...rest }: SeenPiece): void {
  if (start === 0) all.splice(0);
  else if (all.length === 0 || all.length >= most.pieces || all.some((each) => each.start === start)) return;
  // The octets are those of the datagram, which are kept anyway.
  all.push({ start, octets: whole.subarray(start, start + octets.length), ...rest });
  if (all.reduce((sum, each) => sum + each.octets.length, 0) >= whole.length) all.splice(0);
}

const noOctets = new Uint8Array(0);

/** Adds what is new of a piece, and says how many octets that is; pieces stay in order and apart from each other. */
function insert(open: Pieces, piece: Piece): number {
  let { start } = piece;
  const end = start + piece.octets.length;
  const added: Piece[] = [];
  for (const other of open.pieces) {
    const otherEnd = other.start + other.octets.length;
    if (otherEnd <= start) continue;
    if (other.start >= end) break;
    if (other.start > start) added.push(partOf(piece, start, other.start));
    if (differs(piece, other)) open.overlap = true;
    start = Math.max(start, otherEnd);
  }
  if (start < end) added.push(partOf(piece, start, end));
  if (added.length === 0) return 0;
  open.pieces.push(...added);
  open.pieces.sort((a, b) => a.start - b.start);
  const octets = added.reduce((sum, each) => sum + each.octets.length, 0);
  open.octets += octets;
  return octets;
}

/** Octets that are there before a place: what lies behind the last fragment fills no gap. */
function octetsBefore({ pieces }: Pieces, end: number): number {
  return pieces.reduce(
    (sum, { start, octets }) => sum + Math.max(Math.min(octets.length, end - start), 0),
    0,
  );
}

/** Pieces from the first octet on, up to the first gap. */
function beginningOf(pieces: readonly Piece[]): Uint8Array {
  let end = 0;
  const there: Uint8Array[] = [];
  for (const { start, octets } of pieces) {
    if (start !== end) break;
    there.push(octets);
    end += octets.length;
  }
  return concatBytes(...there);
}

/** A part of a piece as a copy: the view would keep the chunk of the file alive. */
function partOf({ start, octets }: Piece, from: number, to: number): Piece {
  return { start: from, octets: octets.slice(from - start, to - start) };
}

function differs(a: Piece, b: Piece): boolean {
  const from = Math.max(a.start, b.start);
  const to = Math.min(a.start + a.octets.length, b.start + b.octets.length);
  for (let at = from; at < to; at += 1) {
    if (a.octets[at - a.start] !== b.octets[at - b.start]) return true;
  }
  return false;
}
