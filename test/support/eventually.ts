import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until `check` no longer throws, for what is truly asynchronous (sockets, processes). After the time is over
 * the last error is thrown.
 */
export async function eventually<T>(check: () => T | Promise<T>, withinMs = 5_000): Promise<T> {
  for (const deadline = Date.now() + withinMs; ; await pause(20)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
