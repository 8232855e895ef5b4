import { plus } from '../../kernel/clocks';
import { derivedId } from '../../kernel/ids';
import { LINK_GRACE, type LinkPurpose, type LinkTokens } from '../domain/notice-link';
import { NoticeLinker, type NoticeUrls } from '../domain/ports';
import { type NoticeContent } from '../domain/posting';

/** Links to the pages of this API, under the address that people reach it by. */
export class SignedLinker extends NoticeLinker {
  /** @param publicUrl without a slash at its end; null: nobody knows it, and there are no links */
  constructor(
    private readonly publicUrl: string | null,
    private readonly tokens: LinkTokens,
  ) {
    super();
  }

  async urlsOf({ noticeId, workerId, deadline }: NoticeContent): Promise<NoticeUrls | null> {
    if (this.publicUrl === null || workerId === null || deadline === null) return null;
    const urlFor = async (purpose: LinkPurpose) => {
      const id = derivedId('notice-link', noticeId, purpose);
      const expiresAt = plus(deadline, LINK_GRACE);
      const token = await this.tokens.sign({ id, noticeId, workerId, purpose, deadline, expiresAt });
      return `${this.publicUrl}/notices/${token}`;
    };
    const [keepOneHour, keepUntil, stopNow] = await Promise.all([
      urlFor('keep-1h'),
      urlFor('keep-until'),
      urlFor('stop-now'),
    ]);
    return { keepOneHour, keepUntil, stopNow };
  }
}
