import {
  type Operation,
  type OperationHandler,
  type OperationRun,
  type OperationSuccess,
  WAITING_AT_ONCE,
} from '../../operations';
import { LicenseBooks } from './license-books';
import { asLicenseOperation, settleBrokenOff } from './license-operation';
import { type LicenseServices } from './license-work';

/** What the operations that people ask for on a licence have in common. */
export abstract class LicenseOperationHandler implements OperationHandler {
  abstract readonly kind: string;
  readonly atOnce = WAITING_AT_ONCE;
  readonly role = 'admin';
  protected readonly books: LicenseBooks;

  constructor(protected readonly services: LicenseServices) {
    this.books = new LicenseBooks(services);
  }

  onBrokenOff(operation: Operation): Promise<void> {
    return settleBrokenOff(this.services, this.books, operation);
  }

  run(run: OperationRun): Promise<OperationSuccess> {
    return asLicenseOperation(this.services, this.books, run, (workerId) => this.carryOut(run, workerId));
  }

  /** As `run`, on that worker; it may throw what can pass, which is tried again. */
  protected abstract carryOut(run: OperationRun, workerId: string): Promise<OperationSuccess>;
}
