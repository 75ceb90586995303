// Commands of a message that nobody answers (DM-SESSIONLESS-1.3 §5.5), carried out as a session carries out its own.
import type { DmMessage } from '../codec/syncml/index.ts';
import type { ClientSessionOptions } from './client-options.ts';
import { CommandRunner, type Ran, succeeded } from './command-runner.ts';
import { LargeObjectReceiver } from './large-object.ts';
import { commandsToAnswer } from './replies.ts';

/** How to carry them out; as in `ClientSessionOptions`. */
export interface RunCommandsOptions
  extends Pick<ClientSessionOptions, 'execute' | 'transaction' | 'interact' | 'sessionId'> {
  /** The subject of every ACL decision. */
  readonly serverId: string;
  /** Octets of an object that is put together of chunks. */
  readonly maxObjSize: number;
  /** For logs: what failed on the device, or was left open. */
  readonly note: (text: string) => void;
}

/** What became of the items of all commands, and of alerts; an empty group counts as nothing. */
export interface CommandCounts {
  readonly succeeded: number;
  readonly failed: number;
}

/**
 * Carries out every command of the message in its order; one that fails keeps none of the others from being carried out,
 * but in an Atomic or a Sequence. Never rejects.
 */
export async function runCommands(message: DmMessage, options: RunCommandsOptions): Promise<CommandCounts> {
  const objects = new LargeObjectReceiver(options.maxObjSize);
  const runner = new CommandRunner({ ...options, objects, answerFits: () => true });
  let counts: CommandCounts = { succeeded: 0, failed: 0 };
  for (const command of commandsToAnswer(message)) {
    const ran = await runner.run(command);
    for (const status of statusesOf(ran)) {
      counts = succeeded(status)
        ? { ...counts, succeeded: counts.succeeded + 1 }
        : { ...counts, failed: counts.failed + 1 };
    }
  }
  if (objects.awaited !== undefined)
    options.note('the message ends in the middle of an object, which is dropped');
  return counts;
}

function statusesOf(ran: Ran): readonly number[] {
  const { name } = ran.command;
  if (name === 'Atomic' || name === 'Sequence') return ran.inner.flatMap(statusesOf);
  return ran.outcomes.map(({ status }) => status);
}
