import pLimit from 'p-limit';
import { type AggregateStore } from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { VersionConflict } from '../../kernel/domain-error';
import { NO_CONTROL, type ReaperControlState } from '../domain/control/control-state';
import { ReaperControls } from '../domain/control/ports';
import { REAPER_CONTROL_ID, ReaperControl } from '../domain/control/reaper-control';

/** The ReaperControl by its stream. Changes of one process wait for each other, so that only replicas meet in it. */
export class EventSourcedReaperControls extends ReaperControls {
  private readonly oneAtATime = pLimit(1);

  constructor(private readonly controls: AggregateStore<ReaperControl, ReaperControlState>) {
    super();
  }

  async state(): Promise<ReaperControlState> {
    const loaded = await this.controls.load(REAPER_CONTROL_ID);
    return loaded?.aggregate.state ?? NO_CONTROL;
  }

  change(context: CommandContext, decide: (control: ReaperControl) => void): Promise<ReaperControlState> {
    return this.oneAtATime(async () => {
      const first = await this.firstChange(context, decide);
      if (first) return first;
      return (await this.controls.change(REAPER_CONTROL_ID, context, decide)).aggregate.state;
    });
  }

  /** Null where something happened to it before. */
  private async firstChange(
    context: CommandContext,
    decide: (control: ReaperControl) => void,
  ): Promise<ReaperControlState | null> {
    if (await this.controls.load(REAPER_CONTROL_ID)) return null;
    const control = ReaperControl.restore(REAPER_CONTROL_ID, []);
    decide(control);
    if (control.uncommitted.length === 0) return control.state;
    try {
      return (await this.controls.create(control, context)).aggregate.state;
    } catch (error) {
      // another replica was the first
      if (error instanceof VersionConflict) return null;
      throw error;
    }
  }
}
