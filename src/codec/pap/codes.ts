// Result codes of PAP, as one list (PAP §9.13; PAP 2.0).

interface CodeRow {
  /** 1000–5999. */
  readonly code: number;
  readonly name: string;
  readonly meaning: string;
  /** True when the same request may succeed later. */
  readonly passing: boolean;
}

const row = <Name extends string>(code: number, name: Name, meaning: string, passing = false) =>
  ({ code, name, meaning, passing }) as const;

const rows = [
  row(1000, 'ok', 'done'),
  row(1001, 'acceptedForProcessing', 'accepted, the outcome is not known yet'),
  row(2000, 'badRequest', 'the request is not understood'),
  row(2001, 'forbidden', 'the request is refused'),
  row(2002, 'addressError', 'the address is not one that is served'),
  row(2003, 'addressNotFound', 'the address is not known'),
  row(2004, 'pushIdNotFound', 'the push-id is not known'),
  row(2005, 'capabilitiesMismatch', 'the client does not have the capabilities that were assumed'),
  row(2006, 'requiredCapabilitiesNotSupported', 'the client lacks a capability that was required'),
  row(2007, 'duplicatePushId', 'the push-id has been used before'),
  row(2008, 'cancellationNotPossible', 'the push can no longer be cancelled'),
  row(3000, 'internalServerError', 'the server failed', true),
  row(3001, 'notImplemented', 'the operation is not implemented'),
  row(3002, 'versionNotSupported', 'the version of PAP is not supported'),
  row(3003, 'notPossible', 'the operation is not possible any more'),
  row(3004, 'capabilityMatchingNotSupported', 'capabilities are not compared'),
  row(3005, 'multipleAddressesNotSupported', 'several addresses are not supported'),
  row(3006, 'transformationFailure', 'the content could not be transformed'),
  row(3007, 'deliveryMethodNotPossible', 'the delivery method is not possible'),
  row(3008, 'capabilitiesNotAvailable', "the client's capabilities are not known"),
  row(3009, 'requiredNetworkNotAvailable', 'the network is not available', true),
  row(3010, 'requiredBearerNotAvailable', 'the bearer is not available', true),
  row(3011, 'replacementNotSupported', 'a push cannot be replaced'),
  row(4000, 'serviceFailure', 'the service failed', true),
  row(4001, 'serviceUnavailable', 'the service is not available', true),
  row(5000, 'clientAborted', 'the client gave up'),
] as const satisfies readonly CodeRow[];

/** Name of a result code that has one. */
export type PapCodeName = (typeof rows)[number]['name'];

const byCode: ReadonlyMap<number, CodeRow> = new Map(rows.map((each) => [each.code, each]));

/** Result codes by name. */
export const papCodes = Object.freeze(
  Object.fromEntries(rows.map(({ name, code }) => [name, code])),
) as Readonly<Record<PapCodeName, number>>;

/** What the thousand of a code says about the request. */
export type PapCodeClass =
  | 'success'
  | 'client-error'
  | 'server-error'
  | 'service-failure'
  | 'client-aborted'
  | 'unknown';

const classes: readonly PapCodeClass[] = [
  'unknown',
  'success',
  'client-error',
  'server-error',
  'service-failure',
  'client-aborted',
];

/** The class of any code, known or not. */
export function papCodeClass(code: number): PapCodeClass {
  return classes[Math.floor(code / 1000)] ?? 'unknown';
}

/** The row of a code; one that is not known acts as its thousand. */
function rowOf(code: number): CodeRow | undefined {
  return byCode.get(code) ?? byCode.get(Math.floor(code / 1000) * 1000);
}

/** The code's name, `undefined` for one that is not known. */
export function papCodeName(code: number): PapCodeName | undefined {
  return rows.find((each) => each.code === code)?.name;
}

/** What the code says, in a few words for people; an unknown code says what its thousand says. */
export function papCodeMeaning(code: number): string {
  return rowOf(code)?.meaning ?? 'unknown code';
}

/** True when the same request may succeed later. */
export function isPassingCode(code: number): boolean {
  return rowOf(code)?.passing ?? false;
}
