// One session of the device under one of its accounts: options, carrying, effects on the state.
import type { MoIndexRegistry, Notification } from '../../codec/notification/index.ts';
import type { MessageForm } from '../../codec/syncml/index.ts';
import type { Clock, Logger } from '../../core/index.ts';
import {
  ClientSession,
  type ClientSessionOptions,
  type ObjectLeaf,
  type SessionStep,
} from '../../session/index.ts';
import {
  type DmAccount,
  devInfoLeaves,
  type ManagementTree,
  readAccounts,
  readDevInfo,
  writeAuthData,
} from '../../tree/index.ts';
import { deviceAccounts, sessionEntry } from '../account/account.ts';
import { forgetOperation } from '../firmware/firmware-object.ts';
import { owedAlerts } from '../firmware/firmware-report.ts';
import { changeTree } from '../state/change-tree.ts';
import type { DeviceState } from '../state/device-state.ts';
import type { DmHttpClient } from '../transport/dm-http-client.ts';
import { interactionFor } from '../user/interaction.ts';
import type { QuestionDesk } from '../user/question-desk.ts';
import type { UserInterface } from '../user/user-interface.ts';
import { driveSession, type SessionResult } from './drive-session.ts';
import { leavesOfObjects, objectsThatFit, requestedObjects } from './requested-objects.ts';
import { clientAccount, trustsTransport } from './session-plan.ts';
import { treeCommands } from './tree-commands.ts';

/** What a session needs of its device. */
export interface SessionHost {
  readonly state: DeviceState;
  readonly http: DmHttpClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly user?: UserInterface | undefined;
  readonly questions: QuestionDesk;
  /** How long the user may take in a session, unless the server gives him less. */
  readonly confirmTimeoutMs: number;
  readonly form: MessageForm;
  readonly maxObjSize: number;
  readonly verProto?: string | undefined;
  readonly moIndexes: MoIndexRegistry;
  readonly randomNonce?: (() => Uint8Array) | undefined;
  /** As for notifications: the server may take the Base64 text of a nonce for the nonce. */
  readonly acceptNonceText: boolean;
  readonly signal: AbortSignal;
}

/** Which session. */
export interface SessionTask {
  /** Account by its URI in the tree: read anew, for its nonces may have changed since the notification came. */
  readonly accountUri: string;
  /** Whose account that has to be still. */
  readonly serverId: string;
  readonly sessionId: number;
  /** URL of package #1. */
  readonly address: string;
  readonly localAddress?: string;
  /** The notification that asked for it; absent for a session of the device's own. */
  readonly message?: Notification;
  /** True when the notification verified under the default nonce only (DM-NOTI-1.2 §5.1). */
  readonly defaultNonce: boolean;
  /** Asked when its turn has come: true when the session is not needed any more. */
  readonly skip?: () => boolean;
  /** Called when the session is completed, before its last nonces are saved: what it changes is saved with them. */
  readonly onCompleted?: () => void;
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
  const found = deviceAccounts(tree).find(
    ({ uri, serverId }) => uri === task.accountUri && serverId === task.serverId,
  );
  if (found === undefined) return failed('its account is gone');
  const names = { serverId: found.serverId, sessionId: task.sessionId };
  const account = clientAccount(found, task.address);
  const transportTrusted = trustsTransport(found, task.address, host.http);
  // Whatever the session is for, it tells the server what it is owed.
  const owed = owedAlerts(tree, found.serverId);
  const note = (text: string): void => logger.info(names, text);
  const commands = treeCommands(tree, host.form, note);
  let resynchronised = false;

  const persist = async ({ effects, end }: Pick<SessionStep, 'effects' | 'end'>): Promise<void> => {
    const nonces: [level: 'CLCRED' | 'SRVCRED', nonce: Uint8Array][] = [];
    const completed = end?.outcome === 'completed';
    if (completed) task.onCompleted?.();
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
          note(effect.text);
          break;
      }
    }
    const saved = await keep(tree, found, nonces, completed ? owed.map(({ id }) => id) : []);
    // Without it, a crash right now would leave the notification open to a replay.
    if (completed && !saved) await state.save();
  };

  let session: ClientSession;
  try {
    session = new ClientSession({
      sessionId: task.sessionId,
      trigger: task.message === undefined ? 'client' : 'server',
      account,
      deviceId: readDevInfo(tree).devId,
      devInfo: devInfoLeaves(tree),
      requestedObjects: readRequested(task, host),
      alerts: owed.map(({ alert }) => alert),
      defaultNonce: task.defaultNonce,
      transportTrusted,
      verProto: host.verProto ?? (task.message?.format.startsWith('dm1.3') === true ? 'DM/1.3' : 'DM/1.2'),
      encoding: host.form,
      maxObjSize: host.maxObjSize,
      acceptNonceText: host.acceptNonceText,
      execute: (command, context) => commands.execute(command, context),
      transaction: commands.transaction,
      ...interaction(found.serverId, host, note),
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

/**
 * Keeps all nonces of a step, and forgets the alerts that the server took, in one commit; tells whether there was one,
 * which saves the whole state. Where the server removed its own account in the session, no nonce is kept.
 */
async function keep(
  tree: ManagementTree,
  account: DmAccount,
  nonces: readonly (readonly [level: 'CLCRED' | 'SRVCRED', nonce: Uint8Array])[],
  told: readonly string[],
): Promise<boolean> {
  if (nonces.length === 0 && told.length === 0) return false;
  return await changeTree(tree, (transaction) => {
    for (const id of told) forgetOperation(transaction, id);
    // By its server: it may have another name now, and its old one another account.
    const now = readAccounts(transaction).find((each) => each.serverId === account.serverId);
    for (const [level, nonce] of nonces) {
      const type = sessionEntry(account, level)?.type;
      const entry = now?.credentials.find((each) => each.level === level && each.type === type);
      if (now === undefined || entry === undefined) continue;
      writeAuthData(transaction, now, level, nonce, entry.type);
    }
    return transaction.changed;
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
  const objects = names.flatMap((name) => {
    const found = leavesOfObjects(host.state.tree, serverId, name);
    if (found.length === 0) {
      host.logger.info({ serverId, sessionId, object: name }, 'the requested object cannot be sent');
    }
    return found;
  });
  const sent = objectsThatFit(objects);
  if (sent.length < objects.length) {
    const left = objects.length - sent.length;
    host.logger.info({ serverId, sessionId, left }, 'requested objects do not fit, and wait for a Get');
  }
  return sent;
}

/** The user's part in a session; what the device's end leaves open is cancelled. */
function interaction(
  serverId: string,
  host: SessionHost,
  note: (text: string) => void,
): Pick<ClientSessionOptions, 'interact'> {
  const interact = interactionFor(serverId, host, (why) => note(`the user was not asked: ${why}`));
  if (interact === undefined) return {};
  return {
    interact: async (request) => {
      const response = await interact(request);
      return response === 'stopped' ? { response: 'cancelled' } : response;
    },
  };
}

/** A session that was not begun. */
export function failed(reason: string): RunResult {
  return { end: { outcome: 'failed', reason }, retryable: false, answers: 0, resynchronised: false };
}
