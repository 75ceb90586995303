// Bindings by the scheme of an address, for commands that send one push by themselves.
import { ConfigError } from '../../core/index.ts';
import type { DeviceAddress, Push, SendResult } from '../../push/index.ts';
import { schemeRefusal } from '../../server/index.ts';
import { openSender, sectionOf } from './open-senders.ts';
import type { SenderSections } from './sender-shapes.ts';

/** How one push is sent. */
export interface SendOnceOptions {
  readonly signal: AbortSignal;
  /** Told what the carrier does otherwise than asked, without harm. */
  readonly onWarning: (detail: string) => void;
  /** True sends through push gateways what their kind is known to lose. */
  readonly force?: boolean | undefined;
  /** What errors call the configuration. */
  readonly file?: string | undefined;
}

/**
 * Sends one push to an address and closes the binding again.
 * @throws {ConfigError} when the binding of the scheme needs settings that `sections` does not have, or does not take such
 * a push as they are
 * @throws {ValueError} when the push is too long for the carrier
 * @throws {PushError} when the carrier does not take it
 */
export async function sendOnce(
  push: Push,
  to: DeviceAddress,
  sections: SenderSections,
  { signal, onWarning, force = false, file }: SendOnceOptions,
): Promise<SendResult> {
  const events = { file, onWarning: ({ detail }: { readonly detail: string }) => onWarning(detail) };
  const { binding } = openSender(sectionOf(to.scheme), force ? forced(sections) : sections, events);
  try {
    const policy = { secureNotifications: sections.waps?.notifications === true };
    const refused = schemeRefusal(policy, to.scheme, push.contentType);
    if (refused !== undefined) throw new ConfigError(`${to.uri}: ${refused}`);
    return await binding.send(push, to, signal);
  } finally {
    await binding.close();
  }
}

function forced({ pap, ...sections }: SenderSections): SenderSections {
  if (pap === undefined) return sections;
  return {
    ...sections,
    pap: { ...pap, gateways: pap.gateways.map((gateway) => ({ ...gateway, force: true })) },
  };
}
