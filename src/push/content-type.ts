// Content types with their parameters, as text carriers write them, and as receivers hand them on.
import { ValueError } from '../core/index.ts';
import type { PushContentType } from './binding.ts';

/** Values of SEC by their numbers (OMA ProvBoot 1.1). */
const secNames = ['NETWPIN', 'USERPIN', 'USERNETWPIN', 'USERPINMAC'];

/**
 * The content type as a header of text: SEC as its number, MAC as it is, other parameters quoted where they need it.
 * @throws {ValueError} BAD_FORMAT for a name or value that no header can carry
 */
export function contentTypeText({ mime, parameters = {} }: PushContentType): string {
  let text = mime;
  for (const [name, value] of Object.entries(parameters)) {
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name) || !/^[\x20-\x7e]*$/.test(value)) {
      throw new ValueError(
        'BAD_FORMAT',
        `parameter ${JSON.stringify(name)} cannot be written`,
        'contentType',
      );
    }
    const sec = name.toUpperCase() === 'SEC' ? secNames.indexOf(value) : -1;
    const shown = sec >= 0 ? String(sec) : value;
    const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(shown);
    text += `; ${name}=${token ? shown : `"${shown.replace(/["\\]/g, '\\$&')}"`}`;
  }
  return text;
}

/**
 * Parameters in one spelling, whatever the carrier's: `SEC` with the name of its value and `MAC`; the others in lower
 * case.
 */
export function pushParameters(
  parameters: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const known = new Map<string, string>();
  for (const [name, value] of Object.entries(parameters)) {
    const upper = name.toUpperCase();
    if (upper === 'SEC') known.set(upper, secNames[/^[0-3]$/.test(value) ? Number(value) : -1] ?? value);
    else known.set(upper === 'MAC' ? upper : name.toLowerCase(), value);
  }
  // fromEntries defines properties, so that a parameter named __proto__ is only that.
  return Object.fromEntries(known);
}
