import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { InjectConnection, MongooseModule } from '@nestjs/mongoose';
import { type Connection } from 'mongoose';
import { SECOND } from './kernel/clocks';
import { type Secret } from './kernel/secret';

/** The connection to MongoDB, and the indexes of the read models; the event store sees to its own. */
@Module({})
export class DatabaseModule implements OnModuleInit {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** Fails early and says so: the driver's defaults would wait for minutes without a word. */
  static forRoot(uri: Secret): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        MongooseModule.forRoot(uri.reveal(), {
          autoIndex: false,
          autoCreate: false,
          bufferCommands: false,
          maxPoolSize: 30,
          waitQueueTimeoutMS: 5 * SECOND,
          serverSelectionTimeoutMS: 3 * SECOND,
          retryAttempts: 5,
          retryDelay: SECOND,
        }),
      ],
    };
  }

  async onModuleInit(): Promise<void> {
    for (const model of Object.values(this.connection.models)) await model.createIndexes();
  }
}
