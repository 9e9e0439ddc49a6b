import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/home.css';

const place = document.getElementById('panel');
if (place === null) throw new Error('The page has no place for the panel.');
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
