// What time it is elsewhere: the Date of HTTP servers, held against the clock of this machine.
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type Finding, type Means, tellerOf } from '../doctor-base/finding.ts';
import type { Target } from './targets.ts';

const tell = tellerOf('clock');

/** Milliseconds by which clocks may differ. */
const skewMs = 30_000;
const answerMs = 5000;

/** Asks each HTTP server once for its time (HEAD /). Who does not answer has been told of, or is not asked for its time. */
export async function peerTimes(targets: readonly Target[], means: Means): Promise<readonly Finding[]> {
  const asked = targets.map(async (target) =>
    skewFindings(target.where, await dateOf(target, means.stop), means),
  );
  return (await Promise.all(asked)).flat();
}

/** Says so when a clock differs from ours. `date` is the value of a header field Date. */
export function skewFindings(where: string, date: string | undefined, { clock }: Means): readonly Finding[] {
  const theirs = date === undefined ? Number.NaN : Date.parse(date);
  if (Number.isNaN(theirs)) return [];
  const difference = clock.now() - theirs;
  if (Math.abs(difference) <= skewMs) return [];
  const seconds = Math.round(Math.abs(difference) / 1000);
  const what = `the clock of this machine is ${seconds} s ${difference > 0 ? 'ahead of' : 'behind'} the one there`;
  return [tell.warning(where, what, 'have both set by NTP (timedatectl set-ntp true)')];
}

function dateOf({ url, tls }: Target, stop: AbortSignal): Promise<string | undefined> {
  if (url === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(answerMs)]);
    const options = { method: 'HEAD', agent: false, signal } as const;
    const request =
      url.protocol === 'https:' ? requestHttps(url, { ...options, ...tls }) : requestHttp(url, options);
    request.once('error', () => resolve(undefined));
    request.once('response', (response) => {
      response.destroy();
      resolve(response.headers.date);
    });
    request.end();
  });
}
