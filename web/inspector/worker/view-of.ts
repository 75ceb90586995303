// One message as the page shows it: layers and fields in two flat lists, and the octets that their offsets count in.
import { contentTypeNames } from '../../../src/codec/wsp/index.ts';
import {
  base64ToBytes,
  concatBytes,
  hexToBytes,
  ReveilleError,
  utf8ToBytes,
  ValueError,
} from '../../../src/core/index.ts';
import { type FamilyName, families } from '../../../src/families/index.ts';
import {
  type CapturedEnd,
  type CapturedMessage,
  explanationOf,
  type Findings,
  type FoundLayer,
  findingsOf,
  lintFindings,
  type PastedMessage,
  type TakeApartOptions,
  takeApart,
} from '../../../src/inspect/index.ts';
import { longestLinked } from '../state/link.ts';
import { secretIn } from './link-secret.ts';
import type { FamilyVerdict, MessageView, Settings, Space, ViewField, ViewLayer } from './protocol.ts';
import { rowOf } from './row-of.ts';

/** What was found in one message, and where reading of it ended. */
export interface Taken {
  readonly findings: Findings;
  readonly error: ReveilleError | undefined;
}

/** What settings mean for taking apart. @throws {ValueError} where the nonce is no Base64 */
export function takeApartOptions({ as, contentType, secret, nonce, identifier }: Settings): TakeApartOptions {
  const mime = contentType === undefined ? undefined : contentTypeNames.get(contentType);
  const type =
    contentType === undefined ? {} : { code: contentType, ...(mime === undefined ? {} : { mime }) };
  const options = { as, ...(contentType === undefined ? {} : { contentType: type }) };
  if (secret === undefined) return options;
  const held = {
    ...(nonce === undefined ? {} : { nonce: readNonce(nonce) }),
    ...(identifier === undefined ? {} : { identifier }),
  };
  return { ...options, key: { secret, ...held } };
}

function readNonce(text: string): Uint8Array {
  const nonce = base64ToBytes(text, 'nonce');
  if (nonce.length > 255) throw new ValueError('TOO_LONG', 'longer than 255 octets', 'nonce');
  return nonce;
}

/** Takes a message apart as far as it goes. */
export function take(message: PastedMessage, options: TakeApartOptions): Taken {
  const findings = findingsOf(message);
  if ('error' in message) return { findings, error: message.error };
  try {
    takeApart(message.parts, options, findings);
    return { findings, error: findings.refusal };
  } catch (error) {
    if (error instanceof ReveilleError) return { findings, error };
    throw error;
  }
}

/** The view of a message that was taken apart; `parts` are its octets as they were given. */
export function viewOf(
  number: number,
  { findings, error }: Taken,
  parts: readonly Uint8Array[],
  settings: Settings,
  captured?: CapturedMessage,
): MessageView {
  const { layers: layerObjects, ...explanation } = explanationOf(findings, error);
  const spaces: Space[] = [{ title: 'Octets given', octets: concatBytes(...parts) }];
  const spaceOf = spaceFinder(spaces);
  const layers: ViewLayer[] = [];
  const fields: ViewField[] = [];
  for (const [index, layer] of layerObjects.entries()) {
    const found = findings.layers[index];
    const { name, title, offset, length } = layer;
    layers.push({
      name,
      title,
      space: found === undefined ? 0 : spaceOf(found),
      offset,
      length,
      first: fields.length,
      count: layer.fields.length,
    });
    for (const { raw: _, ...field } of layer.fields) fields.push({ ...field, layer: index });
  }
  const unlinked = whyNoLink(parts, layers, captured);
  // Longer messages have no link.
  const isLinkable = spaces[0] !== undefined && spaces[0].octets.length <= longestLinked;
  const mayHold = isLinkable
    ? secretIn({
        octets: spaces.map(({ octets }) => octets),
        fields,
        layers: layers.map(({ name }) => name),
        text: textOf(explanation.message),
        isWhole: error === undefined,
        typed: typedIn(settings),
      })
    : undefined;
  return {
    number,
    row: rowOf(number, { findings, error }, captured),
    seen: captured === undefined ? [] : seenText(captured),
    spaces,
    layers,
    fields,
    explanation,
    ...(settings.family === undefined
      ? {}
      : { family: judge(settings.family, { findings, error }, parts[0]) }),
    ...(unlinked === undefined ? { parts } : { unlinked }),
    ...(mayHold === undefined ? {} : { mayHold }),
  };
}

/** Octets of a nonce at least that are looked for: shorter ones stand anywhere. */
const shortestNonce = 4;

/** What was typed in that no link may hand on; it may be none that can be used. */
function typedIn({ secret = '', nonce = '', opening }: Settings): readonly Uint8Array[] {
  const shared = opening?.wtls?.secret ?? '';
  const hex = shared.replace(/\s/g, '');
  const octets = [
    ...(/^(?:[0-9a-f]{2})+$/i.test(hex) ? [hexToBytes(hex)] : []),
    ...nonceOctets(nonce).filter(({ length }) => length >= shortestNonce),
  ];
  return [...[secret, shared].map(utf8ToBytes), ...octets];
}

function nonceOctets(text: string): readonly Uint8Array[] {
  try {
    return [readNonce(text)];
  } catch (error) {
    if (error instanceof ValueError) return [];
    throw error;
  }
}

/** What a message says, as a text: documents are one already. */
function textOf(message: unknown): string {
  return typeof message === 'string' ? message : (JSON.stringify(message) ?? '');
}

/** Finds the space of a layer; octets that were put together become one of their own. */
function spaceFinder(spaces: Space[]): (layer: FoundLayer) => number {
  const known: { readonly buffer: ArrayBufferLike; readonly start: number; index: number }[] = [];
  return ({ within, octets }) => {
    if (within === 'input') return 0;
    let place = known.find(({ buffer, start }) => buffer === octets.buffer && start === octets.byteOffset);
    if (place === undefined) {
      spaces.push({
        title: spaces.length === 1 ? 'Put together' : `Put together (${spaces.length})`,
        octets,
      });
      place = { buffer: octets.buffer, start: octets.byteOffset, index: spaces.length - 1 };
      known.push(place);
    }
    const space = spaces[place.index];
    if (space !== undefined && space.octets.length < octets.length) {
      spaces[place.index] = { ...space, octets };
    }
    return place.index;
  };
}

function judge(name: FamilyName, { findings, error }: Taken, octets: Uint8Array | undefined): FamilyVerdict {
  try {
    return { family: name, ...lintFindings(families[name], findings, error, octets) };
  } catch (cause) {
    if (!(cause instanceof ReveilleError)) throw cause;
    return { family: name, what: cause.message, findings: [] };
  }
}

/** Why octets alone do not make a link; `undefined` where they do. */
function whyNoLink(
  parts: readonly Uint8Array[],
  layers: readonly ViewLayer[],
  captured: CapturedMessage | undefined,
): string | undefined {
  if (parts.every((part) => part.length === 0)) return 'There are no octets to link to.';
  if (captured === undefined || isFrameOfLink(captured)) return undefined;
  // Octets of a stream, or of a link that frames do not name, may be read otherwise when they stand alone.
  if (captured.octets.length <= longestLinked) {
    const taken = take({ parts }, { as: 'auto' });
    const alone = taken.findings.layers;
    const isSame = (layer: ViewLayer, index: number) => layer.title === alone[index]?.title;
    const isRead = taken.error === undefined && layers.length > 0;
    if (isRead && alone.length === layers.length && layers.every(isSame)) return undefined;
  }
  return (
    'A link holds octets and nothing of the capture around them: these come from a stream, a datagram put together or a ' +
    'link layer without a name of its own, and would read otherwise alone.'
  );
}

/** Ethernet, and what else a frame says of itself. */
function isFrameOfLink({ form }: CapturedMessage): boolean {
  return form.kind === 'frame' && form.linkType === 1;
}

/** Where a message of a capture was seen. */
function seenText({ source, destination, frames, time, note }: CapturedMessage): readonly string[] {
  const [first] = frames;
  const named = frames.length === 1 ? `frame ${first}` : `frames ${first} to ${frames.at(-1)}`;
  return [
    ...(first === undefined ? [] : [named]),
    ...(source === undefined || destination === undefined
      ? []
      : [`${endText(source)} → ${endText(destination)}`]),
    ...(time === undefined ? [] : [time]),
    ...(note === undefined ? [] : [note]),
  ];
}

function endText({ address, port }: CapturedEnd): string {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
