import { type CommandContext } from '../../../src/kernel/command-context';
import { derivedId } from '../../../src/kernel/ids';
import { type FaultRuleInput } from '../../../src/simulator/faults/fault-rule';
import { WORKER_TAG } from '../../../src/workers/domain/owner-tags';
import { type NextAction } from '../../../src/workers/domain/state-machine';
import { type WorkerState } from '../../../src/workers/domain/worker-state';
import { type Bench } from '../bench/bench';
import { type Fault } from './faults';

/** A step in the life of a worker, and the call to AWS that it stands on. */
export interface LifeStep {
  readonly name: string;
  /** what the reconciler calls it; none for what sweeps and people do */
  readonly covers: readonly NextAction[];
  /** the action that goes wrong */
  readonly action: string;
  /** Whether the first call is done and its answer lost, so that the fault meets the repetition. */
  readonly lost: 'never' | 'always' | 'also';
  /** Calls that name no instance go wrong for a whole region: each case has one of its own. */
  readonly scope: 'worker' | 'region';
  /** Brings about what the step begins with, as far as it must be begun; `ready` tells when that is so. */
  readonly begin: (bench: Bench, it: Case) => Promise<void>;
  readonly ready: 'at once' | 'RUNNING' | 'STOPPED' | 'STOPPING';
  /** what a person asks, or what happens in AWS */
  readonly ask: (bench: Bench, it: Case) => Promise<void>;
  /** what the same person asks once it was refused for good; the same where left out */
  readonly askAgain?: (bench: Bench, it: Case) => Promise<void>;
}

/** How often a fault strikes: so many calls, or all of them for so many fleet hours. */
export type Strikes = { readonly times: number } | { readonly hours: number };

/** One cell of the matrix: one worker, one step of its life, one fault. */
export class Case {
  readonly workerId: string;
  readonly name: string;
  /** of the command that makes the worker: known before it is given */
  readonly creation: CommandContext;
  /** what is imported */
  instanceId = '';
  /** on the way to where the step begins */
  whenRunning: (() => Promise<void>) | null = null;
  /** when a person was last told that it did not work */
  refusedAt: Date | null = null;
  askedAgain = 0;
  /** fleet minutes from the fault's end to the end of all that was wanted; null: not yet */
  minutes: number | null = null;
  /** calls of the action while the fault struck */
  calls = 0;
  ruleId = 0;
  endedAt: Date | null = null;

  constructor(
    readonly step: LifeStep,
    readonly fault: Fault,
    readonly lost: boolean,
    readonly region: string,
    number: number,
  ) {
    this.name = `case-${number}`;
    const commandId = `create-${number}`;
    this.creation = {
      actor: 'user:ann',
      reason: null,
      correlationId: commandId,
      causationId: null,
      commandId,
    };
    this.workerId = derivedId(commandId);
  }

  get title(): string {
    return `${this.step.name}: ${this.fault.name}${this.lost ? ', after an answer that was lost' : ''}`;
  }

  /** Limits a rule to this case. */
  which(): Pick<FaultRuleInput, 'region' | 'tag' | 'instanceIds'> {
    if (this.step.scope === 'region') return { region: this.region };
    if (this.instanceId !== '') return { instanceIds: [this.instanceId] };
    return { tag: { key: WORKER_TAG, value: this.workerId } };
  }

  async worker(bench: Bench): Promise<WorkerState> {
    const found = await bench.worker(this.workerId);
    if (!found) throw new Error(`there is no worker for ${this.title}`);
    return found;
  }
}
