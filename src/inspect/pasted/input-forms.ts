// The forms of pasted octets by name, apart from what reads them.

/** Forms that octets are pasted in. */
export const inputForms = ['lines', 'hex', 'dump', 'list', 'escaped', 'percent', 'base64', 'binary'] as const;

/** One of `inputForms`: `lines` is hex with one message a line, `hex` one message, `binary` octets as they are. */
export type InputForm = (typeof inputForms)[number];
