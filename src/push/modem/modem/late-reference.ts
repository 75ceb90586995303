// An answer to a message that comes when nobody waits for it any more: the line was opened anew meanwhile, or the time was over.

/** The last message of a modem of which nobody knows whether it went out, and what the modem says of it late. */
export class LateReference {
  #about: string | undefined;
  #reference: number | undefined;

  /** Another message is handed over: what comes from now on may be about that. */
  forget(): void {
    this.#about = undefined;
    this.#reference = undefined;
  }

  /** The message that its caller calls so went out, and has no answer. */
  await(about: string): void {
    this.#about = about;
    this.#reference = undefined;
  }

  /** Takes a line that no command asked for; true for the reference of that message (3GPP TS 27.005 §3.5.1). */
  hear(line: string): boolean {
    const digits = /^\+CMGS:\s*(\d{1,3})\b/.exec(line)?.[1];
    if (digits === undefined || Number(digits) > 255 || this.#about === undefined) return false;
    this.#reference = Number(digits);
    return true;
  }

  /** The reference that came for the message of that name, once; `undefined` where none did. */
  take(about: string): number | undefined {
    if (this.#about !== about || this.#reference === undefined) return undefined;
    const reference = this.#reference;
    this.forget();
    return reference;
  }
}
