// The elements of PAP 2.0, row by row in the order of its DTD (PAP 2.0).
import {
  code,
  type Fields,
  flag,
  list,
  name,
  oneOf,
  optional,
  required,
  type Shape,
  shapeOf,
  single,
  text,
  time,
} from './fields.ts';
import {
  type CancelResult,
  type PapMessage,
  type ProgressNote,
  papDeliveryMethods,
  papMessageStates,
  papPriorities,
  papReplaceMethods,
  type QualityOfService,
  type ResponseResult,
  type StatusQueryResult,
} from './message.ts';

const wrappedAddress = shapeOf<{ readonly value: string }>('address', {
  value: required('address-value', name),
});

const address: Shape<string> = {
  name: 'address',
  parse: (element, path, unknown) => wrappedAddress.parse(element, path, unknown).value,
  build: (value, path) => wrappedAddress.build({ value }, path),
};

const qualityOfService = shapeOf<QualityOfService>('quality-of-service', {
  priority: optional('priority', oneOf(papPriorities)),
  deliveryMethod: optional('delivery-method', oneOf(papDeliveryMethods)),
  network: optional('network', text),
  networkRequired: optional('network-required', flag),
  bearer: optional('bearer', text),
  bearerRequired: optional('bearer-required', flag),
});

const progressNote = shapeOf<ProgressNote>('progress-note', {
  stage: required('stage', text),
  note: optional('note', text),
  time: optional('time', time),
});

const responseResult = shapeOf<ResponseResult>('response-result', {
  code: required('code', code),
  desc: optional('desc', text),
});

const cancelResult = shapeOf<CancelResult>('cancel-result', {
  code: required('code', code),
  desc: optional('desc', text),
  addresses: list(address, 0),
});

const statusQueryResult = shapeOf<StatusQueryResult>('statusquery-result', {
  eventTime: optional('event-time', time),
  messageState: required('message-state', oneOf(papMessageStates)),
  code: required('code', code),
  desc: optional('desc', text),
  addresses: list(address, 0),
  qualityOfService: single(qualityOfService, 'optional'),
});

type MessageOf<Element extends PapMessage['element']> = Extract<PapMessage, { readonly element: Element }>;

/** The shape of a message: its fields, and which element it is. */
function message<Element extends PapMessage['element']>(
  element: Element,
  fields: Fields<MessageOf<Element>>,
): Shape<PapMessage> {
  const shape = shapeOf<object>(element, fields as Fields<object>);
  return {
    name: element,
    parse: (read, path, unknown) => ({ element, ...shape.parse(read, path, unknown) }) as PapMessage,
    build: (value, path) => shape.build(value, path),
  };
}

const shapes: readonly Shape<PapMessage>[] = [
  message('push-message', {
    pushId: required('push-id', name),
    replacePushId: optional('replace-push-id', name),
    replaceMethod: optional('replace-method', oneOf(papReplaceMethods)),
    deliverBeforeTimestamp: optional('deliver-before-timestamp', time),
    deliverAfterTimestamp: optional('deliver-after-timestamp', time),
    sourceReference: optional('source-reference', text),
    ppgNotifyRequestedTo: optional('ppg-notify-requested-to', text),
    progressNotesRequested: optional('progress-notes-requested', flag),
    addresses: list(address, 1),
    qualityOfService: single(qualityOfService, 'optional'),
  }),
  message('push-response', {
    pushId: required('push-id', text),
    senderAddress: optional('sender-address', text),
    senderName: optional('sender-name', text),
    replyTime: optional('reply-time', time),
    progressNotes: list(progressNote, 0),
    responseResult: single(responseResult, 'required'),
  }),
  message('cancel-message', { pushId: required('push-id', name), addresses: list(address, 0) }),
  message('cancel-response', { pushId: required('push-id', text), results: list(cancelResult, 1) }),
  message('resultnotification-message', {
    pushId: required('push-id', name),
    senderAddress: optional('sender-address', text),
    senderName: optional('sender-name', text),
    receivedTime: optional('received-time', time),
    eventTime: optional('event-time', time),
    messageState: required('message-state', oneOf(papMessageStates)),
    code: required('code', code),
    desc: optional('desc', text),
    address: single(address, 'required'),
    qualityOfService: single(qualityOfService, 'optional'),
  }),
  message('resultnotification-response', {
    pushId: required('push-id', text),
    code: required('code', code),
    desc: optional('desc', text),
    address: single(address, 'required'),
  }),
  message('statusquery-message', { pushId: required('push-id', name), addresses: list(address, 0) }),
  message('statusquery-response', { pushId: required('push-id', text), results: list(statusQueryResult, 1) }),
  message('ccq-message', {
    queryId: optional('query-id', text),
    appId: optional('app-id', text),
    address: single(address, 'required'),
  }),
  message('ccq-response', {
    queryId: optional('query-id', text),
    code: required('code', code),
    desc: optional('desc', text),
    address: single(address, 'required'),
  }),
  message('badmessage-response', {
    code: required('code', code),
    desc: optional('desc', text),
    badMessageFragment: required('bad-message-fragment', text),
  }),
];

/** The elements that may stand in `pap`, by name. */
export const papElements: ReadonlyMap<string, Shape<PapMessage>> = new Map(
  shapes.map((shape) => [shape.name, shape]),
);
