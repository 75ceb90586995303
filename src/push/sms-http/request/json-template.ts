// JSON bodies with slots in their texts. The body is made as a value and written by the runtime, so no text can end itself.
import { ValueError } from '../../../core/index.ts';
import type { MessageValues } from './slots.ts';
import { type AccountFields, fill, parseTemplate, type Template } from './template.ts';

/** A JSON value whose texts may hold slots. */
export type JsonTemplate =
  | string
  | number
  | boolean
  | null
  | readonly JsonTemplate[]
  | { readonly [name: string]: JsonTemplate };

/** A value that has been taken apart. */
export interface JsonNode {
  readonly node: Node;
  /** All texts in it. */
  readonly texts: readonly Template[];
}

type Node =
  | { readonly kind: 'text'; readonly template: Template; readonly path: string }
  | { readonly kind: 'plain'; readonly value: number | boolean | null }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Node])[] };

/** How deep values may stand, and how many there may be. */
const maxDepth = 16;
const maxNodes = 1000;

/** Takes a value apart. @throws {ValueError} for a slot that there is not, or a value that is too deep or too large */
export function compileJson(value: JsonTemplate, account: AccountFields, path: string): JsonNode {
  const texts: Template[] = [];
  let nodes = 0;
  const compile = (one: JsonTemplate, where: string, depth: number): Node => {
    nodes += 1;
    if (depth > maxDepth || nodes > maxNodes) {
      throw new ValueError('TOO_LONG', `more than ${maxDepth} levels or ${maxNodes} values`, path);
    }
    if (typeof one === 'string') {
      const template = parseTemplate(one, account, where);
      texts.push(template);
      return { kind: 'text', template, path: where };
    }
    if (typeof one !== 'object' || one === null) return { kind: 'plain', value: one };
    if (isList(one)) {
      return {
        kind: 'list',
        items: one.map((item, index) => compile(item, `${where}[${index}]`, depth + 1)),
      };
    }
    const members = Object.entries(one).map(
      ([name, member]) => [name, compile(member, `${where}.${name}`, depth + 1)] as const,
    );
    return { kind: 'object', members };
  };
  return { node: compile(value, path, 0), texts };
}

/** The value for a message. Members and items whose value is absent are left out. @throws {ValueError} for no number */
export function jsonOf({ node }: JsonNode, values: MessageValues, account: AccountFields): unknown {
  const made = (one: Node): unknown => {
    switch (one.kind) {
      case 'plain':
        return one.value;
      case 'text':
        return textOf(one.template, values, account, one.path);
      case 'list':
        return one.items.map(made).filter((item) => item !== undefined);
      case 'object':
        return Object.fromEntries(
          one.members
            .map(([name, member]) => [name, made(member)] as const)
            .filter(([, member]) => member !== undefined),
        );
    }
  };
  return made(node);
}

function textOf(
  template: Template,
  values: MessageValues,
  account: AccountFields,
  path: string,
): string | number | undefined {
  const text = fill(template, values, account);
  if (text === undefined || !template.isNumber) return text;
  // What JSON has for a number, and no more of it than a number of ours can hold.
  if (/^(?:0|[1-9][0-9]{0,14})$/.test(text)) return Number(text);
  throw new ValueError('BAD_FORMAT', 'is wanted as a number (#), and is none', path);
}

function isList(value: object): value is readonly JsonTemplate[] {
  return Array.isArray(value);
}
