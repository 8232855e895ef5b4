/** What happens at one call of a process to the outside, counted from 1. */
export interface Blow {
  readonly call: number;
  /** it dies before the call, or once that was done; or the call is done and its answer lost, and it lives on */
  readonly what: 'killed before' | 'killed after' | 'answer lost';
}

/** Thrown by every call of a dead process: nothing that it does comes to anything. */
export class Killed extends Error {}

/** A process whose calls to the outside are counted, and that a blow meets at one of them. */
export class MortalProcess {
  calls = 0;
  /** the call that the blow met: `client.register`; null: none yet */
  met: string | null = null;
  private isDead = false;

  constructor(private readonly blow: Blow | null) {}

  /** The same port, whose methods are calls of this process; `lost` makes the error of an answer that does not come. */
  gate<T extends object>(name: string, port: T, lost: () => Error): T {
    return new Proxy(port, {
      get: (target, member) => {
        const method: unknown = Reflect.get(target, member);
        if (typeof method !== 'function') return method;
        return (...given: unknown[]) =>
          this.call(`${name}.${String(member)}`, lost, () => Reflect.apply(method, target, given) as unknown);
      },
    });
  }

  async call<T>(what: string, lost: () => Error, work: () => T | Promise<T>): Promise<T> {
    if (this.isDead) throw new Killed(what);
    this.calls += 1;
    const blow = this.blow?.call === this.calls ? this.blow.what : null;
    if (blow) this.met = what;
    if (blow === 'killed before') this.die(what);
    const answer = await work();
    if (blow === 'killed after') this.die(what);
    if (blow === 'answer lost') throw lost();
    return answer;
  }

  private die(what: string): never {
    this.isDead = true;
    throw new Killed(what);
  }
}
