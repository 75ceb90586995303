// reveille message build: commands in JSON and trees in files, as a DM message that needs no session.
import { randomInt } from 'node:crypto';
import { Command } from 'commander';
import type { ManagementCommand } from '../../codec/syncml/index.ts';
import { encodeWbxml } from '../../codec/wbxml/index.ts';
import { ValueError } from '../../core/index.ts';
import { messageDocument } from '../../security/index.ts';
import { managementCommand, readJobCommands } from '../../server/index.ts';
import { sessionlessMessage } from '../../sessionless/index.ts';
import { repeated } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { jobOfFile } from '../remote/job-arguments.ts';
import { addOutputOptions, type OutputOptions, requireOneOutput, writeMessageOut } from './message-output.ts';
import { tndsCommand } from './tnds-command.ts';

interface BuildOptions extends OutputOptions {
  readonly serverId?: string;
  readonly deviceId?: string;
  readonly sessionId?: string;
  readonly msgId?: string;
  readonly tnds?: readonly string[];
  readonly tndsTo: string;
}

/** Fields of the input beside `commands`. */
const fieldNames = ['serverId', 'deviceId', 'sessionId', 'msgId'] as const;

/** The `message build` command. */
export function messageBuildCommand(io: Io): Command {
  const command = new Command('build')
    .summary('JSON commands and trees to a DM message')
    .description(
      'Makes a DM message that a device processes without a session. FILE has commands as those of a job (docs/jobs.md): ' +
        'one, a list, or an object with "commands" and, if you like, "serverId", "deviceId", "sessionId" and "msgId"; ' +
        'options win. Without FILE, commands come from standard input, or there are only those of --tnds. The message ' +
        'is not signed yet, and devices take only signed ones: go on with reveille message sign.',
    )
    .argument('[FILE]', 'file with JSON; "-" reads standard input')
    .option('--server-id <id>', 'ServerID of the account on the device (Source)')
    .option('--device-id <id>', 'DevId of the device (Target), such as IMEI:493005100592800')
    .option('--session-id <hex>', '1-4 hex digits, not those of an earlier message; default: random')
    .option('--msg-id <number>', 'default: 1')
    .option('--tnds <file>', 'also add this tree (XML or WBXML); repeatable', repeated)
    .option('--tnds-to <uri>', 'where the trees go', './Inbox');
  return addOutputOptions(command, '1.2')
    .addHelpText(
      'after',
      `
Examples:
  echo '{"command":"replace","uri":"./Vendor/Note","data":"hello"}' |
    reveille message build --server-id com.example.dm --device-id IMEI:493005100592800 |
    reveille message sign --key server.pem --out message.wbxml
  reveille message build --tnds account.xml --server-id com.example.dm --device-id IMEI:493005100592800 --xml`,
    )
    .action(async (file: string | undefined, options: BuildOptions) => build(io, file, options));
}

async function build(io: Io, file: string | undefined, options: BuildOptions): Promise<void> {
  requireOneOutput(options);
  const input = await readInputObject(io, file, options);
  const given = Object.fromEntries(fieldNames.map((name) => [name, options[name] ?? input[name]]));
  const field = (name: (typeof fieldNames)[number], option: string): string => {
    const value = given[name];
    if (typeof value === 'string') return value;
    const what = value === undefined ? 'no' : 'JSON has another type than a string for';
    throw new UsageError(`${what} ${name}`, `Give ${option}, or "${name}" in the JSON.`);
  };
  const trees: ManagementCommand[] = [];
  for (const tree of options.tnds ?? []) trees.push(await tndsCommand(io, tree, options.tndsTo));
  const jobs = input.commands === undefined ? [] : readJobCommands(input.commands, 'commands');
  const message = sessionlessMessage({
    serverId: field('serverId', '--server-id'),
    deviceId: field('deviceId', '--device-id'),
    sessionId:
      given.sessionId === undefined
        ? randomInt(1, 0x10000).toString(16).toUpperCase()
        : field('sessionId', '--session-id').toUpperCase(),
    ...(given.msgId !== undefined && { msgId: field('msgId', '--msg-id') }),
    commands: [...jobs.map(managementCommand), ...trees],
  });
  const wbxml = { version: options.wbxml ?? '1.2' } as const;
  await writeMessageOut(io, encodeWbxml(messageDocument(message, { wbxml }), wbxml), options);
}

/** What FILE or standard input says; nothing when there are only trees. */
async function readInputObject(
  io: Io,
  file: string | undefined,
  { tnds = [] }: BuildOptions,
): Promise<Readonly<Record<string, unknown>>> {
  if (file === undefined && tnds.length > 0) return {};
  const source = file ?? '-';
  if (source === '-' && io.stdinIsTerminal) {
    throw new UsageError('no FILE given and nothing on standard input', 'See: reveille message build --help');
  }
  const input = await jobOfFile(io, source);
  const known: readonly string[] = ['commands', ...fieldNames];
  const stranger = Object.keys(input).find((name) => !known.includes(name));
  if (stranger !== undefined) {
    throw new ValueError(
      'UNKNOWN_FIELD',
      `the JSON has a field ${JSON.stringify(stranger)}; known are ${known.join(', ')}`,
    );
  }
  if (input.commands === undefined && tnds.length === 0) {
    throw new UsageError('the JSON holds no commands', 'Give "commands", or --tnds FILE.');
  }
  return input;
}
