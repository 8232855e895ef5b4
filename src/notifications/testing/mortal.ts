import { type Wrap } from './notices-bench';

/** Another one each time: a shared one would hold for ever whatever waits for it. */
const never = () => new Promise<never>(() => undefined);

/**
 * Kills the process that uses the parts, at one of its calls: before it is made, or when it was made and its answer is
 * lost. Whatever it calls from then on has no effect and no answer.
 */
export function mortal(
  dieAt: number,
  when: 'before' | 'after',
): { wrap: Wrap; readonly died: Promise<void> } {
  let calls = 0;
  let die = (): void => undefined;
  let isDead = false;
  const died = new Promise<void>((resolve) => {
    die = () => {
      isDead = true;
      resolve();
    };
  });
  const call = async (made: () => unknown): Promise<unknown> => {
    if (isDead) return never();
    calls += 1;
    if (calls !== dieAt) return made();
    if (when === 'after') await made();
    die();
    return never();
  };
  const wrap: Wrap = (part) =>
    new Proxy(part, {
      get(target, name): unknown {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) => call(() => Reflect.apply(value, target, given) as unknown);
      },
    });
  return { wrap, died };
}
