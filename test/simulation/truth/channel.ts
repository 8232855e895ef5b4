import { type Dice } from '../world/dice';
import { type SimTime } from '../world/sim-time';

/** A notice that reached people. Fleet milliseconds. */
export interface Delivery {
  readonly id: string;
  readonly workerId: string;
  readonly deadline: number;
  readonly stageMinutes: number;
  readonly at: number;
}

/** A way to people: it takes its time, fails, and now and then delivers what it says has failed. */
export class Channel {
  readonly deliveries: Delivery[] = [];
  isDown = false;

  constructor(
    private readonly time: SimTime,
    private readonly dice: Dice,
    private readonly failShare: number,
    private readonly arrived: (delivery: Delivery) => void,
  ) {}

  /** @throws Error where it is not known to have arrived */
  async send(notice: Omit<Delivery, 'at'>): Promise<void> {
    await this.time.pass(this.dice.whole(20, 1_500));
    if (this.isDown || this.dice.chance(this.failShare)) {
      if (!this.isDown && this.dice.chance(0.3)) this.arrive(notice);
      throw new Error('the channel does not answer');
    }
    this.arrive(notice);
  }

  private arrive(notice: Omit<Delivery, 'at'>): void {
    const delivery = { ...notice, at: this.time.now };
    this.deliveries.push(delivery);
    this.arrived(delivery);
  }
}
