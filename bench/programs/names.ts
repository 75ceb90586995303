// Names that the programs share.

/** The account that everything belongs to. */
export const serverId = 'com.example.bench';

/** Id of a device by its number: the same in every filling. */
export function deviceId(number: number): string {
  return `IMEI:${500_000_000_000_000 + number}`;
}
