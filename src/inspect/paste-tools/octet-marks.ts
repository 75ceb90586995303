// Signs before and between octets: $06 of Pascal and assemblers, &H06 of Basic, dots, dashes of typography, =06 of quoted-printable,
// <Buffer 06> within what Node prints.
import { blank } from '../paste-forms/hex-marks.ts';
import { PasteError } from '../paste-forms/paste-error.ts';
import { dumpsOf, holdCount, pairsOf } from './octets-text.ts';

/** The text with plain signs. @throws {PasteError} for words whose order of octets is not known, and several buffers */
export function withoutOctetMarks(text: string): string {
  refuseWordList(text);
  if (/^\s*(?:(?:\$|&H)[0-9a-f]{1,2}(?:[\s,;]+|$)){2,}$/i.test(text)) {
    return text
      .trim()
      .replace(/[\s,;]+/g, ', ')
      .replace(/\$|&H/gi, '0x')
      .replace(/, $/, '');
  }
  if (/^\s*[0-9a-f]{2}(?:\.[0-9a-f]{2}){5,}\s*$/i.test(text)) return text.replaceAll('.', ' ');
  const dashes = /[\u2010-\u2015\u2212]/g;
  if (dashes.test(text) && /^[\s0-9a-f\u2010-\u2015\u2212-]+$/i.test(text)) return text.replace(dashes, '-');
  return quotedPrintable(text) ?? bufferAlone(text);
}

/** @throws {PasteError} for `0x0605, 0x040b` */
function refuseWordList(text: string): void {
  const found = /(?<!\w)0x((?:[0-9a-f]{4}|[0-9a-f]{8}|[0-9a-f]{16}))\s*,\s*0x[0-9a-f]{4,16}(?!\w)/i.exec(
    text,
  );
  if (found === null) return;
  const word = found[1] ?? '';
  const detail = `0x${word} has ${word.length / 2} octets, whose order depends on the machine: paste octets (0x06, 0x05), or the digits alone where they stand in the order of the octets`;
  throw PasteError.at(text, found.index, detail);
}

function quotedPrintable(text: string): string | undefined {
  const whole = text.replace(/=\r?\n/g, '').trim();
  if (!/^(?:=[0-9A-F]{2}|[!-<>-~])+$/.test(whole) || !whole.startsWith('=')) return undefined;
  const spelt = whole.match(/=[0-9A-F]{2}/g)?.length ?? 0;
  const octets = [...whole.matchAll(/=([0-9A-F]{2})|(.)/g)].map(([, pair, character = '']) =>
    pair === undefined ? character.charCodeAt(0) : Number.parseInt(pair, 16),
  );
  return spelt >= 3 && spelt * 4 >= octets.length ? dumpsOf([octets]) : undefined;
}

/** `msg: <Buffer 06 05> { address: …, size: 2 }`, its size held. @throws {PasteError} */
function bufferAlone(text: string): string {
  const all = [...text.matchAll(/<Buffer [^<>]*>/g)];
  const [one, second] = all;
  if (one === undefined || /^\s*</.test(text)) return text;
  if (second !== undefined) throw PasteError.at(text, second.index, 'a second buffer: paste one of them');
  const behind = text.slice(one.index + one[0].length);
  const size = /\bsize: ([0-9]{1,7})\b/.exec(behind)?.[1];
  if (size !== undefined && !/\.\.\./.test(one[0]))
    holdCount(Number(size), pairsOf(one[0].slice(8)).length, 1);
  return blank(text.slice(0, one.index)) + one[0] + blank(behind);
}
