import { type Ec2Instance } from '../../../src/simulator/aws/model/ec2-instance';
import { type World } from '../../../src/simulator/world';

const GOING: readonly string[] = ['shutting-down', 'terminated'];
/** `<worker id>-<attempt>`, as launches are sent */
const LAUNCH_TOKEN = /^([0-9a-f-]{36})-\d+$/;

/** The time in which an instance lived, by EC2's own books; `to` is null for one that lives. */
export interface Life {
  readonly instanceId: string;
  /** whose launch made it; null: none of ours */
  readonly workerId: string | null;
  readonly from: Date;
  readonly to: Date | null;
}

/** What is really so in the simulated AWS, whatever its answers say. */
export class Truth {
  constructor(
    private readonly world: World,
    private readonly regions: readonly string[],
  ) {}

  get instances(): Ec2Instance[] {
    return this.regions.flatMap((name) => this.world.region(name)?.instances ?? []);
  }

  lives(): Life[] {
    const now = this.world.options.clock.now();
    return this.instances.map((instance) => {
      const { id, clientToken, createdAt } = instance.launch;
      const end = instance.facts.until(now).find(({ value }) => GOING.includes(value.state));
      const workerId = LAUNCH_TOKEN.exec(clientToken)?.[1] ?? null;
      return { instanceId: id, workerId, from: createdAt, to: end?.at ?? null };
    });
  }

  find(instanceId: string): Ec2Instance | undefined {
    for (const name of this.regions) {
      const found = this.world.region(name)?.find(instanceId);
      if (found) return found;
    }
    return undefined;
  }

  /** EC2's word for its state now; null for one that never was. */
  stateOf(instanceId: string | null): string | null {
    const instance = instanceId === null ? undefined : this.find(instanceId);
    return instance?.stateAt(this.world.options.clock.now()) ?? null;
  }

  typeOf(instanceId: string): string | null {
    return this.find(instanceId)?.type.at(this.world.options.clock.now()) ?? null;
  }

  tagsOf(instanceId: string): Readonly<Record<string, string>> {
    return Object.fromEntries(this.find(instanceId)?.tags.at(this.world.options.clock.now()) ?? []);
  }

  /** Whether something goes on by itself in a region: boots, stops, ends. */
  moves(region: string): boolean {
    const now = this.world.options.clock.now();
    return (this.world.region(region)?.instances ?? []).some((instance) => {
      const state = instance.stateAt(now);
      return state !== 'terminated' && state !== instance.stateAt(FAR);
    });
  }
}

const FAR = new Date('2099-01-01T00:00:00.000Z');
