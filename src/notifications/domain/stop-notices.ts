import { type Alarm, type NoticeFact, type StopNotice } from './stop-notice';

/** Tells people of automatic stops before they happen, and knows whether they were told. All methods throw StoreUnavailable. */
export abstract class StopNotices {
  /**
   * Takes the notice: it is durable when this resolves, and delivered later, at least once, while its deadline has not
   * passed. Notices of the worker with another deadline are superseded by it. Repeating it changes nothing: one of the
   * same worker, deadline and stage is the same notice.
   */
  abstract tell(notice: StopNotice): Promise<void>;

  /**
   * The announced stop will not happen: what is not delivered yet never will be, and who was told is told that.
   * Repeating it, or calling off what was not announced, changes nothing.
   */
  abstract callOff(workerId: string, why: string, decisionId: string): Promise<void>;

  /** The announced stop has come: its notices end, and nobody is told anything of it. Repeating it changes nothing. */
  abstract cameTrue(workerId: string, decisionId: string): Promise<void>;

  /** By worker id, the notices of its latest deadline; a worker without an announced stop is missing. */
  abstract factsOf(workerIds: readonly string[]): Promise<ReadonlyMap<string, readonly NoticeFact[]>>;

  /** Tells it once in each episode. Durable when this resolves. */
  abstract alarm(alarm: Alarm): Promise<void>;
}
