// How old what is known of servers is, out of a list of what was stored when.

/** Beyond its interval a reading may be late by the time between two turns, its own duration and that of its storing. */
const LATE_MS = 5_000;
const SAMPLE_EVERY_MS = 1_000;

/**
 * For each source the percentiles of its age over time and servers, and the share of servers of which it never was older
 * than its interval and LATE_MS; null where the time is shorter than that, and nothing could be late. `stored` has the readings in the order of their storing; failed ones have no `begunAt`.
 */
export function agesOf(stored, workerIds, cadence, { from, until }) {
  return Object.fromEntries(
    Object.entries(cadence).map(([source, interval]) => {
      const readings = new Map(workerIds.map((id) => [id, []]));
      for (const reading of stored) {
        if (reading.source === source && reading.begunAt !== null)
          readings.get(reading.workerId)?.push(reading);
      }
      const each = [...readings.values()].map((of) => agesOfOne(of, from, until));
      const ages = Float64Array.from(each.flatMap(({ sampled }) => sampled)).sort();
      const at = (share) => ages[Math.floor(share * (ages.length - 1))] / 1_000;
      const punctual = each.filter(({ oldest }) => oldest <= interval + LATE_MS).length / each.length;
      const inTime = interval + LATE_MS < until - from ? punctual : null;
      return [source, { interval: interval / 1_000, p50: at(0.5), p99: at(0.99), max: at(1), inTime }];
    }),
  );
}

/** The age each second, and the greatest, which is reached right before a next reading is stored. */
function agesOfOne(readings, from, until) {
  const sampled = [];
  let oldest = readings[0]?.at <= from ? 0 : Infinity;
  readings.forEach(({ begunAt, at }, index) => {
    const next = Math.min(readings[index + 1]?.at ?? until, until);
    if (next < from) return;
    oldest = Math.max(oldest, next - begunAt);
    for (let time = Math.max(at, from); time < next; time += SAMPLE_EVERY_MS) sampled.push(time - begunAt);
  });
  return { sampled, oldest };
}
