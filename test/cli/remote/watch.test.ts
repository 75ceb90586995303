// The timeline of a notification as lines for a person.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeTimelineEvent } from '../../../src/cli/remote/watch.ts';

test('a line of a timeline begins with date, time and zone', () => {
  const at = '2026-11-29T18:56:34.123Z';
  assert.equal(
    describeTimelineEvent({ at, event: 'sent', attempt: 1, address: 'wap:127.0.0.1:2948' }),
    `${at}  sent             attempt 1 to wap:127.0.0.1:2948`,
  );
});
