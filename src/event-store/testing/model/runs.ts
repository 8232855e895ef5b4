/** Runs of the sound system. `MODEL_RUNS=20000 npx jest event-store.model` takes some minutes. */
// eslint-disable-next-line no-restricted-properties -- how long a person wants to wait is no setting of the program
export const RUNS = Number(process.env['MODEL_RUNS'] ?? 700);

/** Lets the model advance the timers of the modelled program, and nobody else's. */
export function fakeIntervals(): void {
  const real = ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask'] as const;
  const realTimers = ['setImmediate', 'clearImmediate', 'setTimeout', 'clearTimeout'] as const;
  jest.useFakeTimers({ doNotFake: [...real, ...realTimers] });
}
