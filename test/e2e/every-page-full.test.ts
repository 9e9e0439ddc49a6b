import { describeEveryPage } from './pages.ts';

describeEveryPage('full');
