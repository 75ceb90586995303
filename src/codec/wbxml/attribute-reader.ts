// The attribute code space: attribute lists, processing instructions, and the extension tokens of both spaces. SyncML has
// no attribute tokens, so its names are literals and its values strings (WBXML-1.3 §5.8.3, §5.8.4).
import { bytesToUtf8 } from '../../core/index.ts';
import type { AttributeSpace, AttributeStart } from './attribute-pages.ts';
import type { Explainer } from './explain.ts';
import type { WbxmlHeader } from './header.ts';
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
  readonly #space: AttributeSpace | undefined;
  readonly #skip: boolean;
  readonly #explain: Explainer | undefined;
  /** Attribute code page; the pages of tags are others. */
  #page = 0;

  constructor(
    input: WbxmlInput,
    header: Pick<WbxmlHeader, 'table' | 'space'>,
    meaningless: 'refuse' | 'skip',
    explain: Explainer | undefined,
  ) {
    this.#input = input;
    this.#table = header.table;
    this.#space = header.space.attributes;
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
      const { name, value } = this.#start(at, token);
      if (list.length >= input.limits.maxAttributes) {
        throw input.error('LIMIT', `more than ${input.limits.maxAttributes} attributes`, '', at);
      }
      if (list.some((earlier) => earlier.name === name)) {
        throw input.error('BAD_VALUE', `attribute ${name.slice(0, 80)} occurs twice`, '5.8.3', at);
      }
      list.push({ name, value: this.#value(value), at });
    }
  }

  /** A processing instruction, whose PI token at `at` was read. @throws {DecodeError} UNSUPPORTED unless skipped */
  processingInstruction(at: number): void {
    const input = this.#input;
    if (!this.#skip)
      throw input.error('UNSUPPORTED', 'processing instructions are not allowed', '5.8.4.4', at);
    const targetAt = this.#skipPageSwitches();
    const { name: target } = this.#start(targetAt, input.u8('5.8.4.4'));
    this.#value('');
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

  /** Name of an attribute, and how its value starts, from its first token. */
  #start(at: number, token: number): AttributeStart {
    if (token === G.LITERAL) {
      const name = this.#input.tableString(this.#table);
      this.#explain?.token(at, 'LITERAL', name, 'attribute by name', '5.8.4.5');
      return { name, value: '' };
    }
    const start = this.#space?.start(this.#page, token);
    if (start === undefined) throw this.#unknown(at, token);
    const shown = start.value === '' ? start.name : `${start.name}=${JSON.stringify(start.value)}`;
    this.#explain?.token(at, 'attribute', shown, 'attribute by token', '5.8.3');
    this.#input.produce(start.value.length);
    return start;
  }

  /** Everything up to the next attribute or END, behind what the start token said. */
  #value(start: string): string {
    const input = this.#input;
    let value = start;
    for (;;) {
      const at = this.#skipPageSwitches();
      const token = input.octets[at];
      // At the end of the octets, the caller reads on and fails.
      if (token === undefined || token === G.END || token === G.LITERAL) return value;
      if (this.#space?.start(this.#page, token) !== undefined) return value;
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
      default: {
        const text = this.#space?.value(this.#page, token);
        if (text === undefined) throw this.#unknown(at, token);
        input.produce(text.length);
        return this.#part(at, 'value', text);
      }
    }
  }

  #part(at: number, field: string, text: string): string {
    this.#explain?.token(at, field, text, 'attribute value', '5.8.3');
    return text;
  }

  #skipPageSwitches(): number {
    const input = this.#input;
    for (;;) {
      const at = input.at;
      if (input.octets[at] !== G.SWITCH_PAGE) return at;
      input.at = at + 1;
      this.#page = input.u8('5.8.4.7.2');
      this.#explain?.token(at, 'SWITCH_PAGE', String(this.#page), 'attribute code page', '5.8.4.7.2');
    }
  }

  #unknown(at: number, token: number): Error {
    const shown = `0x${token.toString(16).padStart(2, '0')}`;
    return this.#input.error('BAD_VALUE', `unknown attribute token ${shown}`, '5.8.3', at);
  }
}
