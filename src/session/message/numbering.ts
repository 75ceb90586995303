// CmdIDs: commands are made without them and numbered when they enter a message.
import type { DmCommand, ManagementCommand } from '../../codec/syncml/index.ts';

/** CmdID of a command that is not numbered yet. */
export const unnumbered = '';

/**
 * The commands with CmdIDs 1, 2, 3 …, those inside groups included. `onNumber` is told each management command as it
 * was given, with its new CmdID.
 */
export function numberCommands(
  commands: readonly DmCommand[],
  onNumber: (given: DmCommand, cmdId: string) => void = () => undefined,
): DmCommand[] {
  let last = 0;
  const number = <Command extends DmCommand>(given: Command): Command => {
    last += 1;
    const cmdId = String(last);
    onNumber(given, cmdId);
    if (given.name !== 'Atomic' && given.name !== 'Sequence') return { ...given, cmdId };
    return { ...given, cmdId, commands: given.commands.map((inner: ManagementCommand) => number(inner)) };
  };
  return commands.map((command) => number(command));
}
