// The numbers that a session serves: address_range names one, or many by an expression (SMPP 3.4 §5.2.7).

/** Numbers that begin alike. */
export interface NumberRange {
  /** As it was bound. */
  readonly text: string;
  /** Digits that they begin with; may be empty. */
  readonly prefix: string;
  /** Digits that follow; `undefined`: any. */
  readonly further: number | undefined;
}

/**
 * Reads an expression for many numbers: `^49151`, `^49151.*`, `^49151[0-9]{8}$`, `49151*`. Nothing else of regular expressions
 * is understood; `undefined` for anything else, a plain number included.
 */
export function readNumberRange(text: string): NumberRange | undefined {
  const match = /^(\^?)\+?([0-9]{0,20})(\.\*|\*|\[0-9\]\{([0-9]{1,2})\})?\$?$/.exec(text);
  if (match === null) return undefined;
  const [, anchor, prefix = '', tail, further] = match;
  if (anchor === '' && tail === undefined) return undefined;
  return { text, prefix, further: further === undefined ? undefined : Number(further) };
}

/** Whether a number, digits without `+`, is one of them. */
export function isInRange(number: string, { prefix, further }: NumberRange): boolean {
  return number.startsWith(prefix) && (further === undefined || number.length === prefix.length + further);
}
