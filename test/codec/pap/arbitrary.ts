// PAP messages for property tests.
import fc from 'fast-check';
import {
  type PapMessage,
  papDeliveryMethods,
  papMessageStates,
  papPriorities,
  papReplaceMethods,
  type QualityOfService,
} from '../../../src/codec/pap/index.ts';
import { xmlText } from '../xml/arbitrary.ts';

/** A record whose keys besides `required` may be absent. */
function record<T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }, required: (keyof T)[]) {
  return fc.record(model, { requiredKeys: required, noNullPrototype: true });
}

const named = xmlText.filter((text) => text.trim() !== '');
const time = fc.integer({ min: 0, max: 253_402_300_799 }).map((seconds) => seconds * 1000);
const code = fc.integer({ min: 1000, max: 99_999 });
const addresses = fc.array(named, { maxLength: 3 });
const state = fc.constantFrom(...papMessageStates);

const qualityOfService = record<Required<QualityOfService>>(
  {
    priority: fc.constantFrom(...papPriorities),
    deliveryMethod: fc.constantFrom(...papDeliveryMethods),
    network: xmlText,
    networkRequired: fc.boolean(),
    bearer: xmlText,
    bearerRequired: fc.boolean(),
  },
  [],
) as fc.Arbitrary<QualityOfService>;

type MessageOf<Element extends PapMessage['element']> = Required<
  Omit<Extract<PapMessage, { readonly element: Element }>, 'element'>
>;

function message<Element extends PapMessage['element']>(
  element: Element,
  model: { [K in keyof MessageOf<Element>]: fc.Arbitrary<MessageOf<Element>[K]> },
  required: (keyof MessageOf<Element>)[],
): fc.Arbitrary<PapMessage> {
  return record<MessageOf<Element>>(model, required).map(
    (fields) => ({ element, ...fields }) as unknown as PapMessage,
  );
}

const result = { code, desc: xmlText };

/** Any message. */
export const papMessage: fc.Arbitrary<PapMessage> = fc.oneof(
  message(
    'push-message',
    {
      pushId: named,
      replacePushId: named,
      replaceMethod: fc.constantFrom(...papReplaceMethods),
      deliverBeforeTimestamp: time,
      deliverAfterTimestamp: time,
      sourceReference: xmlText,
      ppgNotifyRequestedTo: xmlText,
      progressNotesRequested: fc.boolean(),
      addresses: fc.array(named, { minLength: 1, maxLength: 3 }),
      qualityOfService,
    },
    ['pushId', 'addresses'],
  ),
  message(
    'push-response',
    {
      pushId: xmlText,
      senderAddress: xmlText,
      senderName: xmlText,
      replyTime: time,
      progressNotes: fc.array(record({ stage: xmlText, note: xmlText, time }, ['stage']), { maxLength: 2 }),
      responseResult: record(result, ['code']),
    },
    ['pushId', 'progressNotes', 'responseResult'],
  ),
  message('cancel-message', { pushId: named, addresses }, ['pushId', 'addresses']),
  message(
    'cancel-response',
    {
      pushId: xmlText,
      results: fc.array(record({ ...result, addresses }, ['code', 'addresses']), {
        minLength: 1,
        maxLength: 3,
      }),
    },
    ['pushId', 'results'],
  ),
  message(
    'resultnotification-message',
    {
      pushId: named,
      senderAddress: xmlText,
      senderName: xmlText,
      receivedTime: time,
      eventTime: time,
      messageState: state,
      ...result,
      address: named,
      qualityOfService,
    },
    ['pushId', 'messageState', 'code', 'address'],
  ),
  message('resultnotification-response', { pushId: xmlText, ...result, address: named }, [
    'pushId',
    'code',
    'address',
  ]),
  message('statusquery-message', { pushId: named, addresses }, ['pushId', 'addresses']),
  message(
    'statusquery-response',
    {
      pushId: xmlText,
      results: fc.array(
        record({ eventTime: time, messageState: state, ...result, addresses, qualityOfService }, [
          'messageState',
          'code',
          'addresses',
        ]),
        { minLength: 1, maxLength: 3 },
      ),
    },
    ['pushId', 'results'],
  ),
  message('ccq-message', { queryId: xmlText, appId: xmlText, address: named }, ['address']),
  message('ccq-response', { queryId: xmlText, ...result, address: named }, ['code', 'address']),
  message('badmessage-response', { ...result, badMessageFragment: xmlText }, ['code', 'badMessageFragment']),
);
