// One import: lines in, what came of them out. A line for each device that is refused, one for the progress after each set, and a
// last one with the sum.
import type { Clock } from '../../core/index.ts';
import { type BulkOutcome, type DeviceBulk, type ImportOptions, loopTurn } from '../../server/index.ts';
import type { BodyLine } from '../request/body-lines.ts';
import { readJsonText } from '../request/json-body.ts';
import { problemOf } from '../request/problem.ts';
import { type CsvColumn, columnsOf, deviceOf } from './csv-device.ts';
import type { CsvLine } from './csv-lines.ts';
import { type PlaceInOrder, SetOrder } from './set-order.ts';

/** What came of devices so far. */
interface Counts {
  /** Lines that were read; blank ones and the header of CSV do not count. */
  lines: number;
  created: number;
  changed: number;
  unchanged: number;
  rejected: number;
}

/** Lines that are read between two turns of the event loop: a millisecond or two. */
const slice = 250;

/** A line, and how its value is read. */
interface ReadLine {
  readonly number: number;
  readonly value: () => unknown;
}

/** A set whose devices are on their way. */
interface BegunSet {
  /** Numbers of its lines. */
  readonly numbers: readonly number[];
  /** Lines that have values, and the ids of those. */
  readonly places: readonly number[];
  readonly ids: readonly (string | undefined)[];
  /** What is wrong with the others, by number. */
  readonly faults: ReadonlyMap<number, unknown>;
  /** What comes of the values. */
  readonly outcomes: Promise<readonly BulkOutcome[]>;
}

/** What an import works with. */
export interface ImportContext extends ImportOptions {
  readonly bulk: DeviceBulk;
  readonly clock: Clock;
  /** Octets of the body so far. */
  readonly received: () => number;
  /** Tells of an error that may be the server's. */
  readonly note: (error: unknown) => void;
}

/** Takes the lines of one request. */
export class ImportRun {
  readonly #context: ImportContext;
  readonly #began: number;
  readonly #counts: Counts = { lines: 0, created: 0, changed: 0, unchanged: 0, rejected: 0 };
  /** A device may stand in several sets. */
  readonly #order = new SetOrder();
  #columns: readonly CsvColumn[] | undefined;
  /** Something of the body cannot be read, and nothing behind it. */
  #failed = false;

  constructor(context: ImportContext) {
    this.#context = context;
    this.#began = context.clock.monotonic();
  }

  /** Resolves when the next lines may be taken. */
  ready(): Promise<void> {
    return this.#order.ready();
  }

  /** Takes lines of JSON; gives what is told of them. */
  takeJson(lines: readonly BodyLine[]): Promise<string> {
    return this.#take(
      lines.map(({ number, text, fault }) => ({
        number,
        value: () => {
          if (fault !== undefined) throw fault;
          return readJsonText(text, 'line');
        },
      })),
    );
  }

  /** Takes records of CSV, of which the first is the header; gives what is told of them. */
  takeCsv(lines: readonly CsvLine[]): Promise<string> {
    let rest = lines;
    if (this.#columns === undefined && !this.#failed) {
      const [header, ...others] = lines;
      if (header === undefined) return Promise.resolve('');
      rest = others;
      try {
        if (header.fault !== undefined) throw header.fault;
        this.#columns = columnsOf(header.fields);
      } catch (error) {
        this.#failed = true;
        return Promise.resolve(this.#rejected(header.number, error));
      }
    }
    const columns = this.#columns;
    if (columns === undefined) return Promise.resolve('');
    if (rest.some(({ last }) => last === true)) this.#failed = true;
    return this.#take(
      rest.filter(isFilled).map(({ number, fields, fault }) => ({
        number,
        value: () => {
          if (fault !== undefined) throw fault;
          return deviceOf(columns, fields);
        },
      })),
    );
  }

  /** What came of it so far, in words. */
  get words(): string {
    const { created, changed, rejected } = this.#counts;
    const { mode, dryRun } = this.#context;
    return `${mode}${dryRun ? ', nothing written' : ''}: ${created} created, ${changed} changed, ${rejected} refused`;
  }

  /** The last line. `complete`: all that was sent has been read. */
  summary(): string {
    const { mode, dryRun } = this.#context;
    const sum = { ...this.#counts, ...this.#pace(), mode, dryRun, complete: !this.#failed };
    return `${JSON.stringify({ summary: sum })}\n`;
  }

  async #take(lines: ReadLine[]): Promise<string> {
    const octets = this.#context.received();
    const place = this.#order.next();
    try {
      const set = await this.#begun(lines, place);
      const outcomes = await set.outcomes;
      await place.first();
      return this.#told(set, outcomes, octets);
    } finally {
      place.end();
    }
  }

  /** Reads lines and has their devices taken. Then only those that wait for the disk hold what was read: it may be much. */
  async #begun(lines: ReadLine[], place: PlaceInOrder): Promise<BegunSet> {
    const { bulk, mode, dryRun, by } = this.#context;
    const numbers = lines.map(({ number }) => number);
    const values: unknown[] = [];
    const places: number[] = [];
    const faults = new Map<number, unknown>();
    for (const [index, { number, value }] of lines.entries()) {
      // Others have their turns meanwhile.
      if (index % slice === 0) await loopTurn();
      try {
        values.push(value());
        places.push(number);
      } catch (error) {
        faults.set(number, error);
      }
    }
    lines.length = 0;
    const ids = values.map(idOf);
    await place.enter(ids.filter((id) => id !== undefined));
    const { outcomes } = await bulk.beginSet(values, { mode, dryRun, by });
    place.passOn();
    return { numbers, places, ids, faults, outcomes };
  }

  #told(
    { numbers, places, ids, faults }: BegunSet,
    outcomes: readonly BulkOutcome[],
    octets: number,
  ): string {
    const answers = new Map<number, string>();
    for (const [line, error] of faults) answers.set(line, this.#rejected(line, error));
    for (const [index, outcome] of outcomes.entries()) {
      const line = places[index] ?? 0;
      if (outcome.outcome === 'refused') {
        this.#context.note(outcome.error);
        answers.set(line, this.#rejected(line, outcome.error, ids[index]));
      } else this.#count(outcome);
    }
    this.#counts.lines += numbers.length;
    const told = answers.size === 0 ? '' : numbers.map((line) => answers.get(line) ?? '').join('');
    const progress = { ...this.#counts, octets, ...this.#pace() };
    return `${told}${JSON.stringify({ progress })}\n`;
  }

  #count(outcome: Exclude<BulkOutcome, { readonly outcome: 'refused' }>): void {
    if (outcome.outcome !== 'removed') this.#counts[outcome.outcome] += 1;
  }

  #rejected(line: number, error: unknown, id?: string): string {
    this.#counts.rejected += 1;
    const { type: _, status, ...problem } = problemOf(error);
    return `${JSON.stringify({ line, ...(id !== undefined && { id }), status, ...problem })}\n`;
  }

  #pace(): { readonly perSecond: number } {
    const ms = this.#context.clock.monotonic() - this.#began;
    return { perSecond: ms > 0 ? Math.round((this.#counts.lines * 1000) / ms) : 0 };
  }
}

/** Rows that spreadsheets save below a table have fields and no values: they are as blank lines. */
function isFilled({ fields, fault }: CsvLine): boolean {
  return fault !== undefined || fields.some((field) => field !== '');
}

function idOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined;
  return typeof value.id === 'string' ? value.id : undefined;
}
