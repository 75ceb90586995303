// The media types that DM pushes over OBEX, as they stand in a Type header (DM-NOTI §7.2, DM-PUSH §5.4).
import { type PushMediaType, pushMediaType } from '../index.ts';

/** Longer types are not looked at. */
const maxLength = 512;

/** Reads a Type header; `undefined` when it is not one of ours. Case does not matter. */
export function parseDmType(type: string): PushMediaType | undefined {
  if (type.length > maxLength) return undefined;
  const [name = '', ...rest] = type.split(';');
  const parameters = new Map<string, string>();
  for (const part of rest) {
    const equals = part.indexOf('=');
    const key = part.slice(0, Math.max(equals, 0)).trim().toLowerCase();
    const value = part.slice(equals + 1).trim();
    if (key !== '' && !parameters.has(key)) parameters.set(key, value.replace(/^"(.*)"$/, '$1'));
  }
  return pushMediaType(name.trim(), Object.fromEntries(parameters));
}
