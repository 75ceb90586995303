// User interaction alerts 1100-1104 as data (dm-messages §1.7).

/** What a server asks the device to show or to ask. */
export interface UserInteraction {
  /** 1100, 1101, 1102, 1103, 1104. */
  readonly kind: 'display' | 'confirm' | 'text' | 'single-choice' | 'multiple-choice';
  readonly text: string;
  /** MINDT, seconds that it should at least be shown. */
  readonly minimumDisplaySeconds?: number;
  /** MAXDT, seconds after which the user's silence ends it. */
  readonly maximumDisplaySeconds?: number;
  /** DR, the answer taken when the user gives none; for choices their 1-based numbers. */
  readonly defaultResponse?: string;
  /** MAXLEN of the text that the user may enter, in characters. */
  readonly maxLength?: number;
  /** IT: what the user may enter. */
  readonly inputType?: 'alphanumeric' | 'numeric' | 'date' | 'time' | 'phone-number' | 'ip-address';
  /** ET: whether the entered text is shown. */
  readonly echoType?: 'text' | 'password';
  /** Choices of 1103 and 1104, number 1 first; else empty. */
  readonly choices: readonly string[];
}

/** What the user did. */
export type UserResponse =
  /** Shown (1100), yes (1101), or answered: `text` for 1102, `choices` (1-based) for 1103 and 1104. */
  | { readonly response: 'accepted'; readonly text?: string; readonly choices?: readonly number[] }
  /** No to 1101. */
  | { readonly response: 'rejected' }
  | { readonly response: 'cancelled' }
  | { readonly response: 'timeout' };
