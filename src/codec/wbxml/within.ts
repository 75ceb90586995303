// A WBXML document among the white space that XML tools leave around it.

const whiteSpace = (octet: number | undefined): boolean =>
  octet === 0x20 || octet === 0x0a || octet === 0x0d || octet === 0x09;

/**
 * The WBXML document in `octets` without white space around it, as a view: libwbxml writes what stands around an inline
 * document as further OPAQUE. `undefined` when what follows the white space is no version octet of WBXML, 01–03; XML
 * never begins with one. The end is cut only behind an END token, for white space are valid tokens too.
 */
export function wbxmlWithin(octets: Uint8Array): Uint8Array | undefined {
  let start = 0;
  while (whiteSpace(octets[start])) start += 1;
  const version = octets[start];
  if (version === undefined || version > 0x03) return undefined;
  let end = octets.length;
  while (whiteSpace(octets[end - 1])) end -= 1;
  return octets.subarray(start, octets[end - 1] === 0x01 ? end : octets.length);
}
