// What a sessionless message led to, in numbers.
import type { CommandCounts } from '../../session/index.ts';

/** Its commands, by their items, and what the device left out because it does not support it. */
export interface MessageCounts extends CommandCounts {
  readonly ignored: number;
}
