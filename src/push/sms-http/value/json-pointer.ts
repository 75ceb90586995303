// JSON pointers: where in an answer or a receipt something stands (RFC 6901).
import { ValueError } from '../../../core/index.ts';

/** The steps of a pointer, outermost first; none is the value as a whole. */
export type Pointer = readonly string[];

/** Steps of a pointer, at most. */
const maxSteps = 32;

/** Characters of a text that is read out of a value, at most: longer ones are no id and no state. */
const maxTextLength = 4096;

/** Reads a pointer such as `/messages/0/message-id` (§3, §4). @throws {ValueError} BAD_FORMAT at `path` */
export function parsePointer(text: string, path: string): Pointer {
  if (text === '') return [];
  const [first, ...steps] = text.split('/');
  if (first !== '' || /~(?![01])/.test(text) || steps.length > maxSteps) {
    const shown = JSON.stringify(text.slice(0, 80));
    const detail = `${shown} is no JSON pointer (RFC 6901) such as /messages/0/id, of ${maxSteps} steps at most`;
    throw new ValueError('BAD_FORMAT', detail, path);
  }
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What stands there; `undefined` where nothing does. */
export function valueAt(value: unknown, pointer: Pointer): unknown {
  let here = value;
  for (const step of pointer) {
    if (Array.isArray(here)) {
      // An index has no leading zeros (§4).
      here = /^(?:0|[1-9][0-9]{0,8})$/.test(step) ? here[Number(step)] : undefined;
    } else if (typeof here === 'object' && here !== null && Object.hasOwn(here, step)) {
      here = (here as Readonly<Record<string, unknown>>)[step];
    } else return undefined;
  }
  return here;
}

/** The text, number or truth value there, as text; `undefined` for anything else, and for a text that is far too long. */
export function textAt(value: unknown, pointer: Pointer | undefined): string | undefined {
  if (pointer === undefined) return undefined;
  const found = valueAt(value, pointer);
  if (typeof found === 'string') return found.length > maxTextLength ? undefined : found;
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : undefined;
}
