// reveille campaign: many devices woken, or given jobs or messages, by rules.
import { Command, Option } from 'commander';
import { repeated } from '../io/input.ts';
import type { Io } from '../io/io.ts';
import {
  type ActOptions,
  actOn,
  approveCampaign,
  type ChangeOptions,
  type CreateOptions,
  changeCampaign,
  createCampaign,
  type ListOptions,
  listCampaigns,
  type ReportOptions,
  reportCampaign,
  retryCampaign,
  type ShowOptions,
  showCampaign,
  type WatchOptions,
  watchOne,
} from './campaign-actions.ts';

/** The `campaign` command. */
export function campaignCommand(io: Io): Command {
  const create = ofServer(withRules(new Command('create')))
    .summary('make a campaign')
    .description(
      'Makes a campaign: many devices are woken, or given a job or a message, by rules. Everything can stand in a file of YAML or JSON ' +
        '(docs/campaigns.md), and options take the place of what it says.',
    )
    .option('--file <file>', 'the plan, YAML or JSON; `-` is standard input')
    .addOption(
      new Option('--kind <kind>', 'what each device gets; default wake').choices(['wake', 'job', 'message']),
    )
    .option('--body <file>', 'what is sent, YAML or JSON, as the single call takes it without the device')
    .option(
      '--filter <filter>',
      'devices that it means, such as \'labels.region = "north"\' (docs/filters.md)',
    )
    .option('--live', 'with --filter: also those that come to match until it ends')
    .option('--device <id>', 'this device; may be given more than once', repeated)
    .option('--devices <file>', 'the devices of a file, an id a line; `-` is standard input')
    .option('--start <moment>', 'not before then: 2026-12-01T22:00:00+01:00, or from now: 2h')
    .option('--canary <size>', 'so many devices first, or so much of all: 100, 1%')
    .option('--canary-wait <time>', 'how long their outcomes are waited for: 90s, 15m, 2h')
    .option('--idempotency-key <key>', 'the same key with the same plan makes nothing new')
    .option('--dry-run', 'only say what it would do: how many devices, by which carriers, who is left out')
    .option('--watch', 'and watch it')
    .action((options: CreateOptions) => createCampaign(io, options));
  const list = ofServer(new Command('list'))
    .summary('list campaigns, the newest first')
    .option('--state <states>', 'in one of these states, with commas')
    .option(
      '--since <moment>',
      'created from then on: a moment such as 2026-12-01T06:00:00Z, or an age such as 12h, 7d',
    )
    .option('--until <moment>', 'created before then')
    .option('--limit <number>', 'this many at most', '100')
    .action((options: ListOptions) => listCampaigns(io, options));
  const show = named('show', 'show a campaign and how it goes on').action(
    (id: string, options: ShowOptions) => showCampaign(io, id, options),
  );
  const watch = named('watch', 'watch a campaign to its end')
    .description(
      'Shows how a campaign goes on: on a terminal lines that change, elsewhere a line for each change. Ends when it is over or has ' +
        'stopped by itself: with exit status 0 when it was completed and nothing failed or expired, else 1.',
    )
    .option('--interval <seconds>', 'between looks', '2')
    .action((id: string, options: WatchOptions) => watchOne(io, id, options));
  const change = withRules(named('change', 'change the name and rules of a campaign, also while it runs'))
    .description(
      'Changes the name and the rules of a campaign. `none` takes a rule away. With --if-match, only while its version is that one.',
    )
    .option('--if-match <etag>', 'only while this is its ETag')
    .action((id: string, options: ChangeOptions) => changeCampaign(io, id, options));
  const approve = named('approve', 'let a large campaign start')
    .description(
      'Approves a campaign that another owner has made. It shows what is approved; should it be changed meanwhile, the approval is refused.',
    )
    .option('--reason <text>', 'why, for those who ask later')
    .action((id: string, options: ActOptions) => approveCampaign(io, id, options));
  const retry = named('retry', 'begin again what failed or expired')
    .option('--expires <moment>', 'its new end: a moment, or from now: 7d')
    .action((id: string, options: ActOptions & { readonly expires?: string }) =>
      retryCampaign(io, id, options),
    );
  const report = ofServer(new Command('report'), false)
    .summary('print what became of each device')
    .argument('<ID>', 'id of the campaign')
    .addOption(
      new Option('--format <format>', 'lines of JSON, or CSV').choices(['ndjson', 'csv']).default('ndjson'),
    )
    .option('--state <states>', 'of devices in these states, with commas: failed,expired')
    .option('--reason <word>', 'of those with this reason')
    .option('--json', 'the same as --format ndjson')
    .action((id: string, options: ReportOptions) => reportCampaign(io, id, options));
  return new Command('campaign')
    .summary('wake many devices by rules: when, how fast, and when to stop')
    .description(
      'Campaigns of a running server: many devices are woken, or given a job or a message, at a pace that carriers and devices bear, ' +
        'within windows of the day, a few of them first; it stops by itself when too many fail (docs/campaigns.md).',
    )
    .addCommand(create)
    .addCommand(list)
    .addCommand(show)
    .addCommand(watch)
    .addCommand(action(io, 'pause', 'begin nothing more until it is resumed'))
    .addCommand(action(io, 'resume', 'let a campaign go on that is paused or has stopped'))
    .addCommand(action(io, 'cancel', 'end a campaign, with what of it can be called back'))
    .addCommand(approve)
    .addCommand(change)
    .addCommand(retry)
    .addCommand(report)
    .addHelpText(
      'after',
      `
Examples:
  reveille campaign create --name night --filter 'labels.region = "north"' --dry-run
  reveille campaign create --name night --filter 'labels.region = "north"' --per-second 200 \\
    --window 22:00-05:00 --time-zone Europe/Berlin --canary 100 --canary-wait 15m --stop-rate 10%
  reveille campaign watch 019a…
  reveille campaign report 019a… --state failed --format csv > failed.csv`,
    );
}

function action(io: Io, name: 'pause' | 'resume' | 'cancel', summary: string): Command {
  return named(name, summary)
    .option('--reason <text>', 'why, for those who ask later')
    .action((id: string, options: ActOptions) => actOn(io, name, id, options));
}

function withRules(command: Command): Command {
  return command
    .option('--name <text>', 'its name, for people')
    .option('--per-second <rate>', 'devices a second in all; may be below 1')
    .option(
      '--carrier-rate <carrier=rate>',
      'devices a second of a carrier; may be given more than once',
      repeated,
    )
    .option(
      '--window <window>',
      'when attempts may begin: 22:00-05:00, "mon-fri 22:00-05:00"; may be given more than once',
      repeated,
    )
    .option('--time-zone <name>', 'whose wall clock windows go by: Europe/Berlin')
    .option('--stop-rate <part>', 'stop when more than this part of what ended failed: 10%')
    .option('--stop-from <devices>', 'when so many have ended; default 50')
    .option('--stop-failures <devices>', 'stop when more than so many failed')
    .option('--priority <number>', 'from -10 to 10, default 0: the higher goes first')
    .option('--wakes-per-day <number>', 'no more wakes of a device within 24 hours, whoever asked for them')
    .option('--expires <moment>', 'when it is over: a moment, or from now; default 7 days after its start');
}

/** A command about one campaign. */
function named(name: string, summary: string): Command {
  return ofServer(new Command(name)).summary(summary).argument('<ID>', 'id of the campaign');
}

function ofServer(command: Command, withJson = true): Command {
  command
    .option('--server <url>', 'REST API of the server', 'http://127.0.0.1:8081')
    .option(
      '--token-file <file>',
      'file with the API token; the environment variable REVEILLE_API_TOKEN works too',
    );
  return withJson ? command.option('--json', 'JSON, one object a line, as the REST API has it') : command;
}
