// The media types that DM pushes over OBEX, as they stand in a Type header (DM-NOTI §7.2, DM-PUSH §5.4).
import { contentTypes, pushParameters } from '../index.ts';

/** A media type of ours. */
export interface DmType {
  /** Without parameters, as assigned. */
  readonly mime: string;
  /** See `pushParameters`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** True for a DM message, false for Package #0. */
  readonly isMessage: boolean;
}

const messages: ReadonlySet<string> = new Set([contentTypes['dm+wbxml'].mime, contentTypes['dm+xml'].mime]);
const ours: ReadonlySet<string> = new Set(Object.values(contentTypes).map((type) => type.mime));

/** Longer types are not looked at. */
const maxLength = 512;

/** Reads a Type header; `undefined` when it is not one of ours. Case does not matter. */
export function parseDmType(type: string): DmType | undefined {
  if (type.length > maxLength) return undefined;
  const [name = '', ...rest] = type.split(';');
  const mime = name.trim().toLowerCase();
  if (!ours.has(mime)) return undefined;
  const parameters = new Map<string, string>();
  for (const part of rest) {
    const equals = part.indexOf('=');
    const key = part.slice(0, Math.max(equals, 0)).trim().toLowerCase();
    const value = part.slice(equals + 1).trim();
    if (key !== '' && !parameters.has(key)) parameters.set(key, value.replace(/^"(.*)"$/, '$1'));
  }
  return {
    mime,
    parameters: pushParameters(Object.fromEntries(parameters)),
    isMessage: messages.has(mime),
  };
}
