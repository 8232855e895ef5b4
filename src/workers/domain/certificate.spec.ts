import { given } from '../testing/given';
import { anImportedWorker } from '../testing/imported-worker.builder';
import { at, aWorker } from '../testing/worker.builder';
import { CertificateMismatch, InvalidTransition } from './worker-errors';

const NOW = at(60);
const pinned = (fingerprint: string, acceptedBy: string | null) =>
  [
    'worker.certificate-updated',
    {
      certificate: { pinned: fingerprint, presented: null, changedAt: null },
      acceptedBy,
      updatedAt: NOW,
    },
  ] as const;

describe('the certificate that a CML server shows', () => {
  it('is pinned at first sight', () => {
    given(aWorker().running())
      .when((worker) => worker.observeCertificate('AA', NOW))
      .then(pinned('AA', null));
  });

  it('is no event while it is the pinned one', () => {
    given(aWorker().serving().certified('AA'))
      .when((worker) => worker.observeCertificate('AA', NOW))
      .then();
  });

  it('waits for a person when it is another one, and the pinned one holds', () => {
    given(aWorker().serving().certified('AA'))
      .when((worker) => worker.observeCertificate('BB', NOW))
      .then([
        'worker.certificate-updated',
        {
          certificate: { pinned: 'AA', presented: 'BB', changedAt: NOW },
          acceptedBy: null,
          updatedAt: NOW,
        },
      ]);
  });

  it('is no event while it goes on waiting', () => {
    given(aWorker().running().certified('AA', 'BB'))
      .when((worker) => worker.observeCertificate('BB', NOW))
      .then();
  });

  it('waits no more when the pinned one comes back', () => {
    given(aWorker().running().certified('AA', 'BB'))
      .when((worker) => worker.observeCertificate('AA', NOW))
      .then(pinned('AA', null));
  });
});

describe('another certificate in the first boot', () => {
  const booting = aWorker().running().certified('AA');

  it('is taken without a person, once', () => {
    given(booting)
      .when((worker) => worker.observeCertificate('BB', NOW))
      .then(pinned('BB', 'system:first-boot'));
    const worker = booting.build();
    worker.observeCertificate('BB', at(50));
    worker.observeCertificate('CC', NOW);
    expect(worker.state.certificate).toEqual({ pinned: 'BB', presented: 'CC', changedAt: NOW });
  });

  it('is no revision: nobody changed anything that they would have to know of', () => {
    const worker = booting.build();
    worker.observeCertificate('BB', NOW);
    expect(worker.state.revision).toBe(booting.state.revision);
    worker.acceptCertificate('CC', 'user:bob', NOW);
    expect(worker.state.revision).toBe(booting.state.revision + 1);
  });

  it.each([
    ['was AVAILABLE before', aWorker().serving().certified('AA')],
    ['was AVAILABLE in an earlier run', aWorker().serving().stopped().running(at(50)).certified('AA')],
    ['has a certificate that a person accepted', aWorker().running().accepted('AA')],
    ['was imported', anImportedWorker().certified('AA')],
  ])('waits for a person where the server %s', (_name, past) => {
    given(past)
      .when((worker) => worker.observeCertificate('BB', NOW))
      .then([
        'worker.certificate-updated',
        {
          certificate: { pinned: 'AA', presented: 'BB', changedAt: NOW },
          acceptedBy: null,
          updatedAt: NOW,
        },
      ]);
  });

  it('does not hold up the service any longer once it is accepted', () => {
    const waiting = aWorker().running().certified('AA', 'BB').failing('ERROR', 'certificate').build();
    waiting.acceptCertificate('BB', 'user:bob', NOW);
    expect(waiting.state).toMatchObject({ serviceStatus: 'ERROR', serviceReason: null });
    const unhealthy = aWorker().running().certified('AA', 'BB').failing('ERROR', 'unhealthy').build();
    unhealthy.acceptCertificate('BB', 'user:bob', NOW);
    expect(unhealthy.state.serviceReason?.code).toBe('unhealthy');
  });
});

describe('a person who accepts a certificate', () => {
  it('pins the one that waits', () => {
    given(aWorker().running().certified('AA', 'BB'))
      .when((worker) => worker.acceptCertificate('BB', 'user:bob', NOW))
      .then(pinned('BB', 'user:bob'));
  });

  it('may pin one before the server was seen', () => {
    given(aWorker())
      .when((worker) => worker.acceptCertificate('AA', 'user:bob', NOW))
      .then(pinned('AA', 'user:bob'));
  });

  it.each(['CC', 'AA'])('is refused %s where the server shows BB', (fingerprint) => {
    const changed = aWorker().running().certified('AA', 'BB');
    given(changed)
      .when((worker) => worker.acceptCertificate(fingerprint, 'user:bob', NOW))
      .thenThrows(new CertificateMismatch(changed.state, 'BB'));
  });

  it('changes nothing where it is pinned already', () => {
    given(aWorker().serving().certified('AA'))
      .when((worker) => worker.acceptCertificate('AA', 'user:bob', NOW))
      .then();
  });

  it('is told that the worker is gone', () => {
    const gone = aWorker().running().terminated();
    const remedy = 'It is gone for good; create a new worker.';
    given(gone)
      .when((worker) => worker.acceptCertificate('AA', 'user:bob', NOW))
      .thenThrows(new InvalidTransition(gone.state, 'trusted with a certificate', remedy));
  });
});
