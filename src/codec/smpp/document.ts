/** Short name of the standard in errors and annotations: SMPP Protocol Specification v3.4. */
export const smppDocument = 'SMPP 3.4';
