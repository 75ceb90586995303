// How errors and annotations name the specification.

/** WAP-261-WTLS-20010406, by its own section numbers. What we choose within it stands in docs/secure-push.md. */
export const wtlsDocument = 'WTLS';
