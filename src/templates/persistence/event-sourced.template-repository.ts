import { type AggregateStore, ReservedKeys, type Reservations } from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { TemplateRepository } from '../domain/ports';
import { TemplateNameTaken, WorkerTemplateNotFound } from '../domain/template-errors';
import { type TemplateState, type WorkerTemplate } from '../domain/worker-template';
import { TEMPLATE_DEFINITION } from './template-definition';

const PREFIX = 'template-name:';

/** Templates by their streams; names are unique by reservations, by which they are found as well. */
export class EventSourcedTemplateRepository extends TemplateRepository {
  private readonly names: ReservedKeys<WorkerTemplate, TemplateState>;

  constructor(
    private readonly templates: AggregateStore<WorkerTemplate, TemplateState>,
    reservations: Reservations,
  ) {
    super();
    this.names = new ReservedKeys({
      ...{ definition: TEMPLATE_DEFINITION, aggregates: templates, reservations, keysOf },
      taken: (key, holder) => new TemplateNameTaken(key.slice(PREFIX.length), holder),
    });
  }

  async add(template: WorkerTemplate, context: CommandContext): Promise<WorkerTemplate> {
    const before = await this.templates.load(template.id);
    if (before) return before.aggregate;
    await this.names.take(template);
    return (await this.templates.create(template, context)).aggregate;
  }

  async get(id: string): Promise<WorkerTemplate> {
    const template = await this.living(id);
    if (!template) throw new WorkerTemplateNotFound(id);
    return template;
  }

  async named(name: string): Promise<WorkerTemplate | null> {
    const key = keyOf(name);
    const id = await this.names.holderOf(key);
    const template = id === null ? null : await this.living(id);
    // a name may be taken by a command that is not done, or that a crash left undone
    return template && keysOf(template.state).includes(key) ? template : null;
  }

  async update(
    id: string,
    context: CommandContext,
    decide: (template: WorkerTemplate) => void,
  ): Promise<WorkerTemplate> {
    let before: string[] = [];
    const { aggregate } = await this.templates.change(id, context, async (template) => {
      before = keysOf(template.state);
      decide(template);
      await this.names.take(template, before);
    });
    await this.names.free(aggregate, before);
    return aggregate;
  }

  async keepNames(ids: readonly string[]): Promise<string[]> {
    const contested: string[] = [];
    for (const id of ids) {
      const template = await this.living(id);
      if (template) contested.push(...(await this.names.retake(template)));
    }
    return contested.map((key) => key.slice(PREFIX.length));
  }

  sweepNames(takenBefore: Date): Promise<number> {
    return this.names.sweep(takenBefore);
  }

  private async living(id: string): Promise<WorkerTemplate | null> {
    const loaded = await this.templates.load(id);
    return loaded && !loaded.aggregate.state.deletedAt ? loaded.aggregate : null;
  }
}

/** What no two templates may have at once; a deleted one holds nothing. */
function keysOf({ name, deletedAt }: TemplateState): string[] {
  return deletedAt ? [] : [keyOf(name)];
}

function keyOf(name: string): string {
  return PREFIX + name.toLowerCase();
}
