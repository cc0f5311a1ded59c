/** The pages: the address after # says which one is shown. */

import { get, pictureUrl } from "./api.js";
import { bodyOf, element, marked } from "./marking.js";

const main = document.getElementById("main");
const search = document.getElementById("search");
const PAGES = { "": front, section, article, entity, search: results };
let shown = 0;

addEventListener("hashchange", () => show(true));
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();   // its address would be taken for a page
  main.focus();
});
search.addEventListener("submit", (event) => {
  event.preventDefault();
  location.hash = `#/search/${encodeURIComponent(search.elements.q.value)}`;
});
listSections();
show(false);

/** Show the page of the address, unless another one is asked for meanwhile. */
async function show(moved) {
  const turn = ++shown;
  const [name, ...rest] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  main.setAttribute("aria-busy", "true");
  let title, content;
  try {
    [title, content] = await (PAGES[name] ?? lost)(rest.join("/"));
  } catch (error) {
    title = error.status === 404 ? "Not found" : "This did not work";
    content = [element("h1", {}, title), element("p", { role: "alert" }, error.message)];
  }
  if (turn !== shown) return;
  document.title = name === "" ? "The Skerry Courier" : `${title} – The Skerry Courier`;
  main.replaceChildren(...content);
  main.setAttribute("aria-busy", "false");
  for (const link of document.querySelectorAll("#sections a")) {
    const isHere = link.hash === (location.hash || "#/");
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (moved) {
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
}

async function listSections() {
  const { items } = await get("sections", { limit: 100, fields: "path,name" }).catch(() => ({ items: [] }));
  const links = items.map(({ path, name }) => element("li", {}, element("a", { href: `#/section/${path}` }, name)));
  document.getElementById("sections").replaceChildren(
    element("li", {}, element("a", { href: "#/" }, "Latest")), ...links);
}

async function front() {
  const { items } = await get("articles", { limit: 12 });
  return ["Latest", [element("h1", {}, "Latest"), cards(items)]];
}

async function section(path) {
  const [about, { items }] = await Promise.all([
    get(`sections/${path}`), get("articles", { section: path, limit: 24 })]);
  const description = about.description ? element("p", { class: "standfirst" }, about.description) : null;
  return [about.name, present(element("h1", {}, about.name), description, cards(items))];
}

async function article(slug) {
  const story = await get(`articles/${encodeURIComponent(slug)}`, { offsets: "utf16" });
  const pictures = new Map(story.media.map((media) => [media.id, media]));
  const body = bodyOf(story, (id) => figure(pictures.get(id), 1280));
  const bylines = story.bylines.map((byline) => byline.name).join(", ");
  const said = story.quotes.map((quote) => quoteItem(quote, null));
  return [story.headline, present(element("article", { lang: story.language },
    element("h1", {}, story.headline),
    story.standfirst ? element("p", { class: "standfirst" }, story.standfirst) : null,
    element("p", { class: "facts" }, ...present(bylines ? `${bylines} · ` : null, time(story.published_at),
      ...(story.section ? [" · ", element("a", { href: `#/section/${story.section.path}` }, story.section.name)] : []))),
    element("div", { class: "story" },
      element("div", { class: "body" }, ...present(figure(story.lead_media, 1280), ...body, corrections(story))),
      said.length ? element("aside", { "aria-labelledby": "said" },
        element("h2", { id: "said" }, "Who said what"), element("ul", { class: "said" }, ...said)) : null)))];
}

/** What was corrected in an article; nothing where nothing was. */
function corrections(story) {
  if (!story.corrections.length) return null;
  return element("aside", { class: "corrections", lang: "en", "aria-label": "Corrections" }, ...story.corrections.map((one) =>
    element("p", {}, element("strong", {}, "Correction, ", time(one.at), ":"), " ", element("span", { lang: story.language }, one.text))));
}

async function entity(slug) {
  const id = encodeURIComponent(slug);
  const [about, quotes, { items }] = await Promise.all([
    get(`entities/${id}`), get(`entities/${id}/quotes`, { limit: 50 }), get(`entities/${id}/articles`, { limit: 12 })]);
  const said = quotes.items.map((quote) => quoteItem(quote, quote.article));
  return [about.name, present(element("h1", {}, about.name),
    about.description ? element("p", { class: "standfirst" }, about.description) : null,
    said.length ? element("h2", {}, "On record") : null,
    said.length ? element("ul", { class: "said" }, ...said) : null,
    items.length ? element("h2", {}, "In the paper") : null,
    items.length ? cards(items) : null)];
}

async function results(words) {
  search.elements.q.value = words;
  const { items, total } = await get("search", { q: words, limit: 20, total: "estimate", offsets: "utf16" });
  const found = `${total} ${total === 1 ? "hit" : "hits"} for ${words}`;
  return [found, [element("h1", {}, found), element("ul", { class: "hits" }, ...items.map(hit))]];
}

async function lost() {
  throw Object.assign(new Error("There is no such page."), { status: 404 });
}

/** One hit: an article, a quote or an entity, with the words that were found in it. */
function hit({ type, highlights, snippet, ...found }) {
  const it = found[type];
  const title = { article: it.headline, quote: it.speaker?.name ?? "Somebody", entity: it.name }[type];
  const ranges = { article: highlights.headline, quote: [], entity: highlights.name }[type];
  const address = type === "quote" ? `article/${it.article.slug}` : `${type}/${it.slug}`;
  return element("li", {},
    element("h2", {}, element("a", { href: `#/${address}` }, ...highlighted(title, ranges, 0))),
    element("p", { class: "role" }, type === "quote" ? `quoted in ${it.article.headline}` : it.type ?? it.section?.name ?? type),
    snippet ? element("p", {}, ...highlighted(snippet.text, snippet.highlights, snippet.start)) : null);
}

/** Text with the places that a search found; they count from the beginning of the whole text. */
function highlighted(text, places, start) {
  return marked(text, (places ?? []).map((place) => ({
    start: place.start - start, end: place.end - start, wrap: () => element("mark") })));
}

function cards(articles) {
  if (!articles.length) return element("p", {}, "Nothing yet.");
  return element("ul", { class: "cards" }, ...articles.map((story) => {
    const url = pictureUrl(story.lead_media, 640);
    return element("li", { lang: story.language },
      url ? element("img", { src: url, alt: "", loading: "lazy", width: 640, height: 360 }) : null,
      element("div", {},
        element("h2", {}, element("a", { href: `#/article/${story.slug}` }, story.headline)),
        story.standfirst ? element("p", {}, story.standfirst) : null,
        element("p", { class: "facts" }, time(story.published_at))));
  }));
}

/** A quote with its speaker; with its article, where it stands on a page of its own. */
function quoteItem(quote, from) {
  const speaker = quote.speaker && !from
    ? element("a", { href: `#/entity/${quote.speaker.slug}` }, quote.speaker.name) : null;
  const where = from ? element("a", { href: `#/article/${from.slug}` }, from.headline) : null;
  return element("li", { lang: quote.language },
    element("blockquote", { class: quote.kind }, quote.text),
    element("p", {}, speaker ?? where ?? "Nobody who is named", ...(from ? [] : [" ", goTo(quote)])),
    quote.speaker_role ? element("p", { class: "role" }, quote.speaker_role) : null);
}

/** Leads to a quote's place in the text. */
function goTo(quote) {
  const button = element("button", { type: "button", class: "go", "aria-label": `In the text: ${quote.text}` }, "In the text");
  button.addEventListener("click", () => document.getElementById(`quote-${quote.id}`)?.focus());
  return button;
}

function figure(media, width) {
  const url = pictureUrl(media, width);
  if (!url) return null;
  const caption = [media.caption, media.credit].filter(Boolean).join(" · ");
  return element("figure", {},
    element("img", { src: url, alt: media.alt ?? "", width: 1280, height: 720 }),
    caption ? element("figcaption", {}, caption) : null);
}

function time(instant) {
  if (!instant) return null;
  const words = new Date(instant).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });
  return element("time", { datetime: instant }, words);
}

function present(...things) {
  return things.filter((thing) => thing !== null && thing !== undefined);
}
