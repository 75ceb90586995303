// submit_multi and its response, which no push of ours needs: read to be explained, never written (SMPP 3.4 §4.5).
import { ByteReader } from '../../core/index.ts';
import { bodies } from './bodies.ts';
import { cString, octet, responseText } from './body-field.ts';
import { bodyTable, type ReadObserver } from './body-table.ts';
import { commandIds } from './commands.ts';
import { smppDocument } from './document.ts';
import { readParameters, type SmppParameters } from './parameters.ts';
import { type DecodePduOptions, readHeaderOf } from './pdu.ts';
import { statusName } from './statuses.ts';

/** One destination of a message: a number, or the name of a list that the centre keeps. */
export type MultiDestination =
  | { readonly ton: number; readonly npi: number; readonly address: string }
  | { readonly list: string };

/** A submit_multi (§4.5.1). */
export interface SubmitMulti {
  readonly command: 'submit_multi';
  readonly status: number;
  readonly sequence: number;
  readonly sourceAddress: string;
  /** Up to 255, in order. */
  readonly destinations: readonly MultiDestination[];
  readonly esmClass: number;
  readonly dataCoding: number;
  readonly shortMessage: Uint8Array;
  readonly parameters: SmppParameters;
}

/** A submit_multi_resp (§4.5.2): who does not get it. */
export interface SubmitMultiResponse {
  readonly command: 'submit_multi_resp';
  readonly status: number;
  readonly sequence: number;
  readonly messageId: string;
  readonly failed: readonly (MultiDestination & { readonly status: number })[];
  readonly parameters: SmppParameters;
}

const { fields } = bodies.submit_sm;
const origin = bodyTable({
  serviceType: fields.serviceType,
  sourceTon: fields.sourceTon,
  sourceNpi: fields.sourceNpi,
  sourceAddress: fields.sourceAddress,
});
const message = bodyTable({
  esmClass: fields.esmClass,
  protocolId: fields.protocolId,
  priorityFlag: fields.priorityFlag,
  scheduleDeliveryTime: fields.scheduleDeliveryTime,
  validityPeriod: fields.validityPeriod,
  registeredDelivery: fields.registeredDelivery,
  replaceIfPresentFlag: fields.replaceIfPresentFlag,
  dataCoding: fields.dataCoding,
  smDefaultMessageId: fields.smDefaultMessageId,
  shortMessage: fields.shortMessage,
});
/** SME_Address (§4.5.1.1): in a response it stands without its flag. */
const address = bodyTable({
  ton: octet('5.2.5'),
  npi: octet('5.2.6'),
  address: cString('5.2.9', 21),
});
const list = bodyTable({ list: cString('5.2.27', 21) });
const accepted = bodyTable({ messageId: responseText('5.2.23', 65) });

const flags = { address: 1, list: 2 } as const;

/** Whether a command is one of these two. */
export function isMultiCommand(commandId: number): boolean {
  return commandId === commandIds.submit_multi || commandId === commandIds.submit_multi_resp;
}

/**
 * Reads a submit_multi or its response, which fills the input; its header is that of any PDU.
 * @throws {DecodeError} also for any other command
 */
export function decodeMultiPdu(
  bytes: Uint8Array,
  options: DecodePduOptions = {},
): SubmitMulti | SubmitMultiResponse {
  const reader = new ByteReader(bytes, smppDocument, options.start ?? 0);
  const { commandId, status, sequence } = readHeaderOf(reader, options);
  if (commandId === commandIds.submit_multi) {
    const body = readRequest(reader, options);
    return { command: 'submit_multi', status, sequence, ...body };
  }
  if (commandId !== commandIds.submit_multi_resp) {
    const offset = reader.offset - 12;
    throw reader.error('UNSUPPORTED', 'neither submit_multi nor its response', 'command_id', '4.5', offset);
  }
  const body = readResponse(reader, options);
  return { command: 'submit_multi_resp', status, sequence, ...body };
}

function readRequest(
  reader: ByteReader,
  options: ReadObserver,
): Omit<SubmitMulti, 'command' | 'status' | 'sequence'> {
  const target: Record<string, unknown> = {};
  origin.read(reader, target, options);
  const count = readCount(reader, options, 'numberOfDests', '5.2.24');
  const destinations: MultiDestination[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = reader.offset;
    const path = `destinations[${index}]`;
    const flag = reader.u8(`${path}.destFlag`, '5.2.25');
    const kind = flag === flags.address ? address : flag === flags.list ? list : undefined;
    if (kind === undefined) {
      throw reader.error('BAD_VALUE', `is ${flag}, neither 1 nor 2`, `${path}.destFlag`, '5.2.25', at);
    }
    const what = kind === list ? 'name of a distribution list' : 'number';
    note(options, at, 1, `${path}.destFlag`, String(flag), what, '5.2.25');
    destinations.push(readInto(kind, reader, options, path) as MultiDestination);
  }
  message.read(reader, target, options);
  const parameters = readParameters(reader, options);
  type Fields = Omit<SubmitMulti, 'command' | 'status' | 'sequence'>;
  return { ...target, destinations, parameters } as unknown as Fields;
}

/** A response may be without a body, as one that refuses is (§4.5.2). */
function readResponse(
  reader: ByteReader,
  options: ReadObserver,
): Omit<SubmitMultiResponse, 'command' | 'status' | 'sequence'> {
  const target: Record<string, unknown> = {};
  if (reader.left === 0) return { messageId: '', failed: [], parameters: {} };
  accepted.read(reader, target, options);
  const count = reader.left === 0 ? 0 : readCount(reader, options, 'noUnsuccess', '5.2.26');
  const failed: SubmitMultiResponse['failed'][number][] = [];
  for (let index = 0; index < count; index += 1) {
    const path = `failed[${index}]`;
    const each = readInto(address, reader, options, path);
    const at = reader.offset;
    const status = reader.uint(4, `${path}.errorStatusCode`, '5.1.3');
    note(options, at, 4, `${path}.errorStatusCode`, hex(status), statusName(status), '5.1.3');
    failed.push({ ...(each as MultiDestination), status });
  }
  const parameters = readParameters(reader, options, 'lenient');
  return { messageId: String(target.messageId), failed, parameters };
}

function readCount(reader: ByteReader, options: ReadObserver, field: string, section: string): number {
  const at = reader.offset;
  const count = reader.u8(field, section);
  note(options, at, 1, field, String(count), '', section);
  return count;
}

/** Reads the rows of a table, whose fields are called by their place in a list. */
function readInto(
  table: typeof address | typeof list,
  reader: ByteReader,
  { annotate, onDeviation }: ReadObserver,
  path: string,
): Readonly<Record<string, unknown>> {
  const target: Record<string, unknown> = {};
  const named = <Found extends { readonly field: string }>(found: Found): Found => ({
    ...found,
    field: `${path}.${found.field}`,
  });
  table.read(reader, target, {
    annotate: annotate && ((annotation) => annotate(named(annotation))),
    onDeviation: onDeviation && ((deviation) => onDeviation(named(deviation))),
  });
  return target;
}

function note(
  { annotate }: ReadObserver,
  offset: number,
  length: number,
  field: string,
  value: string,
  meaning: string,
  section: string,
): void {
  annotate?.({ offset, length, field, value, meaning, section: `${smppDocument} §${section}` });
}

function hex(value: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(8, '0')}`;
}
