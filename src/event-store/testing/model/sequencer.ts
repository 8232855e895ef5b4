import { OneAtATime } from '../../one-at-a-time';
import { type ReportError } from '../../report-error';
import { type Replica } from './replica';

/** A process that gives commits their positions. */
export class Sequencer {
  private readonly passes: OneAtATime<void>;

  constructor(
    readonly replica: Replica,
    report: ReportError,
  ) {
    this.passes = new OneAtATime(async () => {
      try {
        await replica.store.sequence();
      } catch (error) {
        report(error, 'place commits in the log');
      }
    });
  }

  /** What a process does every 500 ms. */
  look(): void {
    void this.passes.run();
  }
}
