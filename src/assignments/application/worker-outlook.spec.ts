import { at, aWorker, ENDPOINT, type WorkerBuilder } from '../../workers/testing/worker.builder';
import { progressOf, readinessOf, whyUnfit } from './worker-outlook';

describe('how soon a worker can be used', () => {
  it.each<[string, WorkerBuilder, string]>([
    ['it serves', aWorker().serving(), 'available'],
    ['it is fenced, since nobody used it', aWorker().serving().fenced(), 'available'],
    ['it is launched', aWorker().launched(), 'booting'],
    ['somebody has it started', aWorker().stopped().wanted('RUNNING'), 'booting'],
    ['CML starts on it', aWorker().running().service('STARTING', null, at(11)), 'booting'],
    ['it runs, and nothing is known of CML', aWorker().running(), 'none'],
    ['AWS refuses to start it', aWorker().launched().refused(null), 'none'],
    ['it is stopped', aWorker().stopped(), 'stopped'],
    ['it is about to be stopped', aWorker().serving().wanted('STOPPED'), 'none'],
    ['it is about to be terminated', aWorker().serving().wanted('TERMINATED'), 'none'],
    ['it is terminated', aWorker().terminated(), 'none'],
    ['nobody can tell', aWorker().serving().status('UNKNOWN'), 'none'],
    ['its licence is registered', aWorker().serving().licensed(), 'available'],
    ['it has none', aWorker().serving().licensed('UNREGISTERED'), 'available'],
    ['its licence has expired', aWorker().serving().licensed('EXPIRED'), 'none'],
    ['its licence is invalid', aWorker().stopped().licensed('INVALID'), 'none'],
    ['it shows another certificate', aWorker().serving().certified('AA', 'BB'), 'none'],
    ['CML fails on it', aWorker().serving().service('ERROR', ENDPOINT, at(20)), 'none'],
  ])('when %s', (_what, builder, readiness) => {
    expect(readinessOf(builder.state)).toBe(readiness);
  });

  it('is told with what is against it', () => {
    expect(whyUnfit(aWorker().serving().licensed('EXPIRED').state)).toBe(
      'The licence of the worker "lab-1" is EXPIRED.',
    );
    expect(whyUnfit(aWorker().running().failing('STARTING', 'credentials').state)).toBe(
      'CML on the worker "lab-1" needs somebody’s help: it is credentials',
    );
    expect(whyUnfit(aWorker().stopped().state)).toBeNull();
  });

  it('is told while one waits', () => {
    expect(progressOf(aWorker().launched().state, at(2))).toBe(
      'The worker "lab-1" is PENDING, CML on it UNAVAILABLE. The instance is starting. Bare metal takes 10 to 20 minutes.',
    );
  });
});
