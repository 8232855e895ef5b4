import { type AlarmKind, type NoticeFact, type StopCause } from './stop-notice';

/**
 * `log`: the log and the event stream, where no other channel is set up and nobody was named. `none`: people are to be
 * told, and there is no way to any of them.
 */
export type ChannelName = 'webhook' | 'slack' | 'email' | 'log' | 'none';

/** What a notice is about. */
export type NoticeTopic =
  /** an automatic stop is announced */
  | 'stop-planned'
  /** an announced stop will not happen */
  | 'stop-called-off'
  | AlarmKind;

/** What people are told; the same through each channel. It holds no secret. Times are fleet time. */
export interface NoticeContent {
  /** the same for each try, and through each channel: by it a receiver knows a repetition */
  readonly noticeId: string;
  readonly topic: NoticeTopic;
  /** null: it is about the fleet */
  readonly workerId: string | null;
  readonly workerName: string;
  /** the idle decision behind it */
  readonly decisionId: string;
  readonly sentence: string;
  /** of an announced stop, or of one that was called off */
  readonly deadline: Date | null;
  readonly stageMinutes: number | null;
  readonly cause: StopCause | null;
  readonly toldAt: Date;
}

/** A notice and the way that it is to take. */
export interface NewPosting extends NoticeContent {
  readonly id: string;
  readonly channel: ChannelName;
  /** an e-mail address; null where the channel leads to one place */
  readonly recipient: string | null;
  /** fleet time from which on it is not sent any more */
  readonly expiresAt: Date;
}

/** `superseded` ones were not sent before their stop was moved or called off; `failed` ones not before they expired. */
export type PostingState = 'pending' | 'delivered' | 'failed' | 'superseded';

/** A notice on its way through one channel. */
export interface Posting extends NewPosting {
  readonly state: PostingState;
  /** machine time when it is tried next, or, while a process has it, until when; of no meaning unless pending */
  readonly dueAt: Date;
  readonly attempts: number;
  /** fleet time */
  readonly deliveredAt: Date | null;
  /** of the latest try, without anything of an address or an answer */
  readonly lastError: string | null;
  /** what ended the announcement that it belongs to: a decision, or the notice of another deadline */
  readonly endedBy: string | null;
  readonly owner: string | null;
  /** grows by one with each new owner: a late owner's writes are refused by it */
  readonly fence: number;
}

/** Why what takes the channel `none` is delivered to nobody. */
export const NO_WAY = 'nobody can be told: there is no mail server, or no address';

/** Whether somebody was told by it, or may be told this very moment: a try without a good answer may have arrived. */
export function mayHaveArrived({ state, owner, attempts }: Posting): boolean {
  return state === 'delivered' || attempts > 0 || owner !== null;
}

/** By worker id, what became of the notices of the deadline that was told last. @param standing not ended ones */
export function factsFrom(standing: readonly Posting[]): Map<string, readonly NoticeFact[]> {
  const facts = new Map<string, readonly NoticeFact[]>();
  for (const [workerId, postings] of groupsOf(standing, ({ workerId }) => workerId ?? '')) {
    const last = postings.reduce((a, b) => (b.toldAt > a.toldAt ? b : a));
    const present = postings.filter((one) => one.deadline?.getTime() === last.deadline?.getTime());
    const stages = groupsOf(present, ({ noticeId }) => noticeId);
    facts.set(workerId, [...stages.values()].map(factOf));
  }
  return facts;
}

function factOf(postings: readonly Posting[]): NoticeFact {
  const [{ deadline, stageMinutes } = NONE] = postings;
  const times = postings.flatMap(({ deliveredAt }) => (deliveredAt ? [deliveredAt.getTime()] : []));
  const deliveredAt = times.length > 0 ? new Date(Math.min(...times)) : null;
  const otherwise = postings.some(({ state }) => state === 'pending') ? 'pending' : 'failed';
  return {
    deadline: deadline ?? new Date(NaN),
    stageMinutes: stageMinutes ?? NaN,
    state: deliveredAt ? 'delivered' : otherwise,
    deliveredAt,
  };
}

const NONE = { deadline: null, stageMinutes: null };

function groupsOf<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
