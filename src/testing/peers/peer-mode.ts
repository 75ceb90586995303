// How a peer behaves that a contract suite puts before a binding.

/** `well` as it should; `silent` takes octets and says nothing; `nonsense` answers with octets of no protocol; `down`. */
export type PeerMode = 'well' | 'silent' | 'nonsense' | 'down';

/** Octets that no protocol of ours begins with, or has room for. */
export const nonsense: Uint8Array = Uint8Array.from(
  { length: 96 },
  (_, index) => (0xf1 + index * 89 + (index >> 3)) & 0xff,
);
