import { startPage } from '../colleague/start-page.tsx';
import { MePage } from './me-page.tsx';

startPage(<MePage />);
