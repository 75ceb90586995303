// Messages of a modem, printed as they come: nothing is deleted, and nothing is handed on.
import { decodeUserData, type SmsTpdu, statusText } from '../../codec/sms/index.ts';
import { bytesToHex, DecodeError, toLine } from '../../core/index.ts';
import { noFindings, takeApart } from '../../inspect/index.ts';
import { type AtModem, type ListedMessage, readPdu } from '../../push/modem/index.ts';
import { renderFindings } from '../decode/decoded-text.ts';
import { styleFor } from '../decode/table.ts';
import type { Io } from '../io/io.ts';

/** Prints what lies in the memory and what comes, until the run is stopped. */
export async function listenAtModem(io: Io, modem: AtModem, json: boolean): Promise<void> {
  const show = (tpdu: SmsTpdu | { readonly fault: string }, place: string): void => {
    io.stdout(json ? `${JSON.stringify(factsOf(tpdu, place))}\n` : textOf(io, tpdu, place));
  };
  const listed = ({ octets, length, index }: ListedMessage, memory: string): void =>
    show(readPdu(octets, length), `${memory} ${index ?? ''}`.trim());
  const ends = new Promise<void>((resolve) => {
    if (io.stop.aborted) resolve();
    io.stop.addEventListener('abort', () => resolve(), { once: true });
  });
  const unlisten = modem.listen({
    onMessage: (tpdu) => show(tpdu, 'passing'),
    onStored: (place) => {
      modem.read(place).then(
        (message) => message !== undefined && listed({ ...message, index: place.index }, place.memory),
        (error: unknown) => io.stderr(`reveille: ${String(error)}\n`),
      );
    },
    onDown: ({ message }) => io.stderr(`reveille: ${message}\n`),
    onReady: () => io.stderr('reveille: the modem is ready again\n'),
  });
  try {
    const memory = modem.memory?.name ?? '';
    for (const message of (await Promise.race([modem.list(), ends])) ?? []) listed(message, memory);
    if (io.stop.aborted) return;
    io.stderr('reveille: listening; stop with Ctrl-C\n');
    await ends;
  } finally {
    unlisten();
  }
}

function factsOf(tpdu: SmsTpdu | { readonly fault: string }, place: string): object {
  if ('fault' in tpdu) return { place, fault: tpdu.fault };
  const { type, address, reference, status, time, dataCoding, userData, text } = tpdu;
  return { place, type, address, reference, status, time, dataCoding, text, userData: bytesToHex(userData) };
}

function textOf(io: Io, tpdu: SmsTpdu | { readonly fault: string }, place: string): string {
  if ('fault' in tpdu) return `${place}: unreadable: ${toLine(tpdu.fault, 200)}\n`;
  const { type, address, reference, status, time, userData, hasHeader, text } = tpdu;
  const head = `${place}: ${type} ${toLine(address, 30)}${time === undefined ? '' : ` ${time}`}`;
  if (status !== undefined) return `${head}: message ${reference}: ${statusText(status)}\n`;
  if (text !== undefined) return `${head}: ${JSON.stringify(toLine(text, 300))}\n`;
  const findings = noFindings();
  try {
    const { concatenation } = hasHeader ? decodeUserData(userData).header : {};
    if (concatenation !== undefined && concatenation.total > 1) {
      const { sequence, total, reference: shared } = concatenation;
      return `${head}: part ${sequence} of ${total}, reference ${shared}: ${bytesToHex(userData)}\n`;
    }
    takeApart([userData], { as: 'sms' }, findings);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return `${head}: ${bytesToHex(userData)}: ${toLine(error.message, 200)}\n`;
  }
  return `${head}\n${renderFindings(findings, findings.refusal, styleFor(io.colour))}`;
}
