import { MINUTE, plus } from '../../kernel/clocks';
import { given } from '../testing/given';
import { at, aWorker, LOGIN } from '../testing/worker.builder';
import { ACTIVITY_STEP_MS } from './service-observation';

const NOW = at(60);
const idle = aWorker().serving().withLabs(0, at(20));
const CPU = { lastActivitySource: 'cml-system', lastActivityKind: 'cpu' } as const;
const known = {
  lastActivityAt: at(20),
  ...LOGIN,
  activeLabsCount: 0,
  cpuUtilization: 40,
  memoryUtilization: 50,
  updatedAt: NOW,
};

describe('telemetry of meaning', () => {
  it('is another lab count, with the load as it is then', () => {
    given(idle)
      .when((worker) =>
        worker.updateTelemetry({ activeLabsCount: 3, cpuUtilization: 81.5, memoryUtilization: 60 }, NOW),
      )
      .then([
        'worker.telemetry-updated',
        { ...known, activeLabsCount: 3, cpuUtilization: 81.5, memoryUtilization: 60 },
      ]);
  });

  it('is activity that moved by ten minutes', () => {
    expect(ACTIVITY_STEP_MS).toBe(10 * MINUTE);
    given(idle)
      .when((worker) => worker.updateTelemetry({ lastActivityAt: at(30), ...CPU }, NOW))
      .then(['worker.telemetry-updated', { ...known, lastActivityAt: at(30), ...CPU }]);
  });

  it('is the first activity that is known', () => {
    given(aWorker().running())
      .when((worker) => worker.updateTelemetry({ lastActivityAt: at(11), ...CPU }, NOW))
      .then([
        'worker.telemetry-updated',
        {
          lastActivityAt: at(11),
          ...CPU,
          activeLabsCount: null,
          cpuUtilization: null,
          memoryUtilization: null,
          updatedAt: NOW,
        },
      ]);
  });

  it('is a signal that turned, even where the numbers look alike', () => {
    given(idle)
      .when((worker) => worker.updateTelemetry({ signalTurned: true }, NOW))
      .then(['worker.telemetry-updated', known]);
  });

  it.each([
    ['time that passed', {}],
    ['the same lab count', { activeLabsCount: 0 }],
    ['another load alone', { cpuUtilization: 99, memoryUtilization: 99 }],
    ['activity that moved by less', { lastActivityAt: plus(at(30), -1) }],
  ])('is not %s', (_name, reading) => {
    given(idle)
      .when((worker) => worker.updateTelemetry(reading, NOW))
      .then();
  });
});

describe('a missing value', () => {
  it.each([
    ['left out', {}],
    ['null', { lastActivityAt: null, activeLabsCount: null, cpuUtilization: null, memoryUtilization: null }],
  ])('that is %s never overwrites a known one', (_name, missing) => {
    given(idle)
      .when((worker) => worker.updateTelemetry({ ...missing, signalTurned: true }, NOW))
      .then(['worker.telemetry-updated', known]);
  });

  it('is never taken for 0: labs that nobody has read stay unknown', () => {
    const worker = aWorker().running().build();
    worker.updateTelemetry({ lastActivityAt: at(11), activeLabsCount: null, signalTurned: true }, NOW);
    expect(worker.state).toMatchObject({ activeLabsCount: null, cpuUtilization: null });
  });

  it('0 is a value, and not a missing one', () => {
    given(aWorker().serving().withLabs(2))
      .when((worker) =>
        worker.updateTelemetry({ activeLabsCount: 0, cpuUtilization: 0, memoryUtilization: 0 }, NOW),
      )
      .then(['worker.telemetry-updated', { ...known, cpuUtilization: 0, memoryUtilization: 0 }]);
  });
});

describe('lastActivityAt', () => {
  it.each([5, 20])('never moves back, nor changes what it was: %i', (minute) => {
    given(idle)
      .when((worker) =>
        worker.updateTelemetry({ lastActivityAt: at(minute), ...CPU, activeLabsCount: 1 }, NOW),
      )
      .then(['worker.telemetry-updated', { ...known, activeLabsCount: 1 }]);
  });
});

describe('a reading that comes when the instance is down already', () => {
  const stopping = aWorker().running().status('STOPPING');

  it('says nothing of labs and load any more', () => {
    given(stopping)
      .when((worker) =>
        worker.updateTelemetry({ activeLabsCount: 2, cpuUtilization: 9, signalTurned: true }, NOW),
      )
      .then();
  });

  it('but of activity before', () => {
    given(stopping)
      .when((worker) => worker.updateTelemetry({ lastActivityAt: at(25), ...CPU, activeLabsCount: 2 }, NOW))
      .then([
        'worker.telemetry-updated',
        {
          lastActivityAt: at(25),
          ...CPU,
          activeLabsCount: null,
          cpuUtilization: null,
          memoryUtilization: null,
          updatedAt: NOW,
        },
      ]);
  });
});
