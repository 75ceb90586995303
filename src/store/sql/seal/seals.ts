// Columns that hold secrets, on their way into a row and out of it.
import { placeOf, type Sealer, type sealedColumns } from '../../index.ts';
import type { Kept } from '../engine/schema.ts';

type Sealed = (typeof sealedColumns)[number];

/** Seals and opens values of columns. The record is named as `sealedColumns` says; two parts of a key have a space between them. */
export class Seals {
  readonly #sealer: Sealer;

  constructor(sealer: Sealer) {
    this.#sealer = sealer;
  }

  /** The text as a row has it. @throws {StoreError} TOO_LARGE */
  seal<Table extends Sealed['table']>(
    table: Table,
    column: Extract<Sealed, { readonly table: Table }>['column'],
    record: string,
    plain: string,
  ): Kept;
  seal<Table extends Sealed['table']>(
    table: Table,
    column: Extract<Sealed, { readonly table: Table }>['column'],
    record: string,
    plain: string | null,
  ): Kept | null;
  seal(table: string, column: string, record: string, plain: string | null): Kept | null {
    return plain === null ? null : (this.#sealer.seal(plain, placeOf(table, column, record)) as Kept);
  }

  /** The text as a row has it from now on: sealed, where it lay open or under another key. @throws {StoreError} SEALED, SEAL_BROKEN */
  renewed<Table extends Sealed['table']>(
    table: Table,
    column: Extract<Sealed, { readonly table: Table }>['column'],
    record: string,
    kept: Kept,
  ): Kept {
    if (this.#sealer.isUpToDate(kept)) return kept;
    const place = placeOf(table, column, record);
    return this.#sealer.seal(this.#sealer.open(kept, place), place) as Kept;
  }

  /** True for a text that is kept as it is. */
  isPlain(kept: Kept): boolean {
    return this.#sealer.isPlain(kept);
  }

  /** The text of a row. @throws {StoreError} SEALED, SEAL_BROKEN */
  open<Table extends Sealed['table']>(
    table: Table,
    column: Extract<Sealed, { readonly table: Table }>['column'],
    record: string,
    kept: Kept,
  ): string {
    return this.#sealer.open(kept, placeOf(table, column, record));
  }
}

/** The id of a command of a job among places. */
export function commandPlace({
  job_id,
  position,
}: {
  readonly job_id: string;
  readonly position: number;
}): string {
  return `${job_id} ${position}`;
}
