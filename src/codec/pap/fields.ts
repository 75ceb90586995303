// Fields of PAP elements: attributes and child elements, each a value with two directions. `elements.ts` has the tables.
import { DecodeError, ValueError } from '../../core/index.ts';
import { isElement, type XmlAttribute, type XmlElement } from '../xml/index.ts';
import { formatPapTime, parsePapTime } from './timestamp.ts';

/** Short name of the document that errors refer to. */
export const papDoc = 'PAP-2.0';

/** An element breaks the DTD. Elements carry no offsets, so the path says where. */
export function badPap(path: string, detail: string): DecodeError {
  return new DecodeError('BAD_VALUE', detail, { path, offset: 0, bit: 0 }, { doc: papDoc, section: '' });
}

/** What is done about attributes and elements that the DTD does not have. */
export type UnknownParts = 'refuse' | 'ignore';

/** One element that is being read: what its fields have not taken is unknown. */
export class ElementSource {
  readonly path: string;
  readonly unknown: UnknownParts;
  readonly #attributes = new Map<string, string>();
  readonly #children: readonly XmlElement[];
  #next = 0;

  /** @throws {DecodeError} when it holds text, which no element of PAP does */
  constructor(element: XmlElement, path: string, unknown: UnknownParts) {
    this.path = path;
    this.unknown = unknown;
    for (const { name, namespace, value } of element.attributes) {
      if (namespace === '') this.#attributes.set(name, value);
      else if (unknown === 'refuse') throw badPap(path, `attribute ${shown(name)} is in a namespace`);
    }
    const known: XmlElement[] = [];
    for (const child of element.children) {
      if (isElement(child)) known.push(child);
      else if (typeof child !== 'string' || child.trim() !== '') throw badPap(path, 'must not hold text');
    }
    this.#children = known;
  }

  /** The attribute of that name, once. */
  attribute(name: string): string | undefined {
    const value = this.#attributes.get(name);
    this.#attributes.delete(name);
    return value;
  }

  /** The children of that name that come next. */
  children(name: string): readonly XmlElement[] {
    const start = this.#next;
    while (this.#children[this.#next]?.name === name && this.#children[this.#next]?.namespace === '') {
      this.#next += 1;
    }
    return this.#children.slice(start, this.#next);
  }

  /** @throws {DecodeError} when something was not taken, unless it may be ignored */
  finish(): void {
    if (this.unknown === 'ignore') return;
    const [attribute] = this.#attributes.keys();
    if (attribute !== undefined) throw badPap(this.path, `there is no attribute ${shown(attribute)}`);
    const child = this.#children[this.#next];
    if (child !== undefined) throw badPap(this.path, `element ${shown(child.name)} must not stand here`);
  }
}

/** The parts of an element that is being written. */
export interface ElementParts {
  readonly attributes: XmlAttribute[];
  readonly children: XmlElement[];
}

/** One property of a message and its place in the element. */
export interface Field<Value> {
  read(source: ElementSource): Value | undefined;
  /** `value` is `undefined` for an absent property. @throws {ValueError} */
  write(value: Value | undefined, parts: ElementParts, path: string): void;
}

/** Values of an attribute, in both directions. */
export interface Kind<Value> {
  readonly expected: string;
  parse(text: string): Value | undefined;
  /** `undefined` for a value that cannot be written. */
  format(value: Value): string | undefined;
}

/** An element with its content, in both directions. */
export interface Shape<Value> {
  readonly name: string;
  parse(element: XmlElement, path: string, unknown: UnknownParts): Value;
  build(value: Value, path: string): XmlElement;
}

export const text: Kind<string> = {
  expected: 'text',
  parse: (written) => written,
  format: (value) => (typeof value === 'string' ? value : undefined),
};

/** Text that must say something. */
export const name: Kind<string> = {
  expected: 'text that is not empty',
  parse: (written) => (written.trim() === '' ? undefined : written),
  format: (value) => (typeof value === 'string' && value.trim() !== '' ? value : undefined),
};

export const time: Kind<number> = {
  expected: 'a time of the form YYYY-MM-DDThh:mm:ssZ',
  parse: parsePapTime,
  format: (value) => {
    try {
      return formatPapTime(value);
    } catch {
      return undefined;
    }
  },
};

export const code: Kind<number> = {
  expected: 'a code of four or five digits',
  // Some gateways put a digit before codes of their own (PAP 2.0 has the four-digit ones).
  parse: (written) => (/^[0-9]{4,5}$/.test(written) ? Number(written) : undefined),
  format: (value) =>
    Number.isInteger(value) && value >= 1000 && value <= 99_999 ? String(value) : undefined,
};

export const flag: Kind<boolean> = {
  expected: 'true or false',
  parse: (written) => {
    const word = wordOf(written);
    return word === 'true' ? true : word === 'false' ? false : undefined;
  },
  format: (value) => (typeof value === 'boolean' ? String(value) : undefined),
};

/** Words are read in any case and with blanks around them, as deployed gateways read them too; they are written as the DTD has them. */
export function oneOf<const Name extends string>(names: readonly Name[]): Kind<Name> {
  return {
    expected: `one of ${names.join(', ')}`,
    parse: (written) => {
      const word = wordOf(written);
      return names.find((each) => each === word);
    },
    format: (value) => names.find((each) => each === value),
  };
}

function wordOf(written: string): string {
  return written.trim().toLowerCase();
}

/** An attribute that may be absent. */
export function optional<Value>(attribute: string, kind: Kind<Value>): Field<Value> {
  return {
    read(source) {
      const written = source.attribute(attribute);
      if (written === undefined) return undefined;
      const value = kind.parse(written);
      if (value === undefined) {
        throw badPap(`${source.path}.${attribute}`, `${shown(written)} is not ${kind.expected}`);
      }
      return value;
    },
    write(value, { attributes }, path) {
      if (value === undefined) return;
      const written = kind.format(value);
      if (written === undefined) {
        throw new ValueError('BAD_FORMAT', `is not ${kind.expected}`, `${path}.${attribute}`);
      }
      attributes.push({ name: attribute, namespace: '', value: written });
    },
  };
}

/** An attribute that must be there. */
export function required<Value>(attribute: string, kind: Kind<Value>): Field<Value> {
  const field = optional(attribute, kind);
  return {
    read(source) {
      const value = field.read(source);
      if (value === undefined) throw badPap(source.path, `attribute ${attribute} is missing`);
      return value;
    },
    write(value, parts, path) {
      if (value === undefined) throw new ValueError('MISSING', 'is missing', `${path}.${attribute}`);
      field.write(value, parts, path);
    },
  };
}

/** Any number of child elements, but at least `minimum`. */
export function list<Value>(shape: Shape<Value>, minimum: 0 | 1): Field<readonly Value[]> {
  return {
    read(source) {
      const values = source.children(shape.name).map((child, index) => {
        return shape.parse(child, `${source.path}.${shape.name}[${index}]`, source.unknown);
      });
      if (values.length < minimum) throw badPap(source.path, `element ${shape.name} is missing`);
      return values;
    },
    write(values, { children }, path) {
      if (values === undefined || values.length < minimum) {
        throw new ValueError('MISSING', `needs at least ${minimum}`, `${path}.${shape.name}`);
      }
      for (const [index, value] of values.entries()) {
        children.push(shape.build(value, `${path}.${shape.name}[${index}]`));
      }
    },
  };
}

/** One child element, or none where it may be absent. */
export function single<Value>(shape: Shape<Value>, presence: 'required' | 'optional'): Field<Value> {
  return {
    read(source) {
      const [first, second] = source.children(shape.name);
      const path = `${source.path}.${shape.name}`;
      if (second !== undefined) throw badPap(path, 'occurs twice');
      if (first !== undefined) return shape.parse(first, path, source.unknown);
      if (presence === 'required') throw badPap(source.path, `element ${shape.name} is missing`);
      return undefined;
    },
    write(value, { children }, path) {
      if (value !== undefined) children.push(shape.build(value, `${path}.${shape.name}`));
      else if (presence === 'required')
        throw new ValueError('MISSING', 'is missing', `${path}.${shape.name}`);
    },
  };
}

/** One field for each property of a message but its name. */
export type Fields<Message> = {
  readonly [Key in Exclude<keyof Message, 'element'>]-?: Field<Exclude<Message[Key], undefined>>;
};

/** An element whose properties are the rows of a table, in the order of the DTD. */
export function shapeOf<Message extends object>(
  elementName: string,
  fields: Fields<Message>,
): Shape<Message> {
  const rows = Object.entries<Field<unknown>>(fields);
  return {
    name: elementName,
    parse(element, path, unknown) {
      const source = new ElementSource(element, path, unknown);
      const properties: [string, unknown][] = [];
      for (const [property, field] of rows) {
        const value = field.read(source);
        if (value !== undefined) properties.push([property, value]);
      }
      source.finish();
      return Object.fromEntries(properties) as Message;
    },
    build(message, path) {
      const parts: ElementParts = { attributes: [], children: [] };
      const properties = message as Readonly<Record<string, unknown>>;
      for (const [property, field] of rows) field.write(properties[property], parts, path);
      return { name: elementName, namespace: '', ...parts };
    },
  };
}

/** A peer's text, fit for one line. */
export function shown(written: string): string {
  return JSON.stringify(written.length > 60 ? `${written.slice(0, 60)}…` : written);
}
