// What a family would not take of octets that are to be pushed: Package #0, a DM message or a bootstrap, bare or in any layer
// around it that `reveille decode` reads.
import type { DmCommand } from '../../codec/syncml/index.ts';
import { decodeWbxml } from '../../codec/wbxml/index.ts';
import { decodePush, dmContentKind, isProvisioningKind } from '../../codec/wsp/index.ts';
import { readXml, type XmlElement } from '../../codec/xml/index.ts';
import { DecodeError } from '../../core/index.ts';
import {
  bootstrapFindings,
  commandFindings,
  contentTypeFindings,
  type Family,
  type Finding,
  ipBodyFindings,
  notificationFindings,
  wbxmlFindings,
} from '../../families/index.ts';
import { type Findings, noFindings, type Payload } from '../layers/findings.ts';
import { messageOrReason } from './dm-message.ts';
import { takeApart } from './take-apart.ts';

/** What was looked at, and what the family would not take of it. */
export interface LintedOctets {
  /** What it is, for people: `Package #0 (dm1.2)`. */
  readonly what: string;
  readonly findings: readonly Finding[];
}

/** Content type and body of a push. */
interface Pushed {
  readonly type: { readonly code?: number | undefined; readonly mime?: string | undefined };
  readonly body: Uint8Array;
}

/** Name of the root of a Client Provisioning document. */
const provisioningRoot = 'wap-provisioningdoc';

/**
 * Takes one message apart, given as one or more parts (several only as segments of a short message), and judges it.
 * @throws {DecodeError} when it cannot be read
 */
export function lintOctets(family: Family, parts: readonly Uint8Array[]): LintedOctets {
  const found = noFindings();
  let error: unknown;
  try {
    takeApart(parts, { as: 'auto' }, found);
    error = found.refusal;
  } catch (cause) {
    error = cause;
  }
  return lintFindings(family, found, error, parts[0]);
}

/**
 * Judges a message that was taken apart, wherever it came from.
 * @param error why it could not be read to its end
 * @param octets what it was read from
 * @throws {DecodeError} `error`, where nothing can be said of what was read
 */
export function lintFindings(
  family: Family,
  found: Findings,
  error: unknown,
  octets: Uint8Array = new Uint8Array(0),
): LintedOctets {
  const pushed = pushedIn(found);
  const byWsp = pushed === undefined ? [] : contentTypeFindings(family, pushed.type);
  if (isProvisioning(pushed, octets)) {
    return { what: 'bootstrap (cp)', findings: [...bootstrapFindings(family, 'cp'), ...byWsp] };
  }
  if (error !== undefined) throw error;
  if (found.payload === undefined) throw unreadable('holds nothing that is pushed to a DM client');
  const { what, findings } = lintPayload(family, found.payload);
  return { what, findings: [...findings, ...byWsp, ...overIp(family, found)] };
}

/** What is known only of Package #0 that HTTP or SIP brings: bare octets do not say over what they go. */
function overIp(family: Family, { layers, payload }: Findings): readonly Finding[] {
  if (payload?.kind !== 'notification') return [];
  const isIp = layers.some(({ name }) => name === 'sip' || name === 'http');
  return isIp ? ipBodyFindings(family, payload.base64) : [];
}

function lintPayload(family: Family, payload: Payload): LintedOctets {
  if (payload.kind === 'notification') {
    const { format, message, signed } = payload.decoded;
    const { serverId, initiator } = message;
    const facts = { format, serverId, initiator, signedOctets: signed.length };
    return { what: `Package #0 (${format})`, findings: notificationFindings(family, facts) };
  }
  if (payload.kind === 'document') throw unreadable(`is no DM message: ${payload.root.name.slice(0, 60)}`);
  const message = messageOrReason(payload);
  if (typeof message === 'string') throw unreadable(`is no DM message: ${message}`);
  const version =
    payload.form === 'wbxml' ? decodeWbxml(payload.body, { language: 'syncml' }).version : undefined;
  const bootstrap = isBootstrap(message.commands);
  return {
    what: `${bootstrap ? 'bootstrap (dm)' : 'DM message'} in ${version === undefined ? 'XML' : `WBXML ${version}`}`,
    findings: [
      ...(bootstrap ? bootstrapFindings(family, 'dm') : []),
      ...(version === undefined ? [] : wbxmlFindings(family, version)),
      ...commandFindings(family, message.commands),
    ],
  };
}

/** A bootstrap adds to ./Inbox and does nothing else (spec-notes ruling 17). */
function isBootstrap(commands: readonly DmCommand[]): boolean {
  return (
    commands.length > 0 &&
    commands.every(
      (command) =>
        command.name === 'Add' &&
        command.items.every(({ target }) => /^\.\/Inbox(?:\/|$)/.test(target?.uri ?? '')),
    )
  );
}

/** What the WSP layer says of its body; `undefined` where there is none. */
function pushedIn({ layers }: Findings): Pushed | undefined {
  const layer = layers.find(({ name }) => name === 'wsp');
  if (layer === undefined) return undefined;
  try {
    const { contentType, bodyOffset } = decodePush(layer.octets, {
      start: layer.annotations[0]?.offset ?? 0,
    });
    return { type: contentType, body: layer.octets.subarray(bodyOffset) };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** Whether it is Client Provisioning, by its content type or as a document by itself. */
function isProvisioning(pushed: Pushed | undefined, given: Uint8Array): boolean {
  const octets = pushed?.body ?? given;
  const kind = pushed === undefined ? undefined : dmContentKind(pushed.type);
  if (pushed !== undefined && !isProvisioningKind(kind)) return false;
  const isXml = octets.subarray(0, 100).find((octet) => ![0x09, 0x0a, 0x0d, 0x20].includes(octet)) === 0x3c;
  try {
    const root: XmlElement = isXml ? readXml(octets) : decodeWbxml(octets).root;
    return root.name === provisioningRoot;
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

function unreadable(detail: string): DecodeError {
  return new DecodeError(
    'UNSUPPORTED',
    detail,
    { path: 'content', offset: 0, bit: 0 },
    { doc: 'DM-NOTI-1.3', section: '7.1' },
  );
}
