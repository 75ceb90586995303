// Octets of a datagram as its fragments bring them: kept in order and apart from each other, though fragments overlap.
import { concatBytes } from '../../core/index.ts';

/** Octets of a datagram at their place. */
export interface Piece {
  readonly start: number;
  readonly octets: Uint8Array;
}

/** The pieces of a datagram. */
export interface Pieces {
  readonly pieces: Piece[];
  /** Octets in them. */
  octets: number;
  /** Fragments overlapped with other octets than were there. */
  overlap: boolean;
}

/** Adds what is new of a piece, and says how many octets that is; pieces stay in order and apart from each other. */
export function insert(open: Pieces, piece: Piece): number {
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

/** Pieces from the first octet on, up to the first gap. */
export function beginningOf(pieces: readonly Piece[]): Uint8Array {
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
