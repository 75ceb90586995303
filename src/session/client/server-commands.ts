// The server's commands on their way through the device: chunks joined, carried out, and the answers queued.
import {
  alertCodes,
  type CommandGroup,
  type DmCommand,
  type DmMessage,
  type ManagementCommand,
  type MessageForm,
  outlineOf,
  statusCodes,
} from '../../codec/syncml/index.ts';
import { defaultMaxObjSize } from '../contract/limits.ts';
import type { StepLog } from '../contract/step-log.ts';
import { LargeObjectReceiver } from '../message/large-object.ts';
import type { OutgoingPackage } from '../message/outgoing-package.ts';
import { alert, commandStatus, commandsToAnswer, isAlert } from '../message/replies.ts';
import { commandSize } from '../message/size.ts';
import { answersOf } from './answers.ts';
import type { ClientSessionOptions } from './client-options.ts';
import { CommandRunner } from './command-runner.ts';

export interface ClientCommandsOptions {
  readonly session: ClientSessionOptions;
  /** Where the answers go. */
  readonly answers: OutgoingPackage;
  readonly log: StepLog;
  /** Octets that one message has for answers. */
  readonly roomInMessage: () => number;
}

/** Carries out the commands of one message after the other. */
export class ClientCommands {
  /** Octets of an object that the server takes. */
  serverMaxObjSize = Number.POSITIVE_INFINITY;
  readonly #form: MessageForm;
  readonly #answers: OutgoingPackage;
  readonly #log: StepLog;
  readonly #objects: LargeObjectReceiver;
  readonly #runner: CommandRunner;
  readonly #roomInMessage: () => number;

  constructor(options: ClientCommandsOptions) {
    const { session, log } = options;
    this.#form = session.encoding ?? 'xml';
    this.#answers = options.answers;
    this.#log = log;
    this.#roomInMessage = options.roomInMessage;
    this.#objects = new LargeObjectReceiver(session.maxObjSize ?? defaultMaxObjSize);
    this.#runner = new CommandRunner({
      ...session,
      serverId: session.account.serverId,
      objects: this.#objects,
      answerFits: (group) => this.#answerFits(group),
      note: (text) => log.note(text),
    });
  }

  /**
   * Carries out every command of a message, in its order. Returns the Statuses that must not wait behind the rest of a
   * package: those for the alerts that ask for it. Never rejects.
   */
  async run(message: DmMessage): Promise<readonly DmCommand[]> {
    const commands = commandsToAnswer(message);
    const atOnce: DmCommand[] = [];
    if (commands.length === 0) this.#endAwaited();
    for (const command of commands) {
      const noEnd = isAlert(command, alertCodes.noEndOfData);
      // The server never got the end of what we were sending.
      if (noEnd) this.#answers.dropObject();
      if (!this.#goesOn(command)) this.#endAwaited();
      if (noEnd || isAlert(command, alertCodes.nextMessage)) {
        atOnce.push(commandStatus(message.header.msgId, command, statusCodes.ok));
        continue;
      }
      const ran = await this.#runner.run(command);
      const limits = { form: this.#form, maxObjSize: this.serverMaxObjSize };
      this.#answers.add(
        ...answersOf(ran, message.header.msgId, limits).map((answer) => ({ command: answer })),
      );
    }
    if (message.final && this.#objects.awaited === undefined) this.#objects.endPackage();
    return atOnce;
  }

  /** True when a command may come between the chunks of an object. */
  #goesOn(command: ManagementCommand): boolean {
    if (isAlert(command, alertCodes.nextMessage)) return true;
    const carrier = command.name === 'Unknown' ? outlineOf(command) : command;
    if (carrier?.name !== 'Add' && carrier?.name !== 'Replace') return false;
    const [item] = carrier.items;
    return item !== undefined && this.#objects.continues(carrier, item);
  }

  /** Something else came where the rest of an object was due: Alert 1225. */
  #endAwaited(): void {
    const { awaited } = this.#objects;
    if (awaited === undefined) return;
    this.#objects.interrupt();
    const { target } = awaited.item;
    this.#answers.add({ command: alert(alertCodes.noEndOfData, target === undefined ? [] : [{ target }]) });
    this.#log.note('the server did not send the end of an object');
  }

  /** True when the Statuses of a group take no more than one message. */
  #answerFits(group: CommandGroup): boolean {
    return this.#statusSize(group) <= this.#roomInMessage();
  }

  #statusSize(command: ManagementCommand): number {
    if ('commands' in command) {
      const own = commandSize(commandStatus('99999', command, 200), this.#form);
      return command.commands.reduce((size, inner) => size + this.#statusSize(inner), own);
    }
    const items = command.name === 'Unknown' ? [] : command.items;
    const abouts = items.length === 0 ? [[]] : items.map((item) => [item]);
    return abouts.reduce(
      (size, about) => size + commandSize(commandStatus('99999', command, 200, { about }), this.#form),
      0,
    );
  }
}
