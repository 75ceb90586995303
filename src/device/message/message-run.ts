// Carries a sessionless message out: its questions are asked first, then all of it is one commit (DM-SESSIONLESS-1.3 §5.5;
// spec-notes ruling 21).
import type { Alert, DmCommand, DmMessage } from '../../codec/syncml/index.ts';
import type { Logger } from '../../core/index.ts';
import type { OpenedMessage } from '../../security/index.ts';
import {
  isUserInteraction,
  type RunCommandsOptions,
  runCommands,
  type UserInteraction,
  type UserResponse,
} from '../../session/index.ts';
import type { ManagementTree, TreeTransaction } from '../../tree/index.ts';
import type { MessageRemark } from '../report/events.ts';
import type { MessageCounts } from '../report/message-counts.ts';
import { treeCommandsWithin } from '../session/tree-commands.ts';
import { changeTree } from '../state/change-tree.ts';
import { type Interact, type InteractionHost, interactionFor } from '../user/interaction.ts';
import { rememberProcessed } from './message-memory.ts';

/** What a message works on. */
export interface MessageHost extends InteractionHost {
  readonly tree: ManagementTree;
  readonly logger: Logger;
  /** Tells what of a message was not carried out, and why: nobody is answered (DM-SESSIONLESS-1.3 §5.5). */
  readonly remark: (remark: MessageRemark) => void;
  /** Octets of an object that the device takes. */
  readonly maxObjSize: number;
}

/** An alert that has no answer yet. */
interface OpenQuestion {
  readonly alert: Alert;
  readonly request: UserInteraction;
}

/** Undoes a run that came to a question without an answer. */
class QuestionMet extends Error {}

/** Questions that one message may ask; the device puts no more of them to its user. */
const mostQuestions = 16;
/** Things that are told of one message; of the others the number. */
const mostRemarks = 32;
/** Characters of a remark, some of which are the server's. */
const longestRemark = 512;

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
  #remarks = 0;

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
      else if (!('alert' in ran)) {
        const more = this.#remarks - mostRemarks;
        if (more > 0) this.#remark(`${more} more like these`);
        return ran;
      } else if (!(await this.#answer(ran))) return 'stopped';
    }
  }

  /** The first question without an answer, if there is one. */
  async #rehearse(): Promise<OpenQuestion | undefined> {
    const transaction = this.#host.tree.transaction();
    let open: OpenQuestion | undefined;
    try {
      const commands = treeCommandsWithin(transaction, nothing, nothing, true);
      await this.#run({
        ...commands,
        interact: (question) => {
          open ??= question;
        },
        note: nothing,
      });
    } finally {
      transaction.rollback();
    }
    return open;
  }

  /** All in one commit; a question where the tree has changed since the rehearsal. */
  async #carryOut(): Promise<MessageCounts | OpenQuestion> {
    let open: OpenQuestion | undefined;
    try {
      return await changeTree(this.#host.tree, async (transaction) => {
        open = undefined;
        const counts = await this.#within(transaction, (question) => {
          open ??= question;
        });
        if (open !== undefined) throw new QuestionMet();
        return counts;
      });
    } catch (error) {
      if (error instanceof QuestionMet && open !== undefined) return open;
      throw error;
    }
  }

  async #within(
    transaction: TreeTransaction,
    interact: (question: OpenQuestion) => void,
  ): Promise<MessageCounts> {
    const { serverId, contentDigest } = this.#opened;
    let left = 0;
    const note = (text: string): void => this.#note(text);
    const commands = treeCommandsWithin(transaction, note, (text) => {
      left += 1;
      this.#host.logger.info({ serverId, messageId: this.#opened.message.header.msgId }, `left out: ${text}`);
    });
    const counts = await this.#run({ ...commands, interact, note });
    rememberProcessed(transaction, serverId, contentDigest);
    return { ...counts, ignored: left };
  }

  #run({
    interact,
    ...how
  }: Pick<RunCommandsOptions, 'execute' | 'transaction' | 'note'> & {
    readonly interact: (question: OpenQuestion) => void;
  }): ReturnType<typeof runCommands> {
    const { message, serverId } = this.#opened;
    const sessionId = Number(message.header.sessionId);
    return runCommands(message, {
      ...how,
      ...(this.#interact !== undefined && {
        interact: async (request, alert) => {
          const known = this.#answers.get(alert) ?? this.#unasked();
          if (known !== undefined) return known;
          interact({ alert, request });
          return { response: 'cancelled' };
        },
      }),
      serverId,
      sessionId: Number.isSafeInteger(sessionId) ? sessionId : 0,
      maxObjSize: this.#host.maxObjSize,
    });
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
    if (response.response === 'timeout') this.#silent = true;
    this.#answers.set(alert, response);
    if (this.#answers.size === mostQuestions)
      this.#note(`of this message the user is asked no more than ${mostQuestions} questions`);
    return true;
  }

  #note(text: string): void {
    this.#remarks += 1;
    if (this.#remarks <= mostRemarks) this.#remark(text);
  }

  #remark(text: string): void {
    const { serverId, message } = this.#opened;
    const detail = text.length > longestRemark ? `${text.slice(0, longestRemark)}…` : text;
    this.#host.remark({ serverId, messageId: message.header.msgId.slice(0, 40), detail });
  }
}

/** True when the message has an alert for the user anywhere. */
function asksSomething({ commands }: Pick<DmMessage, 'commands'>): boolean {
  const asks = (command: DmCommand): boolean => {
    if (command.name === 'Atomic' || command.name === 'Sequence') return command.commands.some(asks);
    return command.name === 'Alert' && isUserInteraction(command);
  };
  return commands.some(asks);
}

function nothing(): void {
  // A rehearsal tells nothing.
}
