export { openTracer } from './open-tracer';
export { TRACED_CONNECTION, traceMongo } from './trace-mongo';
export { TracingModule } from './tracing.module';
