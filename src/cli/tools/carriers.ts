// reveille carriers: the carriers of a running server, listed, shown, suspended and resumed.
import { Command } from 'commander';
import type { Io } from '../io/io.ts';
import { type ApiOptions, type JsonObject, openApi } from '../remote/api-client.ts';
import { carrierLine } from './carrier-line.ts';

interface CarrierOptions extends ApiOptions {
  readonly json?: boolean;
  readonly reason?: string;
}

/** The `carriers` command. */
export function carriersCommand(io: Io): Command {
  const list = ofServer(new Command('list'))
    .summary('list all carriers: state, room, rate, queue, and which are suspended')
    .option('--json', 'one JSON object a line, as the REST API has it')
    .action(async (options: CarrierOptions) => {
      const { at, items } = await (await openApi(io, options)).get('/v1/carriers');
      for (const carrier of (Array.isArray(items) ? items : []) as readonly JsonObject[]) {
        tell(io, options, carrier, at);
      }
    });
  const show = named('show', 'show one carrier').action(async (name: string, options: CarrierOptions) => {
    const carrier = await (await openApi(io, options)).get('/v1/carriers/{name}', of(name));
    tell(io, options, carrier, undefined);
  });
  const suspend = named('suspend', 'hand no more pushes to a carrier')
    .description(
      'Suspends a carrier: from the answer on no push is handed to it, retries included. What is under way ends, what waits for it ' +
        'stays queued until its own time is over, and its links stay up, so that reports still come in. It stays so over restarts.',
    )
    .option('--reason <text>', 'why, for those who ask later; up to 512 characters')
    .action(async (name: string, options: CarrierOptions) => {
      const body = options.reason === undefined ? {} : { reason: options.reason };
      const carrier = await (await openApi(io, options)).post('/v1/carriers/{name}/suspend', {
        ...of(name),
        body,
      });
      tell(io, options, carrier, undefined);
    });
  const resume = named('resume', 'let a suspended carrier go on')
    .description(
      'Lets a suspended carrier go on at once, with all that waits for it. One that is configured no more is forgotten.',
    )
    .action(async (name: string, options: CarrierOptions) => {
      const carrier = await (await openApi(io, options)).post('/v1/carriers/{name}/resume', of(name));
      tell(io, options, carrier, undefined);
    });
  return new Command('carriers')
    .summary('list the carriers of a running server; suspend them, and let them go on')
    .addCommand(list)
    .addCommand(show)
    .addCommand(suspend)
    .addCommand(resume)
    .addHelpText(
      'after',
      `
Examples:
  reveille carriers list
  reveille carriers suspend sms:desk --reason "maintenance at the SMSC until 14:00"
  reveille carriers resume sms:desk`,
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

/** A command about one carrier. */
function named(name: string, summary: string): Command {
  return ofServer(new Command(name))
    .summary(summary)
    .argument('<carrier>', 'name of the carrier, as `list` shows it')
    .option('--json', 'the answer as JSON');
}

/** The carrier that a request is about. */
function of(name: string) {
  return { params: { path: { name } } };
}

function tell(io: Io, { json }: CarrierOptions, carrier: JsonObject, at: unknown): void {
  io.stdout(json === true ? `${JSON.stringify(carrier)}\n` : `${carrierLine(carrier, at)}\n`);
}
