// reveille doctor: what is wrong with a set-up, and what to do; nothing is changed, and nothing is sent.
import { Command } from 'commander';
import { ConfigError, systemClock, ValueError } from '../../core/index.ts';
import type { KannelConfig } from '../../push/sms-kannel/index.ts';
import { type MissingText, readConfigFile } from '../bindings/config-file.ts';
import { serveSections } from '../bindings/serve-shapes.ts';
import { styleFor } from '../decode/table.ts';
import { carrierRequests } from '../doctor/carrier-request.ts';
import { checks } from '../doctor/checks.ts';
import type { Examined, Finding } from '../doctor/finding.ts';
import { kannelFiles } from '../doctor/kannel-files.ts';
import { aboutCarrier } from '../doctor/of-carrier.ts';
import { findingText, requestsText } from '../doctor/report.ts';
import { secretFileFinding } from '../doctor/secret-files.ts';
import { readInput } from '../io/input.ts';
import { AlreadyReported, type Io, UsageError } from '../io/io.ts';

interface DoctorOptions {
  readonly config?: string;
  readonly carrier?: string;
  readonly kannelConfig: readonly string[];
  readonly json?: boolean;
}

/** The `doctor` command. */
export function doctorCommand(io: Io): Command {
  return new Command('doctor')
    .summary('say what is wrong with a set-up, and what to do')
    .description(
      'Looks a configuration of bindings over, and with --kannel-config that of a Kannel that short messages go through, and says ' +
        'what does not work, what is unwise, and what to do. With --carrier it shows the requests that an example push would ' +
        'go out by over that road (sms.roads of the kind "http"), its secrets as •••. Nothing is changed, and nothing is sent.',
    )
    .option('--config <file>', 'configuration of bindings (docs/bindings.md); "-" reads standard input')
    .option('--carrier <name>', 'road whose requests are shown')
    .option(
      '--kannel-config <file>',
      "Kannel's own configuration, kannel.conf, with what it includes; once for each Kannel",
      (file: string, before: readonly string[]) => [...before, file],
      [] as readonly string[],
    )
    .option('--json', 'one JSON object a line for each finding and each request')
    .addHelpText(
      'after',
      `
Exit status: 0 nothing is wrong (there may be notes); 1 something is, with --carrier about that road; 2 usage.

Examples:
  reveille doctor --config bindings.json --kannel-config /etc/kannel/kannel.conf
  reveille doctor --config bindings.json --carrier vonage`,
    )
    .action(async (options: DoctorOptions) => doctor(io, options));
}

async function doctor(io: Io, options: DoctorOptions): Promise<void> {
  const { config, carrier, kannelConfig, json = false } = options;
  if (config === undefined && kannelConfig.length === 0) {
    throw new UsageError('nothing to look at', 'Give --config FILE, --kannel-config FILE, or both');
  }
  if (carrier !== undefined && config === undefined) throw new UsageError('--carrier needs --config FILE');
  const found: Finding[] = [];
  const unread: string[] = [];
  const secrets = new Map<string, string[]>();
  const examined: Examined = {
    config: config === undefined ? undefined : await readConfiguration(io, config, found, unread, secrets),
    kannels: await readKannels(io, kannelConfig, found),
  };
  for (const check of checks) {
    // What stands in for a text that could not be read is not looked at.
    const told = await check.run(examined);
    found.push(...told.filter(({ where }) => !unread.includes(where)));
  }
  const style = styleFor(io.colour);
  for (const finding of found) {
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

/** Texts for those that could not be read: a PIN, and any other, long enough for a secret. */
const standIns = { pin: '0000', other: 'stands-in-for-a-secret-that-was-not-read' };

/**
 * The configuration, unless it cannot be read as one: that is found. `unread` gets the places of texts that stand in for
 * others, `secrets` the paths of fields by the file of a secret that they name.
 */
async function readConfiguration(
  io: Io,
  file: string,
  found: Finding[],
  unread: string[],
  secrets: Map<string, string[]>,
): Promise<Examined['config']> {
  return await unlessUnreadable('configuration', file, found, async () => {
    const guard = (secret: string, path: string): void => {
      const paths = secrets.get(secret);
      const known = paths !== undefined;
      secrets.set(secret, [...(paths ?? []), path]);
      const wrong = secretFileFinding(secret);
      // Several roads may share a file.
      if (!known) found.push(...wrong);
    };
    const standIn = ({ path, why }: MissingText): string => {
      const where = `${file}: ${path}`;
      unread.push(where);
      found.push({ check: 'secret files', severity: 'error', where, what: why });
      return path.endsWith('.pin') ? standIns.pin : standIns.other;
    };
    return { file, sections: await readConfigFile(io, file, serveSections, { guard, standIn }) };
  });
}

/** Those of Kannel that can be read. */
async function readKannels(io: Io, files: readonly string[], found: Finding[]): Promise<Examined['kannels']> {
  const kannels: KannelConfig[] = [];
  for (const file of new Set(files)) {
    const kannel = await unlessUnreadable('kannel', file, found, async () =>
      kannelFiles(file, await readInput(io, file)),
    );
    if (kannel !== undefined) kannels.push(kannel);
  }
  return kannels;
}

async function unlessUnreadable<Read>(
  check: string,
  file: string,
  found: Finding[],
  read: () => Promise<Read>,
): Promise<Read | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { message } = error;
    // Where it is said already; in "cannot read FILE: why" it stays.
    const what = message.startsWith(`${file}: `) ? message.slice(file.length + 2) : message;
    found.push({ check, severity: 'error', where: file, what });
    return undefined;
  }
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
