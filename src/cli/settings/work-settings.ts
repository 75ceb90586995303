// Settings of the work: the account, how pushes are sent, how long what is over stays, how the server stops and what it says.
import { requireServerId } from '../../core/index.ts';
import { campaignBounds, requireAccountUrl, retentionDefaults } from '../../server/index.ts';
import { logLevels } from '../io/logger.ts';
import { checkedText, choice, integer, networks, text } from './kinds.ts';
import { optional, setting } from './setting.ts';

/** Ten years, in seconds. */
const longestAge = 3650 * 86_400;

const age = integer('<seconds>', 0, longestAge);
const seconds = (ms: number): string => String(ms / 1000);

/** In the order of the help. */
export const workSettings = {
  serverId: optional({
    key: 'account.serverId',
    flag: '--server-id',
    kind: checkedText('<id>', (id) => requireServerId(id, '')),
    summary: 'make sure that this account exists',
  }),
  url: optional({
    key: 'account.url',
    flag: '--url',
    kind: checkedText('<url>', requireAccountUrl),
    summary: 'its URL as devices know it; default: where the DM endpoint listens',
    otherwise: 'where the DM endpoint listens',
  }),
  attempts: setting({
    key: 'pushes.attempts',
    flag: '--attempts',
    kind: integer('<number>', 1, 1000),
    summary: 'pushes for one notification while nobody answers',
    initial: '3',
    reloads: true,
  }),
  answerTimeout: setting({
    key: 'pushes.answerTimeoutSeconds',
    flag: '--answer-timeout',
    kind: integer('<seconds>', 1, 30 * 86_400),
    summary: 'wait for an answer before the next push',
    initial: '600',
    reloads: true,
  }),
  lifetime: setting({
    key: 'pushes.lifetimeSeconds',
    flag: '--lifetime',
    kind: integer('<seconds>', 1, longestAge),
    summary: 'life of a notification that names no end',
    initial: '86400',
    reloads: true,
  }),
  resynchronise: setting({
    key: 'pushes.resynchronise',
    flag: '--resynchronise',
    kind: choice('<when>', ['second-attempt', 'never']),
    summary: 'when the MD5 formats go out under the default nonce',
    initial: 'second-attempt',
    reloads: true,
  }),
  challenge: setting({
    key: 'dm.challenge',
    flag: '--challenge',
    kind: choice('<type>', ['basic', 'md5', 'hmac']),
    summary: 'credentials to ask for where a device gave none',
    initial: 'md5',
  }),
  deliveries: setting({
    key: 'jobs.deliveries',
    flag: '--deliveries',
    kind: integer('<number>', 1, 1000),
    summary: 'sessions that a command is given to without an answer, then it failed',
    initial: '3',
  }),
  campaignApprovalAbove: optional({
    key: 'campaigns.approvalAbove',
    flag: '--campaign-approval-above',
    kind: integer('<devices>', 0, campaignBounds.devices),
    summary:
      'campaigns of more devices start when a second owner has approved them; default: none needs that',
    otherwise: 'no approval',
  }),
  wakesPerDay: optional({
    key: 'campaigns.wakesPerDay',
    flag: '--wakes-per-day',
    kind: integer('<number>', 1, campaignBounds.wakesPerDay),
    summary: 'wakes of a device within 24 hours, of campaigns that say nothing of them; default: no limit',
    otherwise: 'no limit',
  }),
  keepPushes: setting({
    key: 'retention.pushesSeconds',
    flag: '--keep-pushes',
    kind: age,
    summary: 'how long a push stays when it is over, with its timeline; 0: for ever',
    initial: seconds(retentionDefaults.pushesMs),
    reloads: true,
  }),
  keepJobs: setting({
    key: 'retention.jobsSeconds',
    flag: '--keep-jobs',
    kind: age,
    summary: 'how long a job stays when it is over, with its answers; 0: for ever',
    initial: seconds(retentionDefaults.jobsMs),
    reloads: true,
  }),
  keepEvents: setting({
    key: 'retention.eventsSeconds',
    flag: '--keep-events',
    kind: age,
    summary: 'how long the timeline of a push that is over stays, where the push stays longer; 0: for ever',
    initial: seconds(retentionDefaults.eventsMs),
    reloads: true,
  }),
  keepAudit: setting({
    key: 'retention.auditSeconds',
    flag: '--keep-audit',
    kind: age,
    summary: 'how long entries of the audit log stay; 0: for ever',
    initial: seconds(retentionDefaults.auditMs),
    reloads: true,
  }),
  webhookAllow: setting({
    key: 'webhooks.allow',
    flag: '--webhook-allow',
    kind: networks('<network>'),
    summary:
      'a network, as 10.1.0.0/16, that webhooks may go to although it is an own one, and over plain HTTP (repeatable)',
    initial: '',
  }),
  drainTimeout: setting({
    key: 'stop.drainSeconds',
    flag: '--drain-timeout',
    kind: integer('<seconds>', 0, 3600),
    summary: 'how long SIGTERM lets open sessions go on to their end; a second signal ends at once',
    initial: '20',
    reloads: true,
  }),
  node: optional({
    key: 'node',
    flag: '--node',
    kind: text('<name>'),
    summary: 'name of this process on timelines; default: the host name',
    otherwise: 'the host name',
  }),
  logLevel: setting({
    key: 'log.level',
    flag: '--log-level',
    kind: choice('<level>', logLevels),
    summary: 'log on standard error',
    initial: 'info',
    reloads: true,
  }),
} as const;
