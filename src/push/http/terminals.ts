// What terminals told about themselves when asked: the tag of their capabilities, and what they accept
// (OMA PushOTA).

import { fieldNames, isDmApplicationId, parsePushStatus, pushStatuses } from './header-names.ts';
import type { HttpResponse } from './http-client.ts';

/** Capabilities of a terminal, as far as a push depends on them. */
export interface TerminalCapabilities {
  /** Names this set of capabilities; opaque. */
  readonly cpiTag: string;
  /** As the terminal names itself. */
  readonly terminalId: string | undefined;
  /** Octets of a message, at most; `undefined` when it does not say. */
  readonly maxMessageSize: number | undefined;
  /** Media ranges that it takes, in lower case; `undefined` for all. */
  readonly accept: readonly string[] | undefined;
  /** Whether it takes pushes for DM. */
  readonly acceptsDm: boolean;
}

/** Longer tags are not kept. */
const maxTag = 256;

/** The tag in an answer; `undefined` when it has none that can be used. */
export function cpiTagOf(response: HttpResponse): string | undefined {
  const tag = response.header(fieldNames.cpiTag)?.trim();
  return tag === undefined || tag === '' || tag.length > maxTag ? undefined : tag;
}

/**
 * Reads the answer to a registration. `known` is what was known before, which a terminal does not repeat when nothing has
 * changed. `undefined` when the answer is no answer to a registration.
 */
export function readCapabilities(
  response: HttpResponse,
  known: TerminalCapabilities | undefined,
): TerminalCapabilities | undefined {
  const status = parsePushStatus(response.header(fieldNames.pushStatus) ?? '')?.code;
  const cpiTag = cpiTagOf(response) ?? known?.cpiTag;
  if (cpiTag === undefined) return undefined;
  if (status === pushStatuses.unchanged && known !== undefined) return { ...known, cpiTag };
  const size = response.header(fieldNames.maxMessageSize)?.trim() ?? '';
  const applications = listOf(response.header(fieldNames.acceptApplicationId));
  return {
    cpiTag,
    terminalId: response.header(fieldNames.terminalId)?.slice(0, maxTag),
    maxMessageSize: /^[0-9]{1,9}$/.test(size) && Number(size) > 0 ? Number(size) : undefined,
    accept: listOf(response.header(fieldNames.accept)),
    acceptsDm: applications === undefined || applications.some((id) => id === '*' || isDmApplicationId(id)),
  };
}

/** True when the terminal takes the media type. */
export function acceptsType({ accept }: TerminalCapabilities, mime: string): boolean {
  if (accept === undefined) return true;
  const [type = ''] = mime.split('/');
  return accept.some((range) => range === '*/*' || range === '*' || range === `${type}/*` || range === mime);
}

/** Elements of a list, in lower case and without parameters; `undefined` for none. */
function listOf(value: string | undefined): readonly string[] | undefined {
  const elements = (value ?? '')
    .toLowerCase()
    .split(',')
    .map((element) => element.split(';', 1)[0]?.trim() ?? '')
    .filter((element) => element !== '');
  return elements.length === 0 ? undefined : elements;
}

/** Capabilities by terminal; the one not used for longest is forgotten when there are too many. */
export class Terminals {
  readonly #capacity: number;
  readonly #known = new Map<string, TerminalCapabilities>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(uri: string): TerminalCapabilities | undefined {
    const known = this.#known.get(uri);
    if (known !== undefined) {
      this.#known.delete(uri);
      this.#known.set(uri, known);
    }
    return known;
  }

  set(uri: string, capabilities: TerminalCapabilities): void {
    this.#known.delete(uri);
    this.#known.set(uri, capabilities);
    if (this.#known.size > this.#capacity) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
  }
}
