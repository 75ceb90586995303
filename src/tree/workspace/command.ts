// The arguments of commands, as items of a message carry them.
import { isTndsElement, type TndsData, tndsForm } from '../../codec/tnds/index.ts';

/** What Add and Replace carry: the item's Target, its complete Meta and its Data. */
export interface ValueCommand {
  readonly uri: string;
  /** Meta Format. */
  readonly format?: string;
  /** Meta Type. */
  readonly type?: string;
  /** Absent when the item had no Data element. */
  readonly data?: TndsData;
  /**
   * True leaves out what the device does not support when a TNDS document comes to the Inbox, instead of refusing it
   * (DM-SESSIONLESS-1.3 §5.5). Default false.
   */
  readonly ignoreUnsupported?: boolean;
}

/** True when the command carries a TNDS document. */
export function carriesTnds(command: ValueCommand): boolean {
  return isTndsElement(command.data) || (command.type !== undefined && tndsForm(command.type) !== undefined);
}
