import { describeEveryPage } from './pages.ts';

describeEveryPage('empty');
