// The attribute code space: attribute lists, processing instructions, and the extension tokens of both spaces. SyncML has
// no attribute tokens, so names are literals and values are strings (WBXML-1.3 §5.8.3, §5.8.4).
import { bytesToUtf8 } from '../../core/index.ts';
import type { Explainer } from './explain.ts';
import type { WbxmlInput } from './input.ts';
import type { StringTable } from './string-table.ts';
import { globalTokens as G, globalTokenName } from './tokens.ts';

/** An attribute as it is spelled, before namespaces are resolved. */
export interface SpelledAttribute {
  /** With prefix, if any. */
  readonly name: string;
  readonly value: string;
  /** Offset of its first token. */
  readonly at: number;
}

/** Reads attribute lists of one document. */
export class AttributeReader {
  readonly #input: WbxmlInput;
  readonly #table: StringTable;
  readonly #skip: boolean;
  readonly #explain: Explainer | undefined;

  constructor(
    input: WbxmlInput,
    table: StringTable,
    meaningless: 'refuse' | 'skip',
    explain: Explainer | undefined,
  ) {
    this.#input = input;
    this.#table = table;
    this.#skip = meaningless === 'skip';
    this.#explain = explain;
  }

  /** A list of attributes up to its END. @throws {DecodeError} */
  list(): readonly SpelledAttribute[] {
    const input = this.#input;
    const list: SpelledAttribute[] = [];
    for (;;) {
      const at = this.#skipPageSwitches();
      const token = input.u8('5.8.3');
      if (token === G.END) {
        this.#explain?.token(at, 'END', '', 'end of the attributes', '5.8.4.7.1');
        return list;
      }
      const name = this.#start(at, token);
      if (list.length >= input.limits.maxAttributes) {
        throw input.error('LIMIT', `more than ${input.limits.maxAttributes} attributes`, '', at);
      }
      if (list.some((earlier) => earlier.name === name)) {
        throw input.error('BAD_VALUE', `attribute ${name.slice(0, 80)} occurs twice`, '5.8.3', at);
      }
      list.push({ name, value: this.#value(), at });
    }
  }

  /** A processing instruction, whose PI token at `at` was read. @throws {DecodeError} UNSUPPORTED unless skipped */
  processingInstruction(at: number): void {
    const input = this.#input;
    if (!this.#skip)
      throw input.error('UNSUPPORTED', 'processing instructions are not allowed', '5.8.4.4', at);
    const targetAt = this.#skipPageSwitches();
    const target = this.#start(targetAt, input.u8('5.8.4.4'));
    this.#value();
    const endAt = this.#skipPageSwitches();
    if (input.u8('5.8.4.4') !== G.END) {
      throw input.error('BAD_VALUE', 'a processing instruction has one target', '5.8.4.4', endAt);
    }
    this.#explain?.token(at, 'PI', target, 'processing instruction, skipped', '5.8.4.4');
  }

  /** An extension token of either space, read at `at`. @throws {DecodeError} UNSUPPORTED unless skipped */
  extension(at: number, token: number): void {
    const input = this.#input;
    const name = globalTokenName(token) ?? '';
    if (!this.#skip) throw input.error('UNSUPPORTED', `${name} has no meaning in SyncML`, '5.8.4.2', at);
    const argument =
      token < G.PI ? input.inlineString() : token < G.STR_T ? String(input.integer()) : 'no argument';
    this.#explain?.token(at, name, argument, 'extension, skipped', '5.8.4.2');
  }

  /** Name of an attribute from its first token. */
  #start(at: number, token: number): string {
    if (token !== G.LITERAL) throw this.#unknown(at, token);
    const name = this.#input.tableString(this.#table);
    this.#explain?.token(at, 'LITERAL', name, 'attribute by name', '5.8.4.5');
    return name;
  }

  /** Everything up to the next attribute or END. */
  #value(): string {
    const input = this.#input;
    let value = '';
    for (;;) {
      const at = this.#skipPageSwitches();
      const token = input.octets[at];
      // At the end of the octets, the caller reads on and fails.
      if (token === undefined || token === G.END || token === G.LITERAL) return value;
      input.at = at + 1;
      value += this.#valuePart(at, token);
    }
  }

  #valuePart(at: number, token: number): string {
    const input = this.#input;
    switch (token) {
      case G.STR_I:
        return this.#part(at, 'STR_I', input.inlineString());
      case G.STR_T:
        return this.#part(at, 'STR_T', input.tableString(this.#table));
      case G.ENTITY:
        return this.#part(at, 'ENTITY', input.entity(at));
      case G.OPAQUE: {
        const text = bytesToUtf8(input.opaque(at));
        if (text === undefined) throw input.error('BAD_VALUE', 'attribute value is not UTF-8', '5.8.4.6', at);
        return this.#part(at, 'OPAQUE', text);
      }
      case G.EXT_I_0:
      case G.EXT_I_1:
      case G.EXT_I_2:
      case G.EXT_T_0:
      case G.EXT_T_1:
      case G.EXT_T_2:
      case G.EXT_0:
      case G.EXT_1:
      case G.EXT_2:
        this.extension(at, token);
        return '';
      default:
        throw this.#unknown(at, token);
    }
  }

  #part(at: number, field: string, text: string): string {
    this.#explain?.token(at, field, text, 'attribute value', '5.8.3');
    return text;
  }

  /** Attribute pages hold no tokens here, so which one is current does not matter. */
  #skipPageSwitches(): number {
    const input = this.#input;
    for (;;) {
      const at = input.at;
      if (input.octets[at] !== G.SWITCH_PAGE) return at;
      input.at = at + 1;
      const page = input.u8('5.8.4.7.2');
      this.#explain?.token(at, 'SWITCH_PAGE', String(page), 'attribute code page', '5.8.4.7.2');
    }
  }

  #unknown(at: number, token: number): Error {
    const shown = `0x${token.toString(16).padStart(2, '0')}`;
    return this.#input.error('BAD_VALUE', `unknown attribute token ${shown}`, '5.8.3', at);
  }
}
