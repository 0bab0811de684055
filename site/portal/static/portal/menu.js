// On narrow screens the menu starts closed. Without this script it is always open.
const menu = document.getElementById("menu");
const wide = window.matchMedia("(min-width: 60rem)");
const adjust = () => {
  menu.open = wide.matches;
};
adjust();
wide.addEventListener("change", adjust);
