/** What happens to a process at one of its calls to the outside: before it is made, or once it was, unseen. */
export interface Doom {
  /** counted from now on, the next call is 1 */
  readonly call: number;
  /** counts only those to AWS that change something, and the like: calls whose name begins so */
  readonly of?: string;
  readonly when: 'before' | 'after';
  readonly what: 'dies' | 'stands still';
}

/**
 * A process whose every call to the outside is counted, and which can end at any of them: from then on nothing that it
 * waits for ever comes. Or it stands still, as one that is suspended, until it is let go on.
 */
export class Mortal {
  /** how many calls it made */
  calls = 0;
  private doom: Doom | null = null;
  /** calls since its doom was settled that this is counted by */
  private counted = 0;
  private present: 'alive' | 'still' | 'dead' = 'alive';
  private wake = deferred();
  private end = deferred();

  /** @param tell hears what it does, for the story of a failure */
  constructor(
    readonly name: string,
    private readonly tell: (what: string) => void,
  ) {}

  get state(): 'alive' | 'still' | 'dead' {
    return this.present;
  }

  get isAlive(): boolean {
    return this.present === 'alive';
  }

  /** Resolves as soon as nothing is to be waited for: it died, or stands still. */
  get gone(): Promise<void> {
    return this.end.promise;
  }

  meet(doom: Doom | null): void {
    this.doom = doom;
    this.counted = 0;
  }

  die(): void {
    this.present = 'dead';
    this.end.resolve();
  }

  /** What stood still goes on as if nothing had happened. */
  goOn(): void {
    if (this.present !== 'still') return;
    this.tell(`${this.name} goes on`);
    this.present = 'alive';
    this.end = deferred();
    this.wake.resolve();
    this.wake = deferred();
  }

  async call<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.calls += 1;
    if (what.startsWith(this.doom?.of ?? '')) this.counted += 1;
    const number = what.startsWith(this.doom?.of ?? '') ? this.counted : null;
    await this.pass(number, 'before', what);
    const [outcome] = await Promise.allSettled([work()]);
    await this.pass(number, 'after', what);
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  }

  /** The same object, whose methods are calls of this process, but for those that are named. */
  gate<T extends object>(name: string, port: T, inside: readonly (keyof T)[] = []): T {
    return new Proxy(port, {
      get: (target, member) => {
        const method: unknown = Reflect.get(target, member);
        if (typeof method !== 'function') return method;
        const apply = (given: unknown[]) => Reflect.apply(method, target, given) as Promise<unknown>;
        if (inside.includes(member as keyof T)) return (...given: unknown[]) => apply(given);
        return (...given: unknown[]) => this.call(`${name}.${String(member)}`, () => apply(given));
      },
    });
  }

  private async pass(number: number | null, when: Doom['when'], what: string): Promise<void> {
    const { doom } = this;
    if (this.isAlive && doom && doom.call === number && doom.when === when) {
      this.tell(`${this.name} ${doom.what} ${when} ${what}`);
      this.doom = null;
      this.present = doom.what === 'dies' ? 'dead' : 'still';
      this.end.resolve();
    }
    while (this.present !== 'alive') await (this.present === 'still' ? this.wake.promise : never());
  }
}

/** Another one each time: a shared one would hold for ever whatever waits for it, and all that this holds. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function deferred(): Deferred {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}
