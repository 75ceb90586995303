// What a client may send to a server: alerts, DevInfo and requested objects, Results (DM-PRO-1.2).
import {
  type Alert,
  alertCodes,
  type DmCommand,
  type DmMessage,
  type Item,
  type ItemCommand,
  type ManagementCommand,
  outlineOf,
  type Results,
  statusCodes,
  type UnknownCommand,
} from '../../codec/syncml/index.ts';
import type { StepLog } from '../contract/step-log.ts';
import type { LargeObjectReceiver } from '../message/large-object.ts';
import { alert, alertCode, commandStatus, commandsToAnswer, isAlert } from '../message/replies.ts';
import type { AnswerBook } from './answer-book.ts';

/** Where the pieces go. */
export interface Intake {
  readonly objects: LargeObjectReceiver;
  readonly book: AnswerBook;
  readonly log: StepLog;
  /** MsgID of the server's last message. */
  readonly lastMsgId: string;
  /** True when the client did not believe that message: what it says of its commands is no answer to them. */
  readonly challenged?: boolean;
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
      if (intake.challenged !== true) takeStatus(command, intake);
      continue;
    }
    replies.push(...interrupted(command, intake));
    if (command.name === 'Results') replies.push(...takeResults(command, msgId, intake));
    else replies.push(commandStatus(msgId, command, takeCommand(command, intake)));
  }
  const more = message.commands.some((command) => command.name === 'Results' || command.name === 'Replace');
  if (!more) replies.push(...noEndOfData(intake));
  return replies;
}

/**
 * True when the client has nothing more to say in its package. Some leave Final out: one that was `asked` for more and has
 * nothing but Statuses for that has said all. And some set it in the middle of an object.
 */
export function isOver(message: DmMessage, asked: boolean, { objects, log }: Intake): boolean {
  if (objects.awaited !== undefined) {
    if (message.final) log.note('the client set Final in the middle of an object');
    return false;
  }
  if (message.final) return true;
  const silent = message.commands.every(
    (command) => command.name === 'Status' && (command.cmdRef === '0' || command.cmd === 'Alert'),
  );
  if (!silent || !asked) return false;
  log.note('the client left Final out');
  return true;
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
      return takeUnknown(command, intake);
    default:
      return statusCodes.commandNotAllowed;
  }
}

/** What cannot be read is no piece of an object, nor is what follows it; a command of ours that it answers has failed. */
function takeUnknown(command: UnknownCommand, { objects, book, log }: Intake): number {
  const status = command.fault ?? statusCodes.optionalFeatureNotSupported;
  const outline = outlineOf(command);
  if (outline === undefined) return status;
  const reason = `${outline.name} cannot be read: ${command.why ?? 'it is not complete'}`;
  log.note(`a command is refused with status ${status}: ${reason}`);
  const verdicts = objects.unreadable(outline, status, reason);
  const abouts = verdicts.flatMap((verdict) => (verdict.state === 'refused' ? [verdict.command] : []));
  for (const about of [...abouts, outline]) {
    if (about.name === 'Results') book.refuse(about, `the value is refused: ${reason}`);
  }
  return status;
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
    if (verdict.state === 'refused') {
      log.note(`a Replace is refused with status ${verdict.status}: ${verdict.reason}`);
      return verdict.status;
    }
    if (verdict.state === 'whole') items.push(verdict.item);
  }
  if (items.length > 0) log.add({ effect: 'received', command: { ...command, items } });
  return objects.awaited === undefined ? statusCodes.ok : statusCodes.chunkedItemAccepted;
}

/** A Status for Results only when they are kept for more, or fail. */
function takeResults(results: Results, msgId: string, { objects, book, log }: Intake): DmCommand[] {
  const goesOn = results.items[0] !== undefined && objects.continues(results, results.items[0]);
  if (!book.knows(results) && !goesOn) {
    log.note('Results are for no command that waits for them');
    return [];
  }
  for (const item of results.items) {
    const verdict = objects.take(results, item);
    if (verdict.state === 'kept') continue;
    // A later piece may name another message than the first one, which is the one that was asked in.
    const about = verdict.command.name === 'Results' ? verdict.command : results;
    if (verdict.state === 'refused') {
      log.note(`Results are refused with status ${verdict.status}: ${verdict.reason}`);
      book.refuse(about, `the value is refused: ${verdict.reason}`);
      return [commandStatus(msgId, results, verdict.status)];
    }
    if (!book.result(about, verdict.item)) {
      log.note('Results are refused: there is no room for more');
      book.refuse(about, 'the value is refused: there is no room for more answers');
      return [commandStatus(msgId, results, statusCodes.requestEntityTooLarge)];
    }
  }
  if (objects.awaited === undefined) return [];
  return [commandStatus(msgId, results, statusCodes.chunkedItemAccepted)];
}

/** Another command came where the rest of an object was due: Alert 1225. */
function interrupted(command: ManagementCommand | Results, intake: Intake): DmCommand[] {
  if (isAlert(command, alertCodes.nextMessage)) return [];
  const carrier = command.name === 'Unknown' ? outlineOf(command) : command;
  if (carrier?.name === 'Results' || carrier?.name === 'Replace') {
    const [item] = carrier.items;
    if (item !== undefined && intake.objects.continues(carrier, item)) return [];
  }
  return noEndOfData(intake);
}

/** Gives up the object whose rest is due, if any: Alert 1225. */
function noEndOfData({ objects, book, log }: Intake): DmCommand[] {
  const { awaited } = objects;
  if (awaited === undefined) return [];
  objects.interrupt();
  log.note('the client did not send the end of an object');
  const { command } = awaited;
  if (command.name === 'Results') book.refuse(command, 'the device did not send the end of the value');
  const { target, source } = awaited.item;
  const item = { ...(target === undefined ? {} : { target }), ...(source === undefined ? {} : { source }) };
  return [alert(alertCodes.noEndOfData, [item])];
}
