import { ManualClock, SECOND } from '../../kernel/clocks';
import { failed, type LabsValues, observed } from '../domain/observation';
import { MemoryObservationStore } from '../persistence/observation.memory-store';
import { OPTIONS } from '../testing/telemetry-bench';
import { ObservedLabs } from './observed-labs';

const labs = (running: number): LabsValues => ({ total: 3, running, labs: [] });
const system = {
  ...{ version: '2.9.0', ready: true, healthy: true, licensed: true },
  ...{ cpuPercent: 1, memoryPercent: 1, diskPercent: 1, runningNodes: 0 },
};

function bench() {
  const clock = new ManualClock(new Date('2026-03-02T09:00:00.000Z'));
  const store = new MemoryObservationStore();
  const census = new ObservedLabs(store, clock, { ...OPTIONS, maximalAgeSeconds: 180 });
  return { clock, store, count: () => census.runningLabs('w-1') };
}

it('counts the labs by their own reading, until that is too old', async () => {
  const { clock, store, count } = bench();
  expect(await count()).toBeNull();
  const first = observed(undefined, 'w-1', 'cml-labs', labs(0), clock.now());
  await store.save([first]);
  expect(await count()).toBe(0);
  clock.advance(180 * SECOND);
  // that the server answers otherwise says nothing about its labs
  const error = { code: 'unreadable', message: 'too large', at: clock.now() };
  await store.save([
    failed(first, 'w-1', 'cml-labs', error),
    observed(undefined, 'w-1', 'cml-system', system, clock.now()),
  ]);
  expect(await count()).toBe(0);
  clock.advance(1);
  expect(await count()).toBeNull();
  await store.save([observed(first, 'w-1', 'cml-labs', labs(2), clock.now())]);
  expect(await count()).toBe(2);
});

it('cannot tell where the labs never could be read', async () => {
  const { clock, store, count } = bench();
  const error = { code: 'refused', message: 'no', at: clock.now() };
  await store.save([failed(undefined, 'w-1', 'cml-labs', error)]);
  expect(await count()).toBeNull();
});

it('does not believe in none by a version of CML that is not understood', async () => {
  const { clock, store, count } = bench();
  const first = observed(undefined, 'w-1', 'cml-labs', labs(0), clock.now());
  const tooNew = { ...system, version: '3.0.0' };
  await store.save([first, observed(undefined, 'w-1', 'cml-system', tooNew, clock.now())]);
  expect(await count()).toBeNull();
  clock.advance(SECOND);
  await store.save([observed(first, 'w-1', 'cml-labs', labs(2), clock.now())]);
  expect(await count()).toBe(2);
});
