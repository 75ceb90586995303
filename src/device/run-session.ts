// One session of the device under one of its accounts: options, carrying, effects on the state.
import type { MoIndexRegistry, Notification } from '../codec/notification/index.ts';
import type { MessageForm } from '../codec/syncml/index.ts';
import type { Clock } from '../core/index.ts';
import {
  ClientSession,
  type ClientSessionOptions,
  type ObjectLeaf,
  type SessionEffect,
} from '../session/index.ts';
import {
  type DmAccount,
  type ManagementTree,
  readAccounts,
  readDevInfo,
  writeAuthData,
} from '../tree/index.ts';
import { deviceAccounts, sessionEntry } from './account.ts';
import type { DmHttpClient } from './dm-http-client.ts';
import { driveSession, type SessionResult } from './drive-session.ts';
import type { Logger } from './logger.ts';
import { leavesOfObjects, requestedObjects } from './requested-objects.ts';
import { clientAccount, trustsTransport } from './session-plan.ts';
import type { StateKeeper } from './state-keeper.ts';
import { treeCommands } from './tree-commands.ts';
import type { UserInterface } from './user-interface.ts';

/** What a session needs of its device. */
export interface SessionHost {
  readonly state: StateKeeper;
  readonly http: DmHttpClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly user: UserInterface | undefined;
  readonly form: MessageForm;
  readonly verProto: string | undefined;
  readonly moIndexes: MoIndexRegistry;
  readonly randomNonce: (() => Uint8Array) | undefined;
  readonly signal: AbortSignal;
}

/** Which session. */
export interface SessionTask {
  /** Account by its URI in the tree: read anew, for its nonces may have changed since the notification came. */
  readonly accountUri: string;
  readonly sessionId: number;
  /** URL of package #1. */
  readonly address: string;
  readonly localAddress?: string;
  /** The notification that asked for it; absent for a session of the device's own. */
  readonly message?: Notification;
  /** True when the notification verified under the default nonce only (DM-NOTI-1.2 §5.1). */
  readonly defaultNonce: boolean;
}

/** How it ended. */
export interface RunResult extends SessionResult {
  /** True when both sides hold fresh nonces again. */
  readonly resynchronised: boolean;
}

/** Runs one session to its end. Never rejects. */
export async function runSession(task: SessionTask, host: SessionHost): Promise<RunResult> {
  const { state, logger } = host;
  const { tree } = state;
  const found = deviceAccounts(tree).find((account) => account.uri === task.accountUri);
  if (found === undefined) return failed('its account is gone');
  const names = { serverId: found.serverId, sessionId: task.sessionId };
  const account = clientAccount(found, task.address);
  const commands = treeCommands(tree, host.form, (text) => logger.info(names, text));
  let resynchronised = false;

  const persist = async (effects: readonly SessionEffect[]): Promise<void> => {
    const nonces: [level: 'CLCRED' | 'SRVCRED', nonce: Uint8Array][] = [];
    for (const effect of effects) {
      switch (effect.effect) {
        case 'client-nonce':
          nonces.push(['CLCRED', effect.nonce]);
          break;
        case 'server-nonce':
          nonces.push(['SRVCRED', effect.nonce]);
          break;
        case 'resynchronised':
          resynchronised = true;
          break;
        case 'peer-authenticated':
          logger.debug(
            { ...names, scheme: effect.scheme, defaultNonce: effect.defaultNonce },
            'server authenticated',
          );
          break;
        case 'note':
          logger.info(names, effect.text);
          break;
      }
    }
    if (nonces.length > 0) await storeNonces(tree, found, nonces);
  };

  let session: ClientSession;
  try {
    session = new ClientSession({
      sessionId: task.sessionId,
      trigger: task.message === undefined ? 'client' : 'server',
      account,
      deviceId: readDevInfo(tree).devId,
      devInfo: tree.leaves('./DevInfo'),
      requestedObjects: readRequested(task, host),
      defaultNonce: task.defaultNonce,
      transportTrusted: trustsTransport(account),
      verProto: host.verProto ?? (task.message?.format.startsWith('dm1.3') === true ? 'DM/1.3' : 'DM/1.2'),
      encoding: host.form,
      execute: (command, context) => commands.execute(command, context),
      transaction: commands.transaction,
      ...interaction(host.user),
      ...(host.randomNonce === undefined ? {} : { randomNonce: host.randomNonce }),
    });
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
  const result = await driveSession(session, {
    http: host.http,
    form: host.form,
    clock: host.clock,
    signal: host.signal,
    ...(task.localAddress === undefined ? {} : { localAddress: task.localAddress }),
    persist,
  });
  return { ...result, resynchronised };
}

// All nonces of a step in one commit. Where the server removed its own account in the session, there is nothing to keep.
async function storeNonces(
  tree: ManagementTree,
  account: DmAccount,
  nonces: readonly (readonly [level: 'CLCRED' | 'SRVCRED', nonce: Uint8Array])[],
): Promise<void> {
  await tree.run((transaction) => {
    const now = readAccounts(transaction).find((each) => each.uri === account.uri);
    for (const [level, nonce] of nonces) {
      const type = sessionEntry(account, level)?.type;
      const entry = now?.credentials.find((each) => each.level === level && each.type === type);
      if (now !== undefined && entry !== undefined) writeAuthData(transaction, now, level, nonce, entry.type);
    }
  });
}

function readRequested(task: SessionTask, host: SessionHost): readonly (readonly ObjectLeaf[])[] {
  if (task.message === undefined) return [];
  const { serverId, sessionId } = task.message;
  const { names, unknown } = requestedObjects(task.message, host.moIndexes);
  if (unknown.length > 0) {
    host.logger.info(
      { serverId, sessionId, indexes: unknown },
      'requested objects of unknown index are left out',
    );
  }
  return names.flatMap((name) => {
    const objects = leavesOfObjects(host.state.tree, serverId, name);
    if (objects.length === 0) {
      host.logger.info({ serverId, sessionId, object: name }, 'the requested object cannot be sent');
    }
    return objects;
  });
}

function interaction(user: UserInterface | undefined): Pick<ClientSessionOptions, 'interact'> {
  const interact = user?.interact?.bind(user);
  return interact === undefined ? {} : { interact };
}

function failed(reason: string): RunResult {
  return { end: { outcome: 'failed', reason }, retryable: false, answers: 0, resynchronised: false };
}
