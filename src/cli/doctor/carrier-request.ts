// The requests that an example push would be sent by over one road, without sending them.
import { encodeNotification } from '../../codec/notification/index.ts';
import { contentTypes } from '../../push/index.ts';
import { type ShownRequest, shownRequests } from '../../push/sms-http/index.ts';
import type { ServeSections } from '../bindings/serve-shapes.ts';
import { UsageError } from '../io/io.ts';
import { httpRoadNames, httpRoadOptions } from './http-roads.ts';

/** Number of the example: kept free for such uses in the United Kingdom. */
export const exampleNumber = '+447700900000';

/** How long the example is worth something, in milliseconds. */
const lifeMs = 3_600_000;

/**
 * The requests. `carrier` is the name of a road, with or without `sms:` in front; `now` the time in milliseconds since the
 * POSIX epoch.
 * @throws {UsageError} for a road that there is not, or of another kind
 * @throws {ValueError} for settings that cannot be
 */
export function carrierRequests(
  sections: ServeSections,
  carrier: string,
  now: number,
): readonly ShownRequest[] {
  const name = carrier.replace(/^sms:/, '');
  const known = httpRoadNames(sections);
  if (!known.includes(name)) {
    const names = known.length === 0 ? 'there is none' : known.join(', ');
    const { sms } = sections;
    const kind = sms !== undefined && 'roads' in sms ? sms.roads[name]?.kind : undefined;
    const what = kind === undefined ? 'there is no such road' : `it is of the kind "${kind}"`;
    throw new UsageError(
      `--carrier ${carrier}: ${what}; requests are shown of those of the kind "http": ${names}`,
    );
  }
  const body = encodeNotification(
    {
      format: 'dm1.2',
      serverId: 'com.example.dm',
      sessionId: 0x1234,
      uiMode: 'background',
      initiator: 'server',
    },
    { secret: 'example', nonce: new Uint8Array(8) },
  );
  const push = { id: 'example', contentType: contentTypes['dm1.2'], body, expiresAt: now + lifeMs };
  return shownRequests(httpRoadOptions(sections, name), push, exampleNumber);
}
