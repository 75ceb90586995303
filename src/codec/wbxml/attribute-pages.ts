// Attribute tokens by code page: starts (05–7F) name an attribute and may give its value, values (85–FF) are text.

/** What the start token of an attribute says. */
export interface AttributeStart {
  readonly name: string;
  /** Start of the value, empty when the token says the name only. */
  readonly value: string;
}

/** One page of attribute tokens. */
export interface AttributePage {
  readonly starts: ReadonlyMap<number, AttributeStart>;
  readonly values: ReadonlyMap<number, string>;
}

/** A token, and its page. */
export interface PagedToken {
  readonly page: number;
  readonly token: number;
}

/** The attribute pages that one document type uses. */
export class AttributeSpace {
  readonly #pages: readonly AttributePage[];
  readonly #starts = new Map<string, PagedToken>();
  readonly #values = new Map<string, PagedToken>();

  /** Where pages have the same text, the first one's token is written. */
  constructor(pages: readonly AttributePage[]) {
    this.#pages = pages;
    for (const [page, { starts, values }] of pages.entries()) {
      for (const [token, { name, value }] of starts)
        addFirst(this.#starts, startKey(name, value), page, token);
      for (const [token, text] of values) addFirst(this.#values, text, page, token);
    }
  }

  /** What a start token says; `undefined` for one that the page does not have. */
  start(page: number, token: number): AttributeStart | undefined {
    return this.#pages[page]?.starts.get(token);
  }

  /** Text of a value token; `undefined` for one that the page does not have. */
  value(page: number, token: number): string | undefined {
    return this.#pages[page]?.values.get(token);
  }

  /** The token for that attribute with exactly that value, if there is one. */
  tokenOfAttribute(name: string, value: string): PagedToken | undefined {
    return this.#starts.get(startKey(name, value));
  }

  /** The token for the name alone, if there is one. */
  tokenOfName(name: string): PagedToken | undefined {
    return this.#starts.get(startKey(name, ''));
  }

  /** The token for exactly that value, if there is one. */
  tokenOfValue(value: string): PagedToken | undefined {
    return this.#values.get(value);
  }
}

function addFirst(map: Map<string, PagedToken>, key: string, page: number, token: number): void {
  if (!map.has(key)) map.set(key, { page, token });
}

function startKey(name: string, value: string): string {
  return `${name}=${value}`;
}
