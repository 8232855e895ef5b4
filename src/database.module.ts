import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { InjectConnection, MongooseModule } from '@nestjs/mongoose';
import { type Connection, type mongo } from 'mongoose';
import { SECOND } from './kernel/clocks';
import { PATIENT } from './event-store';
import { type Secret } from './kernel/secret';
import { type Tracer } from './kernel/tracing';
import { TRACED_CONNECTION, traceMongo } from './tracing';

/**
 * Machine milliseconds that one operation may wait for a connection, and for each answer; the driver asks once more, and
 * then the database counts as unavailable. (Its `timeoutMS` has no effect since driver 7.8.) A database that is away is noticed by the driver's heartbeat within
 * HEARTBEAT + CONNECT, and found again within as much.
 */
const OPERATION = 5 * SECOND;
const CONNECT = 3 * SECOND;
const HEARTBEAT = 2 * SECOND;

/**
 * Fails early and says so: the driver's defaults would wait for minutes without a word. What is acknowledged, neither
 * a power cut nor a new primary undoes, and only such data is read.
 */
export const CONNECTION_OPTIONS = {
  autoIndex: false,
  autoCreate: false,
  bufferCommands: false,
  maxPoolSize: 30,
  socketTimeoutMS: OPERATION,
  waitQueueTimeoutMS: OPERATION,
  connectTimeoutMS: CONNECT,
  serverSelectionTimeoutMS: CONNECT,
  heartbeatFrequencyMS: HEARTBEAT,
  readConcern: { level: 'majority' },
  writeConcern: { w: 'majority', journal: true },
} as const;

/** The connection to MongoDB, and the indexes of the read models; the event store sees to its own. */
@Module({})
export class DatabaseModule implements OnModuleInit {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** @param tracer null: nobody traces */
  static forRoot(uri: Secret, tracer: Tracer | null = null): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        MongooseModule.forRoot(uri.reveal(), {
          ...CONNECTION_OPTIONS,
          retryAttempts: 5,
          retryDelay: SECOND,
          ...(tracer && {
            ...TRACED_CONNECTION,
            onConnectionCreate: (connection: Connection) => {
              traceMongo(tracer, connection.getClient());
            },
          }),
        }),
      ],
    };
  }

  /** An index over much data takes its time. */
  async onModuleInit(): Promise<void> {
    for (const { schema, collection } of Object.values(this.connection.models)) {
      for (const [fields, options] of schema.indexes()) {
        const patient = { ...options, ...PATIENT } as mongo.CreateIndexesOptions;
        await collection.createIndex(fields as mongo.IndexSpecification, patient);
      }
    }
  }
}
