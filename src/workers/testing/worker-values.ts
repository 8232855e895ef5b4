import { MINUTE, plus } from '../../kernel/clocks';
import { type NewWorker } from '../domain/cml-worker';
import { plainLaunch } from '../domain/launch-settings';
import { type Intent, type LaunchRequest } from '../domain/worker-state';
import { type DesiredState } from '../domain/worker-status';

/** Minutes after a builder's worker was created, which is 2 March 2026, 08:00 UTC. */
export function at(minutes: number): Date {
  return plus(new Date('2026-03-02T08:00:00.000Z'), minutes * MINUTE);
}

/** Somebody's intent, by default alice's at minute 0. */
export function wanting(state: DesiredState, given: Partial<Intent> = {}): Intent {
  return {
    state,
    by: 'user:alice',
    reason: 'a test',
    at: at(0),
    decisionId: null,
    sendBefore: null,
    ...given,
  };
}

/** What `CmlWorker.create` takes. */
export function newWorker(given: Partial<NewWorker> = {}): NewWorker {
  return {
    name: 'lab-1',
    awsRegion: 'us-east-1',
    instanceType: 'c5.metal',
    amiId: null,
    amiName: 'cml-2.9*',
    cmlVersion: null,
    tags: {},
    launch: plainLaunch(given.instanceType ?? 'c5.metal'),
    driftPolicy: null,
    desired: wanting('RUNNING'),
    createdAt: at(0),
    createdBy: 'user:alice',
    ...given,
  };
}

export function launchRequest(given: Partial<LaunchRequest> = {}): LaunchRequest {
  const image = { amiId: 'ami-1', amiName: 'cml-2.9.0' };
  return {
    attempt: 1,
    clientToken: 'token-1',
    placement: { instanceType: 'c5.metal', subnetId: null },
    ...image,
    tags: { Name: 'lab-1' },
    body: '{}',
    at: at(1),
    tries: 0,
    triedAt: null,
    ...given,
  };
}
