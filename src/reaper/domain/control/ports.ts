import { type CommandContext } from '../../../kernel/command-context';
import { type ReaperControl } from './reaper-control';
import { type ReaperControlState } from './control-state';

/** The fleet's one ReaperControl, by its stream. All methods throw StoreUnavailable. */
export abstract class ReaperControls {
  /** As it stands in its stream; the state of one that nothing happened to yet, where that is so. */
  abstract state(): Promise<ReaperControlState>;

  /**
   * Lets `decide` act on it and stores what it recorded; `decide` may run several times.
   * @throws VersionConflict, and what `decide` throws
   */
  abstract change(
    context: CommandContext,
    decide: (control: ReaperControl) => void,
  ): Promise<ReaperControlState>;
}
