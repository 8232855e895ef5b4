import { ApiProblem } from './problem';

const problem = {
  title: 'Labs run on it',
  detail: 'stop them first, or force it',
  status: 409,
  code: 'labs-running',
  correlationId: 'c-1',
};

describe('a problem of the API', () => {
  it('is sentences with the correlation id', () => {
    const { message, status } = new ApiProblem(problem, '', null);
    expect(message).toBe('Labs run on it. stop them first, or force it. (labs-running; correlation id c-1)');
    expect(status).toBe(5);
  });

  it('says what is wrong field by field, and when to come again', () => {
    const errors = [{ pointer: '/minutes', message: 'at most 10080' }];
    expect(
      new ApiProblem({ status: 422, title: 'Invalid', code: 'invalid-input', errors }, '', null).message,
    ).toBe('Invalid. (invalid-input)\n  /minutes: at most 10080');
    expect(new ApiProblem({ status: 429, title: 'Too many', code: 'rate' }, '', 7).message).toContain(
      'Try again in 7 s.',
    );
  });

  it('does not hand control characters to the terminal', () => {
    expect(new ApiProblem({ ...problem, detail: '\u001b]0;x' }, '', null).message).toContain('\\u{1b}]0;x');
  });

  it.each([
    [401, 3],
    [403, 3],
    [404, 4],
    [409, 5],
    [412, 5],
    [422, 5],
    [429, 6],
    [500, 6],
    [503, 6],
  ])('with status %i ends the process with %i', (status, exit) => {
    expect(new ApiProblem({ status }, '', null).status).toBe(exit);
  });
});
