// Vendor specific information of a notification (DM-NOTI-1.2 §6.2.13, DM-NOTI-1.3-2010 §6.2.19, DM-NOTI-1.3 §6.5.3).
import type { Notification } from '../../codec/notification/index.ts';
import { bytesToUtf8, hexToBytes } from '../../core/index.ts';
import type { VendorInformation } from '../report/events.ts';

/** Reads it; an empty object when there is none. */
export function vendorInformationOf(message: Notification): VendorInformation {
  if (message.format === 'dm1.3') {
    return message.vendorInfo === undefined ? {} : { vendorInfo: message.vendorInfo };
  }
  return message.vendorData === undefined ? {} : { vendorData: message.vendorData };
}

/** As a person reads it: octets that are a text as that text, others in hex. `undefined` when there is none. */
export function vendorText({ vendorData, vendorInfo }: VendorInformation): string | undefined {
  if (vendorInfo !== undefined || vendorData === undefined || vendorData === '') return vendorInfo;
  const text = bytesToUtf8(hexToBytes(vendorData));
  return text === undefined || /[\p{Cc}\p{Cn}\p{Co}]/u.test(text) ? vendorData : text;
}
