/** How a large button looks: filled, with a thick line, as usual, or small. */
export type Look = "solid" | "heavy" | "plain" | "minor";
