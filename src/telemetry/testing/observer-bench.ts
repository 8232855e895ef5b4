import { MINUTE } from '../../kernel/clocks';
import { type WorkerRecord } from '../../workers';
import { aWorker, at, WORKER_ID } from '../../workers/testing/worker.builder';
import { type CmlSource } from '../domain/cml-source';
import { CERTIFICATE } from './fake-cml';
import { CONTEXT, telemetryBench } from './telemetry-bench';

/** A worker in service, of which everything that the fake server answers is known already. */
export const known = (): WorkerRecord => ({
  ...aWorker().serving().idleSince(at(20)).certified(CERTIFICATE).state,
  cmlVersion: '2.9.0',
});

export const USUAL: readonly CmlSource[] = ['cml-system', 'cml-labs', 'cml-activity'];

export function observerBench(
  worker: WorkerRecord = known(),
  given: Parameters<typeof telemetryBench>[0] = {},
) {
  const parts = telemetryBench(given);
  const observe = (
    now: WorkerRecord = worker,
    sources: readonly CmlSource[] = USUAL,
    whenBack?: typeof sources,
  ) => {
    const reachable = parts.observer.reachable(now);
    if (!reachable) throw new Error('cannot be asked');
    return parts.observer.observe(reachable, { sources, whenBack }, CONTEXT);
  };
  const read = (...some: CmlSource[]) => observe(worker, some);
  const sources = () => parts.observations.of(WORKER_ID);
  return { ...parts, observe, read, sources };
}

/** One that was observed so long that its signals are known. */
export async function settled(...given: Parameters<typeof observerBench>) {
  const parts = observerBench(...given);
  await parts.observe();
  await parts.observe();
  parts.commands.executed.length = 0;
  parts.cml.asked.length = 0;
  parts.clock.advance(MINUTE);
  return parts;
}
