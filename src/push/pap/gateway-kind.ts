// What is known of a kind of gateway: what it loses on the way, so that nobody learns it from a device that stays silent.
import type { PapAddress, PapMessage, QualityOfService } from '../../codec/pap/index.ts';
import type { HttpCredentials } from '../http/index.ts';
import type { Push } from '../index.ts';

/** Kinds of gateways that we know. */
export const papGatewayKinds = ['kannel'] as const;

/** One of `papGatewayKinds`. */
export type PapGatewayKind = (typeof papGatewayKinds)[number];

/** Settings of a gateway that a kind has something to say about. */
export interface GatewayTraits {
  readonly name: string;
  readonly url: string;
  readonly credentials?: HttpCredentials | undefined;
  readonly allowPlainBasic?: boolean | undefined;
  readonly preemptiveBasic?: boolean | undefined;
  readonly qualityOfService?: QualityOfService | undefined;
  readonly notifyTo?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** See `PapGateway.maxMessages`. */
  readonly maxMessages?: number | undefined;
}

/** A push on its way to such a gateway. */
export interface PushToGateway {
  readonly contentType: Push['contentType'];
  /** Octets of its body. */
  readonly size: number;
  readonly address: PapAddress;
}

/** Something that does not get through, and what may be done about it. */
export interface GatewayLoss {
  /** Continues "because this gateway …". */
  readonly what: string;
  readonly remedy: string;
}

/** A setting that cannot work. */
export interface TraitFault extends GatewayLoss {
  /** Name of the setting. */
  readonly setting: string;
}

/** A kind of gateway. */
export interface GatewayKind {
  /** Names it in errors. */
  readonly name: string;
  /** Settings that follow from the kind, for those that nobody made. */
  readonly defaults: { readonly preemptiveBasic?: boolean };
  /** The setting with which no push can ever arrive; `undefined` when there is none. */
  settingFault(gateway: GatewayTraits): TraitFault | undefined;
  /** Why no device can take the push; `undefined` when nothing speaks against it. */
  loss(push: PushToGateway, gateway: GatewayTraits): GatewayLoss | undefined;
  /** Why it does not understand a message of PAP; `undefined` for those that it does. */
  unknownMessage(message: PapMessage): GatewayLoss | undefined;
  /** What arrives otherwise than it was sent, or is not done, and does no harm. */
  warnings(push: PushToGateway, gateway: GatewayTraits): readonly string[];
  /** True when it tells later what became of a push to this address, by result notification or in its own way. */
  reports(how: 'result-notification' | 'own', address: PapAddress): boolean;
  /** The address as it reads it. */
  spelling(address: PapAddress): PapAddress;
}
