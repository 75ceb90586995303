// A message as one line of the list.
import type { CapturedMessage } from '../../../src/inspect/index.ts';
import type { Row } from './protocol.ts';
import type { Taken } from './view-of.ts';

/** Characters of a row's text at most. */
const longestText = 160;

/** The row of a message; `captured` says where it was seen. */
export function rowOf(number: number, { findings, error }: Taken, captured?: CapturedMessage): Row {
  const { layers, payload, deviations } = findings;
  const whole = error === undefined || error === findings.refusal;
  const { time, note } = captured ?? {};
  const text = error?.message ?? (payload === undefined ? note : undefined) ?? textOf(findings);
  const innermost = layers.at(-1)?.name ?? captured?.protocol ?? 'unread';
  return {
    number,
    ...(time === undefined ? {} : { time }),
    protocols: layers.length === 0 ? (captured?.protocol ?? '') : namesOf(layers),
    kind: !whole ? 'unread' : payload === undefined ? innermost : kindOf(payload),
    text: text.length > longestText ? `${text.slice(0, longestText)}…` : text,
    state:
      error !== undefined || captured?.missing === true
        ? 'error'
        : deviations.length > 0
          ? 'doubtful'
          : 'read',
  };
}

/** Each name once. Most messages have few layers, so a set would cost more. */
function namesOf(layers: Taken['findings']['layers']): string {
  let names = '';
  let last = '';
  for (const { name } of layers) {
    if (name === last) continue;
    last = name;
    names = names === '' ? name : `${names} ${name}`;
  }
  return names;
}

type Payload = NonNullable<Taken['findings']['payload']>;

function kindOf(payload: Payload): string {
  if (payload.kind === 'notification') return payload.decoded.format;
  return `${payload.kind === 'message' ? 'dm' : payload.type}+${payload.form}`;
}

function textOf({ payload, layers }: Taken['findings']): string {
  if (payload === undefined) return layers.at(-1)?.title ?? '';
  if (payload.kind !== 'notification') return `<${payload.root.name}>`;
  const { serverId, sessionId, uiMode, initiator } = payload.decoded.message;
  return `${serverId}, session ${sessionId.toString(16).toUpperCase()}, ${uiMode}, by ${initiator}`;
}
