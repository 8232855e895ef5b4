import { at, aWorker, ENDPOINT } from '../testing/worker.builder';
import { connectionOf } from './connection';

const serving = aWorker().serving();

describe('a connection', () => {
  it('is ready where CML serves on a worker that is wanted RUNNING', () => {
    expect(connectionOf(serving.state, at(0))).toEqual({ ready: true, httpsEndpoint: ENDPOINT });
  });

  it.each([
    ['stopped, though it still serves', serving.wanted('STOPPED'), 'Start it first', null],
    ['terminated', serving.wanted('TERMINATED'), 'terminated or about to be', null],
    ['launched', aWorker().launched(), 'The instance is starting', 60],
    ['refused by AWS', aWorker().refused(at(90), 'VcpuLimitExceeded'), '', 60],
    ['booting', aWorker().running(), 'CML is not ready on it yet', 30],
    ['booting, and says why', serving.failing('STARTING', 'no-answer'), 'it is no-answer', 30],
    ['unhealthy', serving.failing('ERROR', 'unhealthy'), 'it is unhealthy', 120],
    ['waiting for credentials', serving.failing('ERROR', 'credentials'), 'it is credentials', null],
    ['in error since an earlier version', serving.service('ERROR', null, at(40)), 'not ready on it yet', 120],
    ['serving under another certificate', serving.certified('AA', 'BB'), 'an admin must check', null],
    ['showing another certificate', aWorker().running().certified('AA', 'BB'), 'an admin must check', null],
  ])(
    'is not while the worker is %s, and says what is missing',
    (_name, { state }, message, retryAfterSeconds) => {
      expect(connectionOf(state, at(0))).toEqual({
        ready: false,
        status: state.status,
        serviceStatus: state.serviceStatus,
        licenseStatus: 'UNREGISTERED',
        message: expect.stringContaining(message) as unknown,
        retryAfterSeconds,
      });
    },
  );

  it('is not offered while a fence counts, and is again when its time is over', () => {
    const { state } = serving.fenced();
    expect(connectionOf(state, at(26))).toEqual({
      ...{ ready: false, status: 'RUNNING', serviceStatus: 'AVAILABLE', licenseStatus: 'UNREGISTERED' },
      message: expect.stringMatching(/about to be stopped.*Start it, keep it alive or snooze it/) as string,
      retryAfterSeconds: 60,
    });
    expect(connectionOf(state, at(27))).toEqual({ ready: true, httpsEndpoint: ENDPOINT });
  });

  it('says of a fenced worker that nobody could connect to anyway what is missing of it', () => {
    const { state } = aWorker().running().fenced();
    expect(connectionOf(state, at(26))).toMatchObject({
      message: 'The instance runs; CML is not ready on it yet.',
    });
  });
});
