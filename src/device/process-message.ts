// A sessionless message: opened, processed in one transaction, never answered (DM-SESSIONLESS-1.3 §5.5).
import { unwrapBase64Body } from '../codec/notification/index.ts';
import { StoreError } from '../core/index.ts';
import { contentTypes, type ReceivedPush } from '../push/index.ts';
import { isRefused, type OpenedMessage, openMessage, type Refused } from '../security/index.ts';
import { runCommands } from '../session/index.ts';
import { type DmAccount, type ManagementTree, readAccounts, readDevInfo } from '../tree/index.ts';
import type { DeviceSettings } from './device-settings.ts';
import type { MessageCounts } from './message-counts.ts';
import { decryptionKeys, verificationKeys } from './message-keys.ts';
import { rememberProcessed, wasProcessed } from './message-memory.ts';
import { interaction } from './run-session.ts';
import { treeCommandsWithin } from './tree-commands.ts';
import { type Ignored, ignored } from './verdict.ts';

/** What a message works on. */
export interface MessageHost
  extends Pick<DeviceSettings, 'user' | 'clock' | 'confirmTimeoutMs' | 'logger' | 'maxObjSize'> {
  readonly tree: ManagementTree;
  readonly signal: AbortSignal;
}

/** Outcome of a message. */
export type MessageResult =
  | ({ readonly serverId: string } & MessageCounts)
  | (Ignored & { readonly serverId?: string });

/** True for a DM message by its content type, in either encoding. */
export function isDmMessage(push: ReceivedPush): boolean {
  return isType(push, 'dm+wbxml') || isType(push, 'dm+xml');
}

/**
 * Opens a message and processes it. What it changes, and that it was processed, is durable when this resolves, or nothing
 * of it is. Never rejects. Call it for one message at a time.
 */
export async function processMessage(push: ReceivedPush, host: MessageHost): Promise<MessageResult> {
  if (!isType(push, 'dm+wbxml')) {
    return ignored('message-not-wbxml', 'a pushed message must be WBXML');
  }
  let opened: OpenedMessage | Refused;
  try {
    opened = open(push, host.tree);
  } catch (error) {
    // A key that a server has renewed may be none. The error's text might hold it.
    const name = error instanceof Error ? error.name : 'error';
    return ignored('message-not-stored', `the message cannot be opened on this device: ${name}`);
  }
  if (isRefused(opened)) {
    const { reason, detail, serverId } = opened;
    return { ...ignored(`message-${reason}`, detail), ...(serverId === undefined ? {} : { serverId }) };
  }
  const { serverId, contentDigest } = opened;
  if (wasProcessed(host.tree, serverId, contentDigest)) {
    return { ...ignored('message-replay', 'the message was processed before'), serverId };
  }
  try {
    return { serverId, ...(await carryOutInTurn(opened, host)) };
  } catch (error) {
    const code = error instanceof StoreError ? error.code : error instanceof Error ? error.name : 'error';
    return {
      ...ignored('message-not-stored', `what the message changes cannot be stored: ${code}`),
      serverId,
    };
  }
}

function open(push: ReceivedPush, tree: ManagementTree): OpenedMessage | Refused {
  const body = push.contentType.code === undefined ? unwrapBase64Body(push.body) : push.body;
  let account: DmAccount | undefined;
  return openMessage(
    body,
    (serverId) => {
      const [found, ...others] = readAccounts(tree).filter((each) => each.serverId === serverId);
      if (found === undefined) return 'unknown-server';
      if (others.length > 0) return 'ambiguous-server';
      account = found;
      return verificationKeys(tree, found);
    },
    {
      deviceId: readDevInfo(tree).devId,
      // Read once the account is known.
      get decryptionKeys() {
        return account === undefined ? [] : decryptionKeys(tree, account);
      },
    },
  );
}

/** Times that a message is carried out anew because a session changed the same nodes meanwhile. */
const mostConflicts = 5;

async function carryOutInTurn(opened: OpenedMessage, host: MessageHost): Promise<MessageCounts> {
  for (let conflicts = 0; ; conflicts += 1) {
    try {
      return await carryOut(opened, host);
    } catch (error) {
      const conflict = error instanceof StoreError && error.code === 'TREE_CONFLICT';
      if (!conflict || conflicts >= mostConflicts) throw error;
    }
  }
}

async function carryOut(opened: OpenedMessage, host: MessageHost): Promise<MessageCounts> {
  const { message, serverId, contentDigest } = opened;
  const names = { serverId, messageId: message.header.msgId };
  const note = (text: string): void => host.logger.info(names, text);
  const sessionId = Number(message.header.sessionId);
  return await host.tree.run(async (transaction) => {
    let left = 0;
    const commands = treeCommandsWithin(transaction, note, (text) => {
      left += 1;
      note(`left out: ${text}`);
    });
    const counts = await runCommands(message, {
      ...commands,
      ...interaction(host),
      serverId,
      sessionId: Number.isSafeInteger(sessionId) ? sessionId : 0,
      maxObjSize: host.maxObjSize,
      note,
    });
    rememberProcessed(transaction, serverId, contentDigest);
    return { ...counts, ignored: left };
  });
}

function isType(push: ReceivedPush, name: 'dm+wbxml' | 'dm+xml'): boolean {
  const { code, mime } = push.contentType;
  const type = contentTypes[name];
  return code === undefined ? mime?.toLowerCase() === type.mime : code === type.code;
}
