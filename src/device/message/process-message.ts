// A sessionless message: opened, carried out, never answered (DM-SESSIONLESS-1.3 §5.5).
import { unwrapBase64Body } from '../../codec/notification/index.ts';
import { StoreError } from '../../core/index.ts';
import { contentOfPush, kindOfContent, type ReceivedPush } from '../../push/index.ts';
import { isRefused, type OpenedMessage, openMessage, type Refused } from '../../security/index.ts';
import { type DmAccount, type ManagementTree, readAccounts, readDevInfo } from '../../tree/index.ts';
import { decryptionKeys, verificationKeys } from '../account/message-keys.ts';
import type { MessageCounts } from '../report/message-counts.ts';
import { type Ignored, ignored } from '../report/verdict.ts';
import { wasProcessed } from './message-memory.ts';
import { type MessageHost, MessageRun } from './message-run.ts';

/** Why a message was not processed. */
export type RefusedMessage = Ignored & { readonly serverId?: string };

/** Outcome of a message. */
export type MessageResult = ({ readonly serverId: string } & MessageCounts) | RefusedMessage;

/** True for a DM message by its content type, in either encoding. */
export function isDmMessage(push: ReceivedPush): boolean {
  return kindOfContent(contentOfPush(push)) === 'message';
}

/** Opens a message: what comes out is signed by its server, and was not processed yet. Changes nothing and does not wait. */
export function openPushed(push: ReceivedPush, tree: ManagementTree): OpenedMessage | RefusedMessage {
  if (contentOfPush(push) !== 'dm+wbxml') {
    return ignored('message-not-wbxml', 'a pushed message must be WBXML');
  }
  let opened: OpenedMessage | Refused;
  try {
    opened = open(push, tree);
  } catch (error) {
    // A key that a server has renewed may be none. The error's text might hold it.
    const name = error instanceof Error ? error.name : 'error';
    return ignored('message-not-stored', `the message cannot be opened on this device: ${name}`);
  }
  if (isRefused(opened)) {
    const { reason, detail, serverId } = opened;
    return { ...ignored(`message-${reason}`, detail), ...(serverId === undefined ? {} : { serverId }) };
  }
  return processedBefore(opened, tree) ?? opened;
}

function processedBefore(
  { serverId, contentDigest }: OpenedMessage,
  tree: ManagementTree,
): RefusedMessage | undefined {
  if (!wasProcessed(tree, serverId, contentDigest)) return undefined;
  return { ...ignored('message-replay', 'the message was processed before'), serverId };
}

/**
 * Processes a message. What it changes, and that it was processed, is durable when this resolves, or nothing of it is.
 * Never rejects. Call it for one message of a server at a time.
 */
export async function processMessage(opened: OpenedMessage, host: MessageHost): Promise<MessageResult> {
  const { serverId } = opened;
  const before = processedBefore(opened, host.tree);
  if (before !== undefined) return before;
  try {
    const counts = await new MessageRun(opened, host).toEnd();
    if (counts === 'stopped') return { ...ignored('stopping', 'the device stops'), serverId };
    return { serverId, ...counts };
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
