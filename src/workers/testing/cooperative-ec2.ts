import { MINUTE, plus } from '../../kernel/clocks';
import { type CmlWorker } from '../domain/cml-worker';
import { nextAction } from '../domain/next-action';
import { type NextAction } from '../domain/state-machine';
import { wantedTags } from '../domain/worker-state';
import { type CMLWorkerStatus } from '../domain/worker-status';
import { at, INSTANCE_ID, launchRequest } from './worker.builder';

const A_MINUTE_LATER: Partial<Record<CMLWorkerStatus, CMLWorkerStatus>> = {
  PENDING: 'RUNNING',
  STOPPING: 'STOPPED',
  SHUTTING_DOWN: 'TERMINATED',
};

/**
 * An EC2 that does what it is asked and takes a minute for it, with a reconciler and a sweep each minute: to see where
 * the actions lead. Fleet time and machine time are the same here.
 */
export class CooperativeEc2 {
  readonly taken: NextAction[] = [];

  /** `instance` is the worker's instance as EC2 has it, whatever the worker knows; null if there is none. */
  constructor(
    private instance: CMLWorkerStatus | null,
    private now = at(60),
  ) {}

  /** Lets so many minutes pass, and answers the action that is due then. */
  live(worker: CmlWorker, minutes = 120): NextAction {
    for (let minute = 0; minute < minutes; minute += 1) {
      this.reconcile(worker);
      this.now = plus(this.now, MINUTE);
      this.instance &&= A_MINUTE_LATER[this.instance] ?? this.instance;
      this.sweep(worker);
    }
    return nextAction(worker.state, { now: this.now, machineNow: this.now });
  }

  private reconcile(worker: CmlWorker): void {
    const action = nextAction(worker.state, { now: this.now, machineNow: this.now });
    if (action !== 'none' && action !== 'wait') this.taken.push(action);
    switch (action) {
      case 'none':
      case 'wait':
        return;
      case 'prepare-launch':
        worker.requestLaunch(launchRequest({ attempt: worker.state.launchAttempt + 1, at: this.now }));
        return;
      case 'launch':
        this.instance ??= 'PENDING';
        return this.assign(worker);
      case 'find-launched':
        return this.instance === null ? this.giveUp(worker) : this.assign(worker);
      case 'end':
        worker.terminate(worker.state.desired.by, this.now);
        return;
      case 'apply-instance-type':
        worker.instanceTypeApplied(worker.state.instanceType, this.now);
        return;
      case 'apply-tags':
        worker.tagsApplied(wantedTags(worker.state), this.now);
        return;
      case 'start':
        return this.answer(worker, 'PENDING');
      case 'stop':
      case 'force-stop':
        return this.answer(worker, 'STOPPING');
      case 'terminate':
        return this.answer(worker, 'SHUTTING_DOWN');
    }
  }

  private answer(worker: CmlWorker, status: CMLWorkerStatus): void {
    this.instance = status;
    worker.callAnswered(status, this.now);
  }

  private assign(worker: CmlWorker): void {
    worker.assignInstance({ awsInstanceId: INSTANCE_ID }, this.now);
  }

  private giveUp(worker: CmlWorker): void {
    const reason = { code: 'launch-not-found', message: 'none', at: this.now, nextTryAt: null };
    const { launchAttempt: attempt, launchRequest } = worker.state;
    worker.failLaunch({ attempt, tries: launchRequest?.tries ?? 0 }, 'later', reason);
  }

  private sweep(worker: CmlWorker): void {
    if (this.instance === null || worker.state.awsInstanceId === null) return;
    const unsaid = { publicIp: null, privateIp: null, stateReason: null };
    worker.observe({ status: this.instance, ...unsaid, begunAt: this.now }, this.now);
  }
}
