// What a push is, by its media type: the specifications ask for other care with a DM message than with Package #0.
import { contentTypes, type PushContent, type ReceivedPush } from './binding.ts';
import { pushParameters } from './content-type.ts';

/** Package #0, a DM message, or a Client Provisioning document. */
export type PushKind = 'notification' | 'message' | 'provisioning';

const contents: Readonly<Record<keyof typeof contentTypes, PushContent>> = {
  'dm1.2': 'notification',
  'dm1.3-2010': 'notification',
  'dm1.3': 'notification',
  'dm+wbxml': 'dm+wbxml',
  'dm+xml': 'dm+xml',
  'connectivity+xml': 'connectivity+xml',
  'connectivity+wbxml': 'connectivity+wbxml',
};

const kinds: Readonly<Record<PushContent, PushKind>> = {
  notification: 'notification',
  'dm+wbxml': 'message',
  'dm+xml': 'message',
  'connectivity+xml': 'provisioning',
  'connectivity+wbxml': 'provisioning',
};

const rows = Object.entries(contentTypes).map(
  ([name, type]) => [type, contents[name as keyof typeof contentTypes]] as const,
);
const contentsByMime: ReadonlyMap<string, PushContent> = new Map(rows.map(([{ mime }, is]) => [mime, is]));
const contentsByCode: ReadonlyMap<number, PushContent> = new Map(rows.map(([{ code }, is]) => [code, is]));

/**
 * What a content type stands for, by its number if there is one, else by its name, in any case and with any parameters;
 * `undefined` when it is not one of DM.
 */
export function contentOf({ code, mime }: ReceivedPush['contentType']): PushContent | undefined {
  if (code !== undefined) return contentsByCode.get(code);
  return mime === undefined
    ? undefined
    : contentsByMime.get((mime.split(';', 1)[0] ?? '').trim().toLowerCase());
}

/** What a push that came in carries: as its receiver found it, or by its type where it came by none of ours. */
export function contentOfPush({
  content,
  contentType,
}: Pick<ReceivedPush, 'content' | 'contentType'>): PushContent | undefined {
  return content ?? contentOf(contentType);
}

/** Which of the three a content is; `undefined` for what is none of DM. */
export function kindOfContent(content: PushContent | undefined): PushKind | undefined {
  return content && kinds[content];
}

/** Names of all media types that are pushed for DM. */
export const pushMimeTypes: readonly string[] = [...contentsByMime.keys()];

/** What a media type, without parameters, stands for; `undefined` when it is not one of DM. Case does not matter. */
export function kindOf(mime: string): PushKind | undefined {
  return kindOfContent(contentsByMime.get(mime.toLowerCase()));
}

/** A media type of DM, as a text carrier brought it. */
export interface PushMediaType {
  /** Without parameters, as assigned. */
  readonly mime: string;
  /** See `pushParameters`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly kind: PushKind;
}

/** The media type that a name and its parameters say; `undefined` when it is not one of DM. */
export function pushMediaType(
  mime: string,
  parameters: Readonly<Record<string, string>>,
): PushMediaType | undefined {
  const kind = kindOf(mime);
  if (kind === undefined) return undefined;
  return { mime: mime.toLowerCase(), parameters: pushParameters(parameters), kind };
}

/**
 * How a DM message has to be protected on its way over HTTP or OBEX (DM-PUSH §5.3, §5.4; Package #0 carries its own
 * digest): `tls` by TLS alone, `authenticated` by TLS or by a password that the other end proves, `any` not at all.
 */
export type MessageProtection = 'tls' | 'authenticated' | 'any';

/** Every `MessageProtection`. */
export const messageProtections: readonly MessageProtection[] = ['tls', 'authenticated', 'any'];
