import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until `check` no longer throws, for what is truly asynchronous (sockets, processes). After the time is over,
 * which is long enough for a busy machine and shorter than a test may take, the last error is thrown.
 */
export async function eventually<T>(check: () => T | Promise<T>, withinMs = 20_000): Promise<T> {
  for (const deadline = Date.now() + withinMs; ; await pause(20)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
