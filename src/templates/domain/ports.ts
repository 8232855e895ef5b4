import { type CommandContext } from '../../kernel/command-context';
import { type WorkerTemplate } from './worker-template';

/** Templates by their streams. All methods throw StoreUnavailable. */
export abstract class TemplateRepository {
  /**
   * Stores a new template. A repetition of the command answers the one that its first try stored.
   * @throws TemplateNameTaken, VersionConflict
   */
  abstract add(template: WorkerTemplate, context: CommandContext): Promise<WorkerTemplate>;

  /** @throws WorkerTemplateNotFound, also for one that is deleted */
  abstract get(id: string): Promise<WorkerTemplate>;

  /** The living template of this name, without regard to case; null where there is none. */
  abstract named(name: string): Promise<WorkerTemplate | null>;

  /**
   * Lets `decide` act on the template and stores what it recorded.
   * @throws WorkerTemplateNotFound, TemplateNameTaken, VersionConflict
   */
  abstract update(
    id: string,
    context: CommandContext,
    decide: (template: WorkerTemplate) => void,
  ): Promise<WorkerTemplate>;

  /**
   * Takes the names of the templates that nobody has taken, as after a restore without reservations. Answers the names
   * that another template has taken.
   */
  abstract keepNames(ids: readonly string[]): Promise<string[]>;

  /** Frees names that were taken before a time (machine time) and that no template has. Answers how many. */
  abstract sweepNames(takenBefore: Date): Promise<number>;
}
