import { aTurn } from '../../event-store/testing/leased-ticks';
import { SECOND } from '../../kernel/clocks';
import { type WorkerRecord } from '../../workers';
import { aWorker } from '../../workers/testing/worker.builder';
import { ObserveCml } from '../application/observe-cml.command';
import { CONTEXT, telemetryBench } from './telemetry-bench';

export const idOf = (n: number) => `00000000-0000-4000-8000-0000000001${String(n).padStart(2, '0')}`;
export const hostOf = (n: number) => `203.0.113.${n}`;
export const server = (n: number): WorkerRecord => ({
  ...aWorker({}, idOf(n)).launched(`i-${n}`).serving().state,
  publicIp: hostOf(n),
});

/** A region with so many servers in service, and a process that has all of its turns unless a spec says otherwise. */
export function turnsBench(count = 1, given: Parameters<typeof telemetryBench>[0] = {}) {
  const parts = telemetryBench(given);
  const { clock, cml, observer, observeCml, queries, observations } = parts;
  queries.workers = Array.from({ length: count }, (_, n) => server(n));
  const lease = { fence: 0, held: () => true };
  const turn = (region = 'us-east-1') => {
    lease.fence += 1;
    const taken = aTurn(clock, () => lease.held());
    const own = { ...taken, lease: { ...taken.lease, fence: lease.fence } };
    return observeCml.execute(new ObserveCml(region, own, CONTEXT));
  };
  /** Turns for as long as a minute: with `past` left out, each two seconds. */
  const pass = async (ms: number, step = 2 * SECOND) => {
    for (let past = 0; past < ms; past += step) {
      clock.advance(step);
      await turn();
      await observer.idle();
    }
  };
  const askedOf = (n: number) => cml.asked.filter(({ host }) => host === hostOf(n)).map(({ what }) => what);
  const sourcesOf = async (n: number) => Object.keys(await observations.of(idOf(n)));
  return { ...parts, lease, turn, pass, askedOf, sourcesOf };
}

export function aGate() {
  let open = () => {};
  const opened = new Promise<void>((done) => (open = done));
  return { opened, open: () => open() };
}
