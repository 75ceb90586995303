// What the status of a server that runs says of its store, its carriers and what waits.
import { printable } from '../../core/index.ts';
import { type Finding, tellerOf } from '../doctor-base/finding.ts';
import { version } from '../io/version.ts';

const tell = tellerOf('server');

/** Seconds that pushes may wait for a carrier before somebody should look. */
const longWait = 600;

/** All that is not as it should be. `url` is where the server was asked. */
export function statusFindings(url: string, status: Readonly<Record<string, unknown>>): readonly Finding[] {
  const found: Finding[] = [];
  const { version: theirs, store, carriers, held, unplaced, at } = status;
  if (theirs !== version()) {
    found.push(
      tell.note(
        url,
        `it runs version ${printable(String(theirs))}, and this is ${version()}`,
        'look with the release that runs',
      ),
    );
  }
  const { state = 'ok', detail = '' } = Object(store);
  // That it stops is known of whether it is ready.
  if (state !== 'ok' && state !== 'stopping') {
    const what = `its store takes no writes (${printable(`${state}${detail === '' ? '' : `: ${detail}`}`)})`;
    found.push(tell.error(url, what, 'make room on the disk, or see why it fails in the log'));
  }
  for (const carrier of Array.isArray(carriers) ? carriers : [])
    found.push(...carrierFindings(url, Object(carrier), at));
  const { pushes = 0, jobs = 0 } = Object(held);
  if (Number(pushes) + Number(jobs) > 0) {
    const what = `${pushes} pushes and ${jobs} jobs are held since a restore`;
    found.push(
      tell.note(url, what, 'reveille pushes release, or pushes cancel, when you know which of them went out'),
    );
  }
  if (Number(Object(unplaced).due ?? 0) > 0) {
    const what = `${Object(unplaced).due} pushes wait that no carrier takes`;
    found.push(tell.warning(url, what, 'see whether the binding of their addresses is configured'));
  }
  return found;
}

function carrierFindings(
  url: string,
  carrier: Readonly<Record<string, unknown>>,
  at: unknown,
): readonly Finding[] {
  const where = `${url}: carrier ${printable(String(carrier.name))}`;
  const { name, lastError, state, queue, suspended } = carrier;
  const { oldestDueAt, due = 0 } = Object(queue);
  const seconds = Math.round((Date.parse(String(at)) - Date.parse(String(oldestDueAt))) / 1000);
  if (state === 'down') {
    const why = lastError === undefined ? '' : `: ${printable(String(lastError))}`;
    return [
      tell.error(
        where,
        `it is down${why}`,
        'reveille doctor --config FILE says whether it can be reached from here',
      ),
    ];
  }
  if (suspended !== undefined) {
    const { reason } = Object(suspended);
    const why = reason === undefined ? '' : `: ${printable(String(reason))}`;
    return [
      tell.note(
        where,
        `it is suspended${why}; ${due} pushes wait for it`,
        `reveille carriers resume ${shellWord(printable(String(name)))}`,
      ),
    ];
  }
  if (!(seconds > longWait)) return [];
  const what = `${due} pushes wait for it, the first for ${seconds} s`;
  return [tell.warning(where, what, 'see reveille status: its rate, and what it refused last')];
}

/** As a shell takes it; names of carriers that were configured once may hold anything. */
function shellWord(text: string): string {
  return /^[\w:+.@%/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
