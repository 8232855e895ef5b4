import { type Book, type BookState } from '../books';

export interface Shelved {
  readonly version: number;
  readonly state: BookState;
}

/** The read model of the books: one row each, replaced by newer versions only. */
export class Shelves {
  private readonly rows = new Map<string, Shelved>();

  put(book: Book): Promise<void> {
    const { id, version, state } = book;
    if (this.accepts(version, this.rows.get(id)?.version ?? 0)) this.rows.set(id, { version, state });
    return Promise.resolve();
  }

  find(id: string): Shelved | null {
    return this.rows.get(id) ?? null;
  }

  protected accepts(version: number, present: number): boolean {
    return version > present;
  }
}
