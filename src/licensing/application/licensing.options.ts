/** What the root decides about licensing. */
export interface LicensingModuleOptions {
  /** `mongo` takes the default connection of MongooseModule */
  readonly persistence: 'memory' | 'mongo';
  /** name of the licence pool that workers take their seats in where none is named; null: there is none */
  readonly defaultPool: string | null;
  /** off in tests that run the ticks by hand */
  readonly autostart: boolean;
}

export const LICENSING_OPTIONS = Symbol('LicensingModuleOptions');
