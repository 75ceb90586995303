// What is told of many devices: what became of them, and how they are.
import type { Clock } from '../../core/index.ts';
import type { BulkSet, DeviceBulk } from '../../server/index.ts';
import type { DeviceSelection } from '../../store/index.ts';
import { problemOf } from '../request/problem.ts';
import { csvDevice, csvHeader } from './csv-device.ts';
import { exportedDevice } from './exported-device.ts';
import type { Texts } from './line-answers.ts';

/** What is told of sets of devices: those that were refused, the progress, and the sum. `onEnd` is told the sum in words, however it ends. */
export async function* toldOf(
  sets: AsyncGenerator<BulkSet, void, undefined>,
  dryRun: boolean,
  clock: Clock,
  onEnd: (words: string) => void,
): Texts {
  const began = clock.monotonic();
  const counts = { devices: 0, changed: 0, unchanged: 0, removed: 0, rejected: 0 };
  const soFar = () => {
    const ms = clock.monotonic() - began;
    return { ...counts, perSecond: ms > 0 ? Math.round((counts.devices * 1000) / ms) : 0 };
  };
  try {
    for await (const { ids, outcomes } of sets) {
      let told = '';
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome.outcome === 'refused') {
          counts.rejected += 1;
          const { type: _, ...problem } = problemOf(outcome.error);
          told += `${JSON.stringify({ id: ids[index], ...problem })}\n`;
        } else if (outcome.outcome !== 'created') counts[outcome.outcome] += 1;
      }
      counts.devices += ids.length;
      yield `${told}${JSON.stringify({ progress: soFar() })}\n`;
    }
    yield `${JSON.stringify({ summary: { ...soFar(), dryRun, complete: true } })}\n`;
  } finally {
    const { changed, removed, rejected } = counts;
    onEnd(`${nothingWritten(dryRun)}${changed} changed, ${removed} removed, ${rejected} refused`);
  }
}

/** Begins what the audit log is told of a dry run. */
export function nothingWritten(dryRun: boolean): string {
  return dryRun ? 'nothing written: ' : '';
}

/** Devices, each a line of JSON. */
export async function* jsonOf(bulk: DeviceBulk, selection: DeviceSelection, secrets: boolean): Texts {
  for await (const devices of bulk.pages(selection)) {
    yield devices.map((device) => `${JSON.stringify(exportedDevice(device, secrets))}\n`).join('');
  }
}

/** Devices as CSV. Names of labels are looked for first: the header stands before all records. */
export async function* csvOf(bulk: DeviceBulk, selection: DeviceSelection, secrets: boolean): Texts {
  const names = new Set<string>();
  for await (const devices of bulk.pages(selection)) {
    for (const { labels = {} } of devices) for (const name of Object.keys(labels)) names.add(name);
  }
  const columns = { labels: [...names].sort(), secrets };
  yield csvHeader(columns);
  for await (const devices of bulk.pages(selection)) {
    yield devices.map((device) => csvDevice(exportedDevice(device, secrets), columns)).join('');
  }
}
