// Header rows in words, shared by the formats' tables.

/** `session 1234 (hex)`: as the DM session will name it. */
export const sessionMeaning = (raw: number): string =>
  raw === 0 ? 'must not be 0' : `session ${raw.toString(16).toUpperCase()} (hex)`;

/** `60 minutes`, `1 day`; 0 is no limit. */
export const timeoutMeaning =
  (unit: 'day' | 'minute') =>
  (raw: number): string =>
    raw === 0 ? 'no timeout' : `${raw} ${unit}${raw === 1 ? '' : 's'}`;

/** ISO 8601 in UTC, seconds precise. */
export const timestampMeaning = (raw: number): string =>
  new Date(raw * 1000).toISOString().replace('.000Z', 'Z');
