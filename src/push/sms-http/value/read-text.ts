// Octets of a body as text, in whatever character set: what a company says of a message must not be lost for a letter.

/** Character sets that a document in XML names itself (XML 1.0 §4.3.3). */
const xmlEncoding = /^<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/;

/**
 * The text of a body: in the charset that Content-Type names, by the labels of `TextDecoder`; else in the one that an XML
 * declaration names; else in UTF-8, or windows-1252 where it is none. What stands for no character becomes U+FFFD.
 */
export function readText(octets: Uint8Array, contentType?: string | undefined): string {
  const declared = xmlEncoding.exec(new TextDecoder('latin1').decode(octets.subarray(0, 200)))?.[1];
  return (
    decoded(octets, charsetOf(contentType)) ??
    decoded(octets, declared) ??
    decoded(octets, 'utf-8', true) ??
    new TextDecoder('windows-1252').decode(octets)
  );
}

function charsetOf(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*["']?([^\s"';]+)/i.exec(contentType ?? '')?.[1];
}

/** `undefined` for a label that stands for nothing; with `fatal`, for what is not in that charset too. */
function decoded(octets: Uint8Array, label: string | undefined, fatal = false): string | undefined {
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label, { fatal }).decode(octets);
  } catch {
    return undefined;
  }
}
