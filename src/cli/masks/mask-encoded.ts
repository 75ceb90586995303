// Octets that are written as text in a message, as companies take short messages over HTTP: hex, Base64, percent. What is
// in them is looked through like any other octets; parts of cut messages are shown where they begin a Package #0.
import { decodeUserData } from '../../codec/sms/index.ts';
import { DecodeError } from '../../core/index.ts';
import { Mask } from './mask.ts';
import { maskDocuments } from './mask-document.ts';
import { isNotification } from './mask-short-message.ts';
import { maskText } from './mask-text.ts';

/** Values of parameters with octets as %xx. */
const percentValue = /[=:](?<run>(?:[\w.~*+!'()-]|%[0-9A-Fa-f]{2})*)/dg;
const hexRun = /(?<run>(?:[0-9A-Fa-f]{2}){6,})/dg;
const base64Run = /(?<run>[A-Za-z0-9+/_-]{8,}={0,2})/dg;

/** Octets of a header of a part, and of content that is worth a look. */
const [shortestHeader, shortestContent] = [6, 16];

/** First elements of the headers of parts: concatenation and ports, in both widths (3GPP TS 23.040 §9.2.3.24). */
const elements: ReadonlySet<number> = new Set([0x00, 0x04, 0x05, 0x08]);

interface Run {
  readonly offset: number;
  readonly length: number;
  readonly octets: Uint8Array;
}

/** Covers runs with something secret in them. */
export function maskEncoded(mask: Mask): void {
  const runs = runsOf(mask.text);
  // A header that stands beside its content, in a field of its own.
  const apart = runs.some(({ octets }) => octets.length < shortestContent && isCut(octets));
  for (const { offset, length, octets } of runs) {
    if (octets.length < shortestContent) continue;
    const { payload, cut } = userDataOf(octets);
    const isPart = (cut || apart) && !isNotification(payload);
    if (isPart) mask.cover(offset, length, 'part of a message');
    else if (hasSecret(payload)) mask.cover(offset, length, 'encoded content with a secret');
  }
}

function runsOf(text: string): readonly Run[] {
  const found: Run[] = [];
  const add = (expression: RegExp, decode: (run: string) => Uint8Array): void => {
    for (const { groups, indices } of text.matchAll(expression)) {
      const place = indices?.groups?.run;
      if (place === undefined || place[0] === place[1]) continue;
      const octets = decode(groups?.run ?? '');
      if (octets.length >= shortestHeader) {
        found.push({ offset: place[0], length: place[1] - place[0], octets });
      }
    }
  };
  add(percentValue, (run) => (run.includes('%') ? percentOctets(run) : new Uint8Array(0)));
  add(hexRun, (run) => Buffer.from(run, 'hex'));
  add(base64Run, (run) => Buffer.from(run, 'base64'));
  return found;
}

/** The octets of a value; those of hex or Base64 where that is what it holds. */
function percentOctets(run: string): Uint8Array {
  const plain = run
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  if (/^(?:[0-9A-Fa-f]{2})+$/.test(plain)) return Buffer.from(plain, 'hex');
  if (/^[A-Za-z0-9 /_-]{8,}={0,2}$/.test(plain)) return Buffer.from(plain.replaceAll(' ', '+'), 'base64');
  return Buffer.from(plain, 'latin1');
}

function userDataOf(octets: Uint8Array): { readonly payload: Uint8Array; readonly cut: boolean } {
  if (!elements.has(octets[1] ?? -1) || (octets[0] ?? 0) >= octets.length)
    return { payload: octets, cut: false };
  try {
    const { header, payload } = decodeUserData(octets);
    const { concatenation, ports } = header;
    if (concatenation === undefined && ports === undefined) return { payload: octets, cut: false };
    return { payload, cut: concatenation !== undefined && concatenation.total > 1 };
  } catch (error) {
    if (error instanceof DecodeError) return { payload: octets, cut: false };
    throw error;
  }
}

function isCut(octets: Uint8Array): boolean {
  const { payload, cut } = userDataOf(octets);
  return cut && payload.length === 0;
}

function hasSecret(octets: Uint8Array): boolean {
  const inner = new Mask(octets);
  maskText(inner);
  maskDocuments(inner);
  return inner.finish().masked.length > 0;
}
