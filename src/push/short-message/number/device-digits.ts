// What is compared of telephone numbers: centres write the number of one device in national form here, with a prefix there.

/** Digits from the end that have to agree. */
const comparedDigits = 8;

/** All digits of a number; empty when it is none (a name, nothing). */
export function allDigits(number: string): string {
  return /^[+0-9 ().-]*$/.test(number) ? number.replace(/[^0-9]/g, '') : '';
}

/** The last eight digits of a number, all of a shorter one; empty when it is none. */
export function deviceDigits(number: string): string {
  return allDigits(number).slice(-comparedDigits);
}

/** How many digits of two numbers agree, from their ends: of devices with the same last eight, the longest agreement tells. */
export function agreement(one: string, other: string): number {
  let count = 0;
  while (count < one.length && count < other.length && one.at(-1 - count) === other.at(-1 - count))
    count += 1;
  return count;
}
