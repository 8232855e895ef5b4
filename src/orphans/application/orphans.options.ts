export interface OrphansOptions {
  readonly regions: readonly string[];
  /** fleet seconds between two looks; 0: never */
  readonly orphansSeconds: number;
  /** off in tests that run the ticks by hand */
  readonly autostart: boolean;
}

export const ORPHANS_OPTIONS = Symbol('OrphansOptions');
