// How benches measure: operations by writers side by side, and medians over interleaved rounds.

/** Operations per second of `operation(writer, n)`, run `count` times by each of `writers` side by side. */
export async function rate(writers, count, operation) {
  const start = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let n = 0; n < count; n += 1) await operation(writer, n);
    }),
  );
  return (writers * count * 1_000) / (performance.now() - start);
}

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * Runs two measurements in turn, in changing order, so that a slow moment of the machine hits both. The first rounds
 * warm up and do not count. Answers the round whose ratio of `ours` to `theirs` is the median.
 */
export async function interleaved({ warmUp, rounds }, ours, theirs) {
  const results = [];
  for (let round = 0; round < warmUp + rounds; round += 1) {
    const result = {};
    const inTurn = [
      async () => (result.ours = await ours(round)),
      async () => (result.theirs = await theirs(round)),
    ];
    for (const measure of round % 2 === 0 ? inTurn : inTurn.toReversed()) await measure();
    if (round >= warmUp) results.push({ ...result, ratio: result.ours / result.theirs });
  }
  const middle = median(results.map(({ ratio }) => ratio));
  return results.find(({ ratio }) => ratio === middle);
}
