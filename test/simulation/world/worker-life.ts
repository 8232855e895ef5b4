import { MINUTE, SECOND } from '../../../src/kernel/clocks';
import { systemContext } from '../../../src/kernel/command-context';
import { OPEN_CALENDAR } from '../../../src/reaper/domain/policy/calendar';
import { CmlReporter } from '../../../src/telemetry/application/cml-reporter';
import { observeInstance } from '../../../src/workers/domain/instance-observation';
import { nextAction } from '../../../src/workers/domain/next-action';
import { wantedTags } from '../../../src/workers/domain/worker-state';
import { UpdateTelemetryHandler } from '../../../src/workers/application/update-telemetry.command';
import { WorkerReconciler } from '../../../src/workers/application/worker-reconciler';
import { type ComputeProvider, type WorkerRepository } from '../../../src/workers/domain/ports';
import { FakeLabCensus } from '../../../src/workers/testing/fake-lab-census';
import { aNewWorker } from '../../../src/workers/testing/memory-workers';
import { commandBus } from '../core/buses';
import { NO_GATE } from '../core/stores';
import { triedAgainBy } from '../judge/vain-probes';
import { Person } from '../people/person';
import { statusOf } from '../truth/observer';
import { type Heard, Readings } from '../truth/readings';
import { Server } from '../truth/server';
import { type Dice } from './dice';
import { type Scene } from './scene';
import { type WorkerTraits } from './traits';
import { bringTroubles } from './troubles';

const RECONCILES_MS = 30 * SECOND;
/** After somebody was active a reading takes it for use for so long. */
const RECENT_MS = 5 * MINUTE;

/** One worker from the truth of its server to what the fleet manager knows of it. */
export class WorkerLife {
  readonly server: Server;
  readonly readings: Readings;
  readonly person: Person;
  private readonly workers: WorkerRepository;
  private readonly reporter: CmlReporter;
  private readonly reconciler: WorkerReconciler;
  private isUp = false;
  private isIdle = false;
  private reconciles = false;

  constructor(
    private readonly fleet: Scene,
    readonly traits: WorkerTraits,
    readonly id: string,
    private readonly dice: Dice,
  ) {
    const { time, traits: run, mode } = fleet;
    this.workers = fleet.stores.seenBy(NO_GATE).repository;
    this.reporter = new CmlReporter(
      commandBus({ UpdateTelemetry: new UpdateTelemetryHandler(this.workers, time.fleet) }),
    );
    const compute = fleet.ec2 as unknown as ComputeProvider;
    this.reconciler = new WorkerReconciler(
      ...[this.workers, compute, time.fleet, time.machine, fleet.ids, { forceOverdueStop: false }],
      new FakeLabCensus(null),
    );
    const { clockAheadMs } = traits;
    const recencies = clockAheadMs > 0 ? [RECENT_MS, clockAheadMs, clockAheadMs + RECENT_MS] : [RECENT_MS];
    this.server = new Server(id, time, {
      changes: () => this.readings.catchUp(),
      changed: (part) => {
        this.readings.unsettle(part, ...recencies);
        fleet.liveness.disturb(id);
      },
    });
    this.server.clockAheadMs = traits.clockAheadMs;
    this.server.telemetryOn = traits.telemetryOn;
    const phaseMs = dice.whole(0, run.observeMs - 1);
    const { blindToNodes = false } = fleet.sabotage;
    const times = { observeMs: run.observeMs, activityMs: run.activityMs, phaseMs, blindToNodes };
    this.readings = new Readings(this.server, time, times, { eager: mode.slow }, (heard) => this.hear(heard));
    fleet.signs.readings.set(id, this.readings);
    fleet.ec2.instances.set(`i-${id}`, { server: this.server, fate: null });
    this.person = new Person({
      ...{ time, api: fleet.api, server: this.server, traits, dice: dice.apart(1) },
      isUp: () => this.isUp,
      usedApi: () => this.usedApi(),
      left: () => this.fallsIdle(),
      came: () => this.isUsed(),
      tell: (what) => this.tell(what),
    });
  }

  /** Runs already, and somebody used it a moment ago. */
  async begin(): Promise<void> {
    const { fleet, id, traits } = this;
    const createdAt = fleet.time.fleet.now();
    await this.workers.add(
      aNewWorker(id, { createdAt, name: traits.name, awsRegion: traits.region }),
      this.context('create'),
    );
    await this.workers.update(id, this.context('assign'), (worker) => {
      worker.assignInstance({ awsInstanceId: `i-${id}` }, createdAt);
      worker.tagsApplied(wantedTags(worker.state), createdAt);
    });
    this.server.begins();
    this.instanceChanged();
    const slack = RECENT_MS + Math.max(0, traits.clockAheadMs);
    const { policy } = traits;
    const longest = Math.max(0, ...policy.warningStagesMinutes);
    const bound = Math.max(policy.idleThresholdMinutes, policy.activityBumpMinutes) + longest + 2;
    const { observeMs, activityMs } = fleet.traits;
    const longMs = slack + bound * MINUTE + Math.max(observeMs, activityMs) + 2 * observeMs;
    fleet.liveness.watch(id, {
      boundMs: () => longMs,
      mustBeStopped: () =>
        this.server.instance === 'running' &&
        this.server.runningLabs === 0 &&
        this.server.cpuPercent < policy.cpuIdleBelowPercent &&
        this.isUp &&
        fleet.recordOf(id)?.desired.state === 'RUNNING',
      heldUntil: () =>
        fleet.recordOf(id)?.statusReason
          ? fleet.time.now
          : Math.max(fleet.decisions.heldUntil(id, fleet.time.now), this.quietUntil(fleet.time.now, longMs)),
      triedAgainBy: () =>
        triedAgainBy({
          probes: fleet.signs.probes.get(id) ?? [],
          refusal: fleet.stores.control.refusals.find(({ workerId }) => workerId === id) ?? null,
          plannedFor: fleet.recordOf(id)?.plannedStop?.at ?? null,
          policy,
        }),
      late: (since) =>
        fleet.story.harm(
          fleet.time.now,
          'a worker that nobody uses was not stopped in time',
          `${id}: calm since ${new Date(since).toISOString()}: ${fleet.decisions.latest.get(id)?.verdict}: ${fleet.decisions.latest.get(id)?.reason}`,
        ),
    });
    if (traits.visited) this.person.begin();
    bringTroubles(this.readings, traits.troublesADay, this.dice.apart(2), fleet.time, {
      begins: (what) => {
        this.tell(what);
        fleet.liveness.hold(id, 'trouble');
      },
      ends: () => {
        this.tell('its readings are right again');
        fleet.liveness.release(id, 'trouble');
      },
    });
  }

  end(): void {
    if (this.isIdle) this.fleet.episodes += 1;
  }

  /** When its calendar last forbade stops, or notices of them, within so long before. */
  private quietUntil(now: number, withinMs: number): number {
    const { calendar } = this.fleet.policies.of({ id: this.id, awsRegion: '', tags: {}, idlePolicyId: null });
    for (let at = now; calendar !== OPEN_CALENDAR && at > now - withinMs; at -= 5 * MINUTE) {
      const time = new Date(at);
      if (calendar.quietAt(time) ?? calendar.holdAt(time)) return at;
    }
    return -Infinity;
  }

  /** The truth of the instance is another one. */
  instanceChanged(): void {
    const { server, fleet } = this;
    this.tell(`is ${server.instance}`);
    if (server.instance === 'running') {
      fleet.time.after(this.dice.whole(60, 200) * SECOND, () => this.comesUp());
    } else {
      if (this.isUp) this.isUsed();
      this.isUp = false;
      this.readings.up(false);
    }
  }

  /** After a turn: what became of a stop that it asked for is seen by EC2's readings. */
  turnEnded(): void {
    const { desired, convergedAt } = this.fleet.recordOf(this.id) ?? {};
    if (desired?.sendBefore && convergedAt === null) this.readings.followStop();
  }

  private async comesUp(): Promise<void> {
    if (this.server.instance !== 'running' || this.isUp) return;
    this.isUp = true;
    this.readings.up(true);
    const now = this.fleet.time.fleet.now();
    await this.workers.update(this.id, this.context('service'), (worker) => {
      worker.updateServiceStatus('AVAILABLE', `https://${this.id}`, now);
    });
    this.fleet.liveness.disturb(this.id);
    this.fallsIdle();
  }

  private fallsIdle(): void {
    if (this.server.instance === 'running' && this.server.runningLabs === 0) this.isIdle = true;
  }

  private isUsed(): void {
    if (this.isIdle) this.fleet.episodes += 1;
    this.isIdle = false;
  }

  /** Somebody asked something of it over the API, and it was done. */
  usedApi(): void {
    this.fleet.liveness.disturb(this.id);
    this.fleet.installation.wake();
    this.reconcileSoon();
    const { snooze, protection } = this.fleet.recordOf(this.id) ?? {};
    for (const until of [snooze?.until, protection?.expiresAt]) {
      if (!until || until <= this.fleet.time.fleet.now()) continue;
      const why = `kept until ${until.toISOString()}`;
      this.fleet.liveness.hold(this.id, why);
      this.fleet.time.at(until.getTime(), () => {
        this.fleet.liveness.release(this.id, why);
        this.fleet.installation.wake();
      });
    }
  }

  private async hear({ readings, lastActivity, signalTurned, matters }: Heard): Promise<void> {
    const { fleet, id } = this;
    const record = fleet.recordOf(id);
    if (!record) return;
    if (readings.some(({ source, lastError }) => source === 'ec2' && !lastError)) {
      const now = fleet.time.fleet.now();
      const swept = {
        status: statusOf(this.server),
        publicIp: null,
        privateIp: null,
        stateReason: null,
        begunAt: now,
      } as const;
      if (observeInstance(record, swept, now, 'follow').length > 0) {
        await this.workers.update(id, this.context('sweep'), (worker) => worker.observe(swept, now));
        fleet.installation.wake();
      }
      this.reconcileSoon();
    } else {
      const report = { readings, lastActivity, signalTurned };
      await this.reporter.reportTelemetry(record, report, this.context('telemetry'));
    }
    if (matters) fleet.installation.wake();
  }

  /** What the reconciler's own timetable does for starts. */
  private reconcileSoon(): void {
    const { fleet, id } = this;
    const record = fleet.recordOf(id);
    if (this.reconciles || !record || fleet.installation.isDown) return;
    const circumstances = { now: fleet.time.fleet.now(), machineNow: fleet.time.machine.now() };
    const action = nextAction(record, circumstances);
    if (action === 'none') return;
    this.reconciles = true;
    fleet.time.after(RECONCILES_MS, async () => {
      this.reconciles = false;
      if (action !== 'wait') await this.reconciler.reconcile(id);
      this.reconcileSoon();
    });
  }

  private context(part: string) {
    return systemContext(part, this.fleet.ids.next());
  }

  private tell(what: string): void {
    this.fleet.story.tell(this.fleet.time.now, () => `${this.id}: ${what}`);
  }
}
