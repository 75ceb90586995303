// How a file of comma-separated values is written: spreadsheets put `;` or tabs between fields where the comma is that of numbers,
// may say so in a first line, and save in other charsets than UTF-8.

const quote = 34;
const carriageReturn = 13;
/** `,`, `;` and the tab. */
const delimiters: ReadonlyMap<number, string> = new Map(
  [',', ';', '\t'].map((each) => [each.charCodeAt(0), each]),
);

/** What is between the fields of a header; `,` where it has one field alone. */
export function delimiterOf(header: Uint8Array): string {
  let quoted = false;
  for (const octet of header) {
    if (octet === quote) quoted = !quoted;
    const found = quoted ? undefined : delimiters.get(octet);
    if (found !== undefined) return found;
  }
  return ',';
}

/** The delimiter that a line names which spreadsheets put before the header: `sep=;`. `undefined` for any other line. */
export function namedDelimiter(line: Uint8Array): string | undefined {
  if (line.length !== 5) return undefined;
  const [, named] = /^sep=([,;\t])$/i.exec(Buffer.from(line).toString('latin1')) ?? [];
  return named;
}

/** True for the octets of a file that is UTF-16, by its byte order mark. */
export function isUtf16(first: Uint8Array): boolean {
  return (first[0] === 0xff && first[1] === 0xfe) || (first[0] === 0xfe && first[1] === 0xff);
}

/** A record without the byte order mark before the first one, and without the CR of its end. */
export function trimmedRecord(octets: Buffer, isFirst: boolean): Buffer {
  const marked = isFirst && octets[0] === 0xef && octets[1] === 0xbb && octets[2] === 0xbf;
  const end = octets.at(-1) === carriageReturn ? octets.length - 1 : octets.length;
  return octets.subarray(marked ? 3 : 0, end);
}
