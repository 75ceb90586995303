// What `socat -x` and `socat -x -v` print of what goes through: a head with the length, octets in pairs, maybe their text, and `--`.
import { PasteError } from '../paste-forms/paste-error.ts';
import { dumpsOf, holdCount, pairsOf } from './octets-text.ts';

const head =
  /^[<>] [0-9]{4}\/[0-9]{2}\/[0-9]{2} [0-9:.]{8,18} {1,2}length=([0-9]{1,9}) from=[0-9]+ to=[0-9]+\s*$/;

/** Each block as a dump held against its length; `undefined` for other text. @throws {PasteError} where they differ */
export function socatTrace(text: string): string | undefined {
  const lines = text.split(/\r\n|\n|\r/);
  if (!head.test(lines.find((line) => line.trim() !== '') ?? '')) return undefined;
  const messages: number[][] = [];
  let [length, headLine] = [0, 0];
  const close = (): void => {
    if (headLine > 0) holdCount(length, messages.at(-1)?.length ?? 0, headLine);
  };
  for (const [index, line] of lines.entries()) {
    const said = head.exec(line)?.[1];
    if (said !== undefined) {
      close();
      [length, headLine] = [Number(said), index + 1];
      messages.push([]);
      continue;
    }
    if (line.trim() === '' || /^--\s*$/.test(line)) continue;
    // The text stands behind sixteen pairs, or behind the room that they would take.
    const isBare = /^ ?(?:[0-9a-f]{2} )*[0-9a-f]{2}\s*$/i.test(line);
    const row = isBare ? line : (/^ ?((?:[0-9a-f]{2} ){1,16})(?= |\S|$)/i.exec(line.slice(0, 49))?.[0] ?? '');
    if (row === '') throw new PasteError(index + 1, 1, 'octets of socat -x were expected');
    for (const octet of pairsOf(row)) messages.at(-1)?.push(octet);
  }
  close();
  return dumpsOf(messages.filter(({ length: octets }) => octets > 0));
}
