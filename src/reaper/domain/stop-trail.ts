import { derivedId } from '../../kernel/ids';

/** Id of the command that asks for the stop of a decision: by it the stop is found in the worker's history. */
export function stopCommandId(decisionId: string): string {
  return derivedId('reaper', 'stop', decisionId);
}

/** What became of an automatic stop, by the worker's history. */
export interface StopOutcome {
  /**
   * `never`: it was not asked for; `open`: it was, and whether AWS got it is not known yet; `sent`: AWS got it, or may have;
   * `withdrawn`: AWS did not get it in time, and will not
   */
  readonly outcome: 'never' | 'open' | 'sent' | 'withdrawn';
  /** why it was asked for, for people; null where it was not */
  readonly reason: string | null;
}

/** The histories of workers, as far as their automatic stops go. */
export abstract class StopTrail {
  /** @throws StoreUnavailable */
  abstract of(workerId: string, decisionId: string): Promise<StopOutcome>;
}
