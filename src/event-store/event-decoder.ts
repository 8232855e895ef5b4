import { type DomainEvent, type EventRecord } from '../kernel/domain-event';
import { type Commit, EventDecoder, type StoredEvent } from './ports';
import { UnknownEvent } from './store-errors';
import { aggregateIdOf } from './stream-name';

/** What `eventOf` of the kernel makes. */
export interface EventClass {
  readonly type: string;
  // each class has its own data, which only the stored type and schema vouch for
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  new (aggregateId: string, data: any, record?: EventRecord | null): DomainEvent;
}

/** An event's form: what is stored of it, without its id. */
export type EventForm = Omit<StoredEvent, 'id'>;

/** Turns the events of one type and schema into the next form, of the same type or of another. */
export interface Upcaster {
  readonly type: string;
  readonly schema: number;
  readonly upcast: (event: EventForm) => EventForm;
}

/** The event classes of all modules, and how older forms of their events are read. */
export class EventRegistry extends EventDecoder {
  private readonly classes = new Map<string, EventClass>();
  private readonly upcasters = new Map<string, Upcaster>();

  /** @throws RangeError when another class has the type and schema already */
  register(classes: readonly EventClass[], upcasters: readonly Upcaster[] = []): void {
    for (const Class of classes) {
      const form = formOf(Class.type, schemaOf(Class));
      if ((this.classes.get(form) ?? Class) !== Class) throw new RangeError(`two classes for ${form}`);
      this.classes.set(form, Class);
    }
    for (const upcaster of upcasters) this.upcasters.set(formOf(upcaster.type, upcaster.schema), upcaster);
  }

  /** Every form that can be read, `<type> v<schema>`: those of the classes, and the older ones that lead to them. */
  get forms(): string[] {
    return [...this.classes.keys(), ...this.upcasters.keys()].sort();
  }

  decode(commit: Commit): DomainEvent[] {
    const aggregateId = aggregateIdOf(commit.stream);
    return commit.events.map((event, index) => {
      const record = { ...commit.meta, id: event.id, version: commit.first + index, at: commit.at };
      const [Class, data] = this.resolve(event);
      return new Class(aggregateId, data, record);
    });
  }

  private resolve(stored: EventForm): [EventClass, EventForm['data']] {
    let event = stored;
    for (;;) {
      const form = formOf(event.type, event.schema);
      const Class = this.classes.get(form);
      if (Class) return [Class, event.data];
      const upcaster = this.upcasters.get(form);
      if (!upcaster) throw new UnknownEvent(`nobody registered ${form}`);
      event = upcaster.upcast(event);
    }
  }
}

function formOf(type: string, schema: number): string {
  return `${type} v${schema}`;
}

/** The schema is a member of the instances only; their constructor does nothing but keep its arguments. */
function schemaOf(Class: EventClass): number {
  return new Class('', {}).schema;
}
