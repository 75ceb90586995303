// The kinds of rows that a bit table is made of: each is a value with both directions.
import { type NumberWords, numberInWords } from './number-words.ts';

/** What a row is made of, as data: for those who make other programs of a table. */
export type FieldForm =
  /** A number from `minimum` on; without `words` it says all itself. */
  | { readonly kind: 'number'; readonly minimum: number; readonly words: NumberWords | undefined }
  /** One bit, and what it says when it is clear and when it is set. */
  | { readonly kind: 'flag'; readonly whenClear: string; readonly whenSet: string }
  /** Names counted from 0; a number beyond them reads as the first. */
  | { readonly kind: 'choice'; readonly names: readonly string[] }
  /** One number, and what it means; another is let pass where the row is `forgiving`. */
  | {
      readonly kind: 'fixed';
      readonly wanted: number;
      readonly forgiving: boolean;
      readonly word: string;
    };

/** One field of a table: how many bits, where it is defined, and both directions of its value. */
export interface Field<Value> {
  /** Width in bits, 1–32. */
  readonly bits: number;
  /** Section of the table's document. */
  readonly section: string;
  /** JavaScript type of the value. */
  readonly type: 'number' | 'boolean' | 'string';
  /** What holds for its values, as the end of a sentence: `must be an integer from 1 to 65535`. */
  readonly rule: string;
  /** Value that is written when the caller gives none. Without it a value is required. */
  readonly fallback: Value | undefined;
  /** True for a field that carries no information for the caller. */
  readonly hidden: boolean;
  /** The row as data. */
  readonly form: FieldForm;
  /** Number on the wire; `undefined` when the value breaks the rule. */
  toWire(value: unknown): number | undefined;
  /** What a number on the wire stands for; `undefined` when the number is an error. */
  fromWire(raw: number): Value | undefined;
  /** What is unusual about a number that is let pass (spec-notes ruling 6); `undefined` when nothing is. */
  deviation(raw: number): string | undefined;
  /** The number in words, for a person. */
  meaning(raw: number): string;
}

/** A field that reaches the caller. */
export type VisibleField<Value> = Field<Value> & { readonly hidden: false };

const usual = (): undefined => undefined;

/**
 * A number from `minimum` to all ones. `fallback` is written when the caller gives none; `words` is how a value is put in words.
 */
export function uint(
  bits: number,
  section: string,
  minimum = 0,
  options: { readonly fallback?: number; readonly words?: NumberWords } = {},
): VisibleField<number> {
  const maximum = 2 ** bits - 1;
  const { words } = options;
  return {
    bits,
    section,
    type: 'number',
    rule: `must be an integer from ${minimum} to ${maximum}`,
    fallback: options.fallback,
    hidden: false,
    form: { kind: 'number', minimum, words },
    toWire: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum
        ? value
        : undefined,
    fromWire: (raw) => (raw >= minimum ? raw : undefined),
    deviation: usual,
    meaning: words === undefined ? () => '' : (raw) => numberInWords(words, raw),
  };
}

/** One bit: true or false. `fallback` is written when the caller gives none. */
export function flag(
  section: string,
  whenSet: string,
  whenClear: string,
  fallback?: boolean,
): VisibleField<boolean> {
  return {
    bits: 1,
    section,
    type: 'boolean',
    rule: 'must be true or false',
    fallback,
    hidden: false,
    form: { kind: 'flag', whenClear, whenSet },
    toWire: (value) => (typeof value === 'boolean' ? Number(value) : undefined),
    fromWire: (raw) => raw === 1,
    deviation: usual,
    meaning: (raw) => (raw === 1 ? whenSet : whenClear),
  };
}

/**
 * One of `names`, counted from 0. A reserved number reads as the first name, with a deviation
 * (spec-notes ruling 6). `fallback` is written when the caller gives none.
 */
export function oneOf<const Name extends string>(
  bits: number,
  section: string,
  names: readonly Name[],
  fallback?: NoInfer<Name>,
): VisibleField<Name> {
  return {
    bits,
    section,
    type: 'string',
    rule: `must be one of ${names.join(', ')}`,
    fallback,
    hidden: false,
    form: { kind: 'choice', names },
    toWire: (value) => {
      const number = (names as readonly unknown[]).indexOf(value);
      return number >= 0 ? number : undefined;
    },
    fromWire: (raw) => names[raw] ?? names[0],
    deviation: (raw) => (names[raw] === undefined ? `reserved value ${raw}, read as ${names[0]}` : undefined),
    meaning: (raw) => names[raw] ?? `reserved value, read as ${names[0]}`,
  };
}

/** A value that the format fixes. Another one on reading is an error, or with `forgiving` a deviation. */
export function fixed(
  bits: number,
  section: string,
  wanted: number,
  options: { readonly forgiving?: boolean; readonly meaning?: string } = {},
): Field<number> & { readonly hidden: true } {
  const forgiving = options.forgiving === true;
  const word = options.meaning ?? '';
  return {
    bits,
    section,
    type: 'number',
    rule: `must be ${wanted}`,
    fallback: undefined,
    hidden: true,
    form: { kind: 'fixed', wanted, forgiving, word },
    toWire: () => wanted,
    fromWire: (raw) => (raw === wanted || forgiving ? raw : undefined),
    deviation: (raw) => (raw === wanted ? undefined : `reserved bits are ${raw}, not ${wanted}`),
    meaning: (raw) => {
      if (raw === wanted) return word;
      return forgiving ? 'reserved bits that are set' : `must be ${wanted}`;
    },
  };
}
