import { type FleetClock, plus, SECOND } from '../../kernel/clocks';
import { type Deed, scenario, type ScenarioInput } from './scenario';

/** A step that was done, or is still to come. */
export interface StepReport {
  readonly scenario: string;
  readonly at: Date;
  readonly do: Deed;
  /** what came of it, for people; null: still to come */
  readonly outcome: string | null;
}

type Step = Omit<StepReport, 'outcome'> & { outcome: string | null };

/**
 * Plays scenarios. Like everything in the world it has no timers: whoever looks at the world lets the steps be done
 * that were due before, each as of its own time.
 */
export class ScenarioPlayer {
  private readonly steps: Step[] = [];
  private settling = false;
  private current: Date | null = null;

  /** @param perform does a deed as of a time, and tells what came of it */
  constructor(
    private readonly clock: FleetClock,
    private readonly perform: (deed: Deed, at: Date) => string,
  ) {}

  /** Starts a scenario now, beside those that are playing. @throws ZodError where it makes no sense */
  play(input: ScenarioInput): void {
    const { name, steps } = scenario.parse(input);
    const start = this.clock.now();
    for (const { at, do: deed } of steps) {
      this.steps.push({ scenario: name, at: plus(start, at * SECOND), do: deed, outcome: null });
    }
    this.steps.sort((a, b) => a.at.getTime() - b.at.getTime());
    this.settle();
  }

  /** The time of the step that is being done; null: none is. What comes later has not happened for it. */
  get playing(): Date | null {
    return this.current;
  }

  /** Does what is due, in order. A step that fails does not keep the others. */
  settle(): void {
    // What a step does looks at the world, which settles again.
    if (this.settling) return;
    this.settling = true;
    const now = this.clock.now();
    for (const step of this.steps) {
      if (step.at > now || step.outcome !== null) continue;
      this.current = step.at;
      step.outcome = this.outcomeOf(step);
    }
    this.current = null;
    this.settling = false;
  }

  report(): readonly StepReport[] {
    this.settle();
    return this.steps.map((step) => ({ ...step }));
  }

  private outcomeOf({ do: deed, at }: Step): string {
    try {
      return this.perform(deed, at);
    } catch (error) {
      return `failed: ${String(error)}`;
    }
  }
}
