/** What must not happen. */
export type Harm =
  | 'a worker with running labs was stopped'
  | 'a worker was stopped on which somebody had been active'
  | 'a worker that was kept was stopped'
  | 'a worker was stopped without a delivered notice'
  | 'more was stopped than a budget allows'
  | 'one notice had two ids'
  | 'a worker was stopped without a fresh probe'
  | 'a worker was stopped although all stops were held'
  | 'a worker was stopped at a time that its calendar forbids'
  | 'the maximum uptime stopped a worker whose labs ran'
  | 'a worker that nobody uses was not stopped in time'
  | 'something failed that must not fail';

export interface Found {
  readonly harm: Harm;
  readonly at: number;
  readonly what: string;
}
