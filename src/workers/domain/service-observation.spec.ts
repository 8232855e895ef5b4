import { MINUTE, plus } from '../../kernel/clocks';
import { given } from '../testing/given';
import { at, aWorker, ENDPOINT, PRIVATE_IP, PUBLIC_IP, TOKEN } from '../testing/worker.builder';
import { REASON_STEP_MS } from './service-reason';
import { type ServiceReason } from './worker-state';
import { type CMLServiceStatus } from './worker-status';

const NOW = at(60);

const service = (
  oldServiceStatus: CMLServiceStatus,
  newServiceStatus: CMLServiceStatus,
  httpsEndpoint: string | null = ENDPOINT,
  reason: ServiceReason | null = null,
) =>
  [
    'worker.service-status-updated',
    { oldServiceStatus, newServiceStatus, reason, httpsEndpoint, updatedAt: NOW },
  ] as const;

const activity = [
  'worker.telemetry-updated',
  {
    lastActivityAt: NOW,
    lastActivitySource: 'start',
    lastActivityKind: 'start',
    activeLabsCount: null,
    cpuUtilization: null,
    memoryUtilization: null,
    updatedAt: NOW,
  },
] as const;

describe('updateServiceStatus', () => {
  it('is no event if unchanged', () => {
    given(aWorker().serving())
      .when((worker) => worker.updateServiceStatus('AVAILABLE', ENDPOINT, NOW))
      .then();
  });

  it('without an endpoint keeps the one that is known', () => {
    given(aWorker().serving())
      .when((worker) => worker.updateServiceStatus('ERROR', null, NOW))
      .then(service('AVAILABLE', 'ERROR'));
  });

  it('with another endpoint is an event of its own', () => {
    given(aWorker().serving())
      .when((worker) => worker.updateServiceStatus('AVAILABLE', 'https://cml.example', NOW))
      .then(service('AVAILABLE', 'AVAILABLE', 'https://cml.example'));
  });

  it.each([
    ['STOPPING', aWorker().running().status('STOPPING')],
    ['STOPPED', aWorker().stopped()],
    ['SHUTTING_DOWN', aWorker().running().status('SHUTTING_DOWN')],
    ['TERMINATED', aWorker().running().terminated()],
  ])('is no event of an instance that is %s: the reading is older than that', (_status, past) => {
    given(past)
      .when((worker) => worker.updateServiceStatus('AVAILABLE', ENDPOINT, NOW))
      .then();
  });
});

describe('the reason of a service status', () => {
  const finding = { code: 'unhealthy', message: 'it is unhealthy' };
  const failing = (since = at(40)) => aWorker().serving().failing('ERROR', 'unhealthy', since);

  it('comes with the status', () => {
    given(aWorker().serving())
      .when((worker) => worker.updateServiceStatus('ERROR', null, NOW, finding))
      .then(service('AVAILABLE', 'ERROR', ENDPOINT, { ...finding, at: NOW }));
  });

  it('is no event where it only repeats', () => {
    given(failing())
      .when((worker) => worker.updateServiceStatus('ERROR', ENDPOINT, NOW, finding))
      .then();
  });

  it('is an event where another one holds, once it has held for a while', () => {
    expect(REASON_STEP_MS).toBe(5 * MINUTE);
    const other = { code: 'not-ready', message: 'it is not ready' };
    given(failing(plus(NOW, -REASON_STEP_MS)))
      .when((worker) => worker.updateServiceStatus('ERROR', null, NOW, other))
      .then(service('ERROR', 'ERROR', ENDPOINT, { ...other, at: NOW }));
    given(failing(plus(NOW, -REASON_STEP_MS + 1)))
      .when((worker) => worker.updateServiceStatus('ERROR', null, NOW, other))
      .then();
  });

  it('is told at once where a person must act, and holds its time then', () => {
    const refused = { code: 'credentials', message: 'it refuses us' };
    given(failing(plus(NOW, -1)))
      .when((worker) => worker.updateServiceStatus('ERROR', null, NOW, refused))
      .then(service('ERROR', 'ERROR', ENDPOINT, { ...refused, at: NOW }));
    const certificate = { code: 'certificate', message: 'it is another one' };
    const told = aWorker().serving().failing('ERROR', 'credentials', plus(NOW, -1));
    for (const other of [finding, certificate]) {
      given(told)
        .when((worker) => worker.updateServiceStatus('ERROR', null, NOW, other))
        .then();
    }
  });

  it('stays where a reading does not say why, and goes with the status', () => {
    given(failing())
      .when((worker) => worker.updateServiceStatus('ERROR', null, NOW))
      .then();
    given(failing())
      .when((worker) => worker.updateServiceStatus('STARTING', null, NOW))
      .then(service('ERROR', 'STARTING'));
    given(failing())
      .when((worker) => worker.updateServiceStatus('AVAILABLE', null, NOW, finding))
      .then(service('ERROR', 'AVAILABLE'));
  });

  it('wavers without a flood: in an hour of readings that differ it is told twelve times', () => {
    const worker = failing(at(0)).build();
    for (let minute = 60; minute < 120; minute += 1) {
      const code = minute % 2 ? 'unhealthy' : 'not-ready';
      worker.updateServiceStatus('ERROR', null, at(minute), { code, message: code });
    }
    expect(worker.uncommitted.length).toBe(12);
  });
});

describe('becoming AVAILABLE', () => {
  const restarted = aWorker().serving().stopped().status('RUNNING', at(50));

  it.each([
    ['the first start', aWorker().running()],
    ['a later start', restarted],
    ['a start that EC2 does not show as over yet', aWorker().serving().stopped().status('PENDING', at(50))],
  ])('after %s counts as activity: a fresh boot has its whole idle window before it', (_name, past) => {
    given(past)
      .when((worker) => worker.updateServiceStatus('AVAILABLE', ENDPOINT, NOW))
      .then(service('UNAVAILABLE', 'AVAILABLE'), activity);
  });

  it('again in the same run does not: a flapping service keeps nothing awake', () => {
    const worker = aWorker().serving(at(12)).build();
    worker.updateServiceStatus('ERROR', null, at(20));
    worker.updateServiceStatus('AVAILABLE', null, at(40));
    expect(worker.state).toMatchObject({ serviceStatus: 'AVAILABLE', lastActivityAt: at(12) });
  });

  it('STARTING and ERROR are no activity', () => {
    given(restarted)
      .when((worker) => worker.updateServiceStatus('STARTING', ENDPOINT, NOW))
      .then(service('UNAVAILABLE', 'STARTING'));
  });
});

describe('updateEndpoint', () => {
  it('keeps what is not given', () => {
    given(aWorker().running())
      .when((worker) => worker.updateEndpoint('https://cml.example', null, NOW))
      .then([
        'worker.endpoint-updated',
        {
          httpsEndpoint: 'https://cml.example',
          publicIp: PUBLIC_IP,
          privateIp: PRIVATE_IP,
          updatedAt: NOW,
        },
      ]);
  });

  it('is no event if unchanged, or if nothing is given', () => {
    given(aWorker().serving())
      .when((worker) => worker.updateEndpoint(ENDPOINT, PUBLIC_IP, NOW))
      .then();
    given(aWorker().serving())
      .when((worker) => worker.updateEndpoint(null, null, NOW))
      .then();
  });

  it('is no event of a stopped instance, whose address is another one at the next start', () => {
    given(aWorker().stopped())
      .when((worker) => worker.updateEndpoint(ENDPOINT, PUBLIC_IP, NOW))
      .then();
  });
});

describe('updateLicense', () => {
  const updated = (
    licenseStatus: 'REGISTERED' | 'EXPIRED' | 'UNREGISTERED',
    licenseToken: typeof TOKEN | null = TOKEN,
  ) => ['worker.license-updated', { licenseStatus, licenseToken, updatedAt: NOW }] as const;

  it('holds a reference to the token and its fingerprint', () => {
    given(aWorker().running())
      .when((worker) => worker.updateLicense('REGISTERED', TOKEN, NOW))
      .then(updated('REGISTERED'));
  });

  it('without a token keeps the one that is known', () => {
    given(aWorker().running().licensed())
      .when((worker) => worker.updateLicense('EXPIRED', null, NOW))
      .then(updated('EXPIRED'));
  });

  it('forgets the token of a licence that was given back', () => {
    given(aWorker().running().licensed())
      .when((worker) => worker.updateLicense('UNREGISTERED', 'none', NOW))
      .then(updated('UNREGISTERED', null));
  });

  it.each([
    ['reference', { ...TOKEN, ref: 'secret-2' }],
    ['fingerprint', { ...TOKEN, fingerprint: 'sha256:2222' }],
  ])('another %s is another token', (_name, token) => {
    given(aWorker().running().licensed())
      .when((worker) => worker.updateLicense('REGISTERED', token, NOW))
      .then(updated('REGISTERED', token));
  });

  it('is no event if unchanged', () => {
    given(aWorker().running().licensed())
      .when((worker) => worker.updateLicense('REGISTERED', { ...TOKEN }, NOW))
      .then();
  });
});

describe('the version of CML', () => {
  it('is an event when it is another one', () => {
    given(aWorker().running())
      .when((worker) => worker.updateVersion('2.9.0', NOW))
      .then(['worker.version-updated', { cmlVersion: '2.9.0', updatedAt: NOW }]);
    given(aWorker({ cmlVersion: '2.9.0' }).running())
      .when((worker) => worker.updateVersion('2.9.0', NOW))
      .then();
  });
});
