// The messages of one input as rows, in bounded memory; filters over them.
import type { Filter, Row } from './protocol.ts';

/** Rows of one input at most, and the characters of all their texts. */
export const listLimits = Object.freeze({ rows: 1_000_000, characters: 64_000_000 });

/** Rows, and which of them a filter lets through. */
export class MessageList {
  readonly #rows: Row[] = [];
  readonly #protocols = new Map<string, string>();
  readonly #kinds = new Set<string>();
  #filter: Filter = { text: '', protocol: '', kind: '' };
  /** Indexes of the rows that the filter lets through; `undefined` without one. */
  #shown: number[] | undefined;
  #characters = 0;

  get size(): number {
    return this.#rows.length;
  }

  /** True when no more rows are taken. */
  get isFull(): boolean {
    return this.#rows.length >= listLimits.rows || this.#characters >= listLimits.characters;
  }

  /** Rows that the filter lets through. */
  get count(): number {
    return this.#shown?.length ?? this.#rows.length;
  }

  /** Names of layers that rows have. */
  get protocols(): readonly string[] {
    return [...new Set([...this.#protocols.keys()].flatMap((names) => names.split(' ')))].filter(Boolean);
  }

  get kinds(): readonly string[] {
    return [...this.#kinds];
  }

  add(row: Row): void {
    // Most rows have the same layers: one text for all of them.
    const protocols = this.#protocols.get(row.protocols) ?? row.protocols;
    this.#protocols.set(protocols, protocols);
    this.#kinds.add(row.kind);
    this.#characters += row.text.length;
    this.#rows.push({ ...row, protocols });
    if (this.#shown !== undefined && this.#matches(row)) this.#shown.push(this.#rows.length - 1);
  }

  /** Shows only what matches; rows that are added later too. */
  find(filter: Filter): void {
    this.#filter = { ...filter, text: filter.text.trim().toLowerCase() };
    const everything = filter.text.trim() === '' && filter.protocol === '' && filter.kind === '';
    this.#shown = everything
      ? undefined
      : this.#rows.flatMap((row, index) => (this.#matches(row) ? [index] : []));
  }

  /** Rows `from` to `to` of those that are shown. */
  rows(from: number, to: number): readonly Row[] {
    const shown = this.#shown;
    if (shown === undefined) return this.#rows.slice(from, to);
    return shown.slice(from, to).flatMap((index) => this.#rows[index] ?? []);
  }

  #matches(row: Row): boolean {
    const { text, protocol, kind } = this.#filter;
    return (
      (protocol === '' || row.protocols.split(' ').includes(protocol)) &&
      (kind === '' || row.kind === kind) &&
      (text === '' || row.text.toLowerCase().includes(text) || String(row.number) === text)
    );
  }
}
