// Brings the first remark into view when it lies below the fold.

const first = document.querySelector(".edi .marked");
if (first && !location.hash && first.getBoundingClientRect().bottom > innerHeight) {
  first.scrollIntoView({ block: "center" });
}
