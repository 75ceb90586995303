// What went wrong with a PAP request: codes as PushErrors.
import { isPassingCode, papCodeClass, papCodeMeaning, papCodeName } from '../../codec/pap/index.ts';
import { PushError } from '../../core/index.ts';
import type { GatewayLoss } from './gateway-kind.ts';

/** The error of a request that `peer` answered with a code; `undefined` when the code says that it was taken. */
export function codePushError(code: number, desc: string | undefined, peer: string): PushError | undefined {
  if (papCodeClass(code) === 'success') return undefined;
  const name = papCodeName(code);
  const said = desc === undefined || desc.trim() === '' ? '' : ` (${shown(desc)})`;
  return new PushError(
    `PAP_${name === undefined ? code : upperSnake(name)}`,
    `${peer}: answered ${code}: ${papCodeMeaning(code)}${said}`,
    isPassingCode(code),
  );
}

/** The error of an answer that is none. */
export function protocolError(peer: string, detail: string, cause?: unknown): PushError {
  const options = cause === undefined ? undefined : { cause };
  return new PushError('PROTOCOL', `${peer}: does not answer in PAP: ${detail}`, false, options);
}

/** The error of what was not sent, because a gateway of this kind is known to lose it. */
export function lossError(peer: string, kind: string, { what, remedy }: GatewayLoss): PushError {
  const text = `${peer}: not sent, because ${kind} ${what}: ${remedy}, or send it all the same with "force": true`;
  return new PushError('GATEWAY_LOSS', text, false);
}

function upperSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** A peer's text, fit for one line of a log. */
function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
