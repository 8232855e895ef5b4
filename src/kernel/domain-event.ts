/** Who did it, why, and as part of what: goes with every commit. */
export interface CommitMeta {
  /** `user:<name>`, `api-key:<id>` or `system:<part>` */
  readonly actor: string;
  readonly reason: string | null;
  readonly correlationId: string;
  /** id of the event or decision that led to this, where one did */
  readonly causationId: string | null;
}

/** Where and when an event was stored. `version` counts the events of its stream from 1. */
export interface EventRecord extends CommitMeta {
  readonly id: string;
  readonly version: number;
  readonly at: Date;
}

/**
 * Something that happened to an aggregate. `type` and `schema` are what is stored (`worker.status-updated`, 1); `data`
 * holds plain values and Dates, never a secret. `record` is there once the event is stored.
 */
export abstract class DomainEvent<T extends string = string, D extends object = object> {
  abstract readonly type: T;
  abstract readonly schema: number;

  constructor(
    readonly aggregateId: string,
    readonly data: Readonly<D>,
    readonly record: EventRecord | null = null,
  ) {}

  /** Members of the data that are stored and never shown to the outside; a path for one within another, `a.b`. */
  get hidden(): readonly string[] {
    return [];
  }

  /** The same event, of the same class, with its record. */
  recorded(record: EventRecord): this {
    const Class = this.constructor as new (id: string, data: Readonly<D>, record: EventRecord) => this;
    return new Class(this.aggregateId, this.data, record);
  }
}

export interface EventOptions {
  /** members of the data that never leave the process, `['hash', 'launch.userData']` */
  readonly hidden?: readonly string[];
}

/** Base class of one kind of event: `class RoomBooked extends eventOf('room.booked')<{ by: string }> {}` */
export function eventOf<T extends string>(type: T, schema = 1, { hidden = [] }: EventOptions = {}) {
  return class<D extends object> extends DomainEvent<T, D> {
    static readonly type = type;
    readonly type = type;
    readonly schema = schema;

    override get hidden(): readonly string[] {
      return hidden;
    }
  };
}
