// The messages of PAP 2.0 as data: one interface for each element, named as the DTD names its attributes. Times are in
// milliseconds since the POSIX epoch; addresses are as written, see `parsePapAddress`.

/** Messages states that a status query or a result notification tells. */
export const papMessageStates = [
  'rejected',
  'pending',
  'delivered',
  'undeliverable',
  'expired',
  'aborted',
  'timeout',
  'cancelled',
  'unknown',
] as const;

/** One of `papMessageStates`. */
export type PapMessageState = (typeof papMessageStates)[number];

export const papPriorities = ['high', 'medium', 'low'] as const;
export const papDeliveryMethods = ['confirmed', 'preferconfirmed', 'unconfirmed', 'notspecified'] as const;
export const papReplaceMethods = ['pending-only', 'all'] as const;

/** How a push is to be carried. What is absent stands for its default. */
export interface QualityOfService {
  /** Default `medium`. */
  readonly priority?: (typeof papPriorities)[number];
  /** Default `notspecified`. */
  readonly deliveryMethod?: (typeof papDeliveryMethods)[number];
  /** Such as `GSM`. */
  readonly network?: string;
  /** Default false. */
  readonly networkRequired?: boolean;
  /** Such as `SMS` or `GPRS`. */
  readonly bearer?: string;
  /** Default false. */
  readonly bearerRequired?: boolean;
}

/** Submits a push, or replaces an earlier one. The content is an entity of its own. */
export interface PushMessage {
  readonly element: 'push-message';
  /** Chosen by the initiator; never the same twice. */
  readonly pushId: string;
  /** The push that this one replaces. */
  readonly replacePushId?: string;
  /** Whom the replacement goes to: those that the old push has not reached, or all. Default `all`. */
  readonly replaceMethod?: (typeof papReplaceMethods)[number];
  readonly deliverBeforeTimestamp?: number;
  readonly deliverAfterTimestamp?: number;
  /** Names the content's source. */
  readonly sourceReference?: string;
  /** URL for result notifications; none are wanted without it. */
  readonly ppgNotifyRequestedTo?: string;
  /** Default false. */
  readonly progressNotesRequested?: boolean;
  /** At least one. */
  readonly addresses: readonly string[];
  readonly qualityOfService?: QualityOfService;
}

/** A stage that a push went through before the answer. */
export interface ProgressNote {
  readonly stage: string;
  readonly note?: string;
  readonly time?: number;
}

/** A code and its description. */
export interface ResponseResult {
  readonly code: number;
  readonly desc?: string;
}

/** Answers a push-message. */
export interface PushResponse {
  readonly element: 'push-response';
  readonly pushId: string;
  /** URL of the gateway. */
  readonly senderAddress?: string;
  readonly senderName?: string;
  readonly replyTime?: number;
  readonly progressNotes: readonly ProgressNote[];
  readonly responseResult: ResponseResult;
}

/** Cancels a push, for some addresses or for all. */
export interface CancelMessage {
  readonly element: 'cancel-message';
  readonly pushId: string;
  /** Empty for all. */
  readonly addresses: readonly string[];
}

/** Outcome for some addresses, or for all. */
export interface CancelResult {
  readonly code: number;
  readonly desc?: string;
  readonly addresses: readonly string[];
}

/** Answers a cancel-message. */
export interface CancelResponse {
  readonly element: 'cancel-response';
  readonly pushId: string;
  /** At least one. */
  readonly results: readonly CancelResult[];
}

/** Tells the initiator what became of a push to one address. */
export interface ResultNotificationMessage {
  readonly element: 'resultnotification-message';
  readonly pushId: string;
  readonly senderAddress?: string;
  readonly senderName?: string;
  /** When the gateway got the push. */
  readonly receivedTime?: number;
  /** When the state was reached. */
  readonly eventTime?: number;
  readonly messageState: PapMessageState;
  readonly code: number;
  readonly desc?: string;
  readonly address: string;
  readonly qualityOfService?: QualityOfService;
}

/** Answers a resultnotification-message. */
export interface ResultNotificationResponse {
  readonly element: 'resultnotification-response';
  readonly pushId: string;
  readonly code: number;
  readonly desc?: string;
  readonly address: string;
}

/** Asks what became of a push, for some addresses or for all. */
export interface StatusQueryMessage {
  readonly element: 'statusquery-message';
  readonly pushId: string;
  /** Empty for all. */
  readonly addresses: readonly string[];
}

/** State for some addresses, or for all. */
export interface StatusQueryResult {
  readonly eventTime?: number;
  readonly messageState: PapMessageState;
  readonly code: number;
  readonly desc?: string;
  readonly addresses: readonly string[];
  readonly qualityOfService?: QualityOfService;
}

/** Answers a statusquery-message. */
export interface StatusQueryResponse {
  readonly element: 'statusquery-response';
  readonly pushId: string;
  /** At least one. */
  readonly results: readonly StatusQueryResult[];
}

/** Asks for the capabilities of a client. */
export interface CcqMessage {
  readonly element: 'ccq-message';
  readonly queryId?: string;
  readonly appId?: string;
  readonly address: string;
}

/** Answers a ccq-message. The capabilities are an entity of their own. */
export interface CcqResponse {
  readonly element: 'ccq-response';
  readonly queryId?: string;
  readonly code: number;
  readonly desc?: string;
  readonly address: string;
}

/** Answers what is no request. */
export interface BadMessageResponse {
  readonly element: 'badmessage-response';
  readonly code: number;
  readonly desc?: string;
  /** Part of what was not understood. */
  readonly badMessageFragment: string;
}

/** Any message. */
export type PapMessage =
  | PushMessage
  | PushResponse
  | CancelMessage
  | CancelResponse
  | ResultNotificationMessage
  | ResultNotificationResponse
  | StatusQueryMessage
  | StatusQueryResponse
  | CcqMessage
  | CcqResponse
  | BadMessageResponse;

/** A whole document: one message, and what its frame says. */
export interface PapDocument {
  readonly message: PapMessage;
  /** Program that wrote it. */
  readonly productName?: string;
}
