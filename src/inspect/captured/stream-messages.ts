// What connections of TCP bring, as messages of a capture; segments of short messages wait for each other.
import type { CapturedEnd, StreamLayer } from '../streams/captured-message.ts';
import type { Connection, ConnectionSink } from '../streams/connection.ts';
import { ShortMessages } from '../streams/short-messages.ts';
import type { SeenIn } from '../streams/stream-buffer.ts';
import type { CutOctets } from '../streams/stream-cutter.ts';
import { type FoundMessages, noOctets, noteForm } from './found-messages.ts';
import type { OpenedRecords, WtlsConversations } from './wtls-conversations.ts';
import { wtlsInMessage } from './wtls-in-messages.ts';

/** Takes what connections bring. */
export class StreamMessages implements ConnectionSink {
  readonly #found: FoundMessages;
  readonly #wtls: WtlsConversations;
  readonly #shortMessages: ShortMessages;

  constructor(found: FoundMessages, wtls: WtlsConversations) {
    this.#found = found;
    this.#wtls = wtls;
    this.#shortMessages = new ShortMessages(({ frames, note }) => found.note(note, frames, 'smpp'));
  }

  /** The capture is over. */
  end(): void {
    this.#shortMessages.end();
  }

  /** A message that was cut out of a stream. */
  message(layer: StreamLayer, cut: CutOctets, { ends, within }: Connection, direction: 0 | 1): void {
    const { octets, withoutBody } = cut;
    const bare = withoutBody === true && !isRequest(octets) ? ({ withoutBody } as const) : {};
    const form = { kind: 'stream', layer, ...bare } as const;
    const seen = between(ends, direction);
    const joined =
      layer === 'smpp'
        ? this.#shortMessages.add(
            cut,
            `${seen.source.address} ${seen.destination.address}`,
            this.#found.seconds,
          )
        : ({ kind: 'alone' } as const);
    const base = { ...seen, protocol: layer, form };
    const under = [
      ...(within === '' ? [] : [`read under ${within}`]),
      ...(cut.overlap === true
        ? ['segments of it overlap and differ; the octets that came first stand']
        : []),
    ];
    if (joined.kind === 'segment') {
      const note = [...under, joined.note].join('; ');
      this.#found.give({ ...base, octets, frames: cut.frames, note, segment: true }, cut.time);
      return;
    }
    const { time, ...whole } =
      joined.kind === 'whole' ? joined.cut : { octets, frames: cut.frames, time: cut.time };
    const opened = layer === 'smpp' ? this.#opened(whole.octets) : {};
    const said = [
      ...under,
      ...(joined.kind === 'whole' ? [joined.note] : []),
      ...(opened.note === undefined ? [] : [opened.note]),
    ];
    const note = said.length === 0 ? {} : { note: said.join('; ') };
    this.#found.give({ ...base, ...whole, ...opened, ...note }, time);
  }

  /** What the protected records of WTLS in a short message hold. */
  #opened(octets: Uint8Array): OpenedRecords {
    const found = wtlsInMessage(octets);
    return found === undefined ? {} : this.#wtls.open(found.datagram, found.ends);
  }

  /** Octets that are not a whole message. */
  lost(
    layer: StreamLayer,
    { octets, frames, time }: CutOctets,
    why: string,
    { ends }: Connection,
    direction: 0 | 1,
  ): void {
    const form = { kind: 'stream', layer } as const;
    const note = `${octets.length} octets are not a whole message: ${why}`;
    const base = { ...between(ends, direction), protocol: layer, form };
    this.#found.give({ ...base, octets, frames, note, missing: true }, time);
  }

  /** What carries none of our protocols. */
  foreign({ ends, time }: Connection, octets: number, frames: readonly number[], what: string): void {
    const note = `TCP, ${octets} octets: ${what}`;
    const base = { ...between(ends, 0), protocol: 'tcp', form: noteForm } as const;
    this.#found.give({ ...base, octets: noOctets, frames, note }, time);
  }

  /** What the capture lacks between messages. */
  lacks({ ends, time }: Connection, octets: number, frames: readonly number[]): void {
    const note = `TCP, ${octets} octets that the capture lacks, in no message that is there`;
    const base = { ...between(ends, 0), protocol: 'tcp', form: noteForm } as const;
    this.#found.give({ ...base, octets: noOctets, frames, note, missing: true }, time);
  }

  /** A record of TLS in the clear. */
  tls({ time, ...cut }: CutOctets, note: string, { ends }: Connection, direction: 0 | 1): void {
    this.#found.give({ ...between(ends, direction), protocol: 'tls', form: tlsForm, ...cut, note }, time);
  }

  /** Records of TLS that stay closed. */
  closed({ frames, time }: SeenIn, note: string, { ends }: Connection, direction: 0 | 1): void {
    const base = { ...between(ends, direction), protocol: 'tls', form: noteForm } as const;
    this.#found.give({ ...base, octets: noOctets, frames, note }, time);
  }
}

const tlsForm = { kind: 'tls' } as const;

/** Whether HTTP is no answer. */
function isRequest(octets: Uint8Array): boolean {
  return octets[4] !== 0x2f;
}

function between(
  ends: readonly [CapturedEnd, CapturedEnd],
  direction: 0 | 1,
): { readonly source: CapturedEnd; readonly destination: CapturedEnd } {
  return { source: ends[direction], destination: ends[direction === 0 ? 1 : 0] };
}
