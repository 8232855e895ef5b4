import { systemContext } from '../../../src/kernel/command-context';
import { EVERYWHERE } from '../../../src/workers/domain/ports';
import { aNewWorker } from '../../../src/workers/testing/memory-workers';
import { Mortal } from '../../convergence/bench/mortal';
import { SimTime } from '../world/sim-time';
import { NO_GATE, Stores } from './stores';

const START = new Date('2026-03-02T08:00:00.000Z');
const NOBODY_ASKS = { begunBefore: () => null, finishedBefore: () => null, begun: noOp, finished: noOp };

/** A worker without an instance, and a process that meets its doom as soon as it has stored something. */
async function aScene(what: 'dies' | 'stands still') {
  const time = new SimTime(START, 0, fail);
  const stores = new Stores(time, NOBODY_ASKS, fail);
  const other = stores.seenBy(NO_GATE);
  await other.repository.add(aNewWorker('w-1', { createdAt: START }), systemContext('create', 'c-1'));
  const mortal = new Mortal('process 1', noOp);
  const its = stores.seenBy((name, port) => mortal.gate(name, port));
  mortal.meet({ call: 1, of: 'events.append', when: 'after', what });
  const listed = async () => (await other.repository.getActiveWorkers(EVERYWHERE))[0]?.awsInstanceId;
  return { stores, other, its, mortal, listed };
}

describe('the database of a run', () => {
  it('shows in its lists what a process stored that died before it could say so', async () => {
    const { stores, its, mortal, listed } = await aScene('dies');
    const before = stores.changes;
    void its.repository.update('w-1', systemContext('assign', 'c-2'), (worker) =>
      worker.assignInstance({ awsInstanceId: 'i-1' }, START),
    );
    await mortal.gone;
    expect(stores.latest.get('w-1')?.awsInstanceId).toBe('i-1');
    expect(await listed()).toBe('i-1');
    expect(stores.changes).toBe(before + 1);
  });

  it('shows what such a process did to the reaper’s control', async () => {
    const { stores, its, mortal } = await aScene('dies');
    void its.controls.change(systemContext('pause', 'c-2'), (control) =>
      control.pause('user:ann', 'an exam', null, START),
    );
    await mortal.gone;
    expect(stores.control.paused).not.toBeNull();
    expect(stores.control).toEqual(await stores.seenBy(NO_GATE).controls.state());
    expect(stores.controlChanges).toBe(1);
  });

  it('goes back to nothing older when a process goes on that stood still', async () => {
    const { stores, other, its, mortal, listed } = await aScene('stands still');
    const late = its.repository.update('w-1', systemContext('assign', 'c-2'), (worker) =>
      worker.assignInstance({ awsInstanceId: 'i-1' }, START),
    );
    await mortal.gone;
    await other.repository.update('w-1', systemContext('service', 'c-3'), (worker) =>
      worker.updateServiceStatus('AVAILABLE', 'https://w-1', START),
    );
    mortal.goOn();
    await late;
    expect(stores.latest.get('w-1')?.serviceStatus).toBe('AVAILABLE');
    expect(await listed()).toBe('i-1');
  });
});

function noOp(): void {
  // nobody needs to know
}

function fail(error: unknown): void {
  throw error;
}
