// What a session begins with, in SQL: two lists of queries, whoever asks.
import type { NotificationPush, SessionFacts } from '../index.ts';
import type { SqlEngine } from './engine/engine.ts';
import { type Program, query, readingStep } from './engine/program.ts';
import { pushStatements } from './push/push-statements.ts';
import { accountById } from './record/account-programs.ts';
import { deviceStatements } from './record/device-statements.ts';
import { type AccountRow, accountRecord, type DeviceRow, deviceRecord } from './record/record-rows.ts';
import { Seals } from './seal/seals.ts';
import { type PushRow, pushRecord } from './set/push-rows.ts';

export function sessionFacts(engine: SqlEngine) {
  const devices = deviceStatements(engine);
  const pushes = pushStatements(engine);
  const account = accountById(engine);
  const seals = new Seals(engine.sealer);

  return {
    *of(deviceId: string, sessionIds: readonly number[]): Program<SessionFacts> {
      const [deviceRows, ...pushRows] = yield readingStep([
        query(devices.byId, { id: deviceId }),
        ...sessionIds.flatMap((sessionId) => {
          const args = { device_id: deviceId, session_id: sessionId };
          return [query(pushes.openOfSession, args), query(pushes.pastOfSession, args)];
        }),
      ]);
      const [deviceRow] = (deviceRows?.rows ?? []) as unknown as readonly DeviceRow[];
      const serverId = deviceRow?.server_id ?? '';
      const [accounts] = yield readingStep([query(account, { serverId })]);
      const [accountRow] = (accounts?.rows ?? []) as unknown as readonly AccountRow[];
      const notifications = new Map<number, NotificationPush>();
      for (const [index, sessionId] of sessionIds.entries()) {
        const row = pushRows[2 * index]?.rows[0] ?? pushRows[2 * index + 1]?.rows[0];
        const push = row === undefined ? undefined : pushRecord(row as unknown as PushRow, seals);
        if (push?.purpose === 'notification') notifications.set(sessionId, push);
      }
      return {
        device: deviceRow === undefined ? undefined : deviceRecord(deviceRow, seals),
        account: accountRow === undefined ? undefined : accountRecord(accountRow, seals),
        notifications,
      };
    },
  };
}
