// How many octets a message or a command takes in an encoding: found by writing it. `size.ts` is faster, and too high.
import { type DmCommand, type MessageForm, type SyncHdr, writeMessage } from '../../codec/syncml/index.ts';
import { numberCommands } from './numbering.ts';
import { commandSize } from './size.ts';

const frame: SyncHdr = {
  verDtd: '1.2',
  verProto: 'DM/1.2',
  sessionId: '1',
  msgId: '1',
  target: { uri: 'a' },
  source: { uri: 'b' },
};
const frameSizes = { xml: sizeOf(frame, [], 'xml'), wbxml: sizeOf(frame, [], 'wbxml') };

/**
 * Octets of a message with these commands and Final. The commands are numbered first.
 * @throws {ValueError} when a value cannot be carried
 */
export function messageSize(header: SyncHdr, commands: readonly DmCommand[], form: MessageForm): number {
  return sizeOf(header, numberCommands(commands), form);
}

/**
 * Octets that a command adds to a message, with a CmdID of so many digits. For a value that cannot be carried it is the
 * estimate: whoever writes the message will say what is wrong.
 */
export function exactCommandSize(command: DmCommand, form: MessageForm, digits: number): number {
  try {
    return sizeOf(frame, [withDigits(command, '9'.repeat(digits))], form) - frameSizes[form];
  } catch {
    return commandSize(command, form);
  }
}

/** Digits that suffice for every CmdID of a message of so many octets, since no command takes fewer than 8. */
export function cmdIdDigits(octets: number): number {
  return Number.isFinite(octets) ? String(Math.max(0, Math.floor(octets / 8))).length : 5;
}

function sizeOf(header: SyncHdr, commands: readonly DmCommand[], form: MessageForm): number {
  return writeMessage({ header, commands, final: true }, form).length;
}

function withDigits<Command extends DmCommand>(command: Command, cmdId: string): Command {
  if (command.name !== 'Atomic' && command.name !== 'Sequence') return { ...command, cmdId };
  return { ...command, cmdId, commands: command.commands.map((inner) => withDigits(inner, cmdId)) };
}
