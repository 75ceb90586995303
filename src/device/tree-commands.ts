// A server's commands on the device's tree: what the session asks for, as transactions.
import type { Item, MessageForm } from '../codec/syncml/index.ts';
import { statusCodes } from '../codec/syncml/index.ts';
import { StoreError } from '../core/index.ts';
import type { AtomicTransaction, CommandContext, CommandOutcome, TreeCommand } from '../session/index.ts';
import type {
  CommandResult,
  ManagementTree,
  Savepoint,
  TreeItem,
  TreeTransaction,
  ValueCommand,
} from '../tree/index.ts';

/** What a session carries commands out with. */
export interface TreeCommands {
  execute(command: TreeCommand, context: CommandContext): Promise<CommandOutcome>;
  readonly transaction: AtomicTransaction;
}

/** For logs: why a command was refused, what was left out. */
export type CommandNote = (text: string) => void;

/** Commands of one session. Each is durable before its status is known; those of an Atomic together. */
export function treeCommands(tree: ManagementTree, form: MessageForm, note: CommandNote): TreeCommands {
  let atomic: TreeTransaction | undefined;
  return {
    async execute(command, context) {
      const within = context.atomic ? atomic : undefined;
      const transaction = within ?? tree.transaction();
      const result = await perform(transaction, command, context.serverId, form);
      if (result.reason !== undefined)
        note(`${command.name} refused with ${result.status}: ${result.reason}`);
      for (const left of result.ignored ?? []) note(left);
      if (within !== undefined) return outcomeOf(result);
      if (result.status >= 300) {
        transaction.rollback();
        return outcomeOf(result);
      }
      try {
        await transaction.commit();
      } catch (error) {
        note(`${command.name} could not be stored: ${error instanceof Error ? error.message : 'error'}`);
        const full = error instanceof StoreError && error.code === 'TREE_FULL';
        return { status: full ? statusCodes.deviceFull : statusCodes.dataStoreFailure };
      }
      return outcomeOf(result);
    },
    transaction: {
      begin() {
        atomic?.rollback();
        atomic = tree.transaction();
        return Promise.resolve();
      },
      async commit() {
        const ending = atomic;
        atomic = undefined;
        await ending?.commit();
      },
      rollback() {
        atomic?.rollback();
        atomic = undefined;
        return Promise.resolve();
      },
    },
  };
}

/**
 * Commands of one sessionless message, all within a transaction that the caller commits: each that is refused changes
 * nothing, an Atomic is undone to where it began. What the device does not support is left out of what comes to the Inbox
 * (DM-SESSIONLESS-1.3 §5.5); `ignored` is called for each thing left out.
 */
export function treeCommandsWithin(
  transaction: TreeTransaction,
  note: CommandNote,
  ignored: CommandNote,
): TreeCommands {
  let atomic: Savepoint | undefined;
  return {
    async execute(command, context) {
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
