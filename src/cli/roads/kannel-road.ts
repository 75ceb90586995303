// A road through Kannel's sendsms.
import { createKannelRoad } from '../../push/sms-kannel/index.ts';
import { kannelSection } from './kannel-shape.ts';
import { roadKind } from './road.ts';

/** The kind `kannel`. */
export const kannelRoad = roadKind({
  shape: kannelSection,
  open: (settings, { name, carrier, clock, onReport, callbackUrl, onWarning }) =>
    createKannelRoad({ ...settings, name, carrier, clock, onReport, callbackUrl, onWarning }),
});
