// A message centre whose every answer the test gives; what keeps a session going is answered by itself.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import {
  decodePdu,
  encodePdu,
  PduReader,
  type SmppPdu,
  type SmppPduInput,
} from '../../../src/codec/smpp/index.ts';

/** One connection of a client. */
export class ScriptedPeer {
  readonly socket: Socket;
  readonly arrived: SmppPdu[] = [];
  closed = false;
  #wake: () => void = () => {};

  constructor(socket: Socket, onPdu: (pdu: SmppPdu, peer: ScriptedPeer) => boolean) {
    this.socket = socket;
    const reader = new PduReader();
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
    socket.on('data', (chunk) => {
      reader.read(chunk, (octets) => {
        const pdu = decodePdu(Uint8Array.from(octets));
        if (onPdu(pdu, this)) return;
        this.arrived.push(pdu);
        this.#wake();
      });
    });
  }

  send(pdu: SmppPduInput): void {
    this.socket.write(encodePdu(pdu));
  }

  /** Answers with success and a message id. */
  accept(submit: SmppPdu | undefined, messageId: string): void {
    this.send({ command: 'submit_sm_resp', sequence: submit?.sequence ?? 0, messageId });
  }

  /** The next PDU of a command; others stay. */
  async next<C extends SmppPdu['command']>(command: C): Promise<SmppPdu & { readonly command: C }> {
    for (;;) {
      const at = this.arrived.findIndex((pdu) => pdu.command === command);
      if (at >= 0) return this.arrived.splice(at, 1)[0] as SmppPdu & { readonly command: C };
      if (this.closed) throw new Error(`the client closed the connection before ${command}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Resolves when the client is gone. */
  async gone(): Promise<void> {
    if (!this.closed) await once(this.socket, 'close');
  }
}

export class ScriptedSmsc {
  readonly peers: ScriptedPeer[] = [];
  /** Handles a PDU itself when it returns true. Default: `answerSession`. */
  onPdu: (pdu: SmppPdu, peer: ScriptedPeer) => boolean = answerSession;
  readonly #server: Server;
  #wake: () => void = () => {};

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.peers.push(new ScriptedPeer(socket, (pdu, peer) => this.onPdu(pdu, peer)));
      this.#wake();
    });
  }

  static async open(port = 0): Promise<ScriptedSmsc> {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new ScriptedSmsc(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The connection of this number, from 0, waiting for it. */
  async peer(index: number): Promise<ScriptedPeer> {
    for (;;) {
      const found = this.peers[index];
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async close(): Promise<void> {
    for (const { socket } of this.peers) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** Answers what keeps a session going, with success. */
export function answerSession(pdu: SmppPdu, peer: ScriptedPeer): boolean {
  const { sequence } = pdu;
  if (
    pdu.command === 'bind_transceiver' ||
    pdu.command === 'bind_receiver' ||
    pdu.command === 'bind_transmitter'
  ) {
    peer.send({ command: `${pdu.command}_resp`, sequence, systemId: 'scripted' });
  } else if (pdu.command === 'unbind') peer.send({ command: 'unbind_resp', sequence });
  else if (pdu.command === 'enquire_link') peer.send({ command: 'enquire_link_resp', sequence });
  else return false;
  return true;
}
