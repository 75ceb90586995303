// Status and Alert commands as both ends write them, without CmdIDs.
import type {
  Alert,
  DmCommand,
  DmMessage,
  Item,
  Location,
  ManagementCommand,
  Status,
  SyncHdr,
} from '../../codec/syncml/index.ts';
import type { HeaderStatus } from '../proof/verifier.ts';
import { unnumbered } from './numbering.ts';

/** The Status for the SyncHdr of a message. */
export function headerStatus(header: SyncHdr, { status, chal }: HeaderStatus): Status {
  return {
    name: 'Status',
    cmdId: unnumbered,
    msgRef: header.msgId,
    cmdRef: '0',
    cmd: 'SyncHdr',
    targetRefs: [header.target.uri],
    sourceRefs: [header.source.uri],
    ...(chal === undefined ? {} : { chal }),
    data: String(status),
    items: [],
  };
}

/** The Status for a command of message `msgRef`, or for some items of it. */
export function commandStatus(
  msgRef: string,
  command: DmCommand,
  status: number,
  items: { readonly about?: readonly Item[]; readonly items?: readonly Item[] } = {},
): Status {
  const about = items.about ?? [];
  return {
    name: 'Status',
    cmdId: unnumbered,
    msgRef,
    cmdRef: command.cmdId,
    cmd: command.name === 'Unknown' ? command.element.name : command.name,
    targetRefs: urisOf(about.map((item) => item.target)),
    sourceRefs: urisOf(about.map((item) => item.source)),
    data: String(status),
    items: items.items ?? [],
  };
}

/** An alert of the session itself: 1222, 1223, 1225. */
export function alert(code: number, items: readonly Item[] = []): Alert {
  return { name: 'Alert', cmdId: unnumbered, data: String(code), items };
}

/** True for an Alert with that code. */
export function isAlert(command: DmCommand, code: number): command is Alert {
  return command.name === 'Alert' && alertCode(command) === code;
}

/** The number of an alert; `NaN` when it has none. */
export function alertCode(command: Alert): number {
  return statusNumber(command.data ?? '');
}

/** A status or alert code as a number; `NaN` for other text. */
export function statusNumber(text: string): number {
  return /^\s*[0-9]{3,4}\s*$/.test(text) ? Number(text) : Number.NaN;
}

/** A status as it came, for sentences: `status 404`, or in quotes what is none. Of the peer's text 40 characters at most. */
export function shownStatus(text: string): string {
  return Number.isNaN(statusNumber(text))
    ? `${JSON.stringify(text.slice(0, 40))}, which is no status`
    : `status ${text.trim()}`;
}

/** Everything in a message that wants a Status. */
export function commandsToAnswer(message: DmMessage): ManagementCommand[] {
  return message.commands.filter((command) => command.name !== 'Status' && command.name !== 'Results');
}

/** The Status that a message gives to the SyncHdr of message `msgRef`. */
export function statusOfHeader(message: DmMessage, msgRef: string): Status | undefined {
  for (const command of message.commands) {
    if (command.name === 'Status' && command.cmdRef === '0' && command.msgRef === msgRef) return command;
  }
  return undefined;
}

function urisOf(locations: readonly (Location | undefined)[]): string[] {
  return locations.flatMap((location) => (location === undefined ? [] : [location.uri]));
}
