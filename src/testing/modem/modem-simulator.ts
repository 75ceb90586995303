// A modem for tests, by 3GPP TS 27.005 and 3GPP TS 27.007 in PDU mode: over TCP, or any stream.
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { decodeTpdu, withServiceCentre } from '../../codec/sms/index.ts';
import { bytesToHex, hexToBytes } from '../../core/index.ts';
import { MessageMemories, type Reply } from './message-memories.ts';
import { answerPlain } from './modem-answers.ts';
import type { ModemSimulatorOptions, SubmittedMessage } from './modem-options.ts';

/** What it was told since it last started. */
interface Session {
  echo: boolean;
  pduMode: boolean;
  unlocked: boolean;
  /** How often the SIM was busy, by command. */
  busy: Map<string, number>;
  /** <mt> and <ds> of +CNMI. */
  indications: { messages: number; reports: number };
  /** Length of the message that is awaited after a prompt. */
  awaited: number | undefined;
}

/** A modem. */
export class ModemSimulator {
  readonly #options: ModemSimulatorOptions;
  readonly #streams = new Set<Duplex>();
  readonly #memories: MessageMemories;
  readonly #commands: string[] = [];
  readonly #submitted: SubmittedMessage[] = [];
  #session: Session;
  #server: Server | undefined;
  #pending = '';
  #reference = 40;
  #tries: number;
  /** Registration and strength of the signal, as +CREG and +CSQ tell them. */
  network = { stat: 1, rssi: 20 };
  /** True: it takes octets and answers nothing. */
  deaf = false;
  /** False: it asks for no message after +CMGS, and goes on. */
  prompts = true;

  constructor(options: ModemSimulatorOptions = {}) {
    this.#options = options;
    this.#memories = new MessageMemories(options.places ?? 20);
    this.#tries = options.pinTries ?? 3;
    this.#session = this.#fresh();
  }

  /** Listens on a port of loopback, and gives it. Each connection is the modem's line. */
  async listen(): Promise<number> {
    const server = createServer((socket: Socket) => this.attach(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Talks over a stream until that ends. */
  attach(stream: Duplex): void {
    this.#streams.add(stream);
    stream.on('data', (octets: Uint8Array) => this.#take(octets));
    stream.on('error', () => {});
    stream.on('close', () => this.#streams.delete(stream));
  }

  /** Commands so far, without `AT`, oldest first. */
  get commands(): readonly string[] {
    return this.#commands;
  }

  /** Messages that were handed over. */
  get submitted(): readonly SubmittedMessage[] {
    return this.#submitted;
  }

  /** Places that are taken in a memory. */
  stored(memory = 'SM'): readonly number[] {
    return this.#memories.taken(memory);
  }

  /** Reference that the next message gets, 0–255. */
  set nextReference(reference: number) {
    this.#reference = reference;
  }

  /** A TPDU comes in and lies in a memory; +CMTI or +CDSI where that is asked for. Gives its place; -1 when there is none. */
  deliver(tpdu: Uint8Array, memory = 'SM', kind: '+CMTI' | '+CDSI' = '+CMTI'): number {
    const index = this.#memories.put(memory, this.#withCentre(tpdu), tpdu.length);
    if (index < 0) return -1;
    const { messages, reports } = this.#session.indications;
    if ((kind === '+CMTI' ? messages : reports) > 0) this.say(`${kind}: "${memory}",${index}`);
    return index;
  }

  /** A TPDU comes in and lies nowhere: +CMT or +CDS. */
  pass(tpdu: Uint8Array, kind: '+CMT' | '+CDS' = '+CMT'): void {
    const pdu = this.#withCentre(tpdu);
    if (kind === '+CDS' && this.#session.indications.reports === 2) {
      this.deliver(tpdu, 'ME', '+CDSI');
      return;
    }
    this.say(kind === '+CMT' ? `+CMT: ,${tpdu.length}\r\n${pdu}` : `+CDS: ${tpdu.length}\r\n${pdu}`);
  }

  /** A line that nobody asked for. */
  say(line: string): void {
    this.#write(`\r\n${line}\r\n`);
  }

  /** It starts anew: all that it was told is forgotten, what lies in memories is not. */
  reset(says = 'RDY'): void {
    this.#session = this.#fresh();
    this.#pending = '';
    if (says !== '') this.say(says);
  }

  /** The line is gone; who connects anew finds the modem again. */
  hangUp(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  async close(): Promise<void> {
    this.hangUp();
    const server = this.#server;
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  #fresh(): Session {
    return {
      echo: this.#options.echo ?? true,
      pduMode: false,
      unlocked: this.#options.pin === undefined,
      busy: new Map(),
      indications: { messages: 0, reports: 0 },
      awaited: undefined,
    };
  }

  #take(octets: Uint8Array): void {
    if (this.deaf) return;
    for (const octet of octets) {
      const character = String.fromCharCode(octet);
      if (this.#session.echo) this.#write(character);
      if (this.#session.awaited !== undefined) this.#takeMessage(octet);
      else if (octet === 0x0d) {
        const line = this.#pending;
        this.#pending = '';
        const command = /AT(.*)$/is.exec(line)?.[1];
        if (command !== undefined) this.#command(command);
      } else if (octet !== 0x0a) this.#pending += character;
    }
  }

  #takeMessage(octet: number): void {
    if (octet === 0x1b) {
      this.#session.awaited = undefined;
      this.#pending = '';
      this.#answer([], 'OK');
    } else if (octet === 0x1a) {
      const text = this.#pending.trim();
      const length = this.#session.awaited ?? 0;
      this.#session.awaited = undefined;
      this.#pending = '';
      this.#submit(text, length);
    } else this.#pending += String.fromCharCode(octet);
  }

  #submit(text: string, length: number): void {
    const octets = /^(?:[0-9A-F]{2})+$/i.test(text) ? hexToBytes(text) : new Uint8Array();
    const tpdu = octets.subarray((octets[0] ?? 0) + 1);
    if (tpdu.length !== length || length === 0) {
      this.#answer([], '+CMS ERROR: 304');
      return;
    }
    this.#reference = (this.#reference + 1) & 0xff;
    const read = decodeTpdu(octets, { serviceCentre: true });
    const { serviceCentre = '' } = read;
    const message = { octets: tpdu.slice(), tpdu: read, reference: this.#reference, serviceCentre };
    this.#submitted.push(message);
    const verdict = this.#options.onSubmit?.(message) ?? 'taken';
    if (typeof verdict === 'number') this.#answer([], `+CMS ERROR: ${verdict}`);
    else if (verdict === 'taken') this.#answer([`+CMGS: ${message.reference}`], 'OK');
    else if (verdict === 'unnumbered') this.#answer([], 'OK');
    else if (verdict === 'unfinished' || verdict === 'numbered-reset')
      this.say(`+CMGS: ${message.reference}`);
    if (verdict === 'reset' || verdict === 'numbered-reset') this.reset();
  }

  #command(text: string): void {
    this.#commands.push(text);
    const { unknown = [] } = this.#options;
    const length = /^\+CMGS=(\d+)$/.exec(text)?.[1];
    if (unknown.some((each) => each.test(text))) this.#answer([], 'ERROR');
    else if (length !== undefined && this.#session.pduMode && this.#session.unlocked) {
      if (!this.prompts) return;
      this.#session.awaited = Number(length);
      this.#write('\r\n> ');
    } else this.#answer(...(this.#reply(text) ?? [[], 'ERROR']));
  }

  #reply(text: string): Reply | undefined {
    const session = this.#session;
    if (/^E[01]/i.test(text)) {
      session.echo = /^E1/i.test(text) || this.#options.alwaysEchoes === true;
      return [[], 'OK'];
    }
    if (text.startsWith('+CPIN')) return this.#pin(text);
    if (!session.unlocked && /^\+C(?:MG|NMI|PMS|SCA)/.test(text) && !text.endsWith('=?')) {
      return [[], '+CMS ERROR: 311'];
    }
    const verb = /^\+C(?:SMS|PMS|NMI)/.exec(text)?.[0];
    const refused = verb === undefined ? 0 : (session.busy.get(verb) ?? 0);
    if (verb !== undefined && refused < (this.#options.simBusy ?? 0)) {
      session.busy.set(verb, refused + 1);
      return [[], '+CMS ERROR: 314'];
    }
    if (text === '+CMGF=?') return [['+CMGF: (0,1)'], 'OK'];
    if (text === '+CMGF?') return [[`+CMGF: ${session.pduMode ? 0 : 1}`], 'OK'];
    if (/^\+CMGF=[01]$/.test(text)) {
      session.pduMode = text === '+CMGF=0';
      return [[], 'OK'];
    }
    if (text === '+CNMI=?') return [['+CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)'], 'OK'];
    if (/^\+CNMI=/.test(text)) {
      const [, messages = 0, , reports = 0] = text.slice(6).split(',').map(Number);
      session.indications = { messages, reports };
      return [[], 'OK'];
    }
    if (/^\+CMG[SLRD]=\d/.test(text) && !session.pduMode) return [[], '+CMS ERROR: 305'];
    const plain = answerPlain(text, { ...this.network, serviceCentre: this.#options.serviceCentre });
    return this.#memories.reply(text) ?? (plain === undefined ? undefined : [plain, 'OK']);
  }

  #pin(text: string): Reply | undefined {
    const { pin, tellsTries = true } = this.#options;
    if (text === '+CPIN?') return [[`+CPIN: ${this.#lock()}`], 'OK'];
    if (text.startsWith('+CPINR'))
      return tellsTries ? [[`+CPINR: "SIM PIN",${this.#tries},3`], 'OK'] : undefined;
    const tried = /^\+CPIN="(\d+)"$/.exec(text)?.[1];
    if (tried === undefined) return undefined;
    if (this.#tries > 0 && tried === pin) {
      this.#session.unlocked = true;
      this.#tries = 3;
    } else this.#tries -= 1;
    return [[], this.#session.unlocked ? 'OK' : '+CME ERROR: 16'];
  }

  #lock(): string {
    if (this.#session.unlocked) return 'READY';
    return this.#tries > 0 ? 'SIM PIN' : 'SIM PUK';
  }

  #withCentre(tpdu: Uint8Array): string {
    const octets = withServiceCentre(tpdu, this.#options.serviceCentre ?? '+491720000000');
    return bytesToHex(octets).toUpperCase();
  }

  #answer(lines: readonly string[], result: string): void {
    for (const line of [...lines, result]) {
      for (const noise of this.#options.noise ?? []) this.say(noise);
      this.say(line);
    }
  }

  #write(text: string): void {
    const { chunk = text.length } = this.#options;
    for (const stream of this.#streams) {
      for (let at = 0; at < text.length; at += chunk) stream.write(text.slice(at, at + chunk), 'latin1');
    }
  }
}
