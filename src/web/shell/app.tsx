/** The page: theme, data, keys, and the screen that the address names. */

import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { BlobProvider } from '../kit/blobs.ts';
import { Fence } from '../kit/fence.tsx';
import { FeatureHover } from '../kit/number/feature-hover.tsx';
import { theme } from '../kit/theme.ts';
import { blobReader } from '../state/client.ts';
import { listenToKeys } from '../state/commands.ts';
import { startEvents } from '../state/events.ts';
import { followHistory, usePlace } from '../state/place.ts';
import { queryClient } from '../state/queries.ts';
import { DropAnywhere } from './frame/drop-anywhere.tsx';
import { Help } from './frame/help.tsx';
import { PageCommands } from './frame/page-commands.tsx';
import { Palette } from './frame/palette.tsx';
import { Toasts } from './frame/toasts.tsx';
import { UploadCards } from './frame/upload-cards.tsx';
import { MapColumns } from './mapping/map-columns.tsx';
import { NewTwin } from './patients/new-twin.tsx';
import { PatientsScreen } from './patients/patients-screen.tsx';

// the list of patients appears before the code of the scenes has come
const importTwinScreen = () => import('./twin/twin-screen.tsx');
const TwinScreen = lazy(async () => ({ default: (await importTwinScreen()).TwinScreen }));

export function App() {
  useEffect(() => {
    const ahead = setTimeout(importTwinScreen, 300);
    const stops = [() => clearTimeout(ahead), startEvents(), followHistory(), listenToKeys()];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  return (
    <MantineProvider theme={theme} defaultColorScheme="dark">
      <QueryClientProvider client={queryClient}>
        <BlobProvider value={blobReader}>
          <Fence what="This screen">
            <CurrentScreen />
          </Fence>
          <PageCommands />
          <Palette />
          <FeatureHover />
          <Help />
          <NewTwin />
          <MapColumns />
          <DropAnywhere />
          <UploadCards />
          <Toasts />
        </BlobProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

function CurrentScreen() {
  const twin = usePlace((place) => place.twin);
  if (!twin) return <PatientsScreen />;
  return (
    <Suspense fallback={null}>
      <TwinScreen key={twin} twin={twin} />
    </Suspense>
  );
}
