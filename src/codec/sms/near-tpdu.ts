// What is a TPDU but for its length, or of a kind that carries nothing for us: tools name it instead of taking it for
// something else (3GPP TS 23.040 §9.2.2).
import { type Annotation, ByteReader, DecodeError } from '../../core/index.ts';
import { isSmsCommand } from './sms-command.ts';
import { decodeTpdu, firstIsServiceCentre } from './tpdu.ts';

/** Types of addresses that networks use: unknown, international, national (each ISDN), and alphanumeric. */
const addressTypes: readonly number[] = [0x81, 0x91, 0xa1, 0xd0];

/**
 * Whether octets that cannot be read as a TPDU fit all its fixed fields (type, addresses, PID and DCS, digits of times) and fail
 * behind them, or are an SMS-COMMAND; and whether the address of a service centre stands before it.
 */
export function nearTpdu(bytes: Uint8Array): { readonly serviceCentre: boolean } | undefined {
  for (const serviceCentre of [true, false]) {
    const seen = new Map<string, Annotation>();
    try {
      decodeTpdu(bytes, { serviceCentre, annotate: (annotation) => seen.set(annotation.field, annotation) });
      return { serviceCentre };
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
    if (serviceCentre && !firstIsServiceCentre(bytes)) continue;
    const start = serviceCentre ? (bytes[0] ?? 0) + 1 : 0;
    if (isNear(bytes, seen) || isSmsCommand(new ByteReader(bytes.subarray(start), '3GPP TS 23.040', 0))) {
      return { serviceCentre };
    }
  }
  return undefined;
}

function isNear(bytes: Uint8Array, seen: ReadonlyMap<string, Annotation>): boolean {
  const address = seen.get('TP-OA') ?? seen.get('TP-DA') ?? seen.get('TP-RA');
  if (address === undefined || !addressTypes.includes(bytes[address.offset + 1] ?? 0)) return false;
  // A time has digits enough; an SMS-SUBMIT has none, and its length has to be there.
  if (seen.has('TP-RA')) return seen.has('TP-DT');
  return seen.has('TP-OA') ? seen.has('TP-SCTS') : seen.has('TP-UDL') && (bytes[address.offset] ?? 0) >= 3;
}
