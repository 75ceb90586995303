// Values of one message as documents print them, and requests that are made of them.
import { bytesToUtf8, hexToBytes } from '../../../src/core/index.ts';
import { centreSettings } from '../../../src/push/sms-http/centre-settings.ts';
import type { HttpCentreOptions } from '../../../src/push/sms-http/index.ts';
import { buildRequest } from '../../../src/push/sms-http/request/request-template.ts';
import type { MessageValues } from '../../../src/push/sms-http/request/slots.ts';

/** A message without validity and without receipts. */
export function values(of: Partial<MessageValues> = {}): MessageValues {
  return {
    to: { digits: '447700900000', given: '+447700900000' },
    from: undefined,
    header: hexToBytes('0605040b84c002'),
    payload: hexToBytes('0102ff'),
    dataCoding: 4,
    validity: undefined,
    reference: 'ReferenceOfOurs012345678',
    callback: undefined,
    part: 1,
    parts: 1,
    ...of,
  };
}

/** The request of a road for a message, as text. */
export function requestOf(
  options: Omit<HttpCentreOptions, 'name'>,
  of: Partial<MessageValues>,
): {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
} {
  const settings = centreSettings({ name: 'acme', ...options });
  const { method, url, headers, body } = buildRequest(
    settings.request,
    values({ from: settings.from, ...of }),
    settings.account,
  );
  return { method, url: url.href, headers, body: bytesToUtf8(body ?? new Uint8Array()) ?? '' };
}
