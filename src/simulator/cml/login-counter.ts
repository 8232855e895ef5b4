import { type MachineClock, MINUTE, plus } from '../../kernel/clocks';
import { type LoginLimit } from '../simulator-options';
import { CmlProblem } from './cml-problem';

/** Counts the tries to log in to one CML server, good or bad, over the last minute of machine time. */
export class LoginCounter {
  private tries: Date[] = [];

  /** @param limit null: any number */
  constructor(
    private readonly machine: MachineClock,
    public limit: LoginLimit | null,
  ) {}

  /** @throws CmlProblem 429 where there are too many */
  count(): void {
    const now = this.machine.now();
    this.tries = this.tries.filter((at) => at > plus(now, -MINUTE));
    if (this.limit && this.tries.length >= this.limit.perMinute) {
      throw new CmlProblem(429, 'Too many requests.', this.limit.html);
    }
    this.tries.push(now);
  }
}
