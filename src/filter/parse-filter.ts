// Reads filters, by hand and strictly: what it does not understand it names with its column, and says what could stand there.
import type { Condition, Filter, TextField, TimeField } from './condition.ts';
import { textFields, timeFields } from './condition.ts';
import { FilterError, filterLimits } from './filter-error.ts';
import { type Token, tokensOf } from './tokens.ts';
import { durationMs, durationWords, momentMs, momentWords } from './values.ts';

/** Values that a field can have, where there are few. */
export type FilterChoices = Readonly<Partial<Record<'format' | 'family', readonly string[]>>>;

const fieldWords = `a field: ${[...textFields, 'labels.NAME', 'reported."URI"', 'suspended', ...timeFields].join(', ')}`;
const conditionWords = `${fieldWords}; not, has or (`;
const labelName = /^[A-Za-z][A-Za-z0-9_.-]{0,62}$/;
const reportedUri = /^\.\/[^"\\]{1,253}$/;

/** What stands before an operator. */
type Field =
  | { readonly of: 'text'; readonly field: TextField }
  | { readonly of: 'time'; readonly field: TimeField }
  | { readonly of: 'suspended' };

/**
 * Reads a filter.
 * @param choices values that fields can have; of others any text is taken
 * @throws {FilterError} with the column of what is wrong
 */
export function parseFilter(text: string, choices: FilterChoices = {}): Filter {
  if (text.length > filterLimits.length) {
    throw new FilterError(
      filterLimits.length + 1,
      'a filter that is too long',
      `${filterLimits.length} characters at most`,
    );
  }
  return { text, condition: new Parser(tokensOf(text), choices).filter() };
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #choices: FilterChoices;
  #at = 0;
  #depth = 0;
  #conditions = 0;

  constructor(tokens: readonly Token[], choices: FilterChoices) {
    this.#tokens = tokens;
    this.#choices = choices;
  }

  filter(): Condition {
    const condition = this.#either();
    if (this.#next.kind !== 'end') throw this.#wrong('and, or, or the end');
    return condition;
  }

  #either(): Condition {
    return this.#joined('or', () => this.#joined('and', () => this.#single()));
  }

  #joined(is: 'and' | 'or', part: () => Condition): Condition {
    const of = [part()];
    while (this.#takeWord(is)) of.push(part());
    const [only] = of;
    return of.length === 1 && only !== undefined ? only : { is, of };
  }

  #single(): Condition {
    if (this.#takeWord('not')) return this.#deeper(() => ({ is: 'not', of: this.#single() }));
    if (this.#takeSign('(')) {
      return this.#deeper(() => {
        const within = this.#either();
        if (!this.#takeSign(')')) throw this.#wrong('and, or, or )');
        return within;
      });
    }
    this.#count();
    return this.#takeWord('has') ? this.#has() : this.#comparison();
  }

  #deeper(read: () => Condition): Condition {
    this.#depth += 1;
    if (this.#depth > filterLimits.depth) {
      const { column } = this.#next;
      throw new FilterError(column, 'too much within one another', `${filterLimits.depth} levels at most`);
    }
    const condition = read();
    this.#depth -= 1;
    return condition;
  }

  #count(): void {
    this.#conditions += 1;
    if (this.#conditions <= filterLimits.conditions) return;
    const { column } = this.#next;
    throw new FilterError(column, 'too many conditions', `${filterLimits.conditions} at most`);
  }

  #has(): Condition {
    const token = this.#next;
    const known = this.#field('a field that may be absent: labels.NAME, reported."URI" or lastSession');
    if (known.of === 'time' && known.field === 'lastSession')
      return { is: 'there', field: { name: known.field } };
    if (known.of === 'text' && 'key' in known.field) return { is: 'there', field: known.field };
    throw new FilterError(
      token.column,
      `${token.text}, which every device has`,
      'labels.NAME, reported."URI" or lastSession',
    );
  }

  #comparison(): Condition {
    const known = this.#field(conditionWords);
    if (known.of === 'suspended') return this.#suspended();
    return known.of === 'time' ? this.#time(known.field) : this.#text(known.field);
  }

  #field(expected: string): Field {
    const token = this.#next;
    if (token.kind !== 'word') throw this.#wrong(expected);
    this.#at += 1;
    const { text } = token;
    if (text === 'suspended') return { of: 'suspended' };
    const time = timeFields.find((name) => name === text);
    if (time !== undefined) return { of: 'time', field: time };
    const plain = textFields.find((name) => name === text);
    if (plain !== undefined) return { of: 'text', field: { name: plain } };
    for (const name of ['labels', 'reported'] as const) {
      if (text.startsWith(`${name}.`)) return { of: 'text', field: { name, key: this.#key(token, name) } };
    }
    this.#at -= 1;
    throw this.#wrong(expected);
  }

  /** What stands behind `labels.` or `reported.`: as it is, or in quotes. */
  #key(token: Token, name: 'labels' | 'reported'): string {
    const quoted = token.text === `${name}.` && this.#next.kind === 'text' && this.#next.joined;
    const key = quoted ? this.#next.text : token.text.slice(name.length + 1);
    if (quoted) this.#at += 1;
    if (name === 'labels' && !labelName.test(key)) {
      throw new FilterError(
        token.column,
        'no name of a label',
        'a letter, then letters, digits, ".", "_" and "-", 63 characters at most',
      );
    }
    if (name === 'reported' && !reportedUri.test(key)) {
      throw new FilterError(
        token.column,
        'no URI that devices report',
        'it in quotes: reported."./DevInfo/Man"',
      );
    }
    return key;
  }

  #text(field: TextField): Condition {
    const sign = this.#next;
    if (this.#takeSign('=')) return { is: 'equal', field, values: [this.#value(field)] };
    if (this.#takeSign('!=')) {
      return { is: 'not', of: { is: 'equal', field, values: [this.#value(field)] } };
    }
    if (this.#takeWord('in')) return { is: 'equal', field, values: this.#list(field) };
    const operators = field.name === 'scheme' ? '=, != or in (…)' : '=, !=, in (…) or starts';
    if (field.name !== 'scheme' && this.#takeWord('starts'))
      return { is: 'starting', field, prefix: this.#value(undefined) };
    if (sign.kind === 'sign' && /[<>]/.test(sign.text)) {
      throw new FilterError(sign.column, `${sign.text} for a text, which has no order`, operators);
    }
    throw this.#wrong(operators);
  }

  #list(field: TextField): readonly string[] {
    if (!this.#takeSign('(')) throw this.#wrong('( and a list of texts');
    const values = [this.#value(field)];
    while (this.#takeSign(',')) {
      this.#count();
      values.push(this.#value(field));
    }
    if (!this.#takeSign(')')) throw this.#wrong(', or )');
    return values;
  }

  #value(field: TextField | undefined): string {
    const token = this.#next;
    if (token.kind !== 'text') throw this.#wrong('a text in " quotes');
    this.#at += 1;
    const choices =
      field?.name === 'format' || field?.name === 'family' ? this.#choices[field.name] : undefined;
    if (choices === undefined || choices.includes(token.text)) return token.text;
    throw new FilterError(token.column, `no ${field?.name}`, `one of ${choices.join(', ')}`);
  }

  #time(field: TimeField): Condition {
    const sign = this.#next;
    this.#at += 1;
    switch (sign.kind === 'word' ? sign.text.toLowerCase() : sign.text) {
      case 'within': {
        const ms = durationMs(this.#next.text);
        if (this.#next.kind !== 'literal' || ms === undefined) throw this.#wrong(durationWords);
        this.#at += 1;
        return { is: 'within', field, ms };
      }
      case 'before':
      case '<':
        return { is: 'between', field, to: this.#moment() };
      case '<=':
        return { is: 'between', field, to: this.#moment() + 1 };
      case 'after':
      case '>':
        return { is: 'between', field, from: this.#moment() + 1 };
      case '>=':
        return { is: 'between', field, from: this.#moment() };
      default:
        this.#at -= 1;
        throw this.#wrong('within, before, after, <, <=, > or >=');
    }
  }

  #moment(): number {
    const token = this.#next;
    const ms = token.kind === 'literal' || token.kind === 'text' ? momentMs(token.text) : undefined;
    if (ms === undefined) throw this.#wrong(momentWords);
    this.#at += 1;
    return ms;
  }

  #suspended(): Condition {
    const negated = this.#takeSign('!=');
    if (!negated && !this.#takeSign('=')) throw this.#wrong('= or !=');
    const wanted = this.#takeWord('true');
    if (!wanted && !this.#takeWord('false')) throw this.#wrong('true or false');
    return wanted === negated ? { is: 'not', of: { is: 'suspended' } } : { is: 'suspended' };
  }

  get #next(): Token {
    const token = this.#tokens[this.#at] ?? this.#tokens.at(-1);
    if (token === undefined) throw new TypeError('a filter has an end');
    return token;
  }

  #takeWord(word: string): boolean {
    const { kind, text } = this.#next;
    if (kind !== 'word' || text.toLowerCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  #takeSign(sign: string): boolean {
    const { kind, text } = this.#next;
    if (kind !== 'sign' || text !== sign) return false;
    this.#at += 1;
    return true;
  }

  #wrong(expected: string): FilterError {
    const { kind, text, column } = this.#next;
    if (kind === 'end') return new FilterError(column, 'the end', expected);
    // It stands in an error, and may hold anything.
    const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
    return new FilterError(column, kind === 'text' ? `the text ${JSON.stringify(shown)}` : shown, expected);
  }
}
