// registered_delivery of a submit_sm that is written already.
import { ByteReader } from '../../core/index.ts';
import { smppDocument } from './document.ts';
import { headerLength } from './pdu.ts';

/**
 * Sets registered_delivery (SMPP 3.4 §5.2.17) of a written submit_sm: the parts of one push may ask for different receipts.
 * @throws {DecodeError} when it is none
 */
export function setRegisteredDelivery(pdu: Uint8Array, value: number): void {
  const reader = new ByteReader(pdu, smppDocument, headerLength);
  reader.untilNul('serviceType', '5.2.11');
  reader.take(2, 'sourceTon', '5.2.5');
  reader.untilNul('sourceAddress', '5.2.8');
  reader.take(2, 'destinationTon', '5.2.5');
  reader.untilNul('destinationAddress', '5.2.9');
  reader.take(3, 'esmClass', '5.2.12');
  reader.untilNul('scheduleDeliveryTime', '5.2.15');
  reader.untilNul('validityPeriod', '5.2.16');
  reader.need(1, 'registeredDelivery', '5.2.17');
  pdu[reader.offset] = value;
}
