// One record of a server with what happened to it, and what happens until it is over.

import type { ApiClient } from '../../client/index.ts';
import { printable, sleep, systemClock } from '../../core/index.ts';
import type { Io } from '../io/io.ts';
import { type ApiOptions, type JsonObject, openApi } from '../remote/api-client.ts';
import { describeTimelineEvent } from '../remote/watch.ts';
import type { RecordKind } from './kinds.ts';

/** Options of `show`. */
export interface ShowOptions extends ApiOptions {
  readonly json?: boolean;
  readonly follow?: boolean;
}

/** Pause between looks, in milliseconds. */
const followMs = 500;

/** Prints a record and its timeline; with `--follow` what happens too, until it is over. */
export async function showRecord(io: Io, kind: RecordKind, id: string, options: ShowOptions): Promise<void> {
  const { json = false, follow = false } = options;
  const api = await openApi(io, options);
  const clock = systemClock();
  let shown = 0;
  for (let look = 0; ; look += 1) {
    const { record, timeline } = await read(api, kind, id);
    const over = kind.over.includes(String(record.state));
    if (json) {
      if (look === 0 || over)
        io.stdout(`${JSON.stringify(kind.timeline ? { ...record, timeline } : record)}\n`);
    } else {
      if (look === 0) for (const line of fieldLines(record)) io.stdout(`${line}\n`);
      for (const event of timeline.slice(shown)) io.stdout(`${printable(describeTimelineEvent(event))}\n`);
      shown = timeline.length;
      if (look === 0 || over) for (const line of kind.told(record)) io.stdout(`${printable(line)}\n`);
      if (look > 0 && over && !kind.timeline) io.stdout(`${printable(`state: ${String(record.state)}`)}\n`);
    }
    if (!follow || over || io.stop.aborted) return;
    await sleep(clock, followMs, io.stop);
    if (io.stop.aborted) return;
  }
}

async function read(
  api: ApiClient,
  { name }: RecordKind,
  id: string,
): Promise<{ readonly record: JsonObject; readonly timeline: readonly JsonObject[] }> {
  const of = { params: { path: { id } } };
  if (name === 'jobs') return { record: await api.get('/v1/jobs/{id}', of), timeline: [] };
  const [record, { items }] = await Promise.all([
    api.get(`/v1/${name}/{id}`, of),
    api.get(`/v1/${name}/{id}/timeline`, of),
  ]);
  return { record, timeline: items };
}

/** A line for each field; what is no text or number is JSON. */
function fieldLines(record: JsonObject): readonly string[] {
  return Object.entries(record).flatMap(([name, value]) => {
    if (name === 'commands') return [];
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    return printable(`${name}: ${text}`);
  });
}
