import '@fontsource-variable/inter/opsz.css';
import '@fontsource/geist-mono/400.css';
import '@mantine/core/styles.css';
import '../theme/base.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { AdminError } from '../api/admin-api.ts';
import { ConfirmProvider } from '../components/confirm.tsx';
import { theme } from '../theme/theme.ts';
import { variables } from '../theme/variables.ts';

/** Puts one of the colleagues' pages into its document, in the scheme of the system. */
export function startPage(page: ReactNode): void {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < 2 && !(error instanceof AdminError),
      },
    },
  });
  const place = document.getElementById('page');
  if (place === null) throw new Error('The document has no place for the page.');
  createRoot(place).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
        <QueryClientProvider client={client}>
          <ConfirmProvider>{page}</ConfirmProvider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
