// One message as a request of sendsms: its octets percent-encoded, each of them, for Kannel decodes nothing else alike.
import type { PushSegment } from '../short-message/index.ts';
import type { KannelSettings } from './kannel-options.ts';

/** dlr-mask: whatever Kannel can say. */
const everyReport = 31;

/** What one message has of its own. */
export interface SendsmsMessage {
  /** Number as the address has it. */
  readonly to: string;
  readonly segment: PushSegment;
  /** Whole seconds that the centre may try; `undefined` leaves it to Kannel. */
  readonly validitySeconds: number | undefined;
  /** Where reports go, with the token; absent: none are wanted. */
  readonly reportUrl?: string | undefined;
}

/** Its URL. */
export function sendsmsUrl(
  { url, query }: Pick<KannelSettings, 'url' | 'query'>,
  message: SendsmsMessage,
): URL {
  const { to, segment, validitySeconds, reportUrl } = message;
  const parts = [
    query,
    `to=${encodeURIComponent(to)}`,
    `udh=${percent(segment.header)}`,
    `text=${percent(segment.payload)}`,
  ];
  // Kannel counts in minutes: rather one less than one too many, but for the last.
  if (validitySeconds !== undefined) parts.push(`validity=${Math.max(1, Math.floor(validitySeconds / 60))}`);
  if (reportUrl !== undefined) {
    parts.push(`dlr-mask=${everyReport}`, `dlr-url=${encodeURIComponent(reportUrl)}`);
  }
  const made = new URL(url);
  made.search = parts.join('&');
  return made;
}

/** The URL of reports: `%d` is the state and `%A` what the centre said, which Kannel puts in (user guide, delivery reports). */
export function reportUrl(base: string, token: string): string {
  return `${base}/${token}?d=%d&a=%A`;
}

const hex = Array.from({ length: 256 }, (_, octet) => `%${octet.toString(16).padStart(2, '0')}`);

function percent(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += hex[octet];
  return text;
}
