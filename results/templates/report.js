"use strict";
// Draw each chart as SVG, so that style sheets (dark, print) reach its colours.
// "ast" makes Vega interpret its expressions: the page's policy allows no eval.
for (const figure of document.querySelectorAll("[data-chart]")) {
  const spec = JSON.parse(document.getElementById("spec-" + figure.dataset.chart).textContent);
  vegaEmbed(figure, spec, {
    mode: "vega-lite",
    renderer: "svg",
    actions: false,
    ast: true,
    defaultStyle: false,
    tooltip: { theme: "custom", disableDefaultStyle: true },
  }).then(({ view }) => {
    offerChoices(figure.closest("figure").querySelector("[data-choices]"), view);
    // The figure has its text alternative; a reader of screens need not walk through the drawing's parts.
    figure.querySelector("svg").setAttribute("aria-hidden", "true");
  }).catch((error) => {
    figure.textContent = "This chart could not be drawn (" + error.message + "). Its numbers stand in the table.";
  });
}

// Series can be hidden, one by one; the chart itself leaves out what is named as hidden.
function offerChoices(choices, view) {
  if (!choices) return;
  choices.hidden = false;
  choices.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    const hidden = [...choices.querySelectorAll("[aria-pressed=false]")].map((one) => one.textContent);
    view.signal("hidden", hidden).runAsync();
  });
}

// A link to evidence opens it; the way back needs nothing.
function reveal() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = target && target.closest("details");
  if (fold && !fold.open) {
    fold.open = true;
    target.scrollIntoView();
  }
}
addEventListener("hashchange", reveal);
reveal();

// Served by `narra explore`, the page leads to all documents behind a figure; as a file it cannot.
if (location.protocol.startsWith("http")) {
  for (const link of document.querySelectorAll("[data-explore]")) link.hidden = false;
}
