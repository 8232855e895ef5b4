import { MINUTE, plus } from '../../kernel/clocks';
import { aLeftover, aLivingWorker, NOW, OURS, REGION } from '../testing/orphans.builder';
import { type Leftover, type LivingWorker, whyNoOrphan } from './leftover';
import { type ResourceKind } from './orphan';

function judge(leftover: Partial<Leftover>, workers: LivingWorker[] = [], kind?: ResourceKind) {
  const surroundings = { awsRegion: REGION, workers, installationId: OURS, now: NOW };
  return whyNoOrphan(kind ?? 'instance-without-worker', aLeftover(leftover), surroundings);
}

describe('an instance', () => {
  it.each<[string, Partial<Leftover>, LivingWorker[], RegExp | null]>([
    ['with our tags and no worker is an orphan', {}, [], null],
    ['is one without an installation id, too', { installationId: null }, [], null],
    ['of another installation is none', { installationId: 'other' }, [], /another installation/],
    ['without our tag is none', { isManaged: false }, [], /not tagged/],
    ['that goes is none', { isLoose: false, status: 'shutting-down' }, [], /is shutting-down/],
    ['that a worker has is none', {}, [aLivingWorker({ awsInstanceId: 'i-1' })], /the worker w-1/],
    [
      'is one where its tag names a worker that has another instance',
      { workerId: 'w-1' },
      [aLivingWorker({ awsInstanceId: 'i-2' })],
      null,
    ],
    ['that a worker waits for, by its tag, is none', { workerId: 'w-1' }, [aLivingWorker()], /w-1/],
    [
      'that a worker waits for, by its token, is none',
      { clientToken: 't' },
      [aLivingWorker({ launchToken: 't' })],
      /w-1/,
    ],
    ['is one where a worker waits for another', { workerId: 'w-2' }, [aLivingWorker()], null],
    ['without a token is not everybody’s who has none', { clientToken: null }, [aLivingWorker()], null],
    [
      'of that id in another region is somebody else’s',
      {},
      [aLivingWorker({ awsInstanceId: 'i-1', awsRegion: 'us-east-1' })],
      null,
    ],
    ['that is ten minutes old is one', { since: plus(NOW, -10 * MINUTE) }, [], null],
    ['that is younger is none yet', { since: plus(NOW, -10 * MINUTE + 1) }, [], /ten minutes/],
    ['of unknown age is one', { since: null }, [], null],
  ])('%s', (_, leftover, workers, why) => {
    if (why) expect(judge(leftover, workers)).toMatch(why);
    else expect(judge(leftover, workers)).toBeNull();
  });
});

describe.each(['volume', 'address'] as const)('a %s', (kind) => {
  it('that nothing uses is an orphan', () => {
    expect(judge({ resourceId: 'x-1' }, [], kind)).toBeNull();
  });

  it('that is in use is none', () => {
    expect(judge({ isLoose: false, status: 'in-use' }, [], kind)).toContain('in-use');
  });

  it('that was detached from a living worker’s instance is still that worker’s', () => {
    const worker = aLivingWorker({ awsInstanceId: 'i-1', awsRegion: 'us-east-1' });
    expect(judge({ resourceId: 'x-1', workerId: 'w-1' }, [worker], kind)).toContain('w-1');
  });
});
