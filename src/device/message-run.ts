// Carries a sessionless message out: its questions are asked first, then all of it is one commit (DM-SESSIONLESS-1.3 §5.5;
// spec-notes ruling 21).
import { type Alert, type DmMessage, type ManagementCommand, statusCodes } from '../codec/syncml/index.ts';
import type { Logger } from '../core/index.ts';
import type { OpenedMessage } from '../security/index.ts';
import {
  type CommandCounts,
  isUserInteraction,
  runCommands,
  type UserInteraction,
  type UserResponse,
} from '../session/index.ts';
import type { ManagementTree, TreeTransaction } from '../tree/index.ts';
import { changeTree } from './change-tree.ts';
import { type Interact, type InteractionHost, interactionFor } from './interaction.ts';
import type { MessageCounts } from './message-counts.ts';
import { rememberProcessed } from './message-memory.ts';
import { type TreeCommands, treeCommandsWithin } from './tree-commands.ts';

/** What a message works on. */
export interface MessageHost extends InteractionHost {
  readonly tree: ManagementTree;
  readonly logger: Logger;
  /** Octets of an object that the device takes. */
  readonly maxObjSize: number;
}

/** An alert that has no answer yet. */
interface OpenQuestion {
  readonly alert: Alert;
  readonly request: UserInteraction;
}

/** Undoes a run that came to a question without an answer. */
class QuestionMet extends Error {
  readonly question: OpenQuestion;

  constructor(question: OpenQuestion) {
    super('a question without an answer');
    this.question = question;
  }
}

/** Questions that one message may ask; the device puts no more of them to its user. */
const mostQuestions = 16;

/**
 * One message on its way. As long as it has questions without an answer it is rehearsed, on a transaction that is rolled
 * back: up to the first of them everything is as it will be, so what makes a question needless (a Sequence that failed
 * before it) keeps it from being asked. Then the message is carried out with its answers, in one commit.
 */
export class MessageRun {
  readonly #opened: OpenedMessage;
  readonly #host: MessageHost;
  readonly #interact: Interact | undefined;
  readonly #answers = new Map<Alert, UserResponse>();
  /** Once nobody answered, nobody is there for the rest of the message. */
  #silent = false;

  constructor(opened: OpenedMessage, host: MessageHost) {
    this.#opened = opened;
    this.#host = host;
    this.#interact = interactionFor(opened.serverId, host, (why) =>
      this.#note(`the user was not asked: ${why}`),
    );
  }

  /** Carries it out; `stopped` when the device stops before the user answered: nothing of it is done then. */
  async toEnd(): Promise<MessageCounts | 'stopped'> {
    let rehearse = this.#interact !== undefined && asksSomething(this.#opened.message);
    for (;;) {
      const ran = rehearse ? await this.#rehearse() : await this.#carryOut();
      if (ran === undefined) rehearse = false;
      else if (!('alert' in ran)) return ran;
      else if (!(await this.#answer(ran))) return 'stopped';
    }
  }

  /** The first question without an answer, if there is one. */
  async #rehearse(): Promise<OpenQuestion | undefined> {
    const transaction = this.#host.tree.transaction();
    try {
      const { open } = await this.#run(treeCommandsWithin(transaction, nothing, nothing, true), nothing);
      return open;
    } finally {
      transaction.rollback();
    }
  }

  /** All in one commit; a question where the tree has changed since the rehearsal. */
  async #carryOut(): Promise<MessageCounts | OpenQuestion> {
    try {
      return await changeTree(this.#host.tree, (transaction) => this.#within(transaction));
    } catch (error) {
      if (error instanceof QuestionMet) return error.question;
      throw error;
    }
  }

  /** @throws {QuestionMet} */
  async #within(transaction: TreeTransaction): Promise<MessageCounts> {
    const { serverId, contentDigest } = this.#opened;
    let left = 0;
    const note = (text: string): void => this.#note(text);
    const commands = treeCommandsWithin(transaction, note, (text) => {
      left += 1;
      note(`left out: ${text}`);
    });
    const { counts, open } = await this.#run(commands, note);
    if (open !== undefined) throw new QuestionMet(open);
    rememberProcessed(transaction, serverId, contentDigest);
    return { ...counts, ignored: left };
  }

  /** Carries the commands out up to the first question without an answer; what is after it is not even tried. */
  async #run(
    commands: TreeCommands,
    note: (text: string) => void,
  ): Promise<{ readonly counts: CommandCounts; readonly open: OpenQuestion | undefined }> {
    const { message, serverId } = this.#opened;
    const sessionId = Number(message.header.sessionId);
    let open: OpenQuestion | undefined;
    const counts = await runCommands(message, {
      ...commands,
      note,
      execute: (command, context) =>
        open === undefined
          ? commands.execute(command, context)
          : Promise.resolve({ status: statusCodes.notExecuted }),
      ...(this.#interact !== undefined && {
        interact: async (request, alert) => {
          const known = this.#answers.get(alert) ?? this.#unasked();
          if (known !== undefined) return known;
          open ??= { alert, request };
          return { response: 'cancelled' };
        },
      }),
      serverId,
      sessionId: Number.isSafeInteger(sessionId) ? sessionId : 0,
      maxObjSize: this.#host.maxObjSize,
    });
    return { counts, open };
  }

  /** What a further question is answered without the user, if it is. */
  #unasked(): UserResponse | undefined {
    if (this.#silent) return { response: 'timeout' };
    return this.#answers.size >= mostQuestions ? { response: 'unavailable' } : undefined;
  }

  /** Gets the answer to a question; false when the device stops first. */
  async #answer({ alert, request }: OpenQuestion): Promise<boolean> {
    const response = (await this.#interact?.(request)) ?? { response: 'timeout' };
    if (response === 'stopped') return false;
    if (response.response === 'timeout' && request.kind !== 'display') this.#silent = true;
    this.#answers.set(alert, response);
    if (this.#answers.size === mostQuestions)
      this.#note(`of this message the user is asked no more than ${mostQuestions} questions`);
    return true;
  }

  #note(text: string): void {
    const { serverId, message } = this.#opened;
    this.#host.logger.info({ serverId, messageId: message.header.msgId }, text);
  }
}

/** True when the message has an alert for the user anywhere. */
function asksSomething({ commands }: Pick<DmMessage, 'commands'>): boolean {
  const asks = (command: ManagementCommand): boolean => {
    if (command.name === 'Atomic' || command.name === 'Sequence') return command.commands.some(asks);
    return command.name === 'Alert' && isUserInteraction(command);
  };
  return commands.some((command) => command.name !== 'Status' && command.name !== 'Results' && asks(command));
}

function nothing(): void {
  // A rehearsal tells nothing.
}
