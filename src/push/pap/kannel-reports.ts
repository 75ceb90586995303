// Delivery reports of Kannel, which sends no result notifications: a GET with a status (what Kannel does).
import type { DeliveryReport } from '../index.ts';
import type { AwaitedResults } from './awaited-results.ts';
import { type PapHttpRequest, type PapHttpResponse, plainResponse } from './http-form.ts';

/** Bits of a status: what to report, and what it says. */
const statuses: ReadonlyMap<number, readonly [DeliveryReport['outcome'], string]> = new Map([
  [1, ['delivered', 'delivered to the phone']],
  [2, ['failed', 'not delivered to the phone']],
  [16, ['failed', 'rejected by the message centre']],
]);

/** The sum of the bits that are asked for: how it ended, not what it went through. */
const mask = [...statuses.keys()].reduce((sum, bit) => sum + bit, 0);

/**
 * Header fields that ask Kannel to report a push to `url`. The reference needs no escapes, which matters: Kannel takes
 * percent signs for its own.
 */
export function kannelReportFields(url: string, reference: string): Readonly<Record<string, string>> {
  const separator = url.includes('?') ? '&' : '?';
  return {
    'X-Kannel-DLR-Mask': String(mask),
    'X-Kannel-DLR-Url': `${url}${separator}reference=${reference}&status=%d`,
  };
}

/** Answers a report. Never rejects. */
export async function answerKannelReport(
  { method, target }: Pick<PapHttpRequest, 'method' | 'target'>,
  results: AwaitedResults,
): Promise<PapHttpResponse> {
  if (method !== 'GET') return plainResponse(405, 'delivery reports come by GET', { Allow: 'GET' });
  const query = new URLSearchParams(target.slice(target.indexOf('?') + 1));
  const text = query.get('status') ?? '';
  const status = /^[0-9]{1,3}$/.test(text) ? statuses.get(Number(text)) : undefined;
  const reference = query.get('reference');
  if (reference === null || status === undefined) return plainResponse(400, 'not a delivery report');
  const [outcome, detail] = status;
  switch (await results.settle(reference, outcome, `Kannel: ${detail}`)) {
    case 'reported':
      return plainResponse(200, 'taken');
    case 'unknown':
      return plainResponse(404, 'no such push');
    case 'failed':
      return plainResponse(503, 'try again');
  }
}
