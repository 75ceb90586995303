// What is compared of telephone numbers: centres write the number of one device in national form here, with a prefix there.

/** Digits from the end that are compared. */
const comparedDigits = 8;

/** The last eight digits of a number, all of a shorter one; empty when it is none (a name, nothing). */
export function deviceDigits(number: string): string {
  return /^[+0-9 ().-]*$/.test(number) ? number.replace(/[^0-9]/g, '').slice(-comparedDigits) : '';
}
