// Carries out a server's commands on the device and collects what each led to (DM-REPPRO-1.2, DM-PRO-1.2).
import {
  type Alert,
  type CommandGroup,
  type Exec,
  effectiveMeta,
  type Item,
  type ItemCommand,
  type ManagementCommand,
  outlineOf,
  statusCodes,
  type UnknownCommand,
} from '../../codec/syncml/index.ts';
import type { CommandOutcome } from '../contract/contract.ts';
import type { LargeObjectReceiver } from '../message/large-object.ts';
import type { ClientSessionOptions } from './client-options.ts';
import {
  isUserInteraction,
  outcomeOfResponse,
  readUserInteraction,
  type UserResponse,
} from './user-interaction.ts';

/** What one item of a command led to, or the command itself when `item` is absent. */
export interface ItemOutcome extends CommandOutcome {
  readonly item?: Item;
  /** Why it was refused before anything was carried out, or undone after; for logs. What `execute` refuses has none. */
  readonly reason?: string;
}

/** A command that was carried out, or was not. */
export interface Ran {
  readonly command: ManagementCommand;
  /** One for each item; one without an item for groups and alerts. */
  readonly outcomes: readonly ItemOutcome[];
  /** What is inside a group, in its order. */
  readonly inner: readonly Ran[];
}

export interface RunnerOptions
  extends Pick<ClientSessionOptions, 'execute' | 'transaction' | 'interact' | 'sessionId'> {
  readonly serverId: string;
  readonly objects: LargeObjectReceiver;
  /** True when an Atomic's statuses fit into one message. */
  readonly answerFits: (group: CommandGroup) => boolean;
  readonly note: (text: string) => void;
}

/** Runs commands one after the other. */
export class CommandRunner {
  readonly #options: RunnerOptions;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** Carries out a command. Never rejects: a failure is a status. */
  run(command: ManagementCommand): Promise<Ran> {
    return this.#run(command, false);
  }

  async #run(command: ManagementCommand, atomic: boolean): Promise<Ran> {
    switch (command.name) {
      case 'Atomic':
        return await this.#atomic(command);
      case 'Sequence':
        return await this.#sequence(command, atomic);
      case 'Alert':
        return single(command, await this.#alert(command));
      case 'Unknown':
        return single(command, this.#unknown(command));
      default:
        return { command, outcomes: await this.#items(command, atomic), inner: [] };
    }
  }

  /** What cannot be read is no piece of an object, nor is what follows it. */
  #unknown(command: UnknownCommand): ItemOutcome {
    const outcome = unknownOutcome(command);
    const outline = outlineOf(command);
    const reason = outcome.reason ?? 'it cannot be read';
    if (outline !== undefined) this.#options.objects.unreadable(outline, outcome.status, reason);
    return outcome;
  }

  async #items(command: ItemCommand | Exec, atomic: boolean): Promise<ItemOutcome[]> {
    if (command.items.length === 0) return [incomplete('it has no item')];
    const outcomes: ItemOutcome[] = [];
    for (const item of command.items) {
      if (atomic && outcomes.some(({ status }) => !succeeded(status))) {
        outcomes.push({ item, status: statusCodes.notExecuted });
      } else {
        outcomes.push({ item, ...(await this.#item(command, item, atomic)) });
      }
    }
    return outcomes;
  }

  async #item(command: ItemCommand | Exec, item: Item, atomic: boolean): Promise<ItemOutcome> {
    if (item.target === undefined) return incomplete('the item has no Target');
    if (command.name === 'Copy' && item.source === undefined) return incomplete('the item has no Source');
    let whole = item;
    if (command.name === 'Add' || command.name === 'Replace') {
      // An Atomic is not split across messages, so an object in chunks cannot be in one.
      if (atomic && item.moreData === true)
        return incomplete('an object in pieces (MoreData) cannot be in an Atomic');
      const verdict = this.#options.objects.take(command, item);
      if (verdict.state === 'kept') return { status: statusCodes.chunkedItemAccepted };
      if (verdict.state === 'refused') return { status: verdict.status, reason: verdict.reason };
      whole = verdict.item;
    }
    const { execute, serverId, sessionId } = this.#options;
    const correlator = command.name === 'Exec' ? command.correlator : undefined;
    const meta = effectiveMeta(command.meta, whole.meta);
    const complete = Object.keys(meta).length === 0 ? whole : { ...whole, meta };
    try {
      return await execute(
        { name: command.name, item: complete, ...(correlator === undefined ? {} : { correlator }) },
        { serverId, sessionId, atomic },
      );
    } catch (error) {
      this.#failedInside(command.name, error);
      return { status: statusCodes.commandFailed };
    }
  }

  async #alert(command: Alert): Promise<ItemOutcome> {
    const { interact } = this.#options;
    if (!isUserInteraction(command)) {
      return {
        status: statusCodes.optionalFeatureNotSupported,
        reason: 'it is none of the alerts 1100 to 1104',
      };
    }
    if (interact === undefined) {
      return { status: statusCodes.optionalFeatureNotSupported, reason: 'there is no user to ask' };
    }
    const request = readUserInteraction(command);
    if (request === undefined) return incomplete('an alert for the user lacks its text or its choices');
    try {
      const answer = await interact(request, command);
      const outcome = outcomeOfResponse(request, answer);
      return succeeded(outcome.status) ? outcome : { ...outcome, reason: answerMeanings[answer.response] };
    } catch (error) {
      this.#failedInside('Alert', error);
      return { status: statusCodes.commandFailed };
    }
  }

  /** In order; what follows a failure or a cancelled command is not carried out (215). */
  async #sequence(command: CommandGroup, atomic: boolean): Promise<Ran> {
    const inner: Ran[] = [];
    let going = true;
    for (const next of command.commands) {
      const ran: Ran = going ? await this.#run(next, atomic) : skipped(next, statusCodes.notExecuted);
      inner.push(ran);
      going = going && allSucceeded(ran);
    }
    return { command, outcomes: [{ status: statusCodes.ok }], inner };
  }

  /** All or nothing, in order. */
  async #atomic(command: CommandGroup): Promise<Ran> {
    const { transaction, answerFits } = this.#options;
    const refuse = (status: number, reason: string): Ran => ({
      command,
      outcomes: [{ status, reason }],
      inner: command.commands.map((inner) => skipped(inner, statusCodes.notExecuted)),
    });
    if (transaction === undefined)
      return refuse(statusCodes.optionalFeatureNotSupported, 'there are no transactions');
    if (!command.commands.every(allowedInAtomic)) {
      const inner = command.commands.map((next) =>
        skipped(next, allowedInAtomic(next) ? statusCodes.notExecuted : statusCodes.commandFailed),
      );
      const reason = 'neither a Get nor an Atomic may stand in it, and nothing of it was carried out';
      return { command, outcomes: [{ status: statusCodes.atomicFailed, reason }], inner };
    }
    if (!answerFits(command))
      return refuse(statusCodes.atomicResponseTooLarge, 'its statuses fit into no message');
    if (!(await this.#did('begin', transaction.begin)))
      return refuse(statusCodes.atomicFailed, 'it could not begin');
    const inner: Ran[] = [];
    let going = true;
    for (const next of command.commands) {
      const ran: Ran = going ? await this.#run(next, true) : skipped(next, statusCodes.notExecuted);
      inner.push(ran);
      going = going && allSucceeded(ran);
    }
    if (going && (await this.#did('commit', transaction.commit))) {
      return { command, outcomes: [{ status: statusCodes.ok }], inner };
    }
    // A commit that fails leaves the device as it was before; otherwise the commands are undone now.
    const undone = going || (await this.#did('rollback', transaction.rollback));
    const undoneStatus = undone ? statusCodes.atomicRollBackOk : statusCodes.atomicRollBackFailed;
    const reason = `one of its commands failed, and what it had done is ${undone ? '' : 'not '}undone`;
    return {
      command,
      outcomes: [{ status: statusCodes.atomicFailed, reason }],
      inner: inner.map((ran) => withUndone(ran, undoneStatus)),
    };
  }

  async #did(what: string, act: () => Promise<void>): Promise<boolean> {
    try {
      await act.call(this.#options.transaction);
      return true;
    } catch (error) {
      this.#failedInside(`${what} of an Atomic`, error);
      return false;
    }
  }

  // The error's own text might hold the value that could not be stored, so only its name is told.
  #failedInside(what: string, error: unknown): void {
    const name = error instanceof Error ? error.name : 'error';
    this.#options.note(`${what} failed on the device: ${name}`);
  }
}

/** Why the user's answer to an alert is no success. */
const answerMeanings: Readonly<Record<UserResponse['response'], string>> = {
  accepted: 'the user agreed',
  rejected: 'the user said no',
  cancelled: 'the user cancelled it',
  timeout: 'the user did not answer',
  unavailable: 'the user was not asked',
};

function incomplete(reason: string): ItemOutcome {
  return { status: statusCodes.incompleteCommand, reason };
}

function unknownOutcome({ fault, element: { name } }: UnknownCommand): ItemOutcome {
  const reason =
    fault === undefined
      ? `${JSON.stringify(name.slice(0, 40))} is no command of device management, or stands where it may not`
      : `${JSON.stringify(name.slice(0, 40))} cannot be read`;
  return { status: fault ?? statusCodes.optionalFeatureNotSupported, reason };
}

/** True when a status tells that the command was carried out, or has begun. */
export function succeeded(status: number): boolean {
  return status >= 200 && status <= 213;
}

function allSucceeded(ran: Ran): boolean {
  return ran.outcomes.every(({ status }) => succeeded(status)) && ran.inner.every(allSucceeded);
}

function single(command: ManagementCommand, outcome: ItemOutcome): Ran {
  return { command, outcomes: [outcome], inner: [] };
}

/** A command that is not carried out, with all that is inside it. */
function skipped(command: ManagementCommand, status: number): Ran {
  const group = command.name === 'Atomic' || command.name === 'Sequence';
  const inner = group ? command.commands.map((next) => skipped(next, statusCodes.notExecuted)) : [];
  return { command, outcomes: [{ status }], inner };
}

/** Neither an Atomic nor a Get may stand in an Atomic, a Sequence inside it included. */
function allowedInAtomic(command: ManagementCommand): boolean {
  if (command.name === 'Atomic' || command.name === 'Get') return false;
  return command.name !== 'Sequence' || command.commands.every(allowedInAtomic);
}

function withUndone(ran: Ran, status: number): Ran {
  return {
    command: ran.command,
    outcomes: ran.outcomes.map((outcome) =>
      succeeded(outcome.status)
        ? { ...(outcome.item === undefined ? {} : { item: outcome.item }), status }
        : outcome,
    ),
    inner: ran.inner.map((inner) => withUndone(inner, status)),
  };
}
