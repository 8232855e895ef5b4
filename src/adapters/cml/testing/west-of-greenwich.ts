const ZONELESS = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.]\d+)?)?$/;

/**
 * Runs something as on a machine whose local time is five hours behind UTC, as far as the reading of texts without a
 * zone goes: Node takes its zone from the process, which one test cannot change.
 */
export async function westOfGreenwich<T>(run: () => Promise<T>): Promise<T> {
  const Utc = Date;
  globalThis.Date = new Proxy(Utc, {
    construct: (_, args: [unknown]) => {
      const [text] = args;
      const local = typeof text === 'string' && ZONELESS.test(text) ? [`${text}-05:00`] : args;
      return Reflect.construct(Utc, local) as Date;
    },
  });
  try {
    return await run();
  } finally {
    globalThis.Date = Utc;
  }
}
