// The content types that Package #0 travels under (DM-NOTI-1.2 §6, DM-NOTI-1.3-2010 §6, DM-NOTI-1.3 §6).
import type { NotificationFormat } from './message.ts';

/** A content type in both spellings that carriers need. */
export interface NotificationContentType {
  /** MIME type without parameters. The two 1.3 forms share one. */
  readonly mime: string;
  /** Assigned WSP content type number. The two MD5 forms share one. */
  readonly code: number;
}

const contentTypes: Readonly<Record<NotificationFormat, NotificationContentType>> = {
  'dm1.2': { mime: 'application/vnd.syncml.notification', code: 0x44 },
  'dm1.3-2010': { mime: 'application/vnd.syncml.dm.notification', code: 0x44 },
  'dm1.3': { mime: 'application/vnd.syncml.dm.notification', code: 0x58 },
};

/** What a notification of this format is sent as. */
export function contentTypeOf(format: NotificationFormat): NotificationContentType {
  return contentTypes[format];
}

/** True for either textual name, in any case and with any parameters (spec-notes ruling 8). */
export function isNotificationMime(mime: string): boolean {
  const name = (mime.split(';', 1)[0] ?? '').trim().toLowerCase();
  return Object.values(contentTypes).some((type) => type.mime === name);
}
