import { Logger } from '@nestjs/common';
import { aTurn } from '../../event-store/testing/leased-ticks';
import { aNewWorker, commandsOf, memoryWorkers } from '../testing/memory-workers';
import { ReconcileFleet, ReconcileFleetHandler } from './reconcile-fleet.command';
import { type WorkerReconciler } from './worker-reconciler';

/** Workers that are to be launched, and who of them was reconciled. */
async function bench(regions: Readonly<Record<string, string>>) {
  const { repository, clock } = memoryWorkers();
  const command = commandsOf();
  for (const [id, awsRegion] of Object.entries(regions)) {
    await repository.add(aNewWorker(id, { awsRegion, createdAt: clock.now() }), command());
  }
  const reconciled: string[] = [];
  const failing = new Set<string>();
  const reconciler = {
    reconcile: (id: string) => {
      reconciled.push(id);
      return failing.has(id) ? Promise.reject(new Error('no')) : Promise.resolve();
    },
  } as WorkerReconciler;
  const options = { regions: ['us-east-1', 'eu-west-1'], reconcileSeconds: 30 };
  const policies = { driftPolicy: 'follow', forceOverdueStop: false } as const;
  const given = { ...options, ...policies, autostart: false };
  const handler = new ReconcileFleetHandler(repository, reconciler, clock, clock, given);
  const reconcile = (region: string | null, held = () => true) =>
    handler.execute(new ReconcileFleet(region, aTurn(clock, held)));
  return { reconciled, failing, reconcile };
}

describe('the reconciliation of a region', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  it('comes to the workers of that region; those of none that is configured have a turn of their own', async () => {
    const { reconciled, reconcile } = await bench({ a: 'us-east-1', b: 'eu-west-1', c: 'ap-south-1' });
    await reconcile('us-east-1');
    expect(reconciled).toEqual(['a']);
    await reconcile(null);
    expect(reconciled).toEqual(['a', 'c']);
  });

  it('goes on when one worker fails', async () => {
    const { reconciled, failing, reconcile } = await bench({ a: 'us-east-1', b: 'us-east-1' });
    failing.add('a').add('b');
    await reconcile('us-east-1');
    expect(reconciled.sort()).toEqual(['a', 'b']);
  });

  it('comes to no further worker once its lease is lost', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => [`w${index}`, 'us-east-1'] as const);
    const { reconciled, reconcile } = await bench(Object.fromEntries(ids));
    await reconcile('us-east-1', () => reconciled.length < 3);
    expect(reconciled).toHaveLength(3);
  });
});
