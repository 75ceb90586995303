// What a push is, by its media type: the specifications ask for other care with a DM message than with Package #0.
import { contentTypes } from './binding.ts';
import { pushParameters } from './content-type.ts';

/** Package #0, a DM message, or a Client Provisioning document. */
export type PushKind = 'notification' | 'message' | 'provisioning';

const kinds: Readonly<Record<keyof typeof contentTypes, PushKind>> = {
  'dm1.2': 'notification',
  'dm1.3-2010': 'notification',
  'dm1.3': 'notification',
  'dm+wbxml': 'message',
  'dm+xml': 'message',
  'connectivity+xml': 'provisioning',
  'connectivity+wbxml': 'provisioning',
};

const kindsByMime: ReadonlyMap<string, PushKind> = new Map(
  Object.entries(contentTypes).map(([name, { mime }]) => [mime, kinds[name as keyof typeof contentTypes]]),
);

/** Names of all media types that are pushed for DM. */
export const pushMimeTypes: readonly string[] = [...kindsByMime.keys()];

/** What a media type, without parameters, stands for; `undefined` when it is not one of DM. Case does not matter. */
export function kindOf(mime: string): PushKind | undefined {
  return kindsByMime.get(mime.toLowerCase());
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
