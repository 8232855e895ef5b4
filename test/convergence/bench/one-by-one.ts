/** Lets calls through one after the other, in the order in which they were made: so that a run is the same each time. */
export class OneByOne {
  private last: Promise<unknown> = Promise.resolve();

  /** @param then after each call, before its answer is heard */
  of<T extends object>(port: T, then: () => void, inside: readonly (keyof T)[] = []): T {
    return new Proxy(port, {
      get: (target, member) => {
        const method: unknown = Reflect.get(target, member);
        if (typeof method !== 'function') return method;
        const apply = (given: unknown[]) => Reflect.apply(method, target, given) as Promise<unknown>;
        if (inside.includes(member as keyof T)) return (...given: unknown[]) => apply(given);
        return (...given: unknown[]) => this.call(() => apply(given).finally(then));
      },
    });
  }

  private call<R>(work: () => Promise<R>): Promise<R> {
    const mine = this.last.then(work, work);
    this.last = mine.catch(() => undefined);
    return mine;
  }
}
