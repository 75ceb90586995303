// Limits that either end of a session has unless it says otherwise.

/** Octets of an object that an end takes unless it says otherwise. */
export const defaultMaxObjSize = 1_048_576;
