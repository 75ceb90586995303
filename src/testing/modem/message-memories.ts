// Memories of a simulated modem, and the commands that read and clear them (3GPP TS 27.005 §3.2.2, §3.4).

/** Lines of an answer, and how it ends. */
export type Reply = readonly [lines: readonly string[], result: string];

interface Stored {
  readonly pdu: string;
  readonly length: number;
  read: boolean;
}

/** SM, the SIM, and ME, the modem itself. */
export class MessageMemories {
  readonly #all = new Map<string, Map<number, Stored>>([
    ['SM', new Map()],
    ['ME', new Map()],
  ]);
  readonly #places: number;
  /** The one that is read from. */
  current = 'SM';

  constructor(places: number) {
    this.#places = places;
  }

  /** Places that are taken. */
  taken(memory: string): readonly number[] {
    return [...(this.#all.get(memory)?.keys() ?? [])];
  }

  /** Puts a PDU into the first free place; -1 when there is none. */
  put(memory: string, pdu: string, length: number): number {
    const messages = this.#all.get(memory);
    for (let index = 1; messages !== undefined && index <= this.#places; index += 1) {
      if (messages.has(index)) continue;
      messages.set(index, { pdu, length, read: false });
      return index;
    }
    return -1;
  }

  /** The answer to a command, without `AT`; `undefined` for one that is about something else. */
  reply(text: string): Reply | undefined {
    const messages = this.#all.get(this.current) ?? new Map<number, Stored>();
    if (text === '+CPMS=?') return [['+CPMS: ("SM","ME"),("SM","ME"),("SM","ME")'], 'OK'];
    if (text === '+CPMS?') {
      const one = `"${this.current}",${messages.size},${this.#places}`;
      return [[`+CPMS: ${one},${one},${one}`], 'OK'];
    }
    const memory = /^\+CPMS="([A-Z]+)"/.exec(text)?.[1];
    if (memory !== undefined) {
      if (!this.#all.has(memory)) return [[], '+CMS ERROR: 302'];
      this.current = memory;
      const one = `${this.taken(memory).length},${this.#places}`;
      return [[`+CPMS: ${one},${one},${one}`], 'OK'];
    }
    if (text === '+CMGL=?') return [['+CMGL: (0-4)'], 'OK'];
    if (/^\+CMGL(?:=|$)/.test(text)) {
      const lines = [...messages].map(
        ([index, one]) => `+CMGL: ${index},${one.read ? 1 : 0},,${one.length}\r\n${one.pdu}`,
      );
      for (const one of messages.values()) one.read = true;
      return [lines, 'OK'];
    }
    const [, verb, place] = /^\+CMG([RD])=(\d+)/.exec(text) ?? [];
    if (verb === undefined) return undefined;
    const one = messages.get(Number(place));
    if (one === undefined) return [[], '+CMS ERROR: 321'];
    if (verb === 'D') {
      messages.delete(Number(place));
      return [[], 'OK'];
    }
    const line = `+CMGR: ${one.read ? 1 : 0},,${one.length}\r\n${one.pdu}`;
    one.read = true;
    return [[line], 'OK'];
  }
}
