// Messages to begin with: the worked example, and five puzzles that docs/inspector.md solves. The secret of all is "secret".

/** Something to look at. */
export interface Example {
  readonly name: string;
  readonly about: string;
  /** Octets in a form that the inspector reads. */
  readonly text: string;
}

const toPort2948 = '0605040b84c002';
const forDm = '010603c4af87';
const digest = '4e94c58c36a8c50aabcdbe0c296b2ba7';
const trigger = '02d0000000123412636f6d2e6d676d747372762e6d616e616765';

/** The examples, in the order that the page shows them. */
export const examples: readonly Example[] = [
  {
    name: 'Worked example',
    about:
      'DM-NOTI-1.2, Appendix C, as user data of a short message. Its secret is "secret", its nonce AAAAAA==',
    text: toPort2948 + forDm + digest + trigger,
  },
  {
    name: 'Wrong port',
    about: 'The centre reports it delivered, and the device never calls',
    text: `0605040b85c002${forDm}${digest}${trigger}`,
  },
  {
    name: 'Wrong nonce',
    about: 'The device, whose nonce is Tm9uY2U=, says that the digest does not hold',
    text: toPort2948 + forDm + digest + trigger,
  },
  {
    name: 'Missing application id',
    about: 'The browser of the handset takes it, not its DM client',
    text: `${toPort2948}010601c4${digest}${trigger}`,
  },
  {
    name: 'Reserved bits',
    about: 'One model refuses it, all others take it',
    text: `${toPort2948}${forDm}55e058371cfa8c9451e35b5ca3ce156e02d4000100123412636f6d2e6d676d747372762e6d616e616765`,
  },
  {
    name: 'A cut part',
    about: 'Two segments of a short message, the second as a gateway handed it on',
    text: `0b0003a7020105040b84c002${forDm}${digest} 0b0003a7020205040b84c002${trigger.slice(0, -12)}`,
  },
];
