import { join } from 'node:path';

const DOCS = join(import.meta.dirname, '../../docs');

export const ACCESS_PAGE = join(DOCS, 'access.md');
export const API_PAGE = join(DOCS, 'api.md');
