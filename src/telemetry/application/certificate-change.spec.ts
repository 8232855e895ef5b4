import { CERTIFICATE } from '../testing/fake-cml';
import { ObservedWorker } from '../testing/observed-worker';
import { anImportedWorker } from '../../workers/testing/imported-worker.builder';
import { at, aWorker } from '../../workers/testing/worker.builder';

const pinned = (fingerprint: string) => ({ pinned: fingerprint, presented: null, changedAt: null });

describe('a server that changes its certificate', () => {
  it('in its first boot comes up without a person, under the new one', async () => {
    const observed = new ObservedWorker(aWorker().running(at(60)));
    await observed.minutes(1);
    expect(observed.state.certificate).toEqual(pinned(CERTIFICATE));
    observed.bench.cml.certificate = 'CC:DD';
    expect(await observed.minutes(1)).toEqual(['STARTING']);
    expect(observed.state.certificate).toEqual(pinned('CC:DD'));
    expect(await observed.minutes(2)).toEqual(['STARTING', 'AVAILABLE']);
    expect(observed.bench.cml.asked.at(-1)?.pin).toBe('CC:DD');
  });

  it('in its first boot a second time waits for a person', async () => {
    const observed = new ObservedWorker(aWorker().running());
    await observed.minutes(1);
    observed.bench.cml.certificate = 'CC:DD';
    await observed.minutes(1);
    observed.bench.cml.certificate = 'EE:FF';
    expect(await observed.minutes(2)).toEqual(['ERROR', 'ERROR']);
    expect(observed.state).toMatchObject({
      certificate: { pinned: 'CC:DD', presented: 'EE:FF' },
      serviceReason: { code: 'certificate' },
    });
  });

  it.each([
    ['that was in service', aWorker().running()],
    ['that was imported', anImportedWorker()],
  ])('%s is in error until a person accepts it, and then comes back', async (_name, past) => {
    const observed = new ObservedWorker(past);
    await observed.minutes(2);
    observed.bench.cml.certificate = 'CC:DD';
    expect(await observed.minutes(3)).toEqual(['AVAILABLE', 'ERROR', 'ERROR']);
    expect(observed.state.certificate).toMatchObject({ pinned: CERTIFICATE, presented: 'CC:DD' });
    observed.do((worker, now) => worker.acceptCertificate('CC:DD', 'user:bob', now));
    expect(observed.state).toMatchObject({ certificate: pinned('CC:DD'), serviceReason: null });
    expect(await observed.minutes(2)).toEqual(['ERROR', 'AVAILABLE']);
    const changes = observed.events.filter((type) => type === 'worker.certificate-updated');
    expect(changes).toHaveLength(3);
  });
});
