// Changes of devices of campaigns that are made together: written in one statement, with the counts.
import type { SqlEngine } from '../engine/engine.ts';
import type { Query } from '../engine/program.ts';
import type { CampaignDeviceTable } from '../engine/schema.ts';
import { type SetColumn, setStatements } from '../engine/set-statement.ts';
import type { SqlValue } from '../engine/statement.ts';
import type { ValueType } from '../engine/unfold.ts';
import { CountChanges, campaignCounts } from './campaign-counts.ts';

const changing = {
  step: 'text',
  state: 'text',
  carrier: 'text',
  due_at: 'number',
  push_id: 'text',
  job_id: 'text',
  shared: 'number',
  tries: 'number',
  reason: 'text',
  detail: 'text',
  began_at: 'number',
  ended_at: 'number',
} as const satisfies Partial<Record<keyof CampaignDeviceTable, ValueType>>;

const columns = Object.entries(changing) as [keyof typeof changing, ValueType][];

/** A device as it is, and as it will be. */
interface Change {
  readonly before: CampaignDeviceTable;
  readonly after: CampaignDeviceTable;
}

/** Makes such sets for an engine. */
export function deviceChanges(engine: SqlEngine) {
  const sets = setStatements(engine);
  const counts = campaignCounts(engine);
  return {
    begin: () => {
      const changes: Change[] = [];
      const counted = new CountChanges();
      return {
        put(before: CampaignDeviceTable, after: CampaignDeviceTable): void {
          changes.push({ before, after });
          counted.move(before, after);
        },
        /** What writes them; nothing where there are none. */
        queries(): Query[] {
          if (changes.length === 0) return [];
          const column = (name: keyof CampaignDeviceTable, type: ValueType): SetColumn => ({
            name,
            type,
            values: changes.map(({ after }) => after[name] as SqlValue),
          });
          const set = columns
            .filter(([name]) => changes.some(({ before, after }) => before[name] !== after[name]))
            .map(([name, type]) => column(name, type));
          const key = [
            column('ordinal', 'number'),
            { ...column('campaign', 'number'), isApart: true as const },
          ];
          return [
            ...(set.length === 0 ? [] : [sets.update('campaign_devices', key, set)]),
            ...counts.write(counted),
          ];
        },
      };
    },
  };
}
