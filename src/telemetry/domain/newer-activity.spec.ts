import { type ActivityValues } from './observation';
import { withFoundAt } from './newer-activity';

const at = (minute: number) => new Date(Date.UTC(2027, 0, 15, 12, minute));
const values = (newestActivityAt: Date | null): ActivityValues => ({
  ...{ newestActivityAt, newestCategory: null, watermark: newestActivityAt, everSeen: true },
});

describe('what a reading of the activity finds', () => {
  it('is not known to be new at the first one, which is kept for good', () => {
    const first = withFoundAt(null, values(at(1)), at(20));
    expect(first).toMatchObject({ newestFoundAt: null, firstReadAt: at(20) });
    expect(withFoundAt(first, values(at(1)), at(25))).toMatchObject({
      newestFoundAt: null,
      firstReadAt: at(20),
    });
  });

  it('is as old as the reading, once the one before did not know it', () => {
    const second = withFoundAt(withFoundAt(null, values(null), at(20)), values(at(1)), at(25));
    expect(second).toMatchObject({ newestFoundAt: at(25), firstReadAt: at(20) });
    expect(withFoundAt(second, values(at(1)), at(30))).toMatchObject({ newestFoundAt: at(25) });
  });

  it('was first read at an unknown time where an earlier version did it', () => {
    expect(withFoundAt(values(at(1)), values(at(1)), at(25)).firstReadAt).toBeNull();
  });
});
