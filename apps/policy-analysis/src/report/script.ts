/**
 * The page's one script: the filter, unfolding what a link points at, and unfolding everything for print. Without it
 * the page reads whole.
 *
 * Owns no data: it reads what the page says. It writes text only through `textContent`.
 *
 * @module
 */
export const script: string = String.raw`
"use strict";
(() => {
  const form = document.querySelector("form.filter");
  const shown = form.querySelector(".shown");
  const areas = [...document.querySelectorAll("details.area")];
  const answers = [...document.querySelectorAll("details.answer")];
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/\s+/g, " ").toLowerCase();
  const texts = new Map();
  const textOf = (answer) => {
    if (!texts.has(answer)) texts.set(answer, fold(answer.textContent));
    return texts.get(answer);
  };
  let before = null;

  const filter = () => {
    const words = fold(form.elements.text.value).trim().split(" ").filter(Boolean);
    const status = form.elements.status.value;
    const score = form.elements.score.value;
    const active = words.length > 0 || status !== "" || score !== "";
    if (active && before === null) before = new Map(areas.map((area) => [area, area.open]));
    let count = 0;
    for (const answer of answers) {
      const fits = (status === "" || answer.dataset.status === status) &&
        (score === "" || answer.dataset.score === score) &&
        words.every((word) => textOf(answer).includes(word));
      answer.hidden = !fits;
      if (fits) count += 1;
    }
    for (const group of document.querySelectorAll(".group")) {
      group.hidden = group.querySelector("details.answer:not([hidden])") === null;
    }
    for (const area of areas) {
      const some = area.querySelector("details.answer:not([hidden])") !== null;
      area.hidden = !some;
      if (active) area.open = some;
      else if (before !== null) area.open = before.get(area);
    }
    if (!active) before = null;
    shown.textContent = count === 0
      ? shown.dataset.none
      : shown.dataset.count.replace("{n}", count).replace("{all}", answers.length);
  };

  const setOpen = (open) => {
    for (const item of [...areas, ...answers]) if (!item.hidden) item.open = open;
  };

  const reveal = (hash) => {
    const target = hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
    if (target === null) return;
    if (target.closest("[hidden]") !== null) {
      form.reset();
      filter();
    }
    for (let at = target; at !== null; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
  };

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter, 0));
  form.elements.open.addEventListener("click", () => setOpen(true));
  form.elements.close.addEventListener("click", () => setOpen(false));
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    if (link !== null) queueMicrotask(() => reveal(link.getAttribute("href")));
  });
  window.addEventListener("hashchange", () => reveal(location.hash));
  window.addEventListener("beforeprint", () => {
    for (const item of document.querySelectorAll("details:not([open])")) {
      item.open = true;
      item.dataset.unfolded = "";
    }
  });
  window.addEventListener("afterprint", () => {
    for (const item of document.querySelectorAll("details[data-unfolded]")) {
      item.open = false;
      delete item.dataset.unfolded;
    }
  });
  reveal(location.hash);
})();
`;
