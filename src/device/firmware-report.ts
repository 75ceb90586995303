// The final alert of a firmware operation (FUMO 1.0 §8.2; DM-PRO-1.2): Alert 1226 with the result code.
import type { ClientAlert } from '../session/index.ts';
import type { TreeReader } from '../tree/index.ts';
import { firmwareResults, type PendingOperation, pendingOperations } from './firmware-object.ts';

/** An alert that is owed to a server, and the node that says so. */
export interface OwedAlert {
  /** To be removed when the server has taken the alert. */
  readonly uri: string;
  readonly alert: ClientAlert;
}

/** The alerts that a server is owed, oldest first. */
export function owedAlerts(tree: TreeReader, serverId: string): readonly OwedAlert[] {
  return pendingOperations(tree).flatMap((pending) => {
    const { uri, result } = pending;
    return result === undefined || pending.serverId !== serverId
      ? []
      : [{ uri, alert: finalAlert(pending, result) }];
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
