// Intel HEX and S-records of Motorola: records with a count, an address, data and a checksum. Only the data are octets of a message.
import { PasteError } from '../paste-forms/paste-error.ts';
import { dumpsOf, pairsOf } from './octets-text.ts';

/** The data of the records as a dump; `undefined` for other text. @throws {PasteError} for checksums, counts and addresses that do not fit */
export function recordFile(text: string): string | undefined {
  const lines = text.split(/\r\n|\n|\r/);
  const filled = lines.filter((line) => line.trim() !== '');
  const isIntel = filled.length > 0 && filled.every((line) => /^\s*:(?:[0-9a-f]{2}){5,}\s*$/i.test(line));
  const isMotorola =
    filled.length > 0 && filled.every((line) => /^\s*S[0-9](?:[0-9a-f]{2}){3,}\s*$/i.test(line));
  if (!isIntel && !isMotorola) return undefined;
  const data: number[] = [];
  let next: number | undefined;
  let base = 0;
  let isEnded = false;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const fail = (detail: string): PasteError => new PasteError(index + 1, 1, detail);
    if (isEnded) throw fail('a record behind the last one: paste one file');
    const record = isIntel ? pairsOf(line.trim().slice(1)) : pairsOf(line.trim().slice(2));
    const sum = record.reduce((all, octet) => all + octet, 0) & 0xff;
    if (sum !== (isIntel ? 0 : 0xff))
      throw fail('the checksum of this record is wrong: an octet was changed');
    const [count = 0] = record;
    if (record.length !== count + (isIntel ? 5 : 1))
      throw fail('the count of this record is not that of its octets');
    const type = isIntel ? (record[3] ?? 0) : Number(line.trim().charAt(1));
    const width = isIntel ? 2 : type + 1;
    if (isIntel ? type === 1 : type >= 7) isEnded = true;
    if (isIntel && (type === 2 || type === 4)) {
      base = numberOf(record.slice(4, 6)) * (type === 2 ? 0x10 : 0x10000);
    }
    if (isIntel ? type !== 0 : type < 1 || type > 3) continue;
    const at = base + numberOf(record.slice(1, 1 + width));
    if (next !== undefined && at !== next)
      throw fail('the address does not follow: octets are missing before this record');
    const octets = record.slice(isIntel ? 4 : 1 + width, -1);
    for (const octet of octets) data.push(octet);
    next = at + octets.length;
  }
  if (!isEnded) throw new PasteError(lines.length, 1, 'the last record is missing: paste the whole file');
  return dumpsOf([data]);
}

function numberOf(octets: readonly number[]): number {
  return octets.reduce((all, octet) => all * 256 + octet, 0);
}
