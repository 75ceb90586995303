// Data coding scheme of a short message (3GPP TS 23.038 §4), as far as binary content needs it.

/** Data codings that a sender may use for a push. */
export const dataCodings = {
  /** 8-bit, no message class. */
  plain: 0x04,
  /** 8-bit, class 1 (mobile equipment): the usual value for WAP push. */
  classOne: 0xf5,
} as const;

/** True when the data coding says that the user data is octets. */
export function isEightBitData(dataCoding: number): boolean {
  if ((dataCoding & 0xf0) === 0xf0) return (dataCoding & 0x04) !== 0;
  return (dataCoding & 0xc0) === 0 && (dataCoding & 0x0c) === 0x04;
}
