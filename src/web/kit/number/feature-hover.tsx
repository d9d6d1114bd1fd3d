/** One card for all numbers: it opens beside the number under the mouse or the focus, after a moment, and closes with Escape or a press. */

import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { create } from 'zustand';
import type { WireFeature, WireFeatureDefinition } from '../../../contract/index.ts';
import { FeatureCard } from './feature-card.tsx';
import classes from './feature-number.module.css';

interface Hovered {
  feature: WireFeature;
  definition: WireFeatureDefinition | undefined;
  anchor: HTMLElement;
}

/** Draws how a number was measured; a screen that can lends it to the card. */
export type FeaturePicture = (feature: WireFeature, definition: WireFeatureDefinition | undefined) => ReactNode;

interface HoverState {
  on: Hovered | undefined;
  picture: FeaturePicture | undefined;
}

const useHovered = create<HoverState>(() => ({ on: undefined, picture: undefined }));

/** Lends the card a way to draw while this part of the page is shown. */
export function useFeaturePicture(picture: FeaturePicture): void {
  useEffect(() => {
    useHovered.setState({ picture });
    return () => useHovered.setState({ picture: undefined });
  }, [picture]);
}

const OPEN_AFTER_MS = 450;
let timer: ReturnType<typeof setTimeout> | undefined;

export function hoverFeature(on: Hovered): void {
  clearTimeout(timer);
  timer = setTimeout(() => useHovered.setState({ on }), OPEN_AFTER_MS);
}

export function leaveFeature(): void {
  clearTimeout(timer);
  if (useHovered.getState().on) useHovered.setState({ on: undefined });
}

const GAP = 10;

export function FeatureHover() {
  const on = useHovered((state) => state.on);
  useEffect(() => {
    const close = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') leaveFeature();
    };
    window.addEventListener('keydown', close, true);
    window.addEventListener('scroll', leaveFeature, true);
    return () => {
      window.removeEventListener('keydown', close, true);
      window.removeEventListener('scroll', leaveFeature, true);
    };
  }, []);
  return on?.anchor.isConnected ? <HoverCard key={on.feature.id} {...on} /> : null;
}

function HoverCard({ feature, definition, anchor }: Hovered) {
  const card = useRef<HTMLDivElement>(null);
  const picture = useHovered((state) => state.picture);
  const [place, setPlace] = useState<{ left: number; top: number }>();
  useLayoutEffect(() => {
    const from = anchor.getBoundingClientRect();
    const own = card.current?.getBoundingClientRect();
    if (!own) return;
    const left = from.left - own.width - GAP;
    const beside = left >= GAP;
    setPlace({
      left: beside ? left : Math.min(Math.max(GAP, from.left), window.innerWidth - own.width - GAP),
      top: beside
        ? Math.min(Math.max(GAP, from.top - 12), window.innerHeight - own.height - GAP)
        : from.bottom + own.height + GAP > window.innerHeight
          ? from.top - own.height - GAP
          : from.bottom + GAP,
    });
  }, [anchor]);
  return createPortal(
    <div ref={card} className={classes.hover} role="tooltip" style={place ?? { visibility: 'hidden', left: 0, top: 0 }}>
      <FeatureCard feature={feature} definition={definition} picture={picture?.(feature, definition)} />
    </div>,
    document.body,
  );
}
