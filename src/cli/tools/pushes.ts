// reveille pushes: what is held after a restore, listed, let go and ended.
import { Command, Option } from 'commander';
import type { components } from '../../client/index.ts';
import { printable } from '../../core/index.ts';
import { pushPurposes } from '../../store/index.ts';
import { repeated } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { type ApiOptions, type JsonObject, openApi } from '../remote/api-client.ts';

interface HeldOptions extends ApiOptions {
  readonly all?: true;
  readonly device?: string;
  readonly account?: string;
  readonly purpose?: HeldSelection['purpose'];
  readonly id?: readonly string[];
  readonly json?: boolean;
}

/** What can be done with what is held. */
type HeldPath = '/v1/pushes/release' | '/v1/pushes/cancel-held';
type HeldSelection = components['schemas']['HeldSelection'];

interface ListOptions extends ApiOptions {
  readonly held?: true;
  readonly device?: string;
  readonly json?: boolean;
}

/** The `pushes` command. */
export function pushesCommand(io: Io): Command {
  const list = ofServer(new Command('list'))
    .summary('list pushes of any purpose, the newest first')
    .description(
      'Prints a line for each push of a server: when it was created, its purpose, state, id and receiver.',
    )
    .option('--held', 'only those that are held')
    .option('--device <id>', 'of this device')
    .option('--json', 'one JSON object a line, as the REST API has it')
    .action(async (options: ListOptions) => listPushes(io, options));
  const act = (name: string, path: HeldPath, summary: string, done: string): Command =>
    ofServer(new Command(name))
      .summary(summary)
      .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}, all or some; the jobs too.`)
      .option('--all', 'everything that is held')
      .option('--device <id>', 'of this device')
      .option('--account <serverId>', 'of this account')
      .addOption(new Option('--purpose <purpose>', 'of this purpose').choices(pushPurposes))
      .option('--id <id>', 'a push or job (repeatable)', repeated)
      .option('--json', 'how many, as JSON')
      .action(async (options: HeldOptions) => {
        const counts = await (await openApi(io, options)).post(path, { body: bodyOf(options) });
        io.stdout(
          options.json === true
            ? `${JSON.stringify(counts)}\n`
            : `${done}: ${String(counts.pushes)} pushes, ${String(counts.jobs)} jobs\n`,
        );
      });
  return new Command('pushes')
    .summary('list pushes of a server; let go or end those that are held after a restore')
    .description(
      'After `reveille restore` what the copy had queued is held: nothing of it goes out until it is released (docs/server.md).',
    )
    .addCommand(list)
    .addCommand(act('release', '/v1/pushes/release', 'let go on what is held', 'released'))
    .addCommand(act('cancel', '/v1/pushes/cancel-held', 'end what is held', 'cancelled'))
    .addHelpText(
      'after',
      `
Examples:
  reveille pushes list --held
  reveille pushes release --device IMEI:493005100592800
  reveille pushes cancel --all`,
    );
}

function ofServer(command: Command): Command {
  return command
    .option('--server <url>', 'REST API of the server', 'http://127.0.0.1:8081')
    .option(
      '--token-file <file>',
      'file with the API token; the environment variable REVEILLE_API_TOKEN works too',
    );
}

function bodyOf({ all, device, account, purpose, id }: HeldOptions): HeldSelection {
  const body = {
    ...(all !== undefined && { all }),
    ...(device !== undefined && { device }),
    ...(account !== undefined && { serverId: account }),
    ...(purpose !== undefined && { purpose }),
    ...(id !== undefined && { ids: [...id] }),
  };
  if (Object.keys(body).length === 0) {
    throw new UsageError('say which are meant: --all, --device, --account, --purpose or --id');
  }
  return body;
}

async function listPushes(io: Io, options: ListOptions): Promise<void> {
  const api = await openApi(io, options);
  const query = {
    limit: 500,
    ...(options.held === true && { held: 'true' as const }),
    ...(options.device !== undefined && { device: options.device }),
  };
  for await (const push of api.items('/v1/pushes', query)) {
    io.stdout(options.json === true ? `${JSON.stringify(push)}\n` : `${lineOf(push)}\n`);
  }
}

function lineOf({ createdAt, purpose, state, id, device, addresses, held }: JsonObject): string {
  const to = device ?? (Array.isArray(addresses) ? addresses.join(' ') : '');
  const parts = [createdAt, purpose, state, id, to, held === true ? 'held' : ''];
  return printable(
    parts
      .map((part) => String(part))
      .filter((part) => part !== '')
      .join(' '),
  );
}
