// `pdu: [6 5 196]`, as programs in Go print octets into a log: the list of each line without what stands before it.
import { blank } from '../paste-forms/hex-marks.ts';
import { beginsWithRow } from './octets-text.ts';

const line = /^([^[\]{}"']*(?:\[[^[\]\s]*\][^[\]{}"']*)*[\s:=])(\[[0-9]{1,3}(?: [0-9]{1,3}){5,}\])\s*$/;
const octets = /(?:[0-9a-f]{2}[ :-]){6}|[0-9a-f]{16}/i;

/** The lists alone; the text as it is where a line has none, or other octets before it. */
export function goLists(text: string): string {
  if (beginsWithRow(text)) return text;
  const lines = text.split('\n').map((each) => each.replace(/\r$/, ''));
  const found = lines.map((each) => (each.trim() === '' ? '' : line.exec(each)));
  if (found.every((each) => each === '')) return text;
  const plain = found.map((each) =>
    each === ''
      ? ''
      : each === null || octets.test(each[1] ?? '')
        ? undefined
        : blank(each[1] ?? '') + each[2],
  );
  return plain.includes(undefined) ? text : plain.join('\n');
}
