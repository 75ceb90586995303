// The media types that DM pushes (DM-NOTI-1.3 §7.4, DM-PUSH §5.3).
import { parseMimeType } from '../../codec/pap/index.ts';
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

/** True for a DM message. */
export function isDmMessage(mime: string): boolean {
  return messages.has(mime);
}

/** Names of all media types of ours. */
export const dmTypes: readonly string[] = [...ours];

/** Reads a Content-Type; `undefined` when it is not one of ours. Case does not matter. */
export function parseDmType(text: string): DmType | undefined {
  const type = parseMimeType(text);
  if (type === undefined || !ours.has(type.mime)) return undefined;
  return { mime: type.mime, parameters: pushParameters(type.parameters), isMessage: messages.has(type.mime) };
}
