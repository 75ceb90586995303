// All commands under one program, and the one place where errors become a line and an exit status.
import { type Command, CommanderError } from 'commander';
import { ReveilleError } from '../core/index.ts';
import { bareProgram, commandsFor } from './command-table.ts';
import { AlreadyReported, exitStatus, type Io, UsageError } from './io/io.ts';

/** Runs the command line and returns its exit status: 0 done, 1 the work failed, 2 usage. Never rejects. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  try {
    const program = await buildProgram(io, args);
    await program.parseAsync([...args], { from: 'user' });
    return exitStatus.done;
  } catch (error) {
    return report(error, io);
  }
}

async function buildProgram(io: Io, args: readonly string[]): Promise<Command> {
  const program = bareProgram();
  for (const command of await commandsFor(args, io, run)) program.addCommand(command);
  for (const command of [program, ...commandsBelow(program)]) {
    command.exitOverride().configureOutput({
      writeOut: io.stdout,
      writeErr: io.stderr,
      outputError: (text, write) => {
        const line = (text.replace(/^error: /, '').split('\n', 1)[0] ?? '').replace(/\.$/, '');
        write(`reveille: ${line}; see: ${commandPath(command)} --help\n`);
      },
    });
  }
  return program;
}

/** Commands with their subcommands. */
function commandsBelow(command: Command): readonly Command[] {
  return command.commands.flatMap((each) => [each, ...commandsBelow(each)]);
}

/** `reveille encode`, or `reveille`. */
function commandPath(command: Command): string {
  return command.parent === null ? command.name() : `${commandPath(command.parent)} ${command.name()}`;
}

function report(error: unknown, io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.done : exitStatus.usage;
  if (error instanceof AlreadyReported) return error.status;
  if (error instanceof UsageError) {
    io.stderr(`reveille: ${error.message}${error.hint === '' ? '' : `. ${error.hint}`}\n`);
    return exitStatus.usage;
  }
  if (error instanceof ReveilleError) {
    // Some have a line for each thing that is wrong.
    for (const line of error.message.split('\n')) io.stderr(`reveille: ${line}\n`);
    return exitStatus.failed;
  }
  io.stderr(
    `reveille: unexpected error, please report it: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return exitStatus.failed;
}
