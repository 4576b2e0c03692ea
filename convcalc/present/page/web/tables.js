// The tables that come with the page: formulas, sentences and options, as convcalc has them.

export const TABLES = JSON.parse(document.getElementById("tables").textContent);
