import { type Migration } from './migration';

/**
 * All that were ever released, in their order; none is taken out while a database may lack it. Empty as yet: events are
 * read in their older forms by upcasters, documents of read models are completed as they are read, and indexes are added
 * at each start, none of which needs a moment at which all is changed.
 */
export const MIGRATIONS: readonly Migration[] = [];
