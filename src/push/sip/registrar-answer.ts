// What a registrar's 200 says about our binding (RFC 3261 §10.2.4, RFC 5627 §4.2).
import {
  type FieldValue,
  listOf,
  type NameAddr,
  numberField,
  parameter,
  parseSipUri,
  readNameAddr,
  readSipUri,
  type SipResponse,
  sameSipUri,
} from '../../codec/sip/index.ts';
import { DecodeError } from '../../core/index.ts';

/** Our binding as the registrar has it. */
export interface RegistrarAnswer {
  /** Seconds until it ends. */
  readonly expiresSeconds: number;
  readonly publicGruu: string | undefined;
  readonly temporaryGruu: string | undefined;
}

/**
 * Finds our binding among the Contacts: the one with our URI, else the one with our instance id. Others may hold anything.
 * `asked` is what counts when the registrar does not say how long.
 */
export function readRegistrarAnswer(
  response: SipResponse,
  ours: { readonly contact: string; readonly instanceId: string },
  asked: number,
): RegistrarAnswer {
  const contact = parseSipUri(ours.contact);
  const contacts = readable(() => listOf(response, 'Contact'))?.flatMap((field) => {
    const read = readContact(field);
    return read === undefined ? [] : [read];
  });
  const own =
    contacts?.find(({ uri }) => {
      const other = readable(() => readSipUri({ text: uri, path: 'Contact', offset: 0 }));
      return other !== undefined && sameSipUri(contact, other);
    }) ??
    contacts?.find(({ parameters }) => parameter(parameters, '+sip.instance') === `<${ours.instanceId}>`);
  const general = readable(() => numberField(response, 'Expires', '20.19'));
  const said = own === undefined ? undefined : seconds(parameter(own.parameters, 'expires'));
  return {
    expiresSeconds: said ?? general ?? asked,
    publicGruu: own === undefined ? undefined : gruu(own, 'pub-gruu'),
    temporaryGruu: own === undefined ? undefined : gruu(own, 'temp-gruu'),
  };
}

/** When to register again: at half the time, but a minute before its end, and never before a third of it. */
export function refreshAfterMs(expiresSeconds: number): number {
  const second = 1000;
  const early = Math.min(expiresSeconds / 2, expiresSeconds - 60);
  return Math.round(Math.max(early, expiresSeconds / 3, 1) * second);
}

function readContact(field: FieldValue): NameAddr | undefined {
  return readable(() => readNameAddr(field));
}

function gruu({ parameters }: NameAddr, name: string): string | undefined {
  const uri = parameter(parameters, name);
  if (uri === undefined) return undefined;
  return readable(() => readSipUri({ text: uri, path: 'Contact', offset: 0 })) === undefined
    ? undefined
    : uri;
}

function seconds(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9]{1,10}$/.test(text) ? Number(text) : undefined;
}

/** What cannot be read counts as not there. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
