// Several requests in one, each of which stands for itself.
import type { Asker } from '../../store/index.ts';
import { loopTurn } from '../work/loop-turns.ts';

/** Requests from which on reading them is work that others should not have to wait for. */
const isMany = 64;

/** One of them. */
export interface EachRequest {
  /** What is asked for, as the single call takes it. */
  readonly value: unknown;
  /** The same key with the same value gives the same answer, and nothing new; also by the single call. */
  readonly idempotencyKey?: string | undefined;
  /** Who asks. What belongs to accounts that he may not see is not there for him. */
  readonly by?: Asker | undefined;
}

/** How one of them went: what the single call gives, or what it throws. */
export type EachOutcome<Taken> =
  | { readonly outcome: 'taken'; readonly taken: Taken }
  | { readonly outcome: 'refused'; readonly error: unknown };

/** What is done with requests that are each for one device. */
export interface EachSteps<Opened extends { readonly deviceId: string }, Known, Read, Kept, Taken> {
  /** Reads of a request what needs no device. Throws what refuses it. */
  open(request: EachRequest): Opened;
  /** What is known of the devices of those ids, by id; what is not there is not known. */
  know(deviceIds: readonly string[]): Promise<ReadonlyMap<string, Known>>;
  /** Reads the rest. Called for all in the turn in which `keep` is called, so that one moment holds for both. */
  read(opened: Opened, known: Known | undefined): Read;
  /** Puts them on disk, in their order. */
  keep(reads: readonly Read[]): Promise<readonly Kept[]>;
  /** What came of one. */
  taken(kept: Kept, read: Read): EachOutcome<Taken>;
}

/** Something with its place among the requests. */
interface Placed<Of> {
  readonly place: number;
  readonly of: Of;
}

/**
 * Takes requests in together: their devices are read at once, and what is kept is kept at once. The outcomes are in the
 * order of the requests. It does not reject: what befalls the store befalls each request that it was asked about.
 */
export async function takeEach<Opened extends { readonly deviceId: string }, Known, Read, Kept, Taken>(
  requests: readonly EachRequest[],
  steps: EachSteps<Opened, Known, Read, Kept, Taken>,
): Promise<readonly EachOutcome<Taken>[]> {
  const outcomes: EachOutcome<Taken>[] = new Array(requests.length);
  /** The outcome of each that goes on; what throws is an outcome by itself. */
  const each = <From, To>(
    items: readonly Placed<From>[],
    step: (from: From, index: number) => To,
  ): Placed<To>[] => {
    const on: Placed<To>[] = [];
    for (const [index, { place, of }] of items.entries()) {
      try {
        on.push({ place, of: step(of, index) });
      } catch (error) {
        outcomes[place] = { outcome: 'refused', error };
      }
    }
    return on;
  };
  let waiting: readonly Placed<unknown>[] = [];
  try {
    const opened = each(
      requests.map((of, place) => ({ place, of })),
      steps.open,
    );
    waiting = opened;
    if (opened.length === 0) return outcomes;
    const known = await steps.know([...new Set(opened.map(({ of }) => of.deviceId))]);
    if (opened.length >= isMany) await loopTurn();
    const read = each(opened, (of) => steps.read(of, known.get(of.deviceId)));
    waiting = read;
    if (read.length === 0) return outcomes;
    const kept = await steps.keep(read.map(({ of }) => of));
    for (const { place, of } of each(read, (of, index) => steps.taken(required(kept[index]), of)))
      outcomes[place] = of;
  } catch (error) {
    for (const { place } of waiting) outcomes[place] = { outcome: 'refused', error };
  }
  return outcomes;
}

function required<Kept>(kept: Kept | undefined): Kept {
  if (kept === undefined) throw new TypeError('each request has an outcome');
  return kept;
}
