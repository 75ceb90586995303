// Global tokens of WBXML: the same in every code page (WBXML-1.3 §7.1).

/** Name ⇄ octet of each global token. */
export const globalTokens = {
  SWITCH_PAGE: 0x00,
  END: 0x01,
  ENTITY: 0x02,
  STR_I: 0x03,
  LITERAL: 0x04,
  EXT_I_0: 0x40,
  EXT_I_1: 0x41,
  EXT_I_2: 0x42,
  PI: 0x43,
  LITERAL_C: 0x44,
  EXT_T_0: 0x80,
  EXT_T_1: 0x81,
  EXT_T_2: 0x82,
  STR_T: 0x83,
  LITERAL_A: 0x84,
  EXT_0: 0xc0,
  EXT_1: 0xc1,
  EXT_2: 0xc2,
  OPAQUE: 0xc3,
  LITERAL_AC: 0xc4,
} as const;

/** Flag of a tag token: the element has content. */
export const contentFlag = 0x40;
/** Flag of a tag token: the element has attributes. */
export const attributesFlag = 0x80;

const names = new Map<number, string>(Object.entries(globalTokens).map(([name, token]) => [token, name]));

/** Name of a global token, or `undefined` for a token of a code page. */
export function globalTokenName(token: number): string | undefined {
  return names.get(token);
}
