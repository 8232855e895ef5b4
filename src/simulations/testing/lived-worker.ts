import { type QueryBus } from '@nestjs/cqrs';
import { MINUTE, plus, SECOND } from '../../kernel/clocks';
import { SequentialIds } from '../../kernel/ids';
import { type Judgement, type NoticeFact, type PolicySource, type Verdict } from '../../reaper';
import { ObservedSigns } from '../../reaper/application/observed-signs';
import { WorkerJudge } from '../../reaper/application/worker-judge';
import { GetObservationsHandler } from '../../telemetry/application/get-observations.query';
import { type CmlSource } from '../../telemetry/domain/cml-source';
import { anInstance, throttled } from '../../telemetry/testing/fake-ec2';
import {
  activityValues,
  CERTIFICATE,
  failing,
  labsValues,
  systemValues,
} from '../../telemetry/testing/fake-cml';
import { CONTEXT, telemetryBench } from '../../telemetry/testing/telemetry-bench';
import {
  type CMLWorkerStatus,
  RecordInstances,
  UpdateServiceStatus,
  UpdateTelemetry,
  UpdateWorkerStatus,
  type WorkerState,
} from '../../workers';
import { type CmlWorker } from '../../workers/domain/cml-worker';
import { aWorker, at, PUBLIC_IP } from '../../workers/testing/worker.builder';
import { UNLIMITED } from '../../reaper';
import { type WorkerMoment } from '../application/replay/worker-past';

const START = at(20);
/** seconds of a minute */
const READ_AT = { ec2: 10, cml: 25, act: 40 };

/** What goes on around the worker, for the script of a spec to change minute by minute. */
export interface Surroundings {
  runningLabs: number;
  cpuPercent: number;
  /** somebody does something in this minute */
  acts: boolean;
  cmlFails: boolean;
  activityFails: boolean;
  ec2Fails: boolean;
  /** the process that observes stands still */
  unobserved: boolean;
  everSeen: boolean;
  /** seconds between the beginning of a reading and its storing */
  slowSeconds: number;
}

/**
 * A worker that is observed, judged each minute and stopped, by the real telemetry and the reaper's own judge, while a
 * script says what people and failures do. What is left at the end is what is recorded of it, and what was thought.
 */
export class LivedWorker {
  readonly bench = telemetryBench();
  readonly moments: WorkerMoment[] = [];
  readonly verdicts: { readonly at: Date; readonly verdict: Verdict }[] = [];
  readonly around: Surroundings = {
    ...{ runningLabs: 0, cpuPercent: 3, acts: false, cmlFails: false, activityFails: false },
    ...{ ec2Fails: false, unobserved: false, everSeen: true, slowSeconds: 0 },
  };
  /** stops are only thought of */
  onlyJudged = false;
  stops = 0;
  private readonly worker: CmlWorker;
  private readonly judge: WorkerJudge;
  private instance: CMLWorkerStatus = 'RUNNING';
  private notices: NoticeFact[] = [];
  private newestAct: Date | null = null;

  constructor(policies: PolicySource) {
    this.worker = aWorker().launched().serving().certified(CERTIFICATE).build();
    const { observations, history, clock, ec2 } = this.bench;
    clock.set(START);
    ec2.account = '111122223333';
    const handler = new GetObservationsHandler(observations, history);
    const queries = { execute: (query: never) => handler.execute(query) } as unknown as QueryBus;
    const signs = new ObservedSigns(queries, this.bench.commands.bus);
    this.judge = new WorkerJudge(signs, new SequentialIds(), clock, policies);
    this.note();
  }

  get state(): WorkerState {
    return this.worker.state;
  }

  get now(): Date {
    return this.bench.clock.now();
  }

  /** A minute: EC2 is read, then CML, people act, and the reaper takes its turn at the end. */
  async minute(script: (lived: LivedWorker) => void = () => {}): Promise<void> {
    const { clock } = this.bench;
    const begin = new Date(Math.floor(this.now.getTime() / MINUTE) * MINUTE);
    const until = (second: number) => clock.set(plus(begin, second * SECOND));
    script(this);
    until(READ_AT.ec2);
    if (!this.around.unobserved) await this.readEc2();
    until(READ_AT.cml);
    const reading = this.around.unobserved ? null : this.readCml();
    const late = READ_AT.cml + this.around.slowSeconds > 60;
    if (!late) await reading?.();
    if (this.now < plus(begin, READ_AT.act * SECOND)) until(READ_AT.act);
    if (this.around.acts && this.state.status === 'RUNNING') this.newestAct = this.now;
    until(60);
    await this.turn();
    if (late) await reading?.();
  }

  /** What a person does now. */
  do(act: (worker: CmlWorker, now: Date) => unknown): void {
    act(this.worker, this.now);
    this.note();
  }

  start(by = 'user:alice'): void {
    this.do((worker, now) => worker.requestStart({ by, reason: null, at: now }));
    this.instance = 'RUNNING';
  }

  private async readEc2(): Promise<void> {
    const { ec2, queries, sweep, commands } = this.bench;
    const region = this.state.awsRegion;
    queries.workers = [this.state];
    ec2.listed.set(region, [anInstance({ status: this.instance, publicIp: PUBLIC_IP })]);
    if (this.around.ec2Fails) ec2.failing.set(region, throttled());
    else ec2.failing.delete(region);
    const claimedAt = this.now;
    await sweep.sweepRegion(region, { job: 'sweep', owner: 'me', fence: 1, claimedAt }, CONTEXT);
    this.tell(commands.executed.splice(0));
    if (this.instance === 'STOPPING') this.instance = 'STOPPED';
  }

  /** Begins a reading; it ends, and is stored, when what is answered is called. Null: nobody is asked. */
  private readCml(): (() => Promise<void>) | null {
    const { cml, observer, commands, clock } = this.bench;
    const { runningLabs, cpuPercent, cmlFails, activityFails, everSeen, slowSeconds } = this.around;
    const down = cmlFails || this.state.status !== 'RUNNING' ? failing('unreachable') : null;
    cml.set(PUBLIC_IP, {
      system: down ?? systemValues({ cpuPercent }),
      labs: down ?? labsValues(runningLabs),
      activity: down ?? (activityFails ? failing('refused') : activityValues(this.newestAct, everSeen)),
    });
    const reachable = observer.reachable(this.state);
    if (!reachable) return null;
    const begunAt = this.now;
    const even = begunAt.getUTCMinutes() % 2 === 0;
    const sources: CmlSource[] = ['cml-system', 'cml-labs', ...(even ? (['cml-activity'] as const) : [])];
    let answer = () => {};
    cml.held = new Promise((done) => (answer = done));
    const observed = observer.observe(reachable, { sources }, CONTEXT);
    return async () => {
      clock.set(plus(begunAt, slowSeconds * SECOND));
      answer();
      await observed;
      this.tell(commands.executed.splice(0));
    };
  }

  private tell(commands: readonly object[]): void {
    const { now, worker } = this;
    for (const command of commands) {
      if (command instanceof UpdateServiceStatus) {
        worker.updateServiceStatus(command.status, command.httpsEndpoint, now, command.finding);
      } else if (command instanceof UpdateTelemetry) {
        worker.updateTelemetry(command.reading, now);
      } else if (command instanceof UpdateWorkerStatus) {
        worker.updateStatus(command.status, now);
      } else if (command instanceof RecordInstances) {
        const { begunAt } = command.reading;
        for (const instance of command.reading.instances) worker.observe({ ...instance, begunAt }, now);
      }
    }
    this.note();
  }

  private async turn(): Promise<void> {
    const { now, state } = this;
    const notices = new Map([[state.id, this.notices]]);
    const [decision] = await this.judge.judge([state], { budget: () => UNLIMITED, notices });
    if (!decision) throw new Error('it was not judged');
    if (this.verdicts.at(-1)?.verdict !== decision.verdict) {
      this.verdicts.push({ at: now, verdict: decision.verdict });
    }
    // what a turn does is stored after it
    this.bench.clock.set(plus(now, 200));
    this.follow(decision);
    if (decision.verdict !== 'stop' || this.onlyJudged) return;
    this.stops += 1;
    this.instance = 'STOPPING';
    this.do((worker) => worker.requestStop({ by: 'system:reaper', reason: null, at: this.now, force: true }));
  }

  private follow({ plan, noticeDue }: Judgement): void {
    const { now } = this;
    const known = this.state.plannedStop;
    if (plan?.at.getTime() !== known?.at.getTime()) {
      const planned = plan && { ...plan, reason: 'idle', decisionId: 'd-1' };
      this.do((worker) => worker.planStop(planned, now));
      this.notices = [];
    }
    if (!noticeDue) return;
    const { deadline, stageMinutes } = noticeDue;
    this.notices = [...this.notices, { deadline, stageMinutes, state: 'delivered', deliveredAt: now }];
  }

  private note(): void {
    const { state, now } = this;
    if (this.moments.at(-1)?.state !== state) this.moments.push({ at: now, state });
  }
}
