// All commands, in the order of the help. Each is loaded when it is asked for: what one needs, the others do not wait for.
import { Command } from 'commander';
import { type CommandNode, commandTree } from './completion/command-tree.ts';
import type { Io } from './io/io.ts';
import { version } from './io/version.ts';

/** Runs a command line. */
type Run = (args: readonly string[], io: Io) => Promise<number>;

type Load = () => Promise<(io: Io, run: Run, tree: () => Promise<CommandNode>) => Command>;

const table: Readonly<Record<string, Load>> = {
  encode: async () => (await import('./commands/encode.ts')).encodeCommand,
  decode: async () => (await import('./commands/decode.ts')).decodeCommand,
  inspect: async () => (await import('./commands/inspect.ts')).inspectCommand,
  capture: async () => (await import('./capture/capture-command.ts')).captureCommand,
  lint: async () => (await import('./commands/lint.ts')).lintCommand,
  send: async () => (await import('./commands/send.ts')).sendCommand,
  batch: async () => (await import('./commands/batch.ts')).batchCommand,
  message: async () => (await import('./commands/message.ts')).messageCommand,
  bootstrap: async () => (await import('./commands/bootstrap.ts')).bootstrapCommand,
  run: async () => (await import('./commands/run.ts')).runCommand,
  device: async () => (await import('./commands/device.ts')).deviceCommand,
  devices: async () => (await import('./devices/devices-command.ts')).devicesCommand,
  tree: async () => (await import('./commands/tree.ts')).treeCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  token: async () => (await import('./tools/token.ts')).tokenCommand,
  fleet: async () => (await import('./commands/fleet.ts')).fleetCommand,
  notifications: async () => (await import('./lists/record-commands.ts')).notificationsCommand,
  messages: async () => (await import('./lists/record-commands.ts')).messagesCommand,
  jobs: async () => (await import('./lists/record-commands.ts')).jobsCommand,
  campaign: async () => (await import('./campaign/campaign-command.ts')).campaignCommand,
  pushes: async () => (await import('./tools/pushes.ts')).pushesCommand,
  backup: async () => (await import('./tools/backup.ts')).backupCommand,
  restore: async () => (await import('./tools/restore.ts')).restoreCommand,
  seal: async () => (await import('./tools/seal.ts')).sealCommand,
  status: async () => (await import('./tools/status.ts')).statusCommand,
  carriers: async () => (await import('./tools/carriers.ts')).carriersCommand,
  webhook: async () => (await import('./tools/webhook.ts')).webhookCommand,
  'log-level': async () => (await import('./tools/log-level.ts')).logLevelCommand,
  smsc: async () => (await import('./commands/smsc.ts')).smscCommand,
  modem: async () => (await import('./modem/modem-command.ts')).modemCommand,
  doctor: async () => (await import('./tools/doctor.ts')).doctorCommand,
  secret: async () => (await import('./tools/secret.ts')).secretCommand,
  completion: async () => (await import('./tools/completion.ts')).completionCommand,
  wireshark: async () => (await import('./tools/wireshark.ts')).wiresharkCommand,
  demo: async () => (await import('./commands/demo.ts')).demoCommand,
};

/** The program without its commands. */
export function bareProgram(): Command {
  return new Command('reveille')
    .description('Wakes managed devices: OMA DM notifications, push bindings, DM server and device.')
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'print help');
}

/** All commands as data. */
export async function wholeTree(io: Io, run: Run): Promise<CommandNode> {
  const program = bareProgram();
  for (const command of await commandsFor([], io, run)) program.addCommand(command);
  return commandTree(program);
}

/**
 * The commands that these arguments need: the one that they begin with, none for the version alone, and all where help
 * lists them or a name is not known. `run` is for a command that runs another one.
 */
export async function commandsFor(args: readonly string[], io: Io, run: Run): Promise<readonly Command[]> {
  const [first = ''] = args;
  if (args.length === 1 && first === '--version') return [];
  const named = Object.hasOwn(table, first) ? table[first] : undefined;
  const loads = named === undefined ? Object.values(table) : [named];
  return (await Promise.all(loads.map((load) => load()))).map((create) =>
    create(io, run, () => wholeTree(io, run)),
  );
}
