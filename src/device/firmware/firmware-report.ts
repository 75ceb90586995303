// The final alert of a firmware operation (FUMO 1.0 §8.2; DM-PRO-1.2): Alert 1226 with the result code.
import type { ClientAlert } from '../../session/index.ts';
import type { TreeReader } from '../../tree/index.ts';
import { identityOf } from '../account/account-notes.ts';
import { firmwareResults, type PendingOperation, pendingOperations } from './firmware-object.ts';

/** An alert that is owed to a server, and the operation that it is about. */
export interface OwedAlert {
  /** To be forgotten when the server has taken the alert. */
  readonly id: string;
  readonly alert: ClientAlert;
}

/** The alerts that a server is owed, oldest first: those that its present account asked for. */
export function owedAlerts(tree: TreeReader, serverId: string): readonly OwedAlert[] {
  const account = identityOf(tree, serverId);
  return pendingOperations(tree).flatMap((pending) => {
    const { id, result } = pending;
    const owed = pending.serverId === serverId && pending.account === account;
    return owed && result !== undefined ? [{ id, alert: finalAlert(pending, result) }] : [];
  });
}

function finalAlert({ object, operation, correlator }: PendingOperation, result: number): ClientAlert {
  const type = `org.openmobilealliance.dm.firmwareupdate.${operation.toLowerCase()}`;
  const mark = result === firmwareResults.ok ? 'informational' : 'warning';
  return {
    data: '1226',
    ...(correlator !== undefined && { correlator }),
    items: [{ source: { uri: object }, meta: { format: 'chr', type, mark }, data: String(result) }],
  };
}
