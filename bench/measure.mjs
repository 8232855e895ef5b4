// How benches measure: operations by writers side by side, and medians over interleaved rounds.

/**
 * Runs `operation(writer, n)` `count` times by each of `writers` side by side: operations per second, and the
 * microseconds of processor time that this process took for one.
 */
export async function pace(writers, count, operation) {
  const [start, used] = [performance.now(), process.cpuUsage()];
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let n = 0; n < count; n += 1) await operation(writer, n);
    }),
  );
  const { user, system } = process.cpuUsage(used);
  const operations = writers * count;
  const perSecond = (operations * 1_000) / (performance.now() - start);
  return { perSecond, cpuMicros: (user + system) / operations };
}

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * Runs two measurements in turn, in changing order, so that a slow moment of the machine hits both. The first rounds
 * warm up and do not count. Answers the median of what each measured, and of the ratio of their speeds in a round.
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
    if (round >= warmUp) results.push(result);
  }
  const middle = (of) => median(results.map(of));
  const summary = (side) => ({
    perSecond: middle((result) => result[side].perSecond),
    cpuMicros: middle((result) => result[side].cpuMicros),
  });
  const ratio = middle(({ ours, theirs }) => ours.perSecond / theirs.perSecond);
  return { ours: summary('ours'), theirs: summary('theirs'), ratio };
}
