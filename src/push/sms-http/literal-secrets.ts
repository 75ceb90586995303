// Secrets that stand in a template itself, where a slot of the account should.
import type { JsonTemplate } from './request/json-template.ts';

/** Names of fields whose value nobody else may know. */
export const secretName =
  /pass(?:word|wd|phrase|code)?$|pwd$|secret|token|key$|auth(?!ors?$)|signature|^sig$|(?:^|[-_.a-z])pin$/i;

/** One of them. */
export interface LiteralSecret {
  /** Path of what holds it. */
  readonly path: string;
  readonly value: string;
}

/** Those of a part of a request: texts and numbers behind a name that says so, however deep, the slots in them left out. */
export function literalSecrets(part: JsonTemplate, path: string): readonly LiteralSecret[] {
  const found: LiteralSecret[] = [];
  const look = (one: JsonTemplate, where: string, secret: boolean): void => {
    if (typeof one === 'object' && one !== null) {
      const list = Array.isArray(one);
      for (const [name, member] of Object.entries(one))
        look(
          member,
          list ? `${where}[${name}]` : `${where}.${name}`,
          secret || (!list && secretName.test(name)),
        );
    } else if (secret && (typeof one === 'string' || typeof one === 'number')) {
      for (const value of literalParts(String(one))) found.push({ path: where, value });
    }
  };
  look(part, path, false);
  return found;
}

/** What stands between the slots; `{{` and `}}` are braces. */
function literalParts(text: string): readonly string[] {
  const parts = text.replace(/\{\{|\}\}|\{[^{}]*\}/g, (one) =>
    one === '{{' ? '{' : one === '}}' ? '}' : '\0',
  );
  return parts.split('\0').filter((part) => part.trim() !== '');
}
