import { SequentialIds } from '../../../src/kernel/ids';
import { type PolicySource } from '../../../src/reaper/domain/ports';
import { type ComputeProvider, type WorkerState } from '../../../src/workers';
import { Decisions } from '../judge/decisions';
import { Liveness } from '../judge/liveness';
import { Oracle } from '../judge/oracle';
import { Admin } from '../people/admin';
import { Api } from '../people/api';
import { Channel, type Delivery } from '../truth/channel';
import { SimulatedEc2 } from '../truth/simulated-ec2';
import { SimulatedSigns } from '../truth/simulated-signs';
import { PostOffice } from '../core/post-office';
import { type Outside } from '../core/process';
import { NO_GATE, Stores } from '../core/stores';
import { type Sabotage } from '../sabotage/sabotage';
import { Dice } from './dice';
import { Installation } from './installation';
import { PlannedPolicies } from './policies';
import { type Scene } from './scene';
import { SimTime } from './sim-time';
import { Story } from './story';
import { type RunMode, type RunTraits } from './traits';
import { WorkerLife } from './worker-life';

/** A whole fleet in simulated time: servers and people, what is read of them, and the processes that stop what is idle. */
export class Fleet implements Scene {
  readonly time: SimTime;
  readonly story: Story;
  readonly stores: Stores;
  readonly signs: SimulatedSigns;
  readonly ec2: SimulatedEc2;
  readonly channels: readonly Channel[];
  /** what reached people */
  readonly deliveries: Delivery[] = [];
  readonly policies: PolicySource;
  readonly decisions = new Decisions();
  readonly liveness: Liveness;
  readonly oracle: Oracle;
  readonly api: Api;
  readonly admin: Admin;
  readonly sabotage: Sabotage;
  readonly installation: Installation;
  readonly lives = new Map<string, WorkerLife>();
  readonly ids = new SequentialIds();
  /** idle times that came to an end: used again, stopped, or over with the run */
  episodes = 0;
  pausedSince: number | null = null;
  noticesTried = 0;

  constructor(
    readonly traits: RunTraits,
    readonly mode: RunMode,
    {
      tells = false,
      sabotaged = () => ({}),
    }: { tells?: boolean; sabotaged?: (time: SimTime) => Sabotage } = {},
  ) {
    const dice = new Dice(traits.seed);
    this.story = new Story(tells);
    this.time = new SimTime(traits.start, traits.apartMs, (error) =>
      this.failed(error, 'what was under way'),
    );
    const { time, story } = this;
    const sabotage = sabotaged(time);
    this.sabotage = sabotage;
    this.stores = new Stores(
      time,
      {
        begunBefore: () => this.installation.begunBefore(),
        finishedBefore: () => this.installation.finishedBefore(),
        begun: () => this.installation.begun(),
        finished: () => this.installation.finished(),
      },
      (error, during) => this.failed(error, during),
    );
    this.policies = new PlannedPolicies(traits);
    this.signs = new SimulatedSigns(time, { dice: dice.apart(1), slowShare: traits.slowProbeShare });
    const ec2 = new SimulatedEc2(
      time,
      { dice: dice.apart(2), faultShare: traits.ec2FaultShare },
      {
        stopping: (server, sentAt) => {
          story.tell(time.now, () => `${server.id}: EC2 stops it`);
          this.oracle.stopping(server, sentAt, time.now);
        },
        changed: (server) => this.lives.get(server.id)?.instanceChanged(),
      },
    );
    const arrived = (delivery: Delivery) => this.arrived(delivery);
    this.ec2 = ec2;
    const compute = ec2 as unknown as ComputeProvider;
    this.channels = (['webhook', 'slack'] as const)
      .slice(0, traits.channels)
      .map((name, index) => new Channel(name, time, dice.apart(5 + index), traits.channelFailShare, arrived));
    this.liveness = new Liveness(time);
    this.oracle = new Oracle(
      {
        ...{ decisions: this.decisions, policies: this.policies, deliveries: this.deliveries },
        toldByLog: traits.channels === 0,
        probeOf: (id) => this.signs.probes.get(id)?.at(-1) ?? null,
        recordOf: (id) => this.recordOf(id),
        usedApiAt: (id) => this.api.usedAt.get(id) ?? null,
        pausedSince: () => this.pausedSince,
      },
      story,
    );
    const { repository, controls } = this.stores.seenBy(NO_GATE);
    this.api = new Api(time, repository);
    this.admin = new Admin(time, controls);
    const report = (error: unknown, during: string) => this.failed(error, during);
    const post = new PostOffice(time, this.channels, dice.apart(7), report, {
      tried: (workerId, delivered) => {
        this.noticesTried += 1;
        if (!delivered) this.liveness.disturb(workerId);
        this.installation.wake();
      },
      ended: (workerId) => this.oracle.ended(workerId),
    });
    const outside: Outside = {
      ...{ time, stores: this.stores, ids: this.ids, decisions: this.decisions },
      policies: sabotage.policies?.(this.policies) ?? this.policies,
      signs: sabotage.signs?.(this.signs.port) ?? this.signs.port,
      compute: sabotage.compute?.(compute) ?? compute,
      notices: sabotage.notices?.(post.notices) ?? post.notices,
      observeMs: traits.observeMs,
      mayFail: traits.deathsADay > 0 || traits.standstillsADay > 0,
      handlers: (handlers) => sabotage.handlers?.(handlers) ?? handlers,
      controls: (controls) => sabotage.controls?.(controls) ?? controls,
    };
    this.installation = new Installation(this, outside, dice.apart(4));
    traits.workers.forEach((worker, index) => {
      const life = new WorkerLife(this, worker, `w-${index + 1}`, dice.apart(10 + index));
      this.lives.set(life.id, life);
    });
  }

  /** Lives through the whole run. */
  async live(): Promise<void> {
    const { start, hours } = this.traits;
    for (const life of this.lives.values()) await life.begin();
    this.installation.begin();
    await this.time.until(start.getTime() + hours * 3_600_000);
    for (const life of this.lives.values()) life.end();
  }

  private arrived(delivery: Delivery): void {
    const { workerId, topic, stageMinutes, at } = delivery;
    this.story.tell(at, () => `${workerId}: told ${topic}, ${stageMinutes} min ahead`);
    if (topic !== 'stop-planned') return;
    this.deliveries.push(delivery);
    this.oracle.delivered(delivery);
    this.lives.get(workerId)?.person.hears(delivery);
  }

  recordOf(id: string): WorkerState | null {
    return this.stores.latest.get(id) ?? null;
  }

  failed(error: unknown, during: string): void {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.story.harm(this.time.now, 'something failed that must not fail', `${during}: ${what}`);
  }
}
