// Places of a memory that a modem told of: one at a time, each once, bounded.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ListedMessage, MessagePlace } from '../../../src/push/modem/index.ts';
import { maxWaitingPlaces, StoredReports } from '../../../src/push/modem/stored-reports.ts';
import { eventually } from '../../../src/testing/index.ts';

/** A memory whose places are read when we say so. */
function memory() {
  const asked: number[] = [];
  const taken: number[] = [];
  const answers: ((listed: ListedMessage | Error) => void)[] = [];
  const read = ({ index }: MessagePlace): Promise<ListedMessage> => {
    asked.push(index);
    return new Promise((resolve, reject) =>
      answers.push((listed) => (listed instanceof Error ? reject(listed) : resolve(listed))),
    );
  };
  const stored = new StoredReports({ read }, async (_, { index }) => {
    taken.push(index);
    throw new Error('not taken');
  });
  const answer = async (listed: ListedMessage | Error): Promise<void> => {
    answers.shift()?.(listed);
    await new Promise(setImmediate);
  };
  return { asked, taken, stored, answer };
}

const place = (index: number): MessagePlace => ({ memory: 'ME', index });
const listed: ListedMessage = { index: undefined, status: 0, length: 0, octets: '' };

it('is read one at a time, what is told twice once, and what is told again while it is read once more', async () => {
  const { asked, taken, stored, answer } = memory();
  for (const index of [1, 2, 2, 3]) stored.tell(place(index));
  stored.tell(place(1));
  assert.deepEqual(asked, [1]);
  await answer(listed);
  assert.deepEqual(asked, [1, 2]);
  await answer(new Error('refused'));
  await answer(listed);
  await answer(listed);
  assert.deepEqual(
    [asked, taken],
    [
      [1, 2, 3, 1],
      [1, 3, 1],
    ],
  );
  stored.tell(place(9));
  await eventually(() => asked.length === 5);
});

it('is forgotten beyond a bound, and when it is closed', async () => {
  const { asked, stored, answer } = memory();
  for (let index = 0; index < 5 * maxWaitingPlaces; index += 1) stored.tell(place(index));
  for (let index = 0; index < 2 * maxWaitingPlaces; index += 1) await answer(listed);
  assert.equal(asked.length, maxWaitingPlaces + 1);
  stored.tell(place(1));
  stored.tell(place(2));
  stored.close();
  await answer(listed);
  assert.equal(asked.length, maxWaitingPlaces + 2);
});
