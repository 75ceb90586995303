// What a client may send to a server: alerts, DevInfo and requested objects, Results (DM-PRO-1.2).
import {
  type Alert,
  alertCodes,
  type DmCommand,
  type DmMessage,
  type Item,
  type ItemCommand,
  type ManagementCommand,
  type Results,
  statusCodes,
} from '../codec/syncml/index.ts';
import type { AnswerBook } from './answer-book.ts';
import type { LargeObjectReceiver } from './large-object.ts';
import { alert, alertCode, commandStatus, commandsToAnswer, isAlert } from './replies.ts';
import type { StepLog } from './step-log.ts';

/** Where the pieces go. */
export interface Intake {
  readonly objects: LargeObjectReceiver;
  readonly book: AnswerBook;
  readonly log: StepLog;
  /** MsgID of the server's last message. */
  readonly lastMsgId: string;
}

const recordedAlerts: readonly number[] = [
  alertCodes.serverInitiated,
  alertCodes.clientInitiated,
  alertCodes.clientEvent,
  alertCodes.genericAlert,
];

/** Takes in what the client sent, and returns the Statuses (and alerts) that answer it, in order. */
export function takeIn(message: DmMessage, intake: Intake): DmCommand[] {
  const replies: DmCommand[] = [];
  const { msgId } = message.header;
  for (const command of message.commands) {
    if (command.name === 'Status') {
      takeStatus(command, intake);
      continue;
    }
    replies.push(...interrupted(command, intake));
    if (command.name === 'Results') replies.push(...takeResults(command, msgId, intake));
    else replies.push(commandStatus(msgId, command, takeCommand(command, intake)));
  }
  const { awaited } = intake.objects;
  const more = message.commands.some((command) => command.name === 'Results' || command.name === 'Replace');
  if (awaited !== undefined && !more) replies.push(...noEndOfData(intake));
  return replies;
}

/** Statuses of refusal for every command of a message, none of which is looked at. */
export function refuseAll(message: DmMessage, status: number): DmCommand[] {
  return commandsToAnswer(message).map((command) => commandStatus(message.header.msgId, command, status));
}

function takeStatus(status: Extract<DmCommand, { name: 'Status' }>, { book, log, lastMsgId }: Intake): void {
  if (status.cmdRef === '0' || book.status(status)) return;
  // The session's own alerts are in no book.
  if (status.msgRef === lastMsgId && status.cmd === 'Alert') return;
  log.note('a Status is for no command that waits for one');
}

function takeCommand(command: ManagementCommand, intake: Intake): number {
  switch (command.name) {
    case 'Alert':
      return takeAlert(command, intake);
    case 'Replace':
      return takeReplace(command, intake);
    case 'Unknown':
      return command.fault ?? statusCodes.optionalFeatureNotSupported;
    default:
      return statusCodes.commandNotAllowed;
  }
}

function takeAlert(command: Alert, { log }: Intake): number {
  const code = alertCode(command);
  if (recordedAlerts.includes(code)) log.add({ effect: 'received', command });
  else if (code === alertCodes.noEndOfData) log.note('the client did not get the end of an object');
  else if (code !== alertCodes.nextMessage && code !== alertCodes.sessionAbort) {
    return statusCodes.optionalFeatureNotSupported;
  }
  return statusCodes.ok;
}

function takeReplace(command: ItemCommand, { objects, log }: Intake): number {
  const items: Item[] = [];
  for (const item of command.items) {
    const verdict = objects.take(command, item);
    if (verdict.state === 'kept') return statusCodes.chunkedItemAccepted;
    if (verdict.state === 'refused') return verdict.status;
    items.push(verdict.item);
  }
  log.add({ effect: 'received', command: { ...command, items } });
  return statusCodes.ok;
}

/** A Status for Results only when they are kept for more, or fail. */
function takeResults(results: Results, msgId: string, { objects, book, log }: Intake): DmCommand[] {
  const known = book.knows(results);
  if (!known && objects.awaited === undefined) {
    log.note('Results are for no command that waits for them');
    return [];
  }
  for (const item of results.items) {
    const verdict = objects.take(results, item);
    if (verdict.state === 'kept') return [commandStatus(msgId, results, statusCodes.chunkedItemAccepted)];
    if (verdict.state === 'refused') {
      log.note(`Results are refused with status ${verdict.status}`);
      return [commandStatus(msgId, results, verdict.status)];
    }
    if (!book.result(results, verdict.item)) {
      log.note('Results are refused: there is no room for more');
      return [commandStatus(msgId, results, statusCodes.requestEntityTooLarge)];
    }
  }
  return [];
}

/** Another command came where the rest of an object was due: Alert 1225. */
function interrupted(command: ManagementCommand | Results, intake: Intake): DmCommand[] {
  const { awaited } = intake.objects;
  if (awaited === undefined || isAlert(command, alertCodes.nextMessage)) return [];
  if (command.name === 'Results' || command.name === 'Replace') {
    const [item] = command.items;
    if (item !== undefined && intake.objects.continues(command, item)) return [];
  }
  return noEndOfData(intake);
}

function noEndOfData({ objects, log }: Intake): DmCommand[] {
  const { awaited } = objects;
  objects.drop();
  log.note('the client did not send the end of an object');
  const { target, source } = awaited ?? {};
  const item = { ...(target === undefined ? {} : { target }), ...(source === undefined ? {} : { source }) };
  return [alert(alertCodes.noEndOfData, [item])];
}
