// Several jobs, or notifications with jobs, taken in together, each of which stands for itself.
import type { CreatedJob, DeviceStore, JobStore, RefusedRequest } from '../../store/index.ts';
import { type EachOutcome, type EachRequest, takeEach } from '../input/each.ts';
import { devicesById } from '../input/known-devices.ts';
import { openNotification } from '../push/notification-request.ts';
import type { CreatedNotification, PushService } from '../push/push-service.ts';
import { type AskedJob, type JobReading, openJob, readJob, readNotificationJob } from './job-request.ts';

/** What `JobService.create` gives. */
export interface WarnedJob extends CreatedJob {
  /** What the device's family would not take (docs/families.md). */
  readonly warnings: readonly string[];
}

/** What they are taken in with. */
export interface JobTaking extends JobReading {
  readonly store: Pick<DeviceStore, 'devices'> & Pick<JobStore, 'createJobs'>;
  readonly pushes: Pick<PushService, 'createNotifications'>;
  /** Called when a job was created: its time may end before those of others. */
  readonly onCreated: () => void;
}

/** Takes jobs in: `JobService.createEach`. */
export function takeJobs(
  requests: readonly EachRequest[],
  taking: JobTaking,
): Promise<readonly EachOutcome<WarnedJob>[]> {
  return takeEach(requests, {
    open: (request) => openJob(request, taking),
    know: (ids) => devicesById(taking.store, ids),
    read: (opened, device) => readJob(opened, device, taking),
    keep: (asked) => keepJobs(asked, taking),
    taken: (kept, { warnings }) =>
      isRefused(kept) ? kept : { outcome: 'taken', taken: { ...kept, warnings } },
  });
}

/** Takes notifications in, some of which have jobs: `JobService.createNotifications`. */
export async function takeNotificationsWithJobs(
  requests: readonly EachRequest[],
  taking: JobTaking,
): Promise<readonly EachOutcome<CreatedNotification>[]> {
  const places = requests.map((_, place) => place);
  const withJob = places.filter((place) => hasJob(requests[place]?.value));
  if (withJob.length === 0) return taking.pushes.createNotifications(requests);
  const without = places.filter((place) => !hasJob(requests[place]?.value));
  const [plain, woken] = await Promise.all([
    taking.pushes.createNotifications(chosen(requests, without)),
    takeEach(chosen(requests, withJob), {
      open: openNotification,
      know: (ids) => devicesById(taking.store, ids),
      read: (opened, device) => readNotificationJob(opened, device, taking),
      keep: (asked) => keepJobs(asked, taking),
      taken: wokenOf,
    }),
  ]);
  const outcomes = new Map(without.map((place, index) => [place, plain[index]]));
  for (const [index, place] of withJob.entries()) outcomes.set(place, woken[index]);
  return places.flatMap((place) => outcomes.get(place) ?? []);
}

/** True for a notification that brings a job. */
export function hasJob(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'job' in value && value.job !== undefined;
}

/** A job that was created with the notification that wakes for it, as that notification. */
export function notificationOf({
  job,
  notification,
  created,
}: CreatedJob): Omit<CreatedNotification, 'warnings'> {
  if (notification === undefined) throw new TypeError('a job that wakes has a notification');
  return { push: notification, job, created };
}

async function keepJobs(
  asked: readonly AskedJob[],
  { store, onCreated }: JobTaking,
): Promise<readonly (CreatedJob | RefusedRequest)[]> {
  const kept = await store.createJobs(asked.map(({ request }) => request));
  onCreated();
  return kept;
}

function wokenOf(
  kept: CreatedJob | RefusedRequest,
  { warnings }: AskedJob,
): EachOutcome<CreatedNotification> {
  return isRefused(kept) ? kept : { outcome: 'taken', taken: { ...notificationOf(kept), warnings } };
}

function isRefused(kept: CreatedJob | RefusedRequest): kept is RefusedRequest {
  return 'outcome' in kept;
}

function chosen(requests: readonly EachRequest[], places: readonly number[]): readonly EachRequest[] {
  return places.flatMap((place) => requests[place] ?? []);
}
