import { type DynamicModule, Module } from '@nestjs/common';
import { FleetClock, MachineClock } from './kernel/clocks';
import { IdSource, RandomIds } from './kernel/ids';

/** Time and ids for the whole application. */
@Module({})
export class ClocksModule {
  static forRoot(clocks: { readonly fleet: FleetClock; readonly machine: MachineClock }): DynamicModule {
    return {
      module: ClocksModule,
      global: true,
      providers: [
        { provide: FleetClock, useValue: clocks.fleet },
        { provide: MachineClock, useValue: clocks.machine },
        { provide: IdSource, useClass: RandomIds },
      ],
      exports: [FleetClock, MachineClock, IdSource],
    };
  }
}
