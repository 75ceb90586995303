// Commands of a message that nobody answers (DM-SESSIONLESS-1.3 §5.5), carried out as a session carries out its own.
import { type DmMessage, statusCodes } from '../../codec/syncml/index.ts';
import { LargeObjectReceiver } from '../message/large-object.ts';
import { commandsToAnswer } from '../message/replies.ts';
import type { ClientSessionOptions } from './client-options.ts';
import { CommandRunner, type Ran, succeeded } from './command-runner.ts';

/** How to carry them out; as in `ClientSessionOptions`. */
export interface RunCommandsOptions
  extends Pick<ClientSessionOptions, 'execute' | 'transaction' | 'interact' | 'sessionId'> {
  /** The subject of every ACL decision. */
  readonly serverId: string;
  /** Octets of an object that is put together of chunks. */
  readonly maxObjSize: number;
  /**
   * For logs, since no Status tells it: what was refused before `execute` was asked (groups, alerts, unknown commands,
   * incomplete items), what was undone or not reached, what failed on the device, what was left open.
   */
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
    for (const line of refusalsOf(ran)) options.note(line);
    for (const status of statusesOf(ran)) {
      counts = succeeded(status)
        ? { ...counts, succeeded: counts.succeeded + 1 }
        : { ...counts, failed: counts.failed + 1 };
    }
  }
  const open = objects.awaited;
  if (open === undefined) return counts;
  // Its last piece was kept (213), but nothing becomes a value.
  options.note(
    `${open.command.name} refused: the message ends in the middle of an object (MoreData), which is dropped`,
  );
  return { succeeded: counts.succeeded - 1, failed: counts.failed + 1 };
}

function statusesOf(ran: Ran): readonly number[] {
  const { name } = ran.command;
  if (name === 'Atomic' || name === 'Sequence') return ran.inner.flatMap(statusesOf);
  return ran.outcomes.map(({ status }) => status);
}

/** What no Status will tell: each refusal of the runner, and what each group left undone. */
function refusalsOf(ran: Ran): readonly string[] {
  const { command, outcomes, inner } = ran;
  const name = command.name === 'Alert' ? `Alert ${shownCode(command.data)}` : command.name;
  const own = outcomes.flatMap(({ status, reason }) =>
    reason === undefined ? [] : [`${name} refused with ${status}: ${reason}`],
  );
  const unreached = inner.filter(({ outcomes: [first] }) => first?.status === statusCodes.notExecuted).length;
  const left =
    command.name === 'Sequence' && unreached > 0
      ? [`Sequence: ${unreached} of ${inner.length} commands were not carried out after one that failed`]
      : [];
  return [...inner.flatMap(refusalsOf), ...left, ...own];
}

function shownCode(code: string | undefined): string {
  return code !== undefined && /^[0-9]{1,8}$/.test(code) ? code : 'without a code';
}
