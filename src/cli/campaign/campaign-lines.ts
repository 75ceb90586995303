// Campaigns as lines for people.

import type { DataOf } from '../../client/index.ts';
import { printable } from '../../core/index.ts';
import { durationText } from '../tools/carrier-line.ts';
import type { Campaign, CampaignSummary } from './campaign-types.ts';

/** One campaign of a list. */
export function summaryLine({ createdAt, state, id, kind, devices, name, reason }: CampaignSummary): string {
  const said = printable(`${name}${reason === undefined ? '' : ` (${reason})`}`);
  return [createdAt, state.padEnd(17), id, kind.padEnd(7), `${devices} devices`, said].join('  ');
}

/** How far it is, in one line: `running rest: 4200 of 10000 ended, …`. */
export function progressLine(campaign: Campaign): string {
  const { progress, state, step, devices, reason } = campaign;
  const { underWay, pending, completed, failed, expired, cancelled, leftOut } = progress;
  const ended = completed + failed + expired + cancelled + leftOut;
  const parts = [
    `${state}${state === 'running' ? ` ${step}` : ''}: ${ended} of ${Math.max(devices, ended + underWay + pending)} ended`,
    `${completed} completed`,
    ...(failed + expired > 0 ? [`${failed + expired} failed`] : []),
    ...(leftOut > 0 ? [`${leftOut} left out`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
    ...(underWay > 0 ? [`${underWay} under way`] : []),
    ...(progress.perSecond > 0 ? [`${rateText(progress.perSecond)}/s`] : []),
  ];
  return printable(`${parts.join(', ')}${reason === undefined ? '' : ` (${reason})`}`);
}

/** All about one, a line each. */
export function campaignLines(campaign: Campaign, now: number): readonly string[] {
  const { name, id, kind, target, progress, approval } = campaign;
  const whom =
    target.by === 'list' ? 'a list of devices' : `${target.mode} devices: ${String(target.filter)}`;
  return [
    `${name} ${id}`,
    progressLine(campaign),
    barLine(campaign),
    `${kind} for ${whom}`,
    ...ruleLines(campaign),
    ...(approval === undefined
      ? []
      : [`approved by ${approval.owner} at ${approval.at}, for ${approval.devices} devices`]),
    ...canaryLines(progress.canary),
    ...windowLines(progress.window, now),
    ...(progress.estimatedEndAt === undefined ? [] : [`all have begun by about ${progress.estimatedEndAt}`]),
    ...queueLines(progress.queues),
    ...reasonLines(progress.counts),
  ].map(shown);
}

/** What a preview says, a line each. */
export function previewLines(preview: DataOf<'post', '/v1/campaigns/preview'>): readonly string[] {
  const { devices, examined, carriers, leftOut, estimatedEndAt, needsApproval, warnings } = preview;
  return [
    `${devices} devices${examined < devices ? `, of which ${examined} were looked at` : ''}`,
    ...carriers.map((each) => `  ${each.carrier ?? 'without a push'}: ${each.devices}`),
    ...leftOut.map(
      (each) =>
        `  left out, ${each.reason}: ${each.devices} (${each.examples.slice(0, 3).join(', ')}${each.devices > 3 ? ', …' : ''})`,
    ),
    ...(estimatedEndAt === undefined ? [] : [`all would have begun by about ${estimatedEndAt}`]),
    ...(needsApproval ? ['a second owner has to approve it'] : []),
    ...warnings.map((warning) => `warning: ${warning}`),
    'nothing was made',
  ].map(shown);
}

/** A line that may be indented, with nothing in it that a terminal would take for more than text. */
function shown(line: string): string {
  return line.startsWith('  ') ? `  ${printable(line.trimStart())}` : printable(line);
}

const barWidth = 40;

/** Such as `[########........................]  20 %`. */
function barLine({ progress, devices }: Campaign): string {
  const { pending, underWay, completed, failed, expired, cancelled, leftOut } = progress;
  const ended = completed + failed + expired + cancelled + leftOut;
  const all = Math.max(devices, ended + underWay + pending);
  const part = all === 0 ? 0 : ended / all;
  const begun = all === 0 ? 0 : (ended + underWay) / all;
  const full = Math.floor(part * barWidth);
  const half = Math.max(0, Math.floor(begun * barWidth) - full);
  return `[${'#'.repeat(full)}${'-'.repeat(half)}${'.'.repeat(barWidth - full - half)}] ${Math.floor(part * 100)} %`;
}

function ruleLines({
  pace,
  windows,
  timeZone,
  stop,
  canary,
  expiresAt,
  startAt,
}: Campaign): readonly string[] {
  const rates = Object.entries(pace?.carriers ?? {}).map(([carrier, rate]) => `${carrier} ${rate}/s`);
  const paces = [...(pace?.perSecond === undefined ? [] : [`${pace.perSecond}/s in all`]), ...rates];
  const stops = [
    ...(stop?.failureRate === undefined
      ? []
      : [`${+(stop.failureRate * 100).toFixed(2)} % of ${stop.rateFrom ?? 50} or more failed`]),
    ...(stop?.failures === undefined ? [] : [`${stop.failures} failed`]),
  ];
  const size = canary?.percent === undefined ? `${canary?.devices} devices` : `${canary.percent} %`;
  return [
    ...(startAt === undefined ? [] : [`not before ${startAt}`]),
    `over at ${expiresAt}`,
    ...(paces.length === 0 ? [] : [`pace: ${paces.join(', ')}`]),
    ...(windows === undefined
      ? []
      : [
          `windows (${String(timeZone)}): ${windows.map(({ days, from, to }) => `${days === undefined ? '' : `days ${days.join(',')} `}${from}-${to}`).join('; ')}`,
        ]),
    ...(canary === undefined ? [] : [`canary: ${size}, then ${durationText(canary.waitSeconds)} of waiting`]),
    ...(stops.length === 0 ? [] : [`stops when more than ${stops.join(', or more than ')}`]),
  ];
}

function canaryLines(canary: Campaign['progress']['canary']): readonly string[] {
  if (canary === undefined) return [];
  const until = canary.judgedBy === undefined ? '' : `, judged by ${canary.judgedBy}`;
  return [`canary so far: ${canary.ended} of ${canary.devices} ended, ${canary.failed} failed${until}`];
}

function windowLines(window: Campaign['progress']['window'], now: number): readonly string[] {
  if (window === undefined) return [];
  const at = window.until ?? window.opensAt;
  if (at === undefined) return [];
  const seconds = Math.max(0, Math.round((Date.parse(at) - now) / 1000));
  return [`window: ${window.open ? 'open, closes' : 'closed, opens'} in ${durationText(seconds)} (${at})`];
}

function queueLines(queues: Campaign['progress']['queues']): readonly string[] {
  return queues
    .filter(({ waiting }) => waiting > 0)
    .map(
      ({ carrier, waiting, perSecond }) =>
        `  ${carrier ?? 'no carrier yet'}: ${waiting} wait${perSecond === undefined ? '' : `, ${rateText(perSecond)}/s`}`,
    );
}

function reasonLines(counts: Campaign['progress']['counts']): readonly string[] {
  return counts
    .filter(({ state, reason }) => reason !== undefined && state !== 'completed')
    .map(({ step, state, reason, devices }) => `  ${devices} ${state}: ${reason} (${step})`);
}

function rateText(rate: number): string {
  return rate >= 10 ? String(Math.round(rate)) : rate.toFixed(1);
}
