import { mongo } from 'mongoose';
import { StoreUnavailable } from '../../kernel/domain-error';
import { answered, isDuplicateKey, isUnclear } from './driver-errors';

const serverError = (code: number, message: string) =>
  new mongo.MongoServerError({ code, message, errmsg: message });

describe('driver errors', () => {
  it.each([
    ['MongoDB and most of FerretDB', serverError(11000, 'E11000 duplicate key error')],
    [
      'racing upserts on FerretDB',
      serverError(1, 'duplicate key value violates unique constraint "collection_pk_12"'),
    ],
  ])('are a duplicate key: %s', (_from, error) => {
    expect(isDuplicateKey(error)).toBe(true);
    expect(isUnclear(error)).toBe(false);
  });

  it.each([
    ['a database that dies behind FerretDB', serverError(1, 'the database system is shutting down')],
    ['two inserts that wait for each other', serverError(16908292, 'deadlock detected')],
    ['a primary that steps down', serverError(189, 'PrimarySteppedDown')],
    ['a broken connection', new mongo.MongoNetworkError('connection closed')],
    ['a socket that broke while a command was written', Object.assign(new Error(), { syscall: 'write' })],
    [
      'a socket that the other side has ended',
      Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' }),
    ],
    ['a socket that is gone', Object.assign(new Error(), { code: 'ERR_STREAM_DESTROYED' })],
    ['a time-out', new mongo.MongoOperationTimeoutError('timed out')],
  ])('leave the outcome open: %s', async (_from, error) => {
    expect(isUnclear(error)).toBe(true);
    expect(isDuplicateKey(error)).toBe(false);
    await expect(answered(() => Promise.reject(error))).rejects.toMatchObject({ cause: error });
    await expect(answered(() => Promise.reject(error))).rejects.toBeInstanceOf(StoreUnavailable);
  });

  it('are what is not answered in time, though it may still be done', async () => {
    let done = (_value: string) => {};
    const slow = () => new Promise<string>((resolve) => (done = resolve));
    await expect(answered(slow, 10)).rejects.toThrow('the database did not answer within 10 ms');
    const patient = answered(slow, null);
    done('index');
    expect(await patient).toBe('index');
  });

  it.each([
    ['a refusal', serverError(121, 'Document failed validation')],
    ['a file that is not there', Object.assign(new Error('ENOENT'), { syscall: 'open' })],
    ['a mistake of ours', new TypeError('x is not a function')],
    ['a query that the driver refuses', new mongo.MongoInvalidArgumentError('no')],
  ])('are passed on: %s', async (_from, error) => {
    expect(isUnclear(error)).toBe(false);
    await expect(answered(() => Promise.reject(error))).rejects.toBe(error);
  });
});
