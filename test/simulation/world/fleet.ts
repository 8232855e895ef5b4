import { SequentialIds } from '../../../src/kernel/ids';
import { type PolicySource, type SignsOfUse } from '../../../src/reaper';
import { type StopNotices } from '../../../src/notifications';
import { type ComputeProvider, type WorkerState } from '../../../src/workers';
import { Decisions } from '../judge/decisions';
import { Liveness } from '../judge/liveness';
import { Oracle } from '../judge/oracle';
import { Api } from '../people/api';
import { Channel } from '../truth/channel';
import { SimulatedEc2 } from '../truth/simulated-ec2';
import { SimulatedNotices } from '../truth/simulated-notices';
import { SimulatedSigns } from '../truth/simulated-signs';
import { type Outside } from '../core/process';
import { NO_GATE, Stores } from '../core/stores';
import { Dice } from './dice';
import { Installation } from './installation';
import { PlannedPolicies } from './policies';
import { SimTime } from './sim-time';
import { Story } from './story';
import { type RunMode, type RunTraits } from './traits';
import { WorkerLife } from './worker-life';

/** Puts other parts in the place of some, to see what their guards are good for. */
export interface Sabotage {
  readonly signs?: (signs: SignsOfUse) => SignsOfUse;
  readonly notices?: (notices: StopNotices, fleet: Fleet) => StopNotices;
  readonly stores?: (stores: Stores) => Stores;
}

/** A whole fleet in simulated time: servers and people, what is read of them, and the processes that stop what is idle. */
export class Fleet {
  readonly time: SimTime;
  readonly story: Story;
  readonly stores: Stores;
  readonly signs: SimulatedSigns;
  readonly ec2: SimulatedEc2;
  readonly channel: Channel;
  readonly policies: PolicySource;
  readonly decisions = new Decisions();
  readonly liveness: Liveness;
  readonly oracle: Oracle;
  readonly api: Api;
  readonly installation: Installation;
  readonly lives = new Map<string, WorkerLife>();
  readonly ids = new SequentialIds();
  /** idle times that came to an end: used again, stopped, or over with the run */
  episodes = 0;
  pausedSince: number | null = null;

  constructor(
    readonly traits: RunTraits,
    readonly mode: RunMode,
    { tells = false, sabotage = {} }: { tells?: boolean; sabotage?: Sabotage } = {},
  ) {
    const dice = new Dice(traits.seed);
    this.story = new Story(tells);
    this.time = new SimTime(traits.start, traits.apartMs, (error) => this.failed(error, 'what was under way'));
    const { time, story } = this;
    this.stores = new Stores(time, (error, during) => this.failed(error, during));
    this.policies = new PlannedPolicies(traits);
    this.signs = new SimulatedSigns(time, { dice: dice.apart(1), slowShare: traits.slowProbeShare });
    this.ec2 = new SimulatedEc2(
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
    this.channel = new Channel(time, dice.apart(3), traits.channelFailShare, (delivery) => {
      story.tell(time.now, () => `${delivery.workerId}: told, ${delivery.stageMinutes} min ahead`);
      this.oracle.delivered(delivery);
      this.lives.get(delivery.workerId)?.person.hears(delivery);
    });
    this.liveness = new Liveness(time);
    this.oracle = new Oracle(
      {
        ...{ decisions: this.decisions, policies: this.policies, deliveries: this.channel.deliveries },
        probeOf: (id) => this.signs.probes.get(id) ?? null,
        recordOf: (id) => this.recordOf(id),
        pausedSince: () => this.pausedSince,
      },
      story,
    );
    const { repository } = this.stores.seenBy(NO_GATE);
    this.api = new Api(time, repository, (id) => this.recordOf(id));
    const notices = new SimulatedNotices(time, this.channel, (workerId, ok) => {
      if (!ok) this.liveness.disturb(workerId);
      this.installation.wake();
    });
    const outside: Outside = {
      ...{ time, stores: this.stores, ids: this.ids, policies: this.policies, decisions: this.decisions },
      signs: sabotage.signs?.(this.signs.port) ?? this.signs.port,
      compute: this.ec2 as unknown as ComputeProvider,
      notices: sabotage.notices?.(notices, this) ?? notices,
      observeMs: traits.observeMs,
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

  recordOf(id: string): WorkerState | null {
    return this.stores.latest.get(id) ?? null;
  }

  failed(error: unknown, during: string): void {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.story.harm(this.time.now, 'something failed that must not fail', `${during}: ${what}`);
  }
}
