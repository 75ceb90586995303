// Delivery reports of Kannel: a GET of the URL that went with the message, with its state and what the centre said.
import type { PartReceipt } from '../short-message/index.ts';

/** What a report says, without whose it is. */
export type SaidByKannel = Pick<PartReceipt, 'outcome' | 'state' | 'error'>;

/** States (the values of `%d`): how each ends a message, and in words. */
const states: ReadonlyMap<string, readonly [PartReceipt['outcome'], string]> = new Map([
  ['1', ['delivered', 'delivered to the phone']],
  ['2', ['failed', 'not delivered to the phone']],
  ['4', [undefined, 'queued at the centre']],
  ['8', [undefined, 'accepted by the centre']],
  ['16', ['failed', 'rejected by the centre']],
]);

/** Characters of what the centre said. */
const longestSaid = 80;

/** Reads one; `undefined` where its state is none that Kannel has. */
export function readKannelReport(query: URLSearchParams): SaidByKannel | undefined {
  const known = states.get(query.get('d') ?? '');
  if (known === undefined) return undefined;
  const [outcome, state] = known;
  return { outcome, state, error: outcome === 'failed' ? errorOf(query.get('a') ?? '') : '' };
}

/**
 * What went wrong, of the centre's receipt (`… stat:UNDELIV err:034 …`) or its refusal (`NACK/0x0000000b/Invalid Destination`);
 * of anything else, the beginning.
 */
function errorOf(said: string): string {
  const text = said.replace(/[^\x21-\x7e]+/g, ' ').trim();
  const [, stat = ''] = /\bstat:\s?([A-Z0-9_]{1,20})/i.exec(text) ?? [];
  const [, code = ''] = /\berr:\s?([A-Z0-9_]{1,20})/i.exec(text) ?? [];
  if (stat !== '' || code !== '') return [stat, code].filter((one) => one !== '').join(' ');
  return text.slice(0, longestSaid);
}
