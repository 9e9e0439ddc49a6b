import { startPage } from '../colleague/start-page.tsx';
import { JoinPage } from './join-page.tsx';

startPage(<JoinPage />);
