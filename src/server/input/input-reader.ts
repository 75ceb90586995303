// Reads the JSON values that callers give, field by field, strictly: what is wrong is named with its path.
import {
  base64ToBytes,
  requireLine,
  requireWellFormed,
  utf8ToBytes,
  ValueError,
  type ValueErrorCode,
} from '../../core/index.ts';

/** Bounds of a text, and what it may hold. */
export interface TextRule {
  /** 0 for a text that may be empty, default 1. */
  readonly min?: 0 | 1;
  /** Octets of UTF-8. */
  readonly max: number;
  /**
   * `line`: what may name something (`requireLine`); `free`: anything that UTF-8 can carry, for secrets, keys and what is
   * shown to people or stored by a device. Default `line`.
   */
  readonly content?: 'line' | 'free';
}

/** An object whose fields are taken one after the other; `end` refuses those that nobody took. */
export class InputReader {
  /** Of the object itself, for errors. */
  readonly path: string;
  #fields: Readonly<Record<string, unknown>>;
  /** Names that were asked for. */
  #known: string[] = [];
  /** True when all that nobody asked for has been given out. */
  #emptied = false;

  /**
   * A field that is `undefined` counts as absent.
   * @throws {ValueError} WRONG_TYPE when `value` is no object
   */
  constructor(value: unknown, what: string, path = '') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ValueError('WRONG_TYPE', `${what} must be a JSON object`, path);
    }
    this.path = path;
    // As it is now: a caller may change its object while a device is looked for.
    this.#fields = { ...value };
  }

  /** Another reader of the same object, as it was then, which stands where this one does. */
  fork(): InputReader {
    const other = new InputReader({}, '', this.path);
    other.#fields = this.#fields;
    other.#known = [...this.#known];
    other.#emptied = this.#emptied;
    return other;
  }

  /** Path of a field, for errors. */
  pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  /** Takes a field as it is; `undefined` when it is absent. */
  take(name: string): unknown {
    const before = this.#emptied || this.#known.includes(name);
    this.#known.push(name);
    return !before && Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }

  /** @throws {ValueError} MISSING, WRONG_TYPE, TOO_LONG, OUT_OF_RANGE when it is too short, BAD_FORMAT */
  text(name: string, rule: TextRule): string {
    return this.optionalText(name, rule) ?? this.#fail('MISSING', 'must be given', name);
  }

  /** @throws {ValueError} WRONG_TYPE, TOO_LONG, OUT_OF_RANGE when it is too short, BAD_FORMAT */
  optionalText(name: string, rule: TextRule): string | undefined {
    const value = this.take(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return this.#fail('WRONG_TYPE', 'must be a string', name);
    if (value.length < (rule.min ?? 1)) return this.#fail('OUT_OF_RANGE', 'must not be empty', name);
    // No character has more than three octets for each of its code units.
    const length = value.length * 3 <= rule.max ? 0 : utf8ToBytes(value).length;
    if (length > rule.max) return this.#fail('TOO_LONG', `${length} octets, at most ${rule.max} fit`, name);
    return rule.content === 'free'
      ? requireWellFormed(value, this.pathOf(name))
      : requireLine(value, this.pathOf(name));
  }

  /** @throws {ValueError} WRONG_TYPE, OUT_OF_RANGE */
  optionalInteger(name: string, min: number, max: number): number | undefined {
    const value = this.take(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number') return this.#fail('WRONG_TYPE', 'must be a number', name);
    if (!Number.isInteger(value) || value < min || value > max) {
      return this.#fail('OUT_OF_RANGE', `must be an integer from ${min} to ${max}`, name);
    }
    return value;
  }

  /** A number that may have a fraction: more than `above`, up to `max`. @throws {ValueError} WRONG_TYPE, OUT_OF_RANGE */
  optionalNumber(name: string, above: number, max: number): number | undefined {
    const value = this.take(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number') return this.#fail('WRONG_TYPE', 'must be a number', name);
    if (!(value > above && value <= max)) {
      return this.#fail('OUT_OF_RANGE', `must be more than ${above} and at most ${max}`, name);
    }
    return value;
  }

  /** @throws {ValueError} WRONG_TYPE */
  optionalBoolean(name: string): boolean | undefined {
    const value = this.take(name);
    if (value !== undefined && typeof value !== 'boolean') {
      return this.#fail('WRONG_TYPE', 'must be true or false', name);
    }
    return value;
  }

  /** @throws {ValueError} WRONG_TYPE, OUT_OF_RANGE */
  optionalChoice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.take(name);
    if (value === undefined) return undefined;
    const choice = choices.find((each) => each === value);
    return choice ?? this.#fail('OUT_OF_RANGE', `must be one of ${choices.join(', ')}`, name);
  }

  /** Octets of a Base64 text. @throws {ValueError} WRONG_TYPE, BAD_FORMAT, TOO_LONG */
  optionalBase64(name: string, maxOctets: number): Uint8Array | undefined {
    const text = this.optionalText(name, { min: 0, max: maxOctets * 2 + 4, content: 'free' });
    if (text === undefined) return undefined;
    const octets = base64ToBytes(text, this.pathOf(name));
    if (octets.length > maxOctets) {
      return this.#fail('TOO_LONG', `${octets.length} octets, at most ${maxOctets} fit`, name);
    }
    return octets;
  }

  /** A moment in ISO 8601, as milliseconds since the POSIX epoch. @throws {ValueError} WRONG_TYPE, BAD_FORMAT */
  optionalTime(name: string): number | undefined {
    const text = this.optionalText(name, { max: 40 });
    if (text === undefined) return undefined;
    const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)
      ? Date.parse(text)
      : Number.NaN;
    return Number.isNaN(time) ? this.#fail('BAD_FORMAT', 'must be like 2026-01-31T12:00:00Z', name) : time;
  }

  /** Fields that nobody took yet. */
  rest(): Readonly<Record<string, unknown>> {
    const rest = Object.fromEntries(this.#left());
    this.#emptied = true;
    return rest;
  }

  /** @throws {ValueError} UNKNOWN_FIELD when a field is left */
  end(): void {
    const [first] = this.#left();
    if (first === undefined) return;
    const [name] = first;
    // The name may hold anything; the error stays on one line.
    const shown = /^[\w.$-]{1,64}$/.test(name) ? name : JSON.stringify(name).slice(0, 64);
    this.#fail('UNKNOWN_FIELD', `not a field here; the fields are ${this.#known.join(', ')}`, shown);
  }

  #left(): (readonly [string, unknown])[] {
    if (this.#emptied) return [];
    return Object.entries(this.#fields).filter(
      ([name, member]) => member !== undefined && !this.#known.includes(name),
    );
  }

  #fail(code: ValueErrorCode, detail: string, name: string): never {
    throw new ValueError(code, detail, this.pathOf(name));
  }
}
