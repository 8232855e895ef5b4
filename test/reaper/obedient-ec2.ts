import { ComputeProvider, type StopOptions } from '../../src/workers/domain/ports';
import { ComputeError, STOP_TOO_LATE } from '../../src/workers/domain/worker-errors';
import { type CMLWorkerStatus } from '../../src/workers/domain/worker-status';

const GOES_ON: Partial<Record<CMLWorkerStatus, CMLWorkerStatus>> = {
  STOPPING: 'STOPPED',
  PENDING: 'RUNNING',
};

export interface SentStop {
  readonly instanceId: string;
  readonly at: Date;
}

const unasked = () => Promise.reject(new Error('nobody should have asked EC2 for this'));

/** An EC2 that starts and stops instances when it is asked to, and remembers the stops. */
export class ObedientEc2 extends ComputeProvider {
  /** by instance id */
  readonly instances = new Map<string, { readonly workerId: string; status: CMLWorkerStatus }>();
  readonly stops: SentStop[] = [];
  /** called when a stop arrives */
  onStop: (workerId: string) => void = () => {};

  constructor(private readonly now: () => Date) {
    super();
  }

  stop(_region: string, instanceId: string, { sendBefore }: StopOptions): Promise<CMLWorkerStatus> {
    const instance = this.instances.get(instanceId);
    if (!instance) throw new Error(`EC2 has no ${instanceId}`);
    if (sendBefore && this.now() >= sendBefore) {
      throw new ComputeError('rejected', STOP_TOO_LATE, 'the stop came too late');
    }
    this.onStop(instance.workerId);
    this.stops.push({ instanceId, at: this.now() });
    instance.status = 'STOPPING';
    return Promise.resolve('STOPPING');
  }

  start(_region: string, instanceId: string): Promise<CMLWorkerStatus> {
    const instance = this.instances.get(instanceId);
    if (!instance) throw new Error(`EC2 has no ${instanceId}`);
    instance.status = 'PENDING';
    return Promise.resolve('PENDING');
  }

  /** What is on its way arrives. */
  goOn(): void {
    for (const instance of this.instances.values()) {
      instance.status = GOES_ON[instance.status] ?? instance.status;
    }
  }

  applyTags = () => Promise.resolve();
  tagAsManaged = () => Promise.resolve();
  cancelSpotRequests = () => Promise.resolve();
  resolveImage = unasked;
  prepareLaunch = (): never => {
    throw new Error('nobody should have asked EC2 for this');
  };
  launch = unasked;
  findByClientToken = unasked;
  describe = unasked;
  terminate = unasked;
  changeInstanceType = unasked;
}
