import '@fontsource-variable/inter/opsz.css';
import '@fontsource/geist-mono/400.css';
import '@mantine/core/styles.css';
import '@mantine/spotlight/styles.css';
import './theme/base.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { AdminError } from './api/admin-api.ts';
import { App } from './app.tsx';
import { theme } from './theme/theme.ts';
import { variables } from './theme/variables.ts';

/** What the gateway refuses, it refuses again; what did not arrive may arrive. */
const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 2 && !(error instanceof AdminError),
    },
  },
});

const place = document.getElementById('panel');
if (place === null) throw new Error('The page has no place for the panel.');
createRoot(place).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
