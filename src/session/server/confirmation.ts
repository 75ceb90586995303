// What a server session says when it has nothing to say, so that the client must answer (spec-notes ruling 15).
import type { ManagementCommand } from '../../codec/syncml/index.ts';
import type { ClientReport } from '../contract/contract.ts';
import { unnumbered } from '../message/numbering.ts';

/** The session's own command: small, and every client has an answer to it. */
export const confirmingGet: ManagementCommand = {
  name: 'Get',
  cmdId: unnumbered,
  items: [{ target: { uri: './DevInfo/DevId' } }],
};

/** What the client said to the host's commands: the session's own is not among them. */
export function withoutConfirmation(reports: readonly ClientReport[]): ClientReport[] {
  return reports.filter((report) => report.effect !== 'answered' || report.command !== confirmingGet);
}
