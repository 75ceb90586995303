// Who reads the wall clock, and why. What waits or lasts within the process goes by `monotonic`; a new reader of `now` says
// here what it needs a date for.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const source = resolve(import.meta.dirname, '../../src');

const storedTimes =
  'dates and due times in the store, which moves its waits when the clock is set (store/clock-moves.ts)';
const told = 'a date that another machine is told';

const readers: Readonly<Record<string, string>> = {
  'core/clock.ts': 'the watch that compares both',
  'core/log-level.ts': 'until when a level counts, as it is shown',
  'core/shared-timers.ts': 'hands on the reading of the clock that it stands for',
  'codec/wtls/connection-options.ts': `${told}: gmt_unix_time (WAP-261-WTLS §10.5.1)`,
  'push/http/conversation.ts': `${told}: Date (RFC 9110 §6.6.1)`,
  'push/pap/pap-endpoint.ts': `${told}: reply-time; and deliver-before of others (PAP 2.0)`,
  'push/pap/pap-sender.ts': `${told}: deliver-before (PAP 2.0)`,
  'push/sip/sip-sender.ts': `${told}: Date, and Expires (RFC 3261 §20.17, §20.19)`,
  'push/sms-kannel/kannel-road.ts': `${told}: validity of sendsms`,
  'push/short-message/road-health.ts': 'since when a road is as it is, as its status shows it',
  'push/sms/sms-sender.ts': `${told}: validity_period (SMPP 3.4 §5.2.16)`,
  'push/modem/modem-sender.ts': `${told}: TP-VP (3GPP TS 23.040 §9.2.3.12)`,
  'push/modem/modem/standing.ts': 'since when a modem is as it is, as its status shows it',
  'push/sms-http/compose-message.ts': `${told}: validity`,
  'push/sms-http/submit-message.ts': 'Retry-After as a moment (RFC 9110 §10.2.3)',
  'push/sip/sip-registration.ts': 'the end of a registration, as its status shows it',
  'store/sql/sql-store.ts': storedTimes,
  'store/sql/campaign/campaign-calls.ts': storedTimes,
  'store/sqlite/sqlite-runner.ts': storedTimes,
  'store/sqlite/copy/write-copy.ts': 'how old a file of an earlier copy is',
  'server/push/delivery-reports.ts': storedTimes,
  'server/endpoint/dm-endpoint.ts': storedTimes,
  'server/metrics/carrier-metrics.ts': 'when a carrier refused last, as its status shows it',
  'server/carrier/suspended-carriers.ts': 'since when a carrier is suspended, until the store says it',
  'server/endpoint/dm-admission.ts':
    'how long ago a notification ended, which is a date (spec-notes ruling 10)',
  'server/job/job-request.ts': storedTimes,
  'server/pap/pap-pushes.ts': storedTimes,
  'server/pap/pap-results.ts': storedTimes,
  'server/engine/attempt.ts': 'the end of a push, which is a date',
  'server/engine/lane.ts': storedTimes,
  'server/engine/plan.ts': storedTimes,
  'server/engine/sender.ts': storedTimes,
  'server/engine/settle.ts': storedTimes,
  'server/push/notification-batch.ts': storedTimes,
  'server/rotation/secret-rotation.ts': storedTimes,
  'server/message/message-request.ts': storedTimes,
  'server/access/audit-log.ts': 'when something was done, and what is old by that',
  'server/webhook/webhook-client.ts': 'Retry-After as a moment (RFC 9110 §10.2.3)',
  'server/webhook/webhook-service.ts': `${told}: the time of a test; the end of a secret, which is a date`,
  'server/webhook/webhook-worker.ts': `${storedTimes}; the time of a signature`,
  'server/access/token-service.ts': 'the end of a token, which is a date; when it was used',
  'api/access/oidc.ts': 'the end of a token, which is a date of another machine (RFC 7519 §4.1.4)',
  'api/access/goes-on.ts': 'the same',
  'cli/doctor-links/clock-check.ts': 'whether the clock can be right',
  'cli/doctor-links/links-check.ts': `${told}: validity, as it would be`,
  'cli/doctor-links/peer-time.ts': 'held against the date of another machine',
  'cli/doctor-doors/certificates-check.ts': 'whether certificates have begun, and not ended',
  'cli/tools/token.ts': `${told}: the end of a token`,
  'server/server.ts': 'the moment of a status, as it is shown',
  'server/campaign/campaign-service.ts': 'the start and the end of a campaign, which are dates',
  'server/campaign/campaign-steps.ts': `${storedTimes}; the start and the end of a campaign, which are dates`,
  'server/campaign/content.ts': storedTimes,
  'server/campaign/feed-turns.ts': `${storedTimes}; windows, which go by the clock on the wall`,
  'server/campaign/feed.ts': storedTimes,
  'server/campaign/preview.ts': 'when a campaign would be through, as a date',
  'server/work/clock-setting.ts':
    'how the clock is set, for moments that are reckoned before they are written',
  'server/work/retention.ts': 'what was over for so long, by its dates',
  'server/work/nap.ts': storedTimes,
  'server/work/work-loop.ts': storedTimes,
  'tree/management-tree.ts': 'TStamp of nodes (DM-TND-1.2)',
  'device/notification/age.ts': 'the age of a notification by its time stamp (DM-NOTI-1.3 §6.4.9)',
  'device/notification/notification-desk.ts':
    'times in the state file, which move with the clock (DeviceState.followClock)',
  'device/notification/act-on.ts': 'the end of a Session-ID by its time stamp (DM-NOTI-1.3 §6.4.7)',
  'device/state/device-state.ts': 'times in the state file that lie in the future',
  'fleet/fleet.ts': 'dates of the journal',
  'cli/campaign/campaign-plan.ts': `${told}: the start and the end of a campaign`,
  'cli/campaign/watch-campaign.ts': 'how far off dates are, for people',
  'cli/capture/recorder.ts': 'dates of packets',
  'cli/io/logger.ts': 'dates of lines of the log',
  'cli/devices/selection.ts': `${told}: how long ago, as a moment`,
  'cli/lists/list-records.ts': `${told}: how long ago, as a moment`,
  'cli/commands/demo.ts': 'a date for people',
  'cli/commands/device.ts': 'a date for people',
  'cli/commands/send.ts': `${told}: TIMESTAMP (DM-NOTI-1.3 §6.4.9)`,
  'cli/commands/smsc.ts': 'a date for people; the number of its first message',
  'cli/tools/doctor.ts': `${told}: validity, as it would be`,
  'cli/fleet/fleet-display.ts': 'a date for people',
};

test('the wall clock is read for dates alone, by those who are known to need one', () => {
  const found = globSync('**/*.ts', { cwd: source })
    .filter((file) => !file.startsWith('testing/'))
    .filter((file) => {
      const code = readFileSync(join(source, file), 'utf8').replace(/^\s*(?:\/\/|\*).*$/gm, '');
      return /clock\.now\(\)|Date\.now\(\)|new Date\(\)/i.test(code);
    })
    .sort();
  assert.deepEqual(found, Object.keys(readers).sort());
});
