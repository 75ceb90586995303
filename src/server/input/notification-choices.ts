// Names that the fields of a notification may take, for those who describe them.
import {
  authTypes,
  initiators,
  notificationFormats,
  preferredBearers,
  transports,
  uiModes,
} from '../../codec/notification/index.ts';

/** All choices of the enumerated fields, over all formats. */
export const notificationChoices = {
  formats: notificationFormats,
  uiModes,
  initiators,
  transports,
  authTypes,
  preferredBearers,
} as const;
