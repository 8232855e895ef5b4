import { MINUTE } from '../../kernel/clocks';

/** What a link is good for: one thing each. */
export const LINK_PURPOSES = ['keep-1h', 'keep-until', 'stop-now'] as const;
export type LinkPurpose = (typeof LINK_PURPOSES)[number];

/** How long after the deadline a link is good: the stop may have been held off. Fleet milliseconds. */
export const LINK_GRACE = 15 * MINUTE;

/** What a link says, and we have signed. Times are fleet time, to the second. */
export interface NoticeLink {
  /** of the link: what it leads to is done once */
  readonly id: string;
  readonly noticeId: string;
  readonly workerId: string;
  readonly purpose: LinkPurpose;
  readonly deadline: Date;
  readonly expiresAt: Date;
}

/** `forged`: we did not sign it, or not as a link of this kind; `expired`: we did, and it is too old. */
export type LinkReading =
  { readonly kind: 'good'; readonly link: NoticeLink } | { readonly kind: 'expired' | 'forged' };

/** Signs what stands in a link, and knows it again. Both throw StoreUnavailable. */
export abstract class LinkTokens {
  abstract sign(link: NoticeLink): Promise<string>;

  /** @param now fleet time */
  abstract read(token: string, now: Date): Promise<LinkReading>;
}
