export { type Migration } from './migration';
export { MIGRATED, MigrationsModule } from './migrations.module';
