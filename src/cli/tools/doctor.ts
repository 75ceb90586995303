// reveille doctor: what is wrong with a set-up, and what to do; nothing is changed, and nothing is sent.
import { Command } from 'commander';
import { ConfigError, systemClock, ValueError } from '../../core/index.ts';
import { styleFor } from '../decode/table.ts';
import { carrierRequests } from '../doctor/carrier-request.ts';
import { checks } from '../doctor/checks.ts';
import { aboutCarrier } from '../doctor/of-carrier.ts';
import { configOf, readConfiguration, readKannels } from '../doctor/read-configuration.ts';
import { readSetUp } from '../doctor/read-set-up.ts';
import { findingText, requestsText } from '../doctor/report.ts';
import type { Examined, Finding } from '../doctor-base/finding.ts';
import { AlreadyReported, type Io, UsageError } from '../io/io.ts';
import { addSettingOptions, givenFlags } from '../settings/flags.ts';
import type { ReadSettings } from '../settings/read-settings.ts';

interface DoctorOptions {
  readonly config?: string;
  readonly carrier?: string;
  readonly kannelConfig: readonly string[];
  readonly server?: string;
  readonly offline?: boolean;
  readonly deep?: boolean;
  readonly json?: boolean;
}

/** Longest time for all checks together, in milliseconds. */
const longestMs = 60_000;

/** The `doctor` command. */
export function doctorCommand(io: Io): Command {
  const command = new Command('doctor')
    .summary('say what is wrong with a set-up, and what to do')
    .description(
      'Looks over what `serve` would be started with, by the same options: its configuration, ports, certificates, folder, database, ' +
        'disk and secrets, the clock, and whether its carriers can be reached. It says what does not work, what is unwise, and what ' +
        'to do. With --server it looks at a server that runs as well, with --kannel-config at a Kannel that short messages go ' +
        'through. With --carrier it shows the requests that an example push would go out by over that road (sms.roads of the kind ' +
        '"http"), its secrets as •••. Nothing is changed, and no push is sent.',
    )
    .option(
      '--config <file>',
      'the configuration of the server (docs/configuration.md); "-" reads standard input',
    );
  return addSettingOptions(command)
    .option('--server <url>', 'REST API of a server that runs, such as http://127.0.0.1:8081')
    .option('--carrier <name>', 'road whose requests are shown')
    .option(
      '--kannel-config <file>',
      "Kannel's own configuration, kannel.conf, with what it includes; once for each Kannel",
      (file: string, before: readonly string[]) => [...before, file],
      [] as readonly string[],
    )
    .option('--offline', 'look up no name, and open no connection')
    .option('--deep', 'log in at message centres, and ask what is reached over HTTP for its time')
    .option('--json', 'one JSON object a line for each finding and each request')
    .addHelpText(
      'after',
      `
Exit status: 0 nothing is wrong (there may be notes); 1 something is, with --carrier about that road; 2 usage.

Examples:
  reveille doctor --config /etc/reveille/reveille.yaml
  reveille doctor --data /var/lib/reveille --api 127.0.0.1:8081 --token-file tokens
  reveille doctor --server http://127.0.0.1:8081 --token-file operator.token
  reveille doctor --config bindings.json --kannel-config /etc/kannel/kannel.conf
  reveille doctor --config bindings.json --carrier vonage`,
    )
    .action(async (options: DoctorOptions) => doctor(io, options, command));
}

async function doctor(io: Io, options: DoctorOptions, command: Command): Promise<void> {
  const { carrier, kannelConfig, server, json = false } = options;
  checkTogether(options);
  const found: Finding[] = [];
  const unread: string[] = [];
  const secrets = new Map<string, string[]>();
  const flags = givenFlags(command);
  const read = await readConfiguration(io, { config: options.config, flags }, found, unread, secrets);
  const config = read.file;
  if (carrier !== undefined && config === undefined) throw new UsageError('--carrier needs --config FILE');
  const { tokenFile: _, ...others } = flags;
  const isSaid = config !== undefined || Object.keys(others).length > 0;
  const isOther = kannelConfig.length > 0 || server !== undefined;
  const examined: Examined = {
    config: configOf(read),
    kannels: await readKannels(io, kannelConfig, found),
    setUp: isSaid || !isOther ? await readSetUp(io, read, found) : undefined,
    server: server === undefined ? undefined : { url: server, tokenFile: read.values.tokenFile },
    means: {
      clock: systemClock({ unref: true }),
      env: io.env,
      network: options.offline !== true,
      deep: options.deep === true,
      stop: AbortSignal.any([io.stop, AbortSignal.timeout(longestMs)]),
    },
  };
  // At the same time: some of them wait for others, and none for another check.
  for (const told of await Promise.all(checks.map((check) => check.run(examined)))) {
    // What stands in for a text that could not be read is not looked at.
    found.push(...told.filter(({ where }) => !unread.includes(where)));
  }
  const style = styleFor(io.colour);
  for (const each of found) {
    const finding = placed(each, read);
    io.stdout(json ? `${JSON.stringify({ finding })}\n` : findingText(finding, style));
  }
  const sections = examined.config?.sections;
  if (carrier !== undefined && sections !== undefined) showRequests(io, sections, carrier, json);
  const counts =
    carrier === undefined || config === undefined ? () => true : aboutCarrier(carrier, config, secrets);
  if (found.some((finding) => finding.severity !== 'note' && counts(finding))) throw new AlreadyReported();
  if (!json && carrier === undefined)
    io.stdout(`${style.good}nothing is wrong${style.end} as far as can be seen\n`);
}

/** With line and column, where it is about a part of the configuration. */
function placed(finding: Finding, { file, placeOf }: ReadSettings): Finding {
  const { where } = finding;
  if (file === undefined || placeOf('') === '' || !where.startsWith(`${file}: `)) return finding;
  return { ...finding, where: placeOf(where.slice(file.length + 2)) };
}

/** @throws {UsageError} */
function checkTogether({ offline = false, deep = false, server }: DoctorOptions): void {
  if (offline && deep) throw new UsageError('--offline and --deep exclude each other');
  if (offline && server !== undefined) throw new UsageError('--offline and --server exclude each other');
}

function showRequests(
  io: Io,
  sections: Parameters<typeof carrierRequests>[0],
  carrier: string,
  json: boolean,
): void {
  const clock = systemClock();
  try {
    const requests = carrierRequests(sections, carrier, clock.now());
    if (!json) io.stdout(requestsText(carrier, requests, styleFor(io.colour)));
    else for (const request of requests) io.stdout(`${JSON.stringify({ carrier, request })}\n`);
  } catch (error) {
    // The checks have said what is wrong with it.
    if (!(error instanceof ValueError) && !(error instanceof ConfigError)) throw error;
  }
}
