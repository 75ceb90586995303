// The audit log in SQL. There is no statement that changes an entry.
import type { AuditEntry, AuditFilter, AuditRecord, Page, PageRequest } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { pageOf } from '../engine/page.ts';
import { all, type Program, run } from '../engine/program.ts';
import type { AuditTable } from '../engine/schema.ts';
import { numbers, type SetColumn, setStatements, texts } from '../engine/set-statement.ts';
import { once, statement } from '../engine/statement.ts';

/** Columns that a list may be narrowed by, beside those of time. */
const narrowing = [
  ['actor', 'actor'],
  ['tokenId', 'token_id'],
  ['action', 'action'],
  ['kind', 'kind'],
  ['id', 'object_id'],
  ['account', 'account'],
  ['outcome', 'outcome'],
] as const;

export function auditPrograms(engine: SqlEngine) {
  const { builder } = engine;
  const sets = setStatements(engine);
  const removeOld = statement<{ before: number; limit: number }>()((slot) =>
    builder.deleteFrom('audit').where('sequence', 'in', (from) =>
      from
        .selectFrom('audit as old')
        .select('old.sequence')
        // They come in the order of time, so that the first ones are the oldest.
        .where('old.at', '<', slot('before'))
        .orderBy('old.sequence')
        .limit(slot('limit')),
    ),
  );
  return {
    *add(entries: readonly AuditEntry[]): Program<void> {
      if (entries.length > 0) yield [sets.insert('audit', columnsOf(entries))];
    },

    *list(page: PageRequest & AuditFilter): Program<Page<AuditRecord>> {
      let list = builder
        .selectFrom('audit')
        .selectAll()
        .orderBy('sequence', 'desc')
        .limit(page.limit + 1);
      if (page.after !== undefined) list = list.where('sequence', '<', sequenceOf(page.after));
      for (const [field, column] of narrowing) {
        const value = page[field];
        if (value !== undefined) list = list.where(column, '=', value);
      }
      if (page.since !== undefined) list = list.where('at', '>=', page.since);
      if (page.until !== undefined) list = list.where('at', '<', page.until);
      const rows = yield* all(once(list), undefined);
      return pageOf(rows.map(auditRecord), page.limit, ({ sequence }) => String(sequence));
    },

    remove: (before: number, limit: number): Program<number> => run(removeOld, { before, limit }),
  };
}

/** What is no number is behind all of them: nothing comes after it. */
function sequenceOf(after: string): number {
  return /^[0-9]{1,15}$/.test(after) ? Number(after) : 0;
}

function columnsOf(entries: readonly AuditEntry[]): readonly SetColumn[] {
  return [
    numbers('at', entries, ({ at }) => at),
    texts('action', entries, ({ action }) => action),
    texts('outcome', entries, ({ outcome }) => outcome),
    texts('actor', entries, ({ actor }) => actor ?? null),
    texts('token_id', entries, ({ tokenId }) => tokenId ?? null),
    texts('source', entries, ({ source }) => source ?? null),
    texts('kind', entries, ({ kind }) => kind ?? null),
    texts('object_id', entries, ({ id }) => id ?? null),
    texts('account', entries, ({ account }) => account ?? null),
    texts('detail', entries, ({ detail }) => detail ?? null),
  ];
}

type AuditRow = Omit<AuditTable, 'sequence'> & { readonly sequence: number };

function auditRecord(row: AuditRow): AuditRecord {
  return {
    sequence: row.sequence,
    at: row.at,
    ...(row.actor !== null && { actor: row.actor }),
    ...(row.token_id !== null && { tokenId: row.token_id }),
    ...(row.source !== null && { source: row.source }),
    action: row.action,
    ...(row.kind !== null && { kind: row.kind }),
    ...(row.object_id !== null && { id: row.object_id }),
    ...(row.account !== null && { account: row.account }),
    outcome: row.outcome,
    ...(row.detail !== null && { detail: row.detail }),
  };
}
