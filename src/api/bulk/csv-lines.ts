// A body of comma-separated values (RFC 4180) as it comes in: octets in, records out, with a bound for each. Where a record ends
// is found here, quotes being counted; csv-parse divides it into fields.
import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { ValueError } from '../../core/index.ts';
import { firstFault } from '../request/json-body.ts';
import { ApiError } from '../request/problem.ts';
import { delimiterOf, isUtf16, namedDelimiter, trimmedRecord } from './csv-form.ts';

/** A record that is not blank. */
export interface CsvLine {
  /** Number of the line that it begins on, from 1. */
  readonly number: number;
  /** Empty where there is a fault. */
  readonly fields: readonly string[];
  /** Octets of it. */
  readonly length: number;
  /** Why it has no fields. */
  readonly fault?: ValueError | ApiError;
  /** Where nothing behind it could be read. */
  readonly last?: true;
}

const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;

/** A record that is whole, and not divided yet. */
interface Whole {
  readonly number: number;
  readonly octets: Buffer;
}

/**
 * Divides octets into records. Lines end with LF or CR LF; the last one may go without. Between fields stands what stands between
 * those of the first record, or what a line before it names (`sep=;`).
 */
export class CsvLines {
  readonly #limit: number;
  /** Records that are ready. */
  #ready: CsvLine[] = [];
  #at = 0;
  /** The record that has not ended. */
  #pieces: Buffer[] = [];
  #held = 0;
  #quoted = false;
  /** It is too long: the rest of it is passed over. */
  #tooLong = false;
  /** Nothing behind it can be told apart any more. */
  #lost = false;
  /** What is between fields, once the first record is here. */
  #delimiter: string | undefined;
  /** The line that comes next. */
  #line = 1;
  /** The line that the present record begins on. */
  #start = 1;

  /** @param limit octets of a record at most */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** True while the beginning of a record is here and its end is not. */
  get isWithinLine(): boolean {
    return this.#held > 0 || this.#tooLong;
  }

  /** Takes octets over. True when a record has ended in them. */
  add(octets: Buffer): boolean {
    const whole: Whole[] = [];
    const before = this.#ready.length;
    let from = 0;
    for (let at = 0; at < octets.length && !this.#lost; at += 1) {
      const octet = octets[at];
      if (octet === quote) this.#quoted = !this.#quoted;
      if (octet !== lineFeed) continue;
      this.#line += 1;
      if (this.#quoted) continue;
      this.#hold(octets.subarray(from, at), whole);
      this.#end(whole);
      from = at + 1;
    }
    if (!this.#lost) this.#hold(octets.subarray(from), whole);
    this.#divide(whole);
    return this.#ready.length > before;
  }

  /** The body has ended: what is held is its last record. */
  end(): void {
    if (this.#lost) return;
    const whole: Whole[] = [];
    if (this.#quoted && this.isWithinLine) {
      this.#ready.push(this.#faulty('has a text in quotes that does not end'));
      this.#lost = true;
      return;
    }
    this.#end(whole);
    this.#divide(whole);
  }

  /** The next record that is whole; `undefined` until more octets are here. */
  next(): CsvLine | undefined {
    const line = this.#ready[this.#at];
    if (line === undefined) {
      this.#ready = [];
      this.#at = 0;
      return undefined;
    }
    this.#at += 1;
    return line;
  }

  #hold(piece: Buffer, whole: Whole[]): void {
    if (this.#tooLong || piece.length === 0) return;
    if (this.#held + piece.length <= this.#limit + 1) {
      this.#pieces.push(Buffer.from(piece));
      this.#held += piece.length;
      return;
    }
    this.#refuse(whole);
    this.#tooLong = true;
  }

  #end(whole: Whole[]): void {
    if (!this.#tooLong && this.#held > 0) {
      const octets = Buffer.concat(this.#pieces);
      // One more may be the CR of its end.
      if (octets.length > this.#limit && octets.at(-1) !== carriageReturn) this.#refuse(whole);
      else whole.push({ number: this.#start, octets });
    }
    this.#pieces = [];
    this.#held = 0;
    this.#tooLong = false;
    this.#start = this.#line;
  }

  /** The present record is too long; those before it come first. */
  #refuse(whole: Whole[]): void {
    this.#divide(whole.splice(0));
    const quoted = this.#quoted;
    const words = `the record is larger than this server takes: at most ${this.#limit} octets fit`;
    const more = quoted ? '; its text in quotes does not end, so nothing behind it was read' : '';
    const fault = new ApiError(413, 'TOO_LONG', words + more);
    const last = quoted ? { last: true as const } : {};
    this.#ready.push({ number: this.#start, fields: [], length: 0, fault, ...last });
    this.#pieces = [];
    this.#held = 0;
    this.#lost = quoted;
  }

  /** Divides records into their fields: all of them at once, and one by one where one of them is none. */
  #divide(whole: readonly Whole[]): void {
    const records = this.#recordsOf(whole);
    if (records.length === 0) return;
    const delimiter = this.#delimiter ?? ',';
    const texts = records.map(({ octets }) => (isUtf8(octets) ? octets.toString() : undefined));
    const all = texts.includes(undefined) ? undefined : divided(texts.join('\n'), delimiter);
    if (all?.length === records.length) {
      for (const [index, { number, octets }] of records.entries()) {
        this.#ready.push({ number, fields: all[index] ?? [], length: octets.length });
      }
      return;
    }
    for (const [index, { number, octets }] of records.entries()) {
      const text = texts[index];
      const length = octets.length;
      if (text === undefined) {
        const fault = new ValueError(
          'BAD_FORMAT',
          `the record is not UTF-8 (octet ${firstFault(octets) + 1}): save the file as CSV in UTF-8`,
        );
        this.#ready.push({ number, fields: [], length, fault });
        continue;
      }
      const [fields, more] = divided(text, delimiter) ?? [];
      if (fields !== undefined && more === undefined) this.#ready.push({ number, fields, length });
      else {
        const detail = 'the record has quotes that are none of CSV: write a quote within quotes twice';
        this.#ready.push({ number, fields: [], length, fault: new ValueError('BAD_FORMAT', detail) });
      }
    }
  }

  /** Those that are not blank; the first of all says what is between fields. */
  #recordsOf(whole: readonly Whole[]): readonly Whole[] {
    const records: Whole[] = [];
    for (const { number, octets: given } of whole) {
      const octets = trimmedRecord(given, number === 1);
      if (octets.length === 0) continue;
      if (this.#delimiter === undefined && isUtf16(octets)) {
        this.#ready.push(this.#faulty('is UTF-16: save the file as CSV in UTF-8', number));
        this.#lost = true;
        return [];
      }
      const named = this.#delimiter === undefined ? namedDelimiter(octets) : undefined;
      this.#delimiter ??= named ?? delimiterOf(octets);
      if (named === undefined) records.push({ number, octets });
    }
    return records;
  }

  #faulty(what: string, number = this.#start): CsvLine {
    const fault = new ValueError('BAD_FORMAT', `the record ${what}`);
    return { number, fields: [], length: 0, fault, last: true };
  }
}

function divided(text: string, delimiter: string): readonly (readonly string[])[] | undefined {
  try {
    return parse(text, { relax_column_count: true, record_delimiter: '\n', delimiter });
  } catch {
    return undefined;
  }
}
