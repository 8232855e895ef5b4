import { HOUR, MINUTE, SECOND } from '../../../src/kernel/clocks';
import { type Delivery } from '../truth/channel';
import { type Server } from '../truth/server';
import { type Dice } from '../world/dice';
import { type SimTime } from '../world/sim-time';
import { type WorkerTraits } from '../world/traits';
import { type Api } from './api';

const VISITS = [
  'lab',
  'lab',
  'lab',
  'forgotten-lab',
  'look',
  'look',
  'job',
  'connect',
  'keep-alive',
] as const;
type Visit = (typeof VISITS)[number];

/** What somebody does who hears that their worker is about to be stopped. */
const REACTIONS = ['snooze', 'keep-alive', 'connect', 'lab', 'login', 'protect'] as const;

export interface PersonsWorld {
  readonly time: SimTime;
  readonly api: Api;
  readonly server: Server;
  readonly traits: WorkerTraits;
  readonly dice: Dice;
  /** the CML server can be used */
  isUp(): boolean;
  /** somebody used it, in a way that the API sees */
  usedApi(): void;
  /** nobody is there any more, or somebody is again */
  left(): void;
  came(): void;
  tell(what: string): void;
}

/** Who uses one worker: comes, works, forgets, and is startled by notices. */
export class Person {
  private present = false;
  private labs = 0;

  constructor(private readonly world: PersonsWorld) {}

  begin(): void {
    const { dice, time } = this.world;
    time.after(dice.whole(0, 30 * MINUTE), () => this.visit());
  }

  /** Told of a stop: now and then somebody does something about it, at the worst moment if they can. */
  hears({ deadline }: Delivery): void {
    const { dice, time, traits } = this.world;
    if (this.present || !dice.chance(traits.reactsShare)) return;
    const late = dice.chance(0.5);
    const at = late
      ? deadline + dice.whole(-2 * SECOND, 10 * SECOND)
      : time.now + Math.round(dice.whole(0, 100) * 0.01 * Math.max(0, deadline - time.now));
    time.at(at, () => this.reacts(dice.pick(REACTIONS)));
  }

  async reacts(reaction: (typeof REACTIONS)[number]): Promise<void> {
    const { server, api, dice, world } = { ...this.world, world: this.world };
    if (this.present || server.instance !== 'running') return;
    world.tell(`reacts by ${reaction}`);
    switch (reaction) {
      case 'snooze':
        return this.asked(await api.snooze(server.id, dice.whole(10, 180) * MINUTE));
      case 'keep-alive':
        return this.asked(await api.keepAlive(server.id));
      case 'connect':
        return this.asked(await api.connect(server.id));
      case 'protect':
        return this.asked(await api.protect(server.id, dice.whole(1, 6) * HOUR));
      case 'lab':
        return this.works('lab');
      case 'login':
        if (world.isUp()) server.act('user_activity', 'ann');
    }
  }

  private asked(done: boolean): void {
    if (done) this.world.usedApi();
  }

  private async visit(): Promise<void> {
    const { server, api, dice, time, traits } = this.world;
    if (this.present) return;
    if (server.instance !== 'running') {
      if (await api.start(server.id)) this.world.usedApi();
      // it is looked at again until it can be used
      const patience = time.now + HOUR;
      return this.whenUp(
        patience,
        () => this.works(dice.pick(VISITS)),
        () => this.rest(traits.restMs),
      );
    }
    return this.works(dice.pick(VISITS));
  }

  private whenUp(until: number, go: () => Promise<void>, giveUp: () => void): void {
    const { time, dice } = this.world;
    time.after(dice.whole(30, 90) * SECOND, () => {
      if (this.world.isUp()) return go();
      if (time.now > until) return giveUp();
      return this.whenUp(until, go, giveUp);
    });
  }

  private async works(visit: Visit): Promise<void> {
    const { server, api, dice, time, traits, world } = { ...this.world, world: this.world };
    if (this.present || !world.isUp()) return this.rest(traits.restMs);
    this.present = true;
    world.came();
    world.tell(`visits: ${visit}`);
    const stays = dice.span(...traits.visitMs);
    const end = time.now + stays;
    switch (visit) {
      case 'lab':
      case 'forgotten-lab': {
        this.labs = (this.labs % 3) + 1;
        const lab = `lab-${this.labs}`;
        server.startLab(lab, 'ann', dice.whole(1, 4));
        if (dice.chance(0.5)) server.load(dice.whole(12, 80));
        const leavesAt = visit === 'lab' ? end : end + dice.span(HOUR, 20 * HOUR);
        this.actsUntil(end, 'start_node');
        time.at(leavesAt, () => {
          if (server.instance === 'running') {
            server.stopLab(lab, 'ann');
            server.load(3);
          }
          this.leaves();
        });
        return;
      }
      case 'look':
        server.act('user_activity', 'ann');
        this.actsUntil(end, 'user_activity');
        time.at(end, () => this.leaves());
        return;
      case 'job':
        server.act('user_activity', 'ann');
        server.load(dice.whole(20, 95));
        time.at(end, () => {
          if (server.instance === 'running') server.load(3);
          this.leaves();
        });
        return;
      case 'connect':
        this.asked(await api.connect(server.id));
        return this.leaves();
      case 'keep-alive':
        this.asked(await api.keepAlive(server.id));
        return this.leaves();
    }
  }

  private actsUntil(end: number, category: 'start_node' | 'user_activity'): void {
    const { server, time, dice } = this.world;
    const next = time.now + dice.span(2 * MINUTE, 6 * HOUR);
    if (next >= end) return;
    time.at(next, () => {
      if (server.instance === 'running') server.act(category, 'ann');
      this.actsUntil(end, category);
    });
  }

  private leaves(): void {
    this.present = false;
    this.world.left();
    this.world.tell('leaves');
    this.rest(this.world.traits.restMs);
  }

  private rest(restMs: readonly [number, number]): void {
    const { dice, time } = this.world;
    time.after(dice.span(...restMs), () => this.visit());
  }
}
