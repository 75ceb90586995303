// What `reveille inspect` does with each message: what is chosen of them, how it is shown, and what it comes to.
import { notificationFormats } from '../../codec/notification/index.ts';
import { printable, ReveilleError } from '../../core/index.ts';
import type { Family } from '../../families/index.ts';
import {
  type CapturedMessage,
  capturedProtocols,
  type Findings,
  foundLayerNames,
  type InspectOptions,
  inspectCaptured,
  JsonOctets,
  type LintedOctets,
  lintFindings,
  seenAt,
  writeInspected,
} from '../../inspect/index.ts';
import type { Style } from '../decode/table.ts';
import { type Io, UsageError } from '../io/io.ts';
import { renderLint, renderTree, summaryLine } from './inspect-text.ts';

/** What is shown of what is found, and how. */
export interface InspectView {
  readonly json: boolean;
  /** Formats, protocols and layers; empty for everything. */
  readonly only: readonly string[];
  /** Messages that this frame is part of. */
  readonly frame?: number;
  /** The tree of each message of a capture, instead of a line. */
  readonly full: boolean;
  readonly family?: Family;
  readonly style: Style;
}

/** A message that was taken apart. */
export interface Shown {
  readonly findings: Findings;
  readonly error: ReveilleError | undefined;
  /** Its octets, as one or several parts. */
  readonly parts: readonly Uint8Array[];
}

/** Octets or characters that are collected before they are written. */
const chunkLength = 1 << 17;

/** Where it is written. */
export type OutputIo = Pick<Io, 'stdout' | 'write'>;

/** Names that `--only` takes: formats, what else messages are, protocols and layers. */
export const chosenNames: readonly string[] = [
  ...new Set([...notificationFormats, 'message', 'document', ...capturedProtocols, ...foundLayerNames]),
];

/** Checks names of `--only`. @throws {UsageError} for one that nothing has */
export function readNames(only: readonly string[]): readonly string[] {
  for (const each of only) {
    if (chosenNames.includes(each)) continue;
    throw new UsageError(
      `--only ${printable(each)}: no format, protocol or layer has this name`,
      `Names are ${chosenNames.join(', ')}.`,
    );
  }
  return only;
}

/** Whether a message has one of these formats, protocols and layers; of none of them any has. */
export function isChosen(
  only: InspectView['only'],
  { layers, payload }: Findings,
  protocol: string,
): boolean {
  if (only.length === 0) return true;
  const kind = payload?.kind === 'notification' ? payload.decoded.format : payload?.kind;
  return only.some((each) => each === protocol || each === kind || layers.some(({ name }) => name === each));
}

/** Writes what is chosen of the messages; remembers whether all of it was well. */
export class InspectOutput {
  readonly #io: OutputIo | undefined;
  readonly #view: InspectView;
  readonly #octets = new JsonOctets();
  #text = '';
  #failed = false;
  #count = 0;

  /** Without `io` all is kept until it is taken. */
  constructor(view: InspectView, io?: OutputIo) {
    this.#io = io;
    this.#view = view;
  }

  /** True when a message could not be read, is none that a DM client takes, or has a digest that does not hold. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Messages that were chosen. */
  get count(): number {
    return this.#count;
  }

  /** A message of a capture; gives a promise where there is something to wait for, which is seldom. */
  captured(message: CapturedMessage, options: InspectOptions): Promise<void> | undefined {
    const { frame, json, full, style } = this.#view;
    if (frame !== undefined && !message.frames.includes(frame)) return undefined;
    const { findings, error } = inspectCaptured(message, options);
    if (!isChosen(this.#view.only, findings, message.protocol)) return undefined;
    const ours = message.protocol !== 'other' && message.protocol !== 'udp';
    if ((error !== undefined && (ours || error.code === 'UNEXPECTED')) || message.missing === true)
      this.#failed = true;
    const shown = { findings, error, parts: [message.octets] };
    this.#settle(findings);
    if (json) return this.#json(seenAt(message), shown);
    const line = summaryLine(message, findings, error, style);
    return this.#add(
      full || frame !== undefined ? `${line}${this.#tree(shown)}\n` : `${line}${this.#lint(shown)}`,
    );
  }

  /** A message that was pasted. */
  async pasted(shown: Shown): Promise<void> {
    const { findings, error } = shown;
    if (!isChosen(this.#view.only, findings, '')) return;
    if (error !== undefined) this.#failed = true;
    if (this.#view.json) await this.#json({ number: this.#count + 1 }, shown);
    else await this.#add(`${this.#count > 0 ? '\n' : ''}${this.#tree(shown)}`);
    this.#settle(findings);
  }

  /** A line of its own, behind all that was shown. */
  async line(text: string): Promise<void> {
    await this.end();
    await this.#add(`${text}\n`);
  }

  /** Something went wrong that no message says. */
  fail(): void {
    this.#failed = true;
  }

  /** Gives what is kept away in UTF-8; what follows is kept in `room`, if that is given. */
  take(room?: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    if (this.#view.json) return this.#octets.take(room);
    const text = new TextEncoder().encode(this.#text);
    this.#text = '';
    return text;
  }

  /** Writes what is left. */
  async end(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    if (text !== '') await this.write(text);
    if (this.#octets.length > 0) await this.write(this.#octets.view());
    this.#octets.clear();
  }

  /** Writes at once; octets may be used again when it resolves. */
  async write(data: string | Uint8Array): Promise<void> {
    if (this.#io?.write !== undefined) await this.#io.write(data);
    else this.#io?.stdout(typeof data === 'string' ? data : new TextDecoder().decode(data));
  }

  #settle({ payload }: Findings): void {
    this.#count += 1;
    if (payload?.kind === 'notification' && payload.nonce === null) this.#failed = true;
  }

  #tree(shown: Shown): string {
    return `${renderTree(shown.findings, shown.error, this.#view.style)}${this.#lint(shown)}`;
  }

  #lint(shown: Shown): string {
    const { family, style } = this.#view;
    if (family === undefined || shown.findings.payload === undefined) return '';
    const linted = this.#judge(shown, family);
    return linted instanceof ReveilleError ? '' : renderLint(family.name, linted, style);
  }

  #judge({ findings, error, parts }: Shown, family: Family): LintedOctets | ReveilleError {
    try {
      return lintFindings(family, findings, error, parts[0]);
    } catch (cause) {
      if (cause instanceof ReveilleError) return cause;
      throw cause;
    }
  }

  #json(before: object, shown: Shown): Promise<void> | undefined {
    // Security comes with it: it is loaded for DM messages alone.
    const { payload } = shown.findings;
    if (payload?.kind !== 'message') return this.#jsonLine(before, shown, {});
    return import('../decode/protection.ts').then(({ protectionOf }) =>
      this.#jsonLine(before, shown, protectionOf(payload).facts),
    );
  }

  #jsonLine(before: object, shown: Shown, more: object): Promise<void> | undefined {
    const { findings, error } = shown;
    writeInspected(this.#octets, before, findings, error, this.#familyFacts(shown), () => more);
    this.#octets.ascii('\n');
    return this.#isFull(this.#octets.length) ? this.end() : undefined;
  }

  #familyFacts(shown: Shown): object {
    const { family } = this.#view;
    if (family === undefined || shown.findings.payload === undefined) return {};
    const { name } = family;
    const linted = this.#judge(shown, family);
    if (linted instanceof ReveilleError) return { family: { name, what: null, error: linted.message } };
    const { what, findings } = linted;
    const lost = findings.some(({ effect }) => effect === 'lost');
    return { family: { name, what, lost, findings } };
  }

  #add(text: string): Promise<void> | undefined {
    this.#text += text;
    return this.#isFull(this.#text.length) ? this.end() : undefined;
  }

  #isFull(length: number): boolean {
    return this.#io !== undefined && length >= chunkLength;
  }
}
