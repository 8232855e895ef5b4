import { type WorkerState } from '../../workers';
import { type NoticeLink } from '../domain/notice-link';

export type LinkWorker = Pick<
  WorkerState,
  'id' | 'name' | 'awsRegion' | 'tags' | 'idlePolicyId' | 'desired' | 'plannedStop' | 'snooze' | 'revision'
>;

/** What the form of a link gives: one of the two, for `keep-until` only. */
export interface LinkWish {
  /** counted from the announced stop */
  readonly minutes?: number | null;
  /** fleet time */
  readonly until?: Date | null;
}

/** How long a press keeps a worker. */
export interface Kept {
  readonly until: Date;
  /** the worker's policy allows no more, and less than was wanted */
  readonly isAllAllowed: boolean;
}

/** Why a link does nothing. */
export type LinkRefusal =
  | { readonly kind: 'forged' | 'expired' }
  | {
      /** `invalid`: the form is to be filled in otherwise; `refused`: the worker's state forbids it */
      readonly kind: 'refused' | 'invalid';
      readonly workerName: string;
      /** for people */
      readonly message: string;
    };

/** What a page shows. Times are fleet time. */
export type LinkAnswer =
  | LinkRefusal
  | {
      readonly kind: 'ask';
      readonly link: NoticeLink;
      readonly worker: LinkWorker;
      /** by one press; null where it does not, or where people choose */
      readonly kept: Kept | null;
      /** until when it can be kept at most */
      readonly latest: Date;
      readonly now: Date;
    }
  | (Kept & { readonly kind: 'kept'; readonly workerName: string })
  | { readonly kind: 'stopping'; readonly workerName: string };
