// Which answers of HTTP have no body whatever they say: those to HEAD (RFC 9110 §9.3.2).

/** Requests without an answer that are remembered. */
const mostRequests = 1024;

/** Puts answers of one connection to their requests. */
export class HttpAnswers {
  /** Of requests without an answer so far: whether it was HEAD. */
  readonly #heads: boolean[] = [];

  /** Whether the next answer is one to HEAD. */
  get nextIsBare(): boolean {
    return this.#heads[0] === true;
  }

  /** A request, or an answer; answers with a number from 100 to 199 come before the one that counts. */
  add(octets: Uint8Array): void {
    const start = String.fromCharCode(...octets.subarray(0, 12));
    if (!start.startsWith('HTTP/')) {
      if (this.#heads.length < mostRequests) this.#heads.push(start.startsWith('HEAD '));
    } else if (!/^HTTP\/1\.[01] 1/.test(start)) this.#heads.shift();
  }
}
