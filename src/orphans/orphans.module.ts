import { type DynamicModule, Module, type OnModuleInit, type Provider } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import { type Connection } from 'mongoose';
import { AggregateStores, checkedProvider, EventRegistry } from '../event-store';
import { OrphansController } from './api/orphans.controller';
import { AdoptOrphanHandler } from './application/adopt-orphan.command';
import { CountOrphansHandler } from './application/count-orphans.query';
import { ListOrphansHandler } from './application/list-orphans.query';
import { InstancesBeingEnded } from './application/instances-being-ended';
import { LivingWorkers } from './application/living-workers';
import { OrphanSweep } from './application/orphan-sweep';
import { ORPHANS_OPTIONS, type OrphansOptions } from './application/orphans.options';
import { OrphansSchedules } from './application/orphans.schedules';
import { SecondLook } from './application/second-look';
import { TerminateOrphanHandler } from './application/terminate-orphan.command';
import { ORPHAN_EVENTS } from './domain/orphan-events';
import { OrphanCases, SightingStore } from './domain/ports';
import { EventSourcedOrphanCases } from './persistence/event-sourced.orphan-cases';
import { MemorySightings } from './persistence/memory-sightings';
import { MongoSightings } from './persistence/mongo-sightings';
import { ORPHAN_DEFINITION } from './persistence/orphan-definition';

export interface OrphansModuleOptions extends OrphansOptions {
  /** `mongo` takes the default connection of MongooseModule */
  readonly persistence: 'memory' | 'mongo';
}

/**
 * What is left over on AWS, and workers whose instance is gone: seen, listed, and adopted or terminated by people.
 * LeftoverSource, the clocks, the event store and the buses are the root's to provide; workers answers over the buses.
 */
@Module({})
export class OrphansModule implements OnModuleInit {
  constructor(private readonly registry: EventRegistry) {}

  static forRoot({ persistence, ...options }: OrphansModuleOptions): DynamicModule {
    return {
      module: OrphansModule,
      controllers: [OrphansController],
      providers: [
        ...[AdoptOrphanHandler, TerminateOrphanHandler, ListOrphansHandler, CountOrphansHandler],
        ...[InstancesBeingEnded, LivingWorkers, OrphanSweep, SecondLook, OrphansSchedules],
        { provide: ORPHANS_OPTIONS, useValue: options },
        sightings(persistence),
        checkedProvider(
          OrphanCases,
          [AggregateStores],
          (stores) => new EventSourcedOrphanCases(stores.open(ORPHAN_DEFINITION)),
        ),
      ],
      exports: [OrphansSchedules],
    };
  }

  onModuleInit(): void {
    this.registry.register(ORPHAN_EVENTS);
  }
}

function sightings(persistence: 'memory' | 'mongo'): Provider {
  if (persistence === 'memory') return { provide: SightingStore, useClass: MemorySightings };
  return {
    provide: SightingStore,
    inject: [getConnectionToken()],
    useFactory: (connection: Connection) => MongoSightings.open(connection),
  };
}
