// What is said of a digest that does not hold.

/** With which nonces it was tried, for a format that has one. */
export function noNonce(format: string): string {
  return format === 'dm1.3' ? '' : ', neither with the default nonce nor with a given one';
}
