export { SimulationsModule } from './simulations.module';
