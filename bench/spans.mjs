// Times the steps of a request by wrapping methods of the objects that take them. One request at a time.

/** [step, start, end] of the request that runs; null between requests */
let spans = null;

/** From now on each call of the method counts as a span of the step. */
export function watch(step, object, method) {
  const original = object[method];
  object[method] = function watched(...parameters) {
    return timed(step, () => original.apply(this, parameters));
  };
}

/** Runs `work` and, where a request runs, notes how long it took. */
export function timed(step, work) {
  if (!spans) return work();
  const noted = spans;
  const start = performance.now();
  const end = () => noted.push([step, start, performance.now()]);
  const result = work();
  if (typeof result?.then === 'function') return result.finally(end);
  end();
  return result;
}

/** The milliseconds of each step in one request, of the whole, and what no span covers. */
export async function traced(request) {
  spans = [];
  const start = performance.now();
  await request();
  const whole = performance.now() - start;
  const done = spans;
  spans = null;
  const steps = {};
  for (const [step, from, to] of done) steps[step] = (steps[step] ?? 0) + to - from;
  return { whole, steps, rest: whole - covered(done) };
}

/** Milliseconds in which at least one span ran. */
function covered(done) {
  let [sum, until] = [0, 0];
  for (const [, from, to] of done.toSorted(([, one], [, other]) => one - other)) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
}
