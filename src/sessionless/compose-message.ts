// A sessionless message from its commands: numbered, encrypted where asked for, signed, WBXML (DM-SESSIONLESS-1.3 §5.2).
import type { DmMessage, ManagementCommand } from '../codec/syncml/index.ts';
import type { WbxmlVersion } from '../codec/wbxml/index.ts';
import { utf8ToBytes, ValueError } from '../core/index.ts';
import {
  type ContentAlgorithm,
  type EncryptionKey,
  type SealedMessage,
  type SigningKey,
  sealMessage,
} from '../security/index.ts';
import { requireAclInTrees } from './acl-in-trees.ts';
import { itemsWithMeta } from './message-items.ts';

/** Who talks to whom, and what the device is to do. */
export interface SessionlessContent {
  /** ServerID of the account on the device, 1–255 octets: SyncHdr/Source/LocURI (§5.2). */
  readonly serverId: string;
  /** `./DevInfo/DevId` of the device: SyncHdr/Target/LocURI. */
  readonly deviceId: string;
  /** 1–4 upper-case hex digits, not those of an earlier message to the device. */
  readonly sessionId: string;
  /** Default `1`. */
  readonly msgId?: string;
  /** At least one. Their CmdIDs are given anew, and NoResp is left out: §5.5 rules that nothing is answered. */
  readonly commands: readonly ManagementCommand[];
}

/** What is encrypted, and to whom (§5.2). */
export interface SessionlessEncryption {
  /** The whole body, or the items with these target URIs; each has to be in the message. */
  readonly parts: 'body' | readonly string[];
  readonly key: EncryptionKey;
  /** Default `aes128-gcm`. */
  readonly content?: ContentAlgorithm;
  /** KeyName of the device's key, a hint. */
  readonly keyName?: string;
}

/** How the message is protected and encoded. */
export interface ComposeMessageOptions {
  readonly key: SigningKey;
  /** KeyName of the signature, a hint. */
  readonly keyName?: string;
  readonly encrypt?: SessionlessEncryption;
  /** Default `1.2`. */
  readonly wbxmlVersion?: WbxmlVersion;
  /** How short it is written; see `SignMessageOptions`. Default `compact`, which every reader of WBXML reads. */
  readonly spelling?: 'plain' | 'compact' | 'opaque';
  /** True lets a key sign that is for SHA-1. Default false. */
  readonly allowSha1?: boolean;
}

/**
 * The message that a device processes without a session. The same input gives other octets each time where ECDSA or
 * encryption draw random numbers: keep the octets, and send those again.
 * @throws {ValueError} for a command that means nothing without an answer or a next message, for an ACL outside of the tree
 *   that it belongs to (§5.4), and for what cannot be encoded, encrypted or signed
 */
export function composeMessage(content: SessionlessContent, options: ComposeMessageOptions): SealedMessage {
  const message = sessionlessMessage(content);
  const { key, encrypt, wbxmlVersion = '1.2', spelling = 'compact', ...signing } = options;
  return sealMessage(message, key, {
    ...signing,
    spelling,
    ...(encrypt !== undefined && { encrypt: messageEncryption(encrypt, message.commands) }),
    wbxml: { version: wbxmlVersion },
  });
}

/** The message before it is protected. @throws {ValueError} as `composeMessage` does */
export function sessionlessMessage(content: SessionlessContent): DmMessage {
  const { serverId, deviceId, sessionId, msgId = '1', commands } = content;
  requireOctets(serverId, 255, 'serverId');
  requireOctets(deviceId, 1024, 'deviceId');
  if (!/^[0-9A-F]{1,4}$/.test(sessionId)) {
    throw new ValueError('BAD_FORMAT', 'must be 1 to 4 upper-case hex digits', 'sessionId');
  }
  if (!/^[1-9][0-9]{0,8}$/.test(msgId)) {
    throw new ValueError('BAD_FORMAT', 'must be a number from 1 to 999999999', 'msgId');
  }
  if (commands.length === 0) throw new ValueError('OUT_OF_RANGE', 'must have at least one command', 'job');
  for (const [index, command] of commands.entries()) requireUnanswered(command, `job[${index}]`);
  requireAclInTrees(commands);
  const counter = { last: 0 };
  return {
    header: {
      verDtd: '1.2',
      verProto: 'DM/1.2',
      sessionId,
      msgId,
      target: { uri: deviceId },
      source: { uri: serverId },
    },
    commands: commands.map((command) => numbered(command, counter)),
    final: true,
  };
}

/** Display and confirmation: one only shows, the other decides over what follows it in its group. */
const meaningfulAlerts: readonly (string | undefined)[] = ['1100', '1101'];

function requireUnanswered(command: ManagementCommand, path: string): void {
  switch (command.name) {
    case 'Get':
      throw new ValueError('OUT_OF_RANGE', 'get asks for an answer, and none comes without a session', path);
    case 'Unknown':
      throw new ValueError('OUT_OF_RANGE', 'is no command of device management', path);
    case 'Alert':
      if (meaningfulAlerts.includes(command.data)) return;
      throw new ValueError('OUT_OF_RANGE', 'what the user enters would reach nobody without a session', path);
    case 'Atomic':
    case 'Sequence':
      for (const [index, each] of command.commands.entries()) {
        requireUnanswered(each, `${path}.commands[${index}]`);
      }
      return;
    default:
      if (command.items.every(({ moreData }) => moreData !== true)) return;
      throw new ValueError('OUT_OF_RANGE', 'no further message would bring the rest of the data', path);
  }
}

function numbered(command: ManagementCommand, counter: { last: number }): ManagementCommand {
  counter.last += 1;
  const { noResp: _, ...kept } = command;
  const own = { ...kept, cmdId: String(counter.last) };
  if (own.name !== 'Atomic' && own.name !== 'Sequence') return own;
  return { ...own, commands: own.commands.map((each) => numbered(each, counter)) };
}

function messageEncryption(encrypt: SessionlessEncryption, commands: DmMessage['commands']) {
  const { parts, ...rest } = encrypt;
  if (parts === 'body') return { ...rest, parts };
  const present = itemsWithMeta(commands as readonly ManagementCommand[]).map(({ item }) => item.target?.uri);
  const missing = parts.find((uri) => !present.includes(uri));
  if (missing !== undefined || parts.length === 0) {
    const detail = parts.length === 0 ? 'names nothing' : 'names a URI that no command has';
    throw new ValueError('OUT_OF_RANGE', detail, 'encrypt');
  }
  return {
    ...rest,
    parts: ({ target }: { readonly target?: string }) => parts.some((uri) => uri === target),
  };
}

function requireOctets(text: string, max: number, path: string): void {
  const { length } = utf8ToBytes(text);
  if (length >= 1 && length <= max) return;
  throw new ValueError('OUT_OF_RANGE', `${length} octets; must have 1 to ${max}`, path);
}
