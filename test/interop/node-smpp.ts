// node-smpp (https://github.com/farhadi/node-smpp), an SMPP library that we did not write, with the types that it lacks.
import { createRequire } from 'node:module';
import type { Server, Socket } from 'node:net';

/** Value of a field: numbers, texts, octets, or content with its user data header apart. */
export type NodeSmppValue =
  | number
  | string
  | Buffer
  | { readonly udh?: readonly Buffer[] | Buffer; readonly message: string | Buffer };

/** Fields by their names in the standard; port and payload parameters by node-smpp's own. */
export interface NodeSmppPdu {
  readonly command: string;
  readonly command_length: number;
  readonly command_id: number;
  readonly command_status: number;
  readonly sequence_number: number;
  readonly [field: string]: NodeSmppValue | undefined | ((...given: never) => unknown);
  toBuffer(): Buffer;
  response(fields?: Readonly<Record<string, NodeSmppValue>>): NodeSmppPdu;
}

/** One session. */
export interface NodeSmppSession {
  /** For octets that node-smpp would not write. */
  readonly socket: Socket;
  on(event: 'error' | 'connect' | 'close', listener: (error?: Error) => void): void;
  on(command: string, listener: (pdu: NodeSmppPdu) => void): void;
  send(pdu: NodeSmppPdu, onResponse?: (pdu: NodeSmppPdu) => void): boolean;
  bind_transceiver(fields: Readonly<Record<string, NodeSmppValue>>, done: (pdu: NodeSmppPdu) => void): void;
  bind_receiver(fields: Readonly<Record<string, NodeSmppValue>>, done: (pdu: NodeSmppPdu) => void): void;
  submit_sm(fields: Readonly<Record<string, NodeSmppValue>>, done: (pdu: NodeSmppPdu) => void): void;
  deliver_sm(fields: Readonly<Record<string, NodeSmppValue>>, done: (pdu: NodeSmppPdu) => void): void;
  enquire_link(done: (pdu: NodeSmppPdu) => void): void;
  unbind(done: (pdu: NodeSmppPdu) => void): void;
  close(): void;
  destroy(): void;
}

interface NodeSmpp {
  readonly PDU: new (
    commandOrOctets: string | Buffer,
    fields?: Readonly<Record<string, NodeSmppValue>>,
  ) => NodeSmppPdu;
  readonly errors: Readonly<Record<string, number>>;
  readonly commands: Readonly<Record<string, { readonly id: number }>>;
  readonly tlvs: Readonly<Record<string, { readonly id: number }>>;
  createServer(onSession: (session: NodeSmppSession) => void): Server;
  connect(options: { readonly url: string }, onConnect?: () => void): NodeSmppSession;
}

/** The library. */
export const nodeSmpp: NodeSmpp = createRequire(import.meta.url)('smpp') as NodeSmpp;
