/** Asks the API. Its address is in one place: `?api=` of this page, or else the page's meta tag. */

const said = new URLSearchParams(location.search).get("api");
const meta = document.querySelector("meta[name=onrecord-api]").content;
export const base = new URL(said || meta || ".", location.href).href.replace(/\/?$/, "/");

/** The document at an address below /v1; an error has the status and what the problem says. */
export async function get(path, parameters = {}) {
  const url = new URL(`v1/${path}`, base);
  for (const [name, value] of Object.entries(parameters)) {
    if (value) url.searchParams.set(name, value);
  }
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  const document = await response.json();
  if (!response.ok) {
    throw Object.assign(new Error(document.detail ?? document.title), { status: response.status });
  }
  return document;
}

/** The address of a picture that is about as wide as this; null where there is none. */
export function pictureUrl(media, width) {
  const byWidth = [...(media?.renditions ?? [])].sort((a, b) => (a.width ?? 0) - (b.width ?? 0));
  const fitting = byWidth.find((rendition) => (rendition.width ?? 0) >= width) ?? byWidth.at(-1);
  return fitting ? new URL(fitting.url, base).href : null;
}
