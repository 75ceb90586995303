// A server's commands on the device's tree: what the session asks for, as transactions.
import type { Item, MessageForm } from '../../codec/syncml/index.ts';
import { statusCodes } from '../../codec/syncml/index.ts';
import { StoreError } from '../../core/index.ts';
import type { AtomicTransaction, CommandContext, CommandOutcome, TreeCommand } from '../../session/index.ts';
import type {
  CommandResult,
  ManagementTree,
  Savepoint,
  TreeItem,
  TreeTransaction,
  ValueCommand,
} from '../../tree/index.ts';
import { isConflict, mostConflicts } from '../state/change-tree.ts';

/** What a session carries commands out with. */
export interface TreeCommands {
  execute(command: TreeCommand, context: CommandContext): Promise<CommandOutcome>;
  readonly transaction: AtomicTransaction;
}

/** For logs: why a command was refused, what was left out. */
export type CommandNote = (text: string) => void;

/** A command of an Atomic, and what it led to. */
interface AtomicStep {
  readonly command: TreeCommand;
  readonly context: CommandContext;
  readonly status: number;
}

/**
 * Commands of one session. Each is durable before its status is known; those of an Atomic together. Where a session of
 * another server, a message or a bootstrap changed the same nodes first, they are carried out anew on what is there then.
 */
export function treeCommands(tree: ManagementTree, form: MessageForm, note: CommandNote): TreeCommands {
  let atomic: TreeTransaction | undefined;
  let steps: AtomicStep[] = [];
  const tell = (command: TreeCommand, { status, reason, ignored = [] }: CommandResult): void => {
    if (reason !== undefined) note(`${command.name} refused with ${status}: ${reason}`);
    for (const left of ignored) note(left);
  };
  return {
    async execute(command, context) {
      const { serverId } = context;
      if (context.atomic && atomic !== undefined) {
        const result = await perform(atomic, command, serverId, form);
        tell(command, result);
        steps.push({ command, context, status: result.status });
        return outcomeOf(result);
      }
      for (let conflicts = 0; ; conflicts += 1) {
        const transaction = tree.transaction();
        const result = await perform(transaction, command, serverId, form);
        if (result.status >= 300) transaction.rollback();
        else {
          try {
            await transaction.commit();
          } catch (error) {
            if (isConflict(error) && conflicts < mostConflicts) continue;
            note(`${command.name} could not be stored: ${error instanceof Error ? error.message : 'error'}`);
            const full = error instanceof StoreError && error.code === 'TREE_FULL';
            return { status: full ? statusCodes.deviceFull : statusCodes.dataStoreFailure };
          }
        }
        tell(command, result);
        return outcomeOf(result);
      }
    },
    transaction: {
      begin() {
        atomic?.rollback();
        atomic = tree.transaction();
        steps = [];
        return Promise.resolve();
      },
      async commit() {
        let ending = atomic;
        atomic = undefined;
        for (let conflicts = 0; ending !== undefined; conflicts += 1) {
          try {
            return await ending.commit();
          } catch (error) {
            if (!isConflict(error) || conflicts >= mostConflicts) throw error;
            ending = await again(tree, steps, form);
            // The statuses are told already: what would lead to others now is not done at all.
            if (ending === undefined) throw error;
          }
        }
      },
      rollback() {
        atomic?.rollback();
        atomic = undefined;
        return Promise.resolve();
      },
    },
  };
}

/** The commands of an Atomic on the tree as it is now; `undefined` where one of them leads to another status. */
async function again(
  tree: ManagementTree,
  steps: readonly AtomicStep[],
  form: MessageForm,
): Promise<TreeTransaction | undefined> {
  const transaction = tree.transaction();
  for (const { command, context, status } of steps) {
    const result = await perform(transaction, command, context.serverId, form);
    if (result.status === status) continue;
    transaction.rollback();
    return undefined;
  }
  return transaction;
}

/**
 * Commands of one sessionless message, all within a transaction that the caller commits: each that is refused changes
 * nothing, an Atomic is undone to where it began. What the device does not support is left out of what comes to the Inbox
 * (DM-SESSIONLESS-1.3 §5.5); `ignored` is called for each thing left out. In a rehearsal, whose transaction is rolled back,
 * an Exec counts as accepted and does nothing.
 */
export function treeCommandsWithin(
  transaction: TreeTransaction,
  note: CommandNote,
  ignored: CommandNote,
  rehearsal = false,
): TreeCommands {
  let atomic: Savepoint | undefined;
  return {
    async execute(command, context) {
      if (rehearsal && command.name === 'Exec') return { status: statusCodes.acceptedForProcessing };
      const result = await perform(transaction, command, context.serverId, 'wbxml', true);
      if (result.reason !== undefined)
        note(`${command.name} refused with ${result.status}: ${result.reason}`);
      for (const left of result.ignored ?? []) ignored(left);
      return outcomeOf(result);
    },
    transaction: {
      begin() {
        atomic = transaction.savepoint();
        return Promise.resolve();
      },
      commit() {
        atomic = undefined;
        return Promise.resolve();
      },
      rollback() {
        if (atomic !== undefined) transaction.rollbackTo(atomic);
        atomic = undefined;
        return Promise.resolve();
      },
    },
  };
}

async function perform(
  transaction: TreeTransaction,
  command: TreeCommand,
  serverId: string,
  form: MessageForm,
  ignoreUnsupported = false,
): Promise<CommandResult> {
  const { item, name } = command;
  const uri = item.target?.uri;
  if (uri === undefined) return { status: statusCodes.incompleteCommand, reason: 'the item has no Target' };
  switch (name) {
    case 'Get':
      return transaction.get(serverId, uri, { tnds: form });
    case 'Add':
      return transaction.add(serverId, { ...valueCommand(uri, item), ignoreUnsupported });
    case 'Replace':
      return transaction.replace(serverId, { ...valueCommand(uri, item), ignoreUnsupported });
    case 'Delete':
      return transaction.delete(serverId, uri);
    case 'Copy':
      if (item.source === undefined) {
        return { status: statusCodes.incompleteCommand, reason: 'the item has no Source' };
      }
      return transaction.copy(serverId, item.source.uri, uri);
    case 'Exec':
      return await transaction.exec(serverId, {
        ...valueCommand(uri, item),
        ...(command.correlator === undefined ? {} : { correlator: command.correlator }),
      });
  }
}

function valueCommand(uri: string, item: Item): ValueCommand {
  const { data, meta } = item;
  return {
    uri,
    ...(meta?.format === undefined ? {} : { format: meta.format }),
    ...(meta?.type === undefined ? {} : { type: meta.type }),
    ...(data === undefined ? {} : { data }),
  };
}

function outcomeOf(result: CommandResult): CommandOutcome {
  const { status, results, failedUri } = result;
  return {
    status,
    ...(failedUri === undefined ? {} : { statusItems: [{ target: { uri: failedUri } }] }),
    ...(results === undefined ? {} : { results: results.map(itemOf) }),
  };
}

function itemOf({ uri, format, type, data }: TreeItem): Item {
  const meta = { ...(format === undefined ? {} : { format }), ...(type === undefined ? {} : { type }) };
  return {
    source: { uri },
    ...(format === undefined && type === undefined ? {} : { meta }),
    ...(data === undefined ? {} : { data }),
  };
}
