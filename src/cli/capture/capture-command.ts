// reveille capture: another command, with what goes through its sockets recorded as pcapng.
import { Command } from 'commander';
import { systemClock } from '../../core/index.ts';
import { readInteger } from '../io/input.ts';
import { AlreadyReported, exitStatus, type Io, UsageError } from '../io/io.ts';
import { version } from '../io/version.ts';
import { CaptureFile } from './capture-file.ts';
import { knownSecrets } from './known-secrets.ts';
import { LeftOut } from './left-out.ts';
import { Recorder } from './recorder.ts';
import { tapSockets } from './tap.ts';

interface CaptureOptions {
  readonly maxOctets: string;
  readonly listMasked?: boolean;
  readonly withApi?: boolean;
  readonly force?: boolean;
}

/** Runs a command line: `run` of the program. */
export type RunCommand = (args: readonly string[], io: Io) => Promise<number>;

/** Commands whose sockets are not those of this process, or that have none. */
const recordsNothing: ReadonlySet<string> = new Set(['capture']);

/** The `capture` command. */
export function captureCommand(io: Io, run: RunCommand): Command {
  return new Command('capture')
    .summary('run a command and record what goes through its sockets')
    .description(
      'Runs another command of this program in this process, and writes what goes through its sockets to FILE as pcapng, ' +
        'for `reveille inspect`, Wireshark and tshark. Secrets are masked at equal length before anything is written.',
    )
    .argument('<FILE>', 'where to write; made with mode 0600')
    .argument('<COMMAND...>', 'behind "--": the command with its arguments')
    .option('--max-octets <number>', 'record no more than this; the command goes on', String(2 ** 30))
    .option('--list-masked', 'print each masked range on standard error')
    .option('--with-api', 'record connections of the REST API too, which are left out otherwise')
    .option('--force', 'replace FILE where it is an older capture')
    .addHelpText(
      'after',
      `
Exit status: that of the command; 1 where FILE cannot be made.

Examples:
  reveille capture push.pcapng -- send wap:192.0.2.7 --message push.json --secret-file secret.txt
  reveille capture server.pcapng --max-octets 100000000 -- serve --config bindings.json
  reveille inspect push.pcapng`,
    )
    .action(async (file: string, words: readonly string[], options: CaptureOptions) =>
      capture(io, run, file, words, options),
    );
}

async function capture(
  io: Io,
  run: RunCommand,
  path: string,
  words: readonly string[],
  options: CaptureOptions,
): Promise<void> {
  const maxOctets = readInteger(options.maxOctets, '--max-octets', 1000, Number.MAX_SAFE_INTEGER);
  const [command = ''] = words;
  if (recordsNothing.has(command)) throw new UsageError(`${command} cannot be recorded`);
  const say = (text: string): void => io.stderr(`reveille: ${text}\n`);
  const secrets = await knownSecrets(words, io.env);
  const file = await CaptureFile.create(path, maxOctets, options.force === true, say);
  const leftOut = new LeftOut(options.withApi === true);
  const recorder = new Recorder({
    file,
    clock: systemClock(),
    secrets,
    leftOut,
    onMasked: (frame, { offset, length, what }) => {
      if (options.listMasked === true)
        say(`masked in frame ${frame}: octets ${offset}-${offset + length - 1}, ${what}`);
    },
    application: `Reveille ${version()}`,
  });
  const leave = tapSockets(recorder);
  let status: number;
  try {
    status = await run(words, { ...io, recording: leftOut });
  } finally {
    leave();
    recorder.end();
    await file.close();
  }
  say(summaryOf(path, recorder, file));
  if (status !== exitStatus.done) throw new AlreadyReported(status);
}

function summaryOf(path: string, recorder: Recorder, file: CaptureFile): string {
  const { packets, masked, leftOut } = recorder.counts;
  const { slow, full } = file.loss;
  const missing = [
    ...[...leftOut].map(([what, count]) => `${count} × ${what}`),
    ...(slow === 0 ? [] : [`${slow} packets that the disk was too slow for`]),
    ...(full === 0 ? [] : [`${full} packets that there was no room for`]),
  ];
  const without = missing.length === 0 ? 'nothing left out' : `left out: ${missing.join(', ')}`;
  return `${path}: ${counted(packets, 'packet')}, ${counted(file.octets, 'octet')}, ${counted(masked, 'masked range')}; ${without}`;
}

/** A count with what is counted: `1 packet`, `2 packets`. */
function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
