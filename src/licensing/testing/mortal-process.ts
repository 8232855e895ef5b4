/** What happens at one call of a process to the outside, counted from 1. */
export interface Blow {
  readonly call: number;
  /**
   * it dies before the call, or once that was done; or the call is done and its answer lost, and it lives on; or the
   * answer is lost, and a call to a server is done when it arrives there, a while later
   */
  readonly what: 'killed before' | 'killed after' | 'answer lost' | 'arrives late';
}

/** Thrown by every call of a dead process: nothing that it does comes to anything. */
export class Killed extends Error {}

/** Does a call when some time has passed. */
type Later = (work: () => unknown) => void;

/** A process whose calls to the outside are counted, and that a blow meets at one of them. */
export class MortalProcess {
  calls = 0;
  /** the call that the blow met: `client.register`; null: none yet */
  met: string | null = null;
  private isDead = false;

  constructor(private readonly blow: Blow | null) {}

  /** The same port, whose methods are calls of this process; `lost` makes the error of an answer that does not come. */
  gate<T extends object>(name: string, port: T, lost: () => Error, later: Later | null = null): T {
    return new Proxy(port, {
      get: (target, member) => {
        const method: unknown = Reflect.get(target, member);
        if (typeof method !== 'function') return method;
        return (...given: unknown[]) => {
          const work = () => Reflect.apply(method, target, given) as unknown;
          return this.call(`${name}.${String(member)}`, lost, work, later);
        };
      },
    });
  }

  async call<T>(
    what: string,
    lost: () => Error,
    work: () => T | Promise<T>,
    later: Later | null = null,
  ): Promise<T> {
    if (this.isDead) throw new Killed(what);
    this.calls += 1;
    const blow = this.blow?.call === this.calls ? this.blow.what : null;
    if (blow) this.met = what;
    if (blow === 'killed before') this.die(what);
    if (blow === 'arrives late' && later) {
      later(work);
      throw lost();
    }
    const answer = await work();
    if (blow === 'killed after') this.die(what);
    if (blow === 'answer lost' || blow === 'arrives late') throw lost();
    return answer;
  }

  private die(what: string): never {
    this.isDead = true;
    throw new Killed(what);
  }
}
