import { MINUTE, SECOND } from '../../../src/kernel/clocks';
import {
  ComputeError,
  type ComputeProvider,
  DECIDED_TOO_LONG_AGO,
  STOP_TOO_LATE,
  type StopOptions,
} from '../../../src/workers';
import { type CMLWorkerStatus } from '../../../src/workers/domain/worker-status';
import { type Dice } from '../world/dice';
import { type SimTime } from '../world/sim-time';
import { type Server } from './server';

/** What becomes of the next call that stops an instance. */
export type StopFate = 'done' | 'answer-lost' | 'refused' | 'throttled' | 'slow';

export interface Ec2Traits {
  readonly dice: Dice;
  /** how often a call ends otherwise than well */
  readonly faultShare: number;
}

/** An instance of a run. */
export interface SimulatedInstance {
  readonly server: Server;
  /** what a person set for its next stop; chance decides where nothing was */
  fate: StopFate | null;
}

/**
 * EC2 as far as starts and stops go: calls take their time, answers get lost, and an instance takes its time to stop. A
 * stop is sent once, and not after its time.
 */
export class SimulatedEc2 implements Pick<ComputeProvider, 'start' | 'stop'> {
  readonly instances = new Map<string, SimulatedInstance>();

  constructor(
    private readonly time: SimTime,
    private readonly traits: Ec2Traits,
    private readonly told: { stopping(server: Server, sentAt: number): void; changed(server: Server): void },
  ) {}

  async start(_region: string, instanceId: string): Promise<CMLWorkerStatus> {
    const { server } = this.of(instanceId);
    await this.time.pass(this.traits.dice.whole(100, 900));
    if (server.instance === 'running' || server.instance === 'pending') return 'PENDING';
    if (server.instance === 'stopping') {
      throw new ComputeError('wrong-state', 'IncorrectInstanceState', 'It is stopping.');
    }
    server.change('instance', () => {
      server.instance = 'pending';
    });
    this.time.after(this.traits.dice.whole(20 * SECOND, MINUTE), () => {
      server.begins();
      this.told.changed(server);
    });
    this.told.changed(server);
    return 'PENDING';
  }

  async stop(_region: string, instanceId: string, options: StopOptions): Promise<CMLWorkerStatus> {
    const instance = this.of(instanceId);
    const { dice } = this.traits;
    const { fate: given } = instance;
    instance.fate = null;
    const fate = given ?? this.chosenFate();
    await this.time.pass(dice.whole(10, 400));
    const now = this.time.machine.now();
    if (options.notAfter && now >= options.notAfter) {
      throw new ComputeError('later', DECIDED_TOO_LONG_AGO, 'It was decided too long ago.');
    }
    if (options.sendBefore && now >= options.sendBefore) {
      throw new ComputeError('later', STOP_TOO_LATE, 'Its time is over.');
    }
    const sentAt = this.time.now;
    await this.time.pass(dice.whole(10, 300));
    if (fate === 'refused') throw new ComputeError('rejected', 'UnauthorizedOperation', 'You may not.');
    if (fate === 'throttled') throw new ComputeError('throttled', 'RequestLimitExceeded', 'Too many.');
    this.stopNow(instance.server, sentAt, fate === 'slow' ? 15 * MINUTE : dice.whole(15, 90) * SECOND);
    await this.time.pass(dice.whole(10, fate === 'answer-lost' ? 20_000 : 400));
    if (fate === 'answer-lost') throw new ComputeError('unclear', 'TimeoutError', 'No answer came.');
    return 'STOPPING';
  }

  private chosenFate(): StopFate {
    const { dice, faultShare } = this.traits;
    return dice.chance(faultShare)
      ? dice.pick(['answer-lost', 'refused', 'throttled', 'slow'] as const)
      : 'done';
  }

  private stopNow(server: Server, sentAt: number, lasts: number): void {
    if (server.instance !== 'running') return;
    this.told.stopping(server, sentAt);
    server.goesDown('stopping');
    this.told.changed(server);
    this.time.after(lasts, () => {
      server.goesDown('stopped');
      this.told.changed(server);
    });
  }

  private of(instanceId: string): SimulatedInstance {
    const instance = this.instances.get(instanceId);
    if (!instance) throw new ComputeError('not-found', 'InvalidInstanceID.NotFound', 'There is none.');
    return instance;
  }
}
