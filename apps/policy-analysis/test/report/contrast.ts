/**
 * Contrast of colours as a page paints them, one over the other.
 *
 * @see WCAG 2.2, contrast ratio and relative luminance. Compositing and Blending Level 1, simple alpha compositing.
 * @module
 */

/** Red, green and blue 0..255; alpha 0..1. */
export type Colour = readonly [red: number, green: number, blue: number, alpha: number];

/** One element on the way from the page to a text: what it paints and how much of it shows. */
export type Layer = { readonly background: string; readonly opacity: number };

const clear: Colour = [0, 0, 0, 0];

/** Reads `#rrggbb`, `rgb()` and `rgba()`, the forms that this project writes and Chromium computes. */
export function parseColour(text: string): Colour {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/.exec(text);
  if (hex !== null) {
    const [red = 0, green = 0, blue = 0] = hex.slice(1).map((pair) => Number.parseInt(pair, 16));
    return [red, green, blue, 1];
  }
  const match = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/.exec(text);
  if (match === null) throw new Error(`cannot read the colour \`${text}\``);
  return [Number(match[1]), Number(match[2]), Number(match[3]), Number(match[4] ?? 1)];
}

/** What a reader sees of `ink` painted within `layers`, outermost first. */
export function paint(layers: readonly Layer[], ink: string | null): Colour {
  return layers.reduceRight<Colour>(
    (inner, { background, opacity }) => fade(over(inner, parseColour(background)), opacity),
    ink === null ? clear : parseColour(ink),
  );
}

/** The ratio, 1 to 21, of two opaque colours. */
export function contrast(one: Colour, other: Colour): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

export function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.slice(0, 3).map((value) => {
    const channel = value / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function fade([red, green, blue, alpha]: Colour, opacity: number): Colour {
  return [red, green, blue, alpha * opacity];
}

function over(top: Colour, bottom: Colour): Colour {
  const alpha = top[3] + bottom[3] * (1 - top[3]);
  if (alpha === 0) return clear;
  const mix = (one: number, other: number): number => (one * top[3] + other * bottom[3] * (1 - top[3])) / alpha;
  return [mix(top[0], bottom[0]), mix(top[1], bottom[1]), mix(top[2], bottom[2]), alpha];
}
