import type { RequestQuery } from '../../audit/request-query.ts';
import type { ToolUse } from '../../audit/tool-use.ts';
import type { PublicFactsParts } from '../../catalogue/model-facts.ts';
import type { MemberParts } from '../member/parts.ts';
import type { MemberSessions } from './sessions.ts';

/** What a colleague's own page needs of the gateway. */
export interface MeParts extends MemberParts {
  requests: Pick<RequestQuery, 'list'>;
  toolUse: Pick<ToolUse, 'latest'>;
  facts: PublicFactsParts['facts'];
  memberSessions: MemberSessions;
}
