import { type FleetClock, type MachineClock, plus } from '../../../kernel/clocks';
import { StoreUnavailable } from '../../../kernel/domain-error';

/** What becomes of a call to the outside: a table, or a webhook's receiver. */
export type Fate =
  | 'done'
  /** it never arrives, and the process is told */
  | 'refused'
  /** it is done, and the process is told that it is not known */
  | 'answer lost'
  /** the process is told that it is not known, and it is done some time afterwards */
  | 'late'
  /** the process dies before it */
  | 'dies before'
  /** the process dies after it, without having seen the answer */
  | 'dies after';

interface Call {
  readonly what: string;
  readonly settle: (fate: Fate) => void;
}

/** A replica whose every call to the outside waits until the model lets it go, and which may die at any of them. */
export class SimulatedProcess {
  paused = false;
  /** how far its clock is ahead of the server's, milliseconds */
  skew = 0;
  /** its own clock, which serves as either of the two */
  readonly clock: FleetClock & MachineClock;
  private calls: Call[] = [];
  private dead = false;

  /** @param late takes what shall be done after the process was told that there was no answer */
  constructor(
    readonly name: string,
    server: MachineClock,
    private readonly late: (what: string, work: () => Promise<unknown>) => void,
  ) {
    this.clock = { now: () => plus(server.now(), this.skew), toMachineMs: (ms) => ms };
  }

  get isDead(): boolean {
    return this.dead;
  }

  /** How many calls could be let go now. */
  get ready(): number {
    return this.dead || this.paused ? 0 : this.calls.length;
  }

  /** what waits first */
  get next(): string | null {
    return this.calls[0]?.what ?? null;
  }

  call<T>(
    what: string,
    work: () => Promise<T>,
    refusal: () => Error = () => new StoreUnavailable('no answer'),
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (fate: Fate) => {
        if (fate === 'done') work().then(resolve, reject);
        else if (fate === 'refused') reject(refusal());
        else if (fate === 'answer lost') void unseen(work).then(() => reject(refusal()));
        else if (fate === 'late') {
          this.late(`${this.name} ${what}`, () => unseen(work));
          reject(refusal());
        } else {
          this.dead = true;
          if (fate === 'dies after') void unseen(work);
        }
      };
      this.calls.push({ what, settle });
    });
  }

  die(): void {
    this.dead = true;
  }

  /** Lets one of the waiting calls go, and answers what it was. */
  letGo(index: number, fate: Fate): string {
    const [call] = this.calls.splice(index, 1);
    if (!call) throw new RangeError(`${this.name} has no call ${index} waiting`);
    call.settle(fate);
    return `${this.name} ${call.what}`;
  }

  /** The same object, whose methods are calls of this process. */
  gate<T extends object>(name: string, table: T): T {
    return new Proxy(table, {
      get: (target, member) => {
        const method: unknown = Reflect.get(target, member);
        if (typeof method !== 'function') return method;
        return (...given: unknown[]) =>
          this.call(
            `${name}.${String(member)}`,
            () => Reflect.apply(method, target, given) as Promise<unknown>,
          );
      },
    });
  }
}

/** Does it; what comes of it, an error included, nobody learns. */
async function unseen(work: () => Promise<unknown>): Promise<void> {
  await Promise.allSettled([work()]);
}
