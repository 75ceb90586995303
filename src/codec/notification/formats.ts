// The three formats by name.
import type { FormatCodec } from './decoded.ts';
import type { FormatDescription } from './description.ts';
import { dm12 } from './dm12.ts';
import { dm13 } from './dm13.ts';
import { dm13Draft2010 } from './dm13-draft-2010.ts';
import { type NotificationFormat, notificationFormats } from './message.ts';

export const formatCodecs: Readonly<Record<NotificationFormat, FormatCodec>> = {
  'dm1.2': dm12,
  'dm1.3-2010': dm13Draft2010,
  'dm1.3': dm13,
};

/** The tables of all formats, in the order of `notificationFormats`. */
export const formatDescriptions: readonly FormatDescription[] = notificationFormats.map(
  (format) => formatCodecs[format].description,
);
